"""The one cell of a session, with its people and its title: `Tri Dao: "Attention"`, `Invited Talk: Ann Lee (MIT)`.

Two words with capitals may be a name or a title. They are taken as a person's on evidence only: a link to a
person, a person whom the page names elsewhere, bold type, an affiliation, a label such as "Invited talk", or a
form that all cells of the column share.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from app.domain.session_matching import normalized
from app.importing.clean_text import unquoted
from app.importing.draft import DraftPerson, DraftSession
from app.importing.person_names import (
    all_names,
    is_institution,
    looks_like_name,
    plainly_a_name,
    read_person,
    split_people,
    to_be_announced,
)
from app.importing.report import ImportReport
from app.importing.session_words import LABEL, TALK, kind_of_title, kind_of_word
from app.importing.table_columns import Cell
from app.importing.vocabulary import pattern

# People that are known from elsewhere on the page, by their normalized name.
KnownPeople = Mapping[str, DraftPerson]

MODERATED = re.compile(
    r"\s*[(\[]\s*(?:moderat(?:ed|or)|chair(?:ed)?|host(?:ed)?)(?: by)?:?\s+(?P<names>[^()\[\]]+)[)\]]", re.IGNORECASE
)
# Such as: Ann Lee (MIT) On roots.
NAME_BEFORE_TITLE = re.compile(r"(?P<name>[^()]{3,60}\([^()]+\))\W*?(?:[Tt]itle:\s*)?(?P<title>[\w\"“„«‘'].*)")
# Such as: Invited talk by Ann Lee: Seeds of doubt.
LABEL_BY = re.compile(r"(?P<label>.{3,40}?)\s+by\s+(?P<rest>.+)", re.IGNORECASE)
# A colon, a dash or dot between spaces, or the space before an opening quotation mark.
DIVIDER = re.compile(r'\s*:\s+|\s*:$|\s+[-–—|·•]+\s+|,?\s+(?=["“„«])')
# Before a name that stands at the end: a dash between spaces, "by".
LAST_DIVIDER = re.compile(r"\s+[-–—|·•]+\s+|,?\s+by\s+")
# "Invited talk", "Keynote": what follows is a person more often than a title.
OF_A_SPEAKER = re.compile(rf"\b{pattern('sessions.speaker_labels')}\b", re.IGNORECASE)
LONGEST_TITLE = 500
LONGEST_HEAD = 120
QUOTES = tuple('"“„«')
FEWEST_ALIKE = 2
BY_FORM = "taken as people, by the form that all lines of their column share"
BY_LABEL = "taken as people, by the label before them"
IN_TITLE = "perhaps people, kept in the title"
NAMED = "a column Speaker, or a section Speakers that names them"


def read_cell(cell: Cell, known: KnownPeople, column: Column) -> DraftSession:
    """Title, people, kind and links of a session's cell, without a time; ``column`` is the one that it stands in."""
    anchored = {normalized(link.label): link.url[1:] for link in cell.links if link.url.startswith("#")}
    ids = {one.anchor for one in known.values() if one.anchor}
    labels = {normalized(link.label): link.label for link in cell.links}
    anchors = {name: at for name, at in anchored.items() if at in ids or plainly_a_name(labels[name])}
    names = _Names(anchors, known, frozenset(filter(plainly_a_name, cell.bold)), column)
    session = _read(cell.text[:LONGEST_TITLE].strip(), names)
    outside = [link for link in cell.links if not link.url.startswith("#")]
    urls = {normalized(link.label): link.url for link in outside}
    people = tuple(replace(one, url=one.url or urls.get(normalized(one.name), "")) for one in session.people or ())
    speaking = {normalized(one.name) for one in people}
    links = (link for link in outside if normalized(link.label) not in speaking and not names.has(link.label))
    return replace(session, people=people, links=tuple(links))


@dataclass(frozen=True, slots=True)
class Column:
    """The forms in which all cells of a column name people, such as `Name: title` after one label."""

    forms: frozenset[tuple[str, str]]
    report: ImportReport

    @classmethod
    def of(cls, texts: Iterable[str], report: ImportReport) -> Column:
        """The column of some texts."""
        heads: dict[tuple[str, str], list[str]] = {}
        for text in texts:
            for form, head in _forms(text[:LONGEST_TITLE].strip()):
                heads.setdefault(form, []).append(head)
        return cls(
            frozenset(
                form for form, found in heads.items() if len(found) >= FEWEST_ALIKE and all(map(are_plain_names, found))
            ),
            report,
        )

    def names(self, label: str, divider: str, head: str) -> bool:
        """Whether a head stands where all cells have a name; reported as a guess."""
        if (label, divider) not in self.forms or not are_plain_names(head):
            return False
        self.report.guessed(BY_FORM, head, better=NAMED)
        return True


def _forms(text: str) -> Iterator[tuple[tuple[str, str], str]]:
    """The places of a text in which a name may stand: label and divider, and what stands there."""
    label, rest = _labelled_parts(text)
    head, divider, title = _split(rest)
    if divider and title and kind_of_title(head) == TALK and not any(map(str.isdecimal, head)):
        yield (label, divider), head
    elif label and not divider:
        yield (label, ""), rest
    before, divider, name = _split_last(rest)
    if divider and before:
        yield (label, f"{divider}…"), name


def _labelled_parts(text: str) -> tuple[str, str]:
    """The label before a text, without its number, and the rest; "" and the text where there is none."""
    label, divider, rest = _split(text)
    return (_plain_label(label), rest) if divider and LABEL.fullmatch(label) else ("", text)


def _plain_label(label: str) -> str:
    return re.sub(r"[\W\d_]+", " ", label).strip().casefold()


def _split(text: str) -> tuple[str, str, str]:
    """A text before its first divider, the divider, and the text after it; empty where there is none."""
    match = DIVIDER.search(text[:LONGEST_HEAD])
    return (
        (text[: match.start()].strip(), match.group().strip() or "“", text[match.end() :].strip())
        if match
        else ("", "", "")
    )


def _split_last(text: str) -> tuple[str, str, str]:
    """As `_split`, at the last divider that a name may follow."""
    matches = list(LAST_DIVIDER.finditer(text))
    if not matches:
        return "", "", ""
    last = matches[-1]
    return text[: last.start()].strip(), last.group().strip(" ,"), text[last.end() :].strip()


def are_plain_names(text: str) -> bool:
    """Whether a text is a list of names and can hardly be anything else."""
    people = split_people(text)
    return bool(people) and all(plainly_a_name(one.name) for one in people)


@dataclass(frozen=True, slots=True)
class _Names:
    """The names to expect in a cell: of its links within the page, of known people, in bold, by its column's forms."""

    anchors: Mapping[str, str]
    known: KnownPeople
    bold: frozenset[str]
    column: Column

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

    def people(self, text: str) -> tuple[DraftPerson, ...]:
        """The people of a list of names."""
        return tuple(replace(self.person(one.name), affiliations=one.affiliations) for one in split_people(text))


def _session(title: str, *people: DraftPerson) -> DraftSession:
    title = unquoted(title.strip())
    return DraftSession(title="" if to_be_announced(title) else title, people=people)


def _read(text: str, names: _Names) -> DraftSession:
    text, moderators = _without_moderators(text)
    if session := _after_label(text, names) or _after_names(text, names, ""):
        return session
    if LABEL.fullmatch(text) and text.endswith(":"):
        return replace(_session("", *moderators), kind=_kind_of_label(text))
    if names.has(text) or is_placed_person(text):
        return _session("", names.person(text))
    return _before_name(text, names, "") or _as_title(text, names, *moderators)


def _after_label(text: str, names: _Names) -> DraftSession | None:
    """`Invited talk: …` and `Invited talk by …`."""
    by = LABEL_BY.fullmatch(text)
    if by and LABEL.fullmatch(by["label"]):
        return replace(_labelled(by["rest"], names, by["label"], speaks=True), kind=_kind_of_label(by["label"]))
    label, divider, rest = _split(text)
    if not divider or not LABEL.fullmatch(label):
        return None
    return replace(_labelled(rest, names, label, speaks=bool(OF_A_SPEAKER.search(label))), kind=_kind_of_label(label))


def _labelled(text: str, names: _Names, label: str, *, speaks: bool) -> DraftSession:
    """After `Invited talk:` comes a person, a person with a title, or a title; a speaker where the label says so."""
    if (match := NAME_BEFORE_TITLE.fullmatch(text)) and is_placed_person(match["name"]):
        return _session(match["title"], names.person(match["name"]))
    key = _plain_label(label)
    if session := _after_names(text, names, key) or _before_name(text, names, key):
        return session
    if names.has(text) or is_placed_person(text) or names.column.names(key, "", text):
        return _session("", *names.people(text))
    head, divider, title = _split(text)
    name, title = (head, title) if divider else (text, "")
    if not speaks or not are_plain_names(name):
        return _as_title(text, names)
    names.column.report.guessed(BY_LABEL, name, better=NAMED)
    return _session(title, *names.people(name))


def _after_names(text: str, names: _Names, label: str) -> DraftSession | None:
    """`Ann Lee: “On roots”`, `**Ann Lee**, MIT: On roots`, and several names before a quoted title."""
    head, divider, title = _split(text)
    if not title:
        return None
    placed = next((name for name in names.bold if head.startswith(f"{name},")), None)
    if placed:
        return _session(title, names.person(f"{placed} ({head.removeprefix(f'{placed},').strip()})"))
    if names.has(head) or head in names.bold or is_placed_person(head):
        return _session(title, names.person(head))
    opens = title.startswith(QUOTES) or to_be_announced(title)
    if (opens and are_plain_names(head)) or names.column.names(label, divider, head):
        return _session(title, *names.people(head))
    return None


def _before_name(text: str, names: _Names, label: str) -> DraftSession | None:
    """`Leaves at scale — Zoë Müller (CSIRO)`; without the affiliation where the whole column says it so."""
    title, divider, name = _split_last(text)
    if not title or not divider:
        return None
    if names.has(name) or is_placed_person(name) or names.column.names(label, f"{divider}…", name):
        return _session(title, *names.people(name))
    return None


def _as_title(text: str, names: _Names, *moderators: DraftPerson) -> DraftSession:
    """A title; what could be a name in it is reported."""
    head, _, title = _split(text)
    before, _, name = _split_last(text)
    if any(one and are_plain_names(part) for one, part in ((title, head), (before, name), (text, text))):
        names.column.report.guessed(IN_TITLE, text, better=NAMED)
    return _session(text, *moderators)


def is_placed_person(text: str) -> bool:
    """Whether a text is a name with an affiliation: `Ann Lee (MIT)`, `Ann Lee, University of Bonn`."""
    person = read_person(text)
    placed = any(map(is_institution, person.affiliations))
    return bool(person.affiliations) and (plainly_a_name(person.name) or (placed and looks_like_name(person.name)))


def _without_moderators(text: str) -> tuple[str, tuple[DraftPerson, ...]]:
    match = MODERATED.search(text)
    if not match or not all_names(match["names"]):
        return text, ()
    return (text[: match.start()] + text[match.end() :]).strip(), split_people(match["names"])


def _kind_of_label(label: str) -> str:
    return kind_of_word(re.sub(r"[^\w\s]|\d", " ", label)) or TALK
