"""What the one cell of a session says: who speaks, on what; `Tri Dao: "Attention"`, `Invited Talk: Ann Lee (MIT)`."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from app.domain.session import Link
from app.formats.imports.cells import Cell
from app.formats.imports.draft import DraftPerson
from app.formats.imports.kinds import TALK, kind_of_word
from app.formats.imports.names import all_names, looks_like_name, person, split_people, to_be_announced
from app.formats.imports.text import unquoted

# Labels that say what sort of talk it is, and leave open who gives it.
LABEL = re.compile(
    r"[\W_]*(?P<label>(?:invited|contributed|keynote|plenary|oral|spotlight|lightning|guest|opening)?\s*"
    r"(?:talks?|keynote|speaker|presentation|lecture|oral|spotlight|tutorial|address)s?)\s*#?\d*\s*[\W_]*",
    re.IGNORECASE,
)
CANCELLED = re.compile(
    r"[\[(]?\s*(?:cancell?ed|abgesagt|annulé)\s*[\])]?\s*(?:[:\-–—!]\s*|(?<=[\])])\s*)", re.IGNORECASE
)
MODERATED = re.compile(
    r"\s*[(\[]\s*(?:moderat(?:ed|or)|chair(?:ed)?|host(?:ed)?)(?: by)?:?\s+(?P<names>[^()\[\]]+)[)\]]", re.IGNORECASE
)
# A name with its place in brackets, and a title after them.
WITH_PLACE = re.compile(r"(?P<name>[^()]{3,60}\([^()]+\))\W*?(?:[Tt]itle:\s*)?(?P<title>[\w\"“„«‘'].*)")
# A title with a name after it, which has its place in brackets: "Leaves at scale — Zoë Müller (CSIRO)".
BEFORE_NAME = re.compile(r"(?P<title>.{2,400}?)\s+[-–—|]+\s+(?P<name>[^()|–—]{3,60}\([^()]+\))")
# "Invited talk by Ann Lee: Seeds of doubt".
BY = re.compile(r"(?P<label>.{3,40}?)\s+by\s+(?P<rest>.+)", re.IGNORECASE)
LONGEST_TITLE = 500
QUOTES = tuple('"“„«')


@dataclass(frozen=True, slots=True)
class Said:
    """What a cell says; an empty title is still to be announced."""

    title: str
    people: tuple[DraftPerson, ...] = ()
    kind: str = ""
    links: tuple[Link, ...] = ()


def without_cancelled(title: str) -> tuple[str, bool]:
    """A title without the word that it is cancelled, and whether that word stood before it."""
    match = CANCELLED.match(title)
    rest = title[match.end() :].strip() if match else ""
    return (rest, True) if rest else (title, False)


def said_by(cell: Cell, known: Mapping[str, DraftPerson], key: Callable[[str], str]) -> Said:
    """What a session's cell says; ``known`` are the page's people by ``key`` of their name."""
    text = cell.text[:LONGEST_TITLE].strip()
    outside = tuple(link for link in cell.links if not link.url.startswith("#"))
    anchors = {key(link.label): link.url[1:] for link in cell.links if link.url.startswith("#")}

    def somebody(name: str) -> DraftPerson:
        one = person(name)
        anchor = anchors.get(key(one.name), "")
        return replace(one, anchor=anchor or (known[key(one.name)].anchor if key(one.name) in known else ""))

    def is_known(name: str) -> bool:
        bare = key(person(name).name)
        return bool(bare) and (bare in anchors or bare in known)

    said = _said(text, is_known, somebody, frozenset(name for name in cell.bold if looks_like_name(name)))
    own = {key(link.label): link.url for link in outside}
    people = tuple(replace(one, url=one.url or own.get(key(one.name), "")) for one in said.people)
    named = {key(one.name) for one in people}
    links = (link for link in outside if key(link.label) not in named and not is_known(link.label))
    return replace(said, people=people, links=tuple(links))


Known = Callable[[str], bool]
Somebody = Callable[[str], DraftPerson]


def _said(text: str, is_known: Known, somebody: Somebody, bold: frozenset[str]) -> Said:
    text, moderators = _moderated(text)
    said = _labelled(text, is_known, somebody) or _after_names(text, is_known, somebody, bold)
    if said is None and LABEL.fullmatch(text) and text.rstrip().endswith(":"):
        said = Said("", moderators, _kind_of_label(text))
    if said is None and (is_known(text) or _plainly_a_person(text, "")):
        said = Said("", (somebody(text),))
    return said or _before_name(text, somebody) or Said(_title(text), moderators)


def _labelled(text: str, is_known: Known, somebody: Somebody) -> Said | None:
    """`Invited talk: …` and `Invited talk by …`."""
    head, mark, rest = _divided(text)
    by = BY.fullmatch(text)
    if by and LABEL.fullmatch(by["label"]):
        head, mark, rest = by["label"], " ", by["rest"]
    if not (mark and LABEL.fullmatch(head)):
        return None
    return replace(_after_label(rest, is_known, somebody), kind=_kind_of_label(head))


def _after_names(text: str, is_known: Known, somebody: Somebody, bold: frozenset[str]) -> Said | None:
    """`Ann Lee: “On roots”`, and several names before a quoted title."""
    head, mark, rest = _divided(text)
    placed = next((name for name in bold if head.startswith(f"{name},")), None)
    if mark and rest and placed:
        return Said(_title(rest), (somebody(f"{placed} ({head.removeprefix(f'{placed},').strip()})"),))
    if mark and rest and (is_known(head) or head in bold or _plainly_a_person(head, rest)):
        return Said(_title(rest), (somebody(head),))
    if mark and rest.startswith(QUOTES) and all_names(head):
        return Said(_title(rest), tuple(somebody(one.name) for one in split_people(head)))
    return None


def _before_name(text: str, somebody: Somebody) -> Said | None:
    """`Leaves at scale — Zoë Müller (CSIRO)`."""
    found = BEFORE_NAME.fullmatch(text)
    if found is None or not looks_like_name(person(found["name"]).name):
        return None
    return Said(_title(found["title"]), (somebody(found["name"]),))


def _plainly_a_person(name: str, rest: str) -> bool:
    """Two words with capitals may be a title: a person has a place in brackets, or a quoted or open title."""
    one = person(name)
    return looks_like_name(one.name) and (bool(one.affiliations) or (rest != "" and _quoted_or_open(rest)))


def _quoted_or_open(rest: str) -> bool:
    return rest.startswith(QUOTES) or to_be_announced(rest)


def _after_label(rest: str, is_known: Known, somebody: Somebody) -> Said:
    """After `Invited talk:` comes a person, a person with a title, or a title."""
    if (placed := WITH_PLACE.fullmatch(rest)) and looks_like_name(person(placed["name"]).name):
        return Said(_title(placed["title"]), (somebody(placed["name"]),))
    if said := _before_name(rest, somebody):
        return said
    head, mark, title = _divided(rest)
    if mark and (is_known(head) or looks_like_name(person(head).name)):
        return Said(_title(title), (somebody(head),))
    if is_known(rest) or looks_like_name(person(rest).name):
        return Said("", (somebody(rest),))
    return Said(_title(rest))


def _moderated(text: str) -> tuple[str, tuple[DraftPerson, ...]]:
    match = MODERATED.search(text)
    if not match or not all_names(match["names"]):
        return text, ()
    return (text[: match.start()] + text[match.end() :]).strip(), split_people(match["names"])


def _divided(text: str) -> tuple[str, str, str]:
    """A text at its first colon, or dash between spaces, or before an opening quotation mark."""
    match = re.search(r'\s*:\s+|\s*:$|\s+[-–—|]+\s+|,?\s+(?=["“„«])', text)
    return (
        (text[: match.start()].strip(), match.group() or " ", text[match.end() :].strip()) if match else (text, "", "")
    )


def _title(text: str) -> str:
    title = unquoted(text.strip())
    return "" if to_be_announced(title) else title


def _kind_of_label(label: str) -> str:
    return kind_of_word(re.sub(r"[^\w\s]|\d", " ", label)) or TALK
