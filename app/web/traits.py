"""The traits of every address that can be read, in one table; each list of addresses is made from it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import product
from typing import Literal

from app.domain.program import Program
from app.web.present import page_names


@dataclass(frozen=True, slots=True, kw_only=True)
class Traits:
    """What holds for an address.

    ``query`` is what its view looks at beside ``at``, all of it checked against the program: what is not named is
    not looked at, else strangers' queries would fill the memory with copies of one page. ``ahead``: whether it is
    built before a boundary or a revision is there, always or where somebody has asked for it. ``phone``: whether
    phones keep it, "first" before it is visited, and "always" so of the largest program too. ``public``: codes may
    lead there. ``frozen``: it stands in a frozen copy, whose host knows no instant and keeps nothing.
    ``for_programs``: a program asks, and is told of errors as a program.
    """

    query: tuple[str, ...] = ()
    ahead: Literal["never", "asked", "always"] = "never"
    phone: Literal["never", "visited", "first", "always"] = "never"
    public: bool = False
    frozen: bool = False
    for_programs: bool = False


PAGE = Traits(phone="visited", public=True, frozen=True)
KEPT_FIRST = replace(PAGE, phone="first")
TURNS = replace(PAGE, ahead="asked")
FEED = Traits(public=True, frozen=True)
FILE = Traits(frozen=True)
DATA = Traits(public=True, frozen=True, for_programs=True)
LIVE = Traits(for_programs=True)
CONSOLE = Traits()

# By the rule of its route.
TABLE: dict[str, Traits] = {
    "/": replace(PAGE, ahead="always", phone="always", query=("day",)),
    "/now": replace(PAGE, ahead="always", phone="always"),
    "/my": replace(PAGE, phone="always"),
    "/display": replace(PAGE, ahead="always"),
    "/display/<room_id>": TURNS,
    "/rooms/<room_id>": replace(TURNS, phone="first"),
    "/stage/<room_id>": TURNS,
    "/talks/<session_id>": KEPT_FIRST,
    "/speakers": KEPT_FIRST,
    "/speakers/<speaker_id>": KEPT_FIRST,
    "/pages/<slug>": KEPT_FIRST,
    "/subscribe": KEPT_FIRST,
    "/changes": PAGE,
    "/print": replace(PAGE, query=("what", "paper", "room", "day", "session")),
    "/api": PAGE,
    "/calendar/<name>.ics": FEED,
    "/rooms/<room_id>.ics": FEED,
    "/speakers/<speaker_id>.ics": FEED,
    "/talks/<session_id>.ics": replace(FEED, query=("alarm",)),
    "/changes.atom": FEED,
    "/api/program": DATA,
    "/api/changes": replace(DATA, query=("since",)),
    "/api/openapi.json": DATA,
    "/api/now": replace(DATA, frozen=False),
    "/export/schedule.<any(xml, json, csv):form>": DATA,
    "/talks/<session_id>/qr.<any(svg, png):form>": replace(FILE, query=("scale", "margin"), phone="first"),
    "/qr.<any(svg, png):form>": replace(FILE, query=("for", "scale", "margin")),
    "/card.png": FILE,
    "/cards/<session_id>.png": FILE,
    "/static/<version>/<path:name>": FILE,
    "/manifest.webmanifest": FILE,
    "/sw.js": FILE,
    "/offline": replace(FILE, phone="always"),
    "/offline/pages": FILE,
    "/my/picks": LIVE,
    "/my/code.svg": LIVE,
    "/my/<token>.ics": LIVE,
    "/live": LIVE,
    "/healthz": LIVE,
    "/readyz": LIVE,
    "/metrics": LIVE,
    "/robots.txt": Traits(),
    "/organizer": CONSOLE,
    "/organizer/sign-in": CONSOLE,
    "/organizer/sign-in/<key>": CONSOLE,
    "/organizer/talks/<session_id>": CONSOLE,
    "/organizer/announce": CONSOLE,
    "/organizer/history": CONSOLE,
    "/organizer/people": CONSOLE,
    "/organizer/status": CONSOLE,
}

_NAME = re.compile(r"<(?:any\((?P<any>[^)]*)\):|path:)?(?P<name>\w+)>")


def rules(having: Callable[[Traits], bool]) -> Iterator[str]:
    """The rules whose traits are so."""
    return (rule for rule, traits in TABLE.items() if having(traits))


def paths(program: Program, having: Callable[[Traits], bool]) -> Iterator[str]:
    """Every path of a program whose traits are so, in the order of the table; no path of names that it has not."""
    known = _names(program)
    for rule in rules(having):
        names = [match["any"].split(", ") if match["any"] else known.get(match["name"], ()) for match in _found(rule)]
        for chosen in product(*names):
            yield _filled(rule, chosen)


def are_there(program: Program, names: Mapping[str, str]) -> bool:
    """Whether a program has what the names in a rule stand for."""
    known = _names(program)
    return all(value in known[name] for name, value in names.items() if name in known)


def pages_on_phones() -> str:
    """A regular expression for the pages that phones may keep; JavaScript reads it as Python does."""
    pages = (rule for rule in rules(lambda traits: traits.phone != "never") if "." not in rule)
    return f"^({'|'.join(_NAME.sub('[^/.]+', rule) for rule in pages)})$"


def first_parts(having: Callable[[Traits], bool]) -> tuple[str, ...]:
    """With what the paths of such rules begin: "/api/", "/healthz"."""
    return tuple(dict.fromkeys(_first_part(rule) for rule in rules(having)))


def _filled(rule: str, names: Iterable[str]) -> str:
    left = iter(names)
    return _NAME.sub(lambda _: next(left), rule)


def _first_part(rule: str) -> str:
    first, slash, _ = rule.removeprefix("/").partition("/")
    return f"/{first}{slash}"


def _found(rule: str) -> Iterator[re.Match[str]]:
    return _NAME.finditer(rule)


def _names(program: Program) -> dict[str, list[str]]:
    """What the names in rules stand for."""
    return {
        "session_id": [one.id for one in program.sessions],
        "room_id": [one.id for one in program.rooms],
        "speaker_id": [one.id for one in program.speakers],
        "slug": list(page_names(program)),
        "name": [program.id, "talks", *(["dates"] if program.dates else [])],
    }
