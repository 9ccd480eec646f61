"""The one cell of a session, with its people and its title: `Tri Dao: "Attention"`, `Invited Talk: Ann Lee (MIT)`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from app.domain.session_matching import normalized
from app.importing.clean_text import unquoted
from app.importing.draft import DraftPerson, DraftSession
from app.importing.person_names import all_names, looks_like_name, read_person, split_people, to_be_announced
from app.importing.session_words import LABEL, TALK, kind_of_word
from app.importing.table_columns import Cell

# People that are known from elsewhere on the page, by their normalized name.
KnownPeople = Mapping[str, DraftPerson]

MODERATED = re.compile(
    r"\s*[(\[]\s*(?:moderat(?:ed|or)|chair(?:ed)?|host(?:ed)?)(?: by)?:?\s+(?P<names>[^()\[\]]+)[)\]]", re.IGNORECASE
)
# Such as: Ann Lee (MIT) On roots.
NAME_BEFORE_TITLE = re.compile(r"(?P<name>[^()]{3,60}\([^()]+\))\W*?(?:[Tt]itle:\s*)?(?P<title>[\w\"“„«‘'].*)")
# Such as: Leaves at scale — Zoë Müller (CSIRO).
TITLE_BEFORE_NAME = re.compile(r"(?P<title>.{2,400}?)\s+[-–—|]+\s+(?P<name>[^()|–—]{3,60}\([^()]+\))")
# Such as: Invited talk by Ann Lee: Seeds of doubt.
LABEL_BY = re.compile(r"(?P<label>.{3,40}?)\s+by\s+(?P<rest>.+)", re.IGNORECASE)
# A colon, a dash between spaces, or the space before an opening quotation mark.
DIVIDER = re.compile(r'\s*:\s+|\s*:$|\s+[-–—|]+\s+|,?\s+(?=["“„«])')
LONGEST_TITLE = 500
QUOTES = tuple('"“„«')


def read_cell(cell: Cell, known: KnownPeople) -> DraftSession:
    """Title, people, kind and links of a session's cell, without a time."""
    names = _Names(
        {normalized(link.label): link.url[1:] for link in cell.links if link.url.startswith("#")},
        known,
        frozenset(filter(looks_like_name, cell.bold)),
    )
    session = _read(cell.text[:LONGEST_TITLE].strip(), names)
    outside = [link for link in cell.links if not link.url.startswith("#")]
    urls = {normalized(link.label): link.url for link in outside}
    people = tuple(replace(one, url=one.url or urls.get(normalized(one.name), "")) for one in session.people or ())
    speaking = {normalized(one.name) for one in people}
    links = (link for link in outside if normalized(link.label) not in speaking and not names.has(link.label))
    return replace(session, people=people, links=tuple(links))


@dataclass(frozen=True, slots=True)
class _Names:
    """The names to expect in a cell: those of its links within the page, of known people, and in bold."""

    anchors: Mapping[str, str]
    known: KnownPeople
    bold: frozenset[str]

    def has(self, text: str) -> bool:
        """Whether a text is the name of somebody who is linked or known."""
        name = normalized(read_person(text).name)
        return bool(name) and (name in self.anchors or name in self.known)

    def person(self, text: str) -> DraftPerson:
        """The person of a text, with the anchor by which they are linked or known."""
        person = read_person(text)
        name = normalized(person.name)
        known = self.known.get(name)
        return replace(person, anchor=self.anchors.get(name) or (known.anchor if known else ""))


def _session(title: str, *people: DraftPerson) -> DraftSession:
    title = unquoted(title.strip())
    return DraftSession(title="" if to_be_announced(title) else title, people=people)


def _read(text: str, names: _Names) -> DraftSession:
    text, moderators = _without_moderators(text)
    if session := _after_label(text, names) or _after_names(text, names):
        return session
    if LABEL.fullmatch(text) and text.endswith(":"):
        return replace(_session("", *moderators), kind=_kind_of_label(text))
    if names.has(text) or _is_plainly_a_person(text):
        return _session("", names.person(text))
    return _before_name(text, names) or _session(text, *moderators)


def _after_label(text: str, names: _Names) -> DraftSession | None:
    """`Invited talk: …` and `Invited talk by …`."""
    label, rest = _divided(text)
    by = LABEL_BY.fullmatch(text)
    if by and LABEL.fullmatch(by["label"]):
        label, rest = by["label"], by["rest"]
    if rest is None or not LABEL.fullmatch(label):
        return None
    return replace(_labelled(rest, names), kind=_kind_of_label(label))


def _labelled(text: str, names: _Names) -> DraftSession:
    """After `Invited talk:` comes a person, a person with a title, or a title."""
    if (match := NAME_BEFORE_TITLE.fullmatch(text)) and _is_person(match["name"]):
        return _session(match["title"], names.person(match["name"]))
    if session := _before_name(text, names):
        return session
    head, title = _divided(text)
    if title is not None and (names.has(head) or _is_person(head)):
        return _session(title, names.person(head))
    if names.has(text) or _is_person(text):
        return _session("", names.person(text))
    return _session(text)


def _after_names(text: str, names: _Names) -> DraftSession | None:
    """`Ann Lee: “On roots”`, `**Ann Lee**, MIT: On roots`, and several names before a quoted title."""
    head, title = _divided(text)
    if not title:
        return None
    placed = next((name for name in names.bold if head.startswith(f"{name},")), None)
    if placed:
        return _session(title, names.person(f"{placed} ({head.removeprefix(f'{placed},').strip()})"))
    if names.has(head) or head in names.bold or _is_plainly_a_person(head, title):
        return _session(title, names.person(head))
    if title.startswith(QUOTES) and all_names(head):
        return _session(title, *(names.person(one.name) for one in split_people(head)))
    return None


def _before_name(text: str, names: _Names) -> DraftSession | None:
    """`Leaves at scale — Zoë Müller (CSIRO)`."""
    match = TITLE_BEFORE_NAME.fullmatch(text)
    return _session(match["title"], names.person(match["name"])) if match and _is_person(match["name"]) else None


def _is_person(text: str) -> bool:
    return looks_like_name(read_person(text).name)


def _is_plainly_a_person(text: str, title: str = "") -> bool:
    """Two words with capitals may be a title: a person has an affiliation, or a quoted or open title."""
    person = read_person(text)
    quoted_or_open = bool(title) and (title.startswith(QUOTES) or to_be_announced(title))
    return looks_like_name(person.name) and (bool(person.affiliations) or quoted_or_open)


def _without_moderators(text: str) -> tuple[str, tuple[DraftPerson, ...]]:
    match = MODERATED.search(text)
    if not match or not all_names(match["names"]):
        return text, ()
    return (text[: match.start()] + text[match.end() :]).strip(), split_people(match["names"])


def _divided(text: str) -> tuple[str, str | None]:
    """A text before and after its first divider; None after one that has none."""
    match = DIVIDER.search(text)
    return (text[: match.start()].strip(), text[match.end() :].strip()) if match else (text, None)


def _kind_of_label(label: str) -> str:
    return kind_of_word(re.sub(r"[^\w\s]|\d", " ", label)) or TALK
