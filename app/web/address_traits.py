"""The traits of a route, stated where it is registered; each list of addresses is made from them."""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import product
from typing import Any, Literal, get_args
from urllib.parse import urlencode

from flask import Flask
from werkzeug.exceptions import HTTPException
from werkzeug.routing import Rule

from app.domain.program import Program
from app.domain.rights import Role
from app.formats.pictures import picture_names, pictures_of
from app.formats.sent_picture import LARGEST_SENT
from app.web.icons import icon_names
from app.web.identity_sheet import sheet_of
from app.web.request_policy import LARGEST_FILE, MOST_FILES, MOST_PICTURES
from app.web.template_helpers import days_of, page_titles


@dataclass(frozen=True, slots=True)
class FileBound:
    """The most bytes of a file, and of how many at once; what others and who sends a larger one are told."""

    largest: int
    most_at_once: int
    refusal: str
    advice: str

    @property
    def too_large(self) -> str:
        """What is said of a larger file."""
        return f"A file has at most {self.largest // 10**6} MB. {self.advice}"


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressTraits:
    """The traits of a route.

    ``query``: the query parameters that its view uses; only these are part of the cache key, so that made-up ones do
    not fill the memory with copies of a page. ``asks``: those with which, as with ``at`` on every route, a response is
    made for one request and not kept. ``prerender``: whether it is rendered before its
    boundary, always or if it was requested. ``phone``: whether phones keep it, "first" before it is visited, "always"
    so of large programs too. ``public``: QR codes may lead there. ``frozen``: it is part of a frozen copy.
    ``for_programs``: its clients are programs, which get errors as problem details. ``lane``: which of the server's
    threads make the response, "loop" for none of them; "keys", "links" and "displays" say whose key a request needs.
    ``roles``: on the console, where all others are refused, who may open it. ``takes_file``: of whom has one of these
    roles its form may hold a file, and within which bound.
    """

    query: tuple[str, ...] = ()
    asks: tuple[str, ...] = ()
    prerender: Literal["never", "requested", "always"] = "never"
    phone: Literal["never", "visited", "first", "always"] = "never"
    public: bool = False
    frozen: bool = False
    for_programs: bool = False
    lane: Literal["loop", "pages", "keys", "links", "displays"] = "pages"
    roles: tuple[Role, ...] = ("organizer",)
    takes_file: FileBound | None = None


PAGE = AddressTraits(phone="visited", public=True, frozen=True)
KEPT_FIRST = replace(PAGE, phone="first")
TURNS = replace(PAGE, prerender="requested")
FEED = AddressTraits(public=True, frozen=True)
FILE = AddressTraits(frozen=True)
DATA = AddressTraits(public=True, frozen=True, for_programs=True)
LIVE = AddressTraits(for_programs=True, lane="loop")
KEYED = AddressTraits(for_programs=True, lane="keys")
NONE = AddressTraits()
FOR_EVERY_ROLE = AddressTraits(roles=get_args(Role))
FOR_THE_FLOOR = AddressTraits(roles=("organizer", "chair", "operator"))
FOR_CHAIRS = AddressTraits(roles=("organizer", "chair"))
FOR_ORGANIZERS_FILES = AddressTraits(
    takes_file=FileBound(
        LARGEST_FILE, MOST_FILES, "Sign in as an organizer to send a file.", "Save it as CSV, or give its address."
    )
)
FOR_SPEAKERS_PICTURES = AddressTraits(
    roles=("speaker",),
    takes_file=FileBound(
        LARGEST_SENT, MOST_PICTURES, "Sign in as a speaker to send a picture.", "Choose a smaller one."
    ),
)
FOR_SESSION_PAGES = AddressTraits(roles=("organizer", "chair", "speaker"))
FOR_SPEAKERS_ALONE = AddressTraits(roles=("speaker",))
FOR_SPEAKERS_AND_ORGANIZERS = AddressTraits(roles=("organizer", "speaker"))


class RouteRule(Rule):
    """A route with its traits; those of a route that states none are `NONE`."""

    def __init__(self, *args: Any, traits: AddressTraits = NONE, **options: Any) -> None:
        super().__init__(*args, **options)
        self.traits = traits


# Parameters that change no more than how a page looks: phones keep it once.
SAME_PAGE = ("theme",)
_NAME = re.compile(r"<(?:any\((?P<any>[^)]*)\):|path:)?(?P<name>\w+)>")


def traits_of(rule: Rule | None) -> AddressTraits:
    """The traits of a request's rule, if it has one."""
    return rule.traits if isinstance(rule, RouteRule) else NONE


def match_path(app: Flask, path: str, method: str = "GET") -> tuple[AddressTraits, Mapping[str, Any]]:
    """The traits of the route that a path leads to, and the values of its variables; without a route there are none."""
    rule, names = _match(app, path, method)
    return traits_of(rule), names


def match_endpoint(app: Flask, path: str) -> tuple[str, Mapping[str, Any]]:
    """The name of the view that a path leads to, "" where there is none, and the values of its variables."""
    rule, names = _match(app, path, "GET")
    return (rule.endpoint if rule else ""), names


def _match(app: Flask, path: str, method: str) -> tuple[Rule | None, Mapping[str, Any]]:
    try:
        return app.url_map.bind("").match(path, method, return_rule=True)
    except HTTPException:
        return None, {}


def query_of(traits: AddressTraits, given: Mapping[str, str]) -> str:
    """The part of a query that a view uses: what responses are stored under."""
    return urlencode([(name, given[name]) for name in traits.query if name in given], safe="/:")


def rules(app: Flask, having: Callable[[AddressTraits], bool]) -> Iterator[str]:
    """The rules whose traits meet a condition, in the order of their registration."""
    return (rule.rule for rule in app.url_map.iter_rules() if having(traits_of(rule)))


def paths(app: Flask, program: Program, having: Callable[[AddressTraits], bool]) -> Iterator[str]:
    """Every path of a program whose traits meet a condition."""
    return (path for rule in rules(app, having) for path in paths_of(program, rule))


def path_template(rule: str) -> str:
    """A rule as a URI template: `/talks/{session}` for `/talks/<session_id>`."""
    return _NAME.sub(lambda match: f"{{{match['name'].removesuffix('_id')}}}", rule)


def paths_of(program: Program, rule: str) -> Iterator[str]:
    """Every path of a rule in a program."""
    pattern = _NAME.sub("{}", rule)
    return (pattern.format(*values) for values in product(*_values(rule, known_names(program)).values()))


def path_values(program: Program, rule: str) -> dict[str, list[str]]:
    """What each name in the template of a rule may be in a program."""
    return {name.removesuffix("_id"): values for name, values in _values(rule, known_names(program)).items()}


def names_exist(known: Mapping[str, Container[str]], names: Mapping[str, str]) -> bool:
    """Whether the ``known_names`` of a program hold what the variables of a rule, or parameters of its query, name."""
    return all(value in known[name] for name, value in names.items() if name in known)


def pages_on_phones(app: Flask) -> str:
    """A regular expression for the pages that phones may keep; JavaScript reads it as Python does."""
    pages = (rule for rule in rules(app, lambda traits: traits.phone != "never") if "." not in rule)
    return _pattern(*pages)


def queries_on_phones(app: Flask) -> list[tuple[str, list[str]]]:
    """The parameters that make a page that phones may keep another page, with a regular expression for its path."""
    asking = (
        (rule.rule, [name for name in traits_of(rule).query if name not in SAME_PAGE])
        for rule in app.url_map.iter_rules()
        if traits_of(rule).phone != "never" and "." not in rule.rule
    )
    return [(_pattern(rule), names) for rule, names in asking if names]


def _pattern(*rules: str) -> str:
    """A regular expression for the paths of some rules."""
    return f"^({'|'.join(_NAME.sub('[^/.]+', rule) for rule in rules)})$"


def first_parts(app: Flask, having: Callable[[AddressTraits], bool]) -> tuple[str, ...]:
    """The first parts of the paths of such rules: "/api/", "/healthz"."""
    return tuple({re.sub("(?<=[^/])/.*", "/", rule) for rule in rules(app, having)})


def _values(rule: str, known: Mapping[str, list[str]]) -> dict[str, list[str]]:
    names = {match["name"]: match["any"] for match in _NAME.finditer(rule)}
    return {name: chosen.split(", ") if chosen else known.get(name, []) for name, chosen in names.items()}


def known_names(program: Program) -> dict[str, list[str]]:
    """The values of the variables in rules."""
    sheet = sheet_of(program)
    return {
        "sheet": [sheet.digest] if sheet.css else [],
        "icon": list(icon_names(program)),
        "picture": [*dict.fromkeys(name for use, one in pictures_of(program) for name in picture_names(one, use))],
        "session_id": [one.id for one in program.sessions],
        "item_id": list(program.items_by_id),
        "room_id": [one.id for one in program.rooms],
        "speaker_id": [one.id for one in program.speakers],
        "slug": list(page_titles(program)),
        "name": [program.id, "talks", *(["dates"] if program.dates else [])],
        "day": [f"{day.date}" for day in days_of(program, program.sessions)],
    }
