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
    are_people,
    are_plain_names,
    is_placed_person,
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
# Before a name that stands at the end: a dash between spaces, "by"; else a comma.
LAST_DIVIDER = re.compile(rf"\s+[-–—|·•]+\s+|,?\s+{pattern('people.by')}\s+")
# The end of a title before its authors: "On roots. A. Lee, B. Ray"; a letter with a dot is an initial.
END_OF_TITLE = re.compile(
    r"(?:(?<=[^\W_]{2})(?<!\bProf)(?<!\bDr)(?<!\bMr)(?<!\bMrs)(?<!\bMs)(?<!\bSt)(?<!\bvs)\.|(?<=[?!]))\s+"
)
MOST_ENDS = 5
WITHOUT_SPEAKERS = frozenset({"break", "lunch", "social", "posters", "opening", "closing"})
NO_PERSON = re.compile(rf"\b(?:{pattern('pages.rooms')}|{pattern('pages.houses')}|building|villa)\b", re.IGNORECASE)
# Such as: On roots (Ann Lee, University of Bonn).
NAME_IN_BRACKETS = re.compile(r"(?P<title>.{3,}?)\s*\((?P<name>[^()]{3,120})\)")
LINK_LABEL = re.compile(pattern("sessions.link_labels"), re.IGNORECASE)
LAST_COMMA = re.compile(r",\s+(?=[^,]+$)")
# "Invited talk", "Keynote": what follows is a person more often than a title.
OF_A_SPEAKER = re.compile(rf"\b{pattern('sessions.speaker_labels')}\b", re.IGNORECASE)
# What stands for a divider without a sign of its own: a comma, or the space before a quotation mark.
NO_SIGN = "“"
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
    cell = without_labels(cell)
    ids = {f"#{one.anchor}" for one in known.values() if one.anchor}
    inside = [link for link in cell.links if link.url.startswith("#")]
    to_people = (link for link in inside if link.url in ids or plainly_a_name(link.label))
    anchors = {normalized(link.label): link.url[1:] for link in to_people}
    names = _Names(anchors, known, frozenset(filter(plainly_a_name, cell.bold)), column)
    session = _read(words_of(cell), names)
    outside = [link for link in cell.links if link not in inside]
    urls = {normalized(link.label): link.url for link in outside}
    people = tuple(replace(one, url=one.url or urls.get(normalized(one.name), "")) for one in session.people or ())
    speaking = {normalized(one.name) for one in people}
    links = (link for link in outside if normalized(link.label) not in speaking and not names.has(link.label))
    return replace(session, people=people, links=tuple(links))


def without_labels(cell: Cell) -> Cell:
    """A cell without the labels of its links at the end of its lines, where a sign divides them: `Roots [slides]`."""
    links = tuple(replace(link, label=link.label.strip("[]() ") or link.label) for link in cell.links)
    labels = "|".join(re.escape(link.label) for link in links if LINK_LABEL.fullmatch(link.label))
    if not labels or len(cell.text) > LONGEST_TITLE:
        return cell
    at_the_end = re.compile(rf"(?<=[^\W_])(?:\s*+(?:[\[(|·/,;]\s*+)++(?:{labels})(?:\s*[\])])*+)++\s*$")
    lines = tuple(at_the_end.sub("", line) for line in cell.lines)
    return replace(cell, text=at_the_end.sub("", cell.text), lines=lines, links=links)


def words_of(cell: Cell) -> str:
    """The text of a cell; where its two lines are a person and a title, with a divider between them."""
    text = cell.text
    match cell.lines:
        case (first, last) if f"{first} {last}" == text:
            begins_bold = any(first.startswith(f"{name},") and plainly_a_name(name) for name in cell.bold)
            if begins_bold or are_people(_label_and_rest(first)[1]):
                text = f"{first}: {last}"
            elif are_people(last):
                text = f"{first} – {last}"
    return text[:LONGEST_TITLE].strip()


@dataclass(frozen=True, slots=True)
class Column:
    """The forms in which all cells of a column name people, such as `Name: title` after one label."""

    forms: frozenset[tuple[str, str]]
    report: ImportReport

    @classmethod
    def of(cls, cells: Iterable[Cell], report: ImportReport) -> Column:
        """The column of some cells."""
        heads: dict[tuple[str, str], list[str]] = {}
        for cell in cells:
            for form, head in _forms(words_of(cell)):
                heads.setdefault(form, []).append(head)
        alike = (form for form, found in heads.items() if len(found) >= FEWEST_ALIKE)
        return cls(frozenset(form for form in alike if all(map(are_plain_names, heads[form]))), report)

    def names(self, label: str, divider: str, head: str) -> bool:
        """Whether a head stands where all cells have a name; reported as a guess."""
        if (label, divider) not in self.forms or not are_plain_names(head):
            return False
        self.report.guessed(BY_FORM, head, better=NAMED)
        return True


def _forms(text: str) -> Iterator[tuple[tuple[str, str], str]]:
    """The places of a text in which a name may stand: label and divider, and what stands there."""
    label, rest, _ = _label_and_rest(text)
    head, divider, title = _split(rest)
    if divider and title and kind_of_title(head) == TALK and not any(map(str.isdecimal, head)):
        yield (label, divider), head
    elif label and not divider:
        yield (label, ""), rest
    before, divider, name = _split_last(rest)
    if divider and before:
        yield (label, f"{divider}…"), name


def _label_and_rest(text: str) -> tuple[str, str, bool]:
    """The label before a text (`Invited talk 3: …`), without its number, the rest, and whether a person comes next.

    The label is "" where there is none.
    """
    by = LABEL_BY.fullmatch(text)
    label, divider, rest = (by["label"], "by", by["rest"]) if by and LABEL.fullmatch(by["label"]) else _split(text)
    if not divider or not LABEL.fullmatch(label):
        return "", text, False
    plain = re.sub(r"[\W\d_]+", " ", label).strip().casefold()
    return plain, rest, divider == "by" or bool(OF_A_SPEAKER.search(label))


def _split(text: str) -> tuple[str, str, str]:
    """A text before its first divider, the divider, and the text after it; empty where there is none."""
    return _parted(text, DIVIDER.search(text[:LONGEST_HEAD]))


def _split_last(text: str) -> tuple[str, str, str]:
    """As `_split`, at the last divider that a name may follow."""
    for end in [*END_OF_TITLE.finditer(text)][-MOST_ENDS:]:
        if all_names(text[end.end() :]) and kind_of_title(text[: end.start()]) == TALK:
            return text[: end.start()], ".", text[end.end() :]
    found = _parted(text, [LAST_COMMA.search(text), *LAST_DIVIDER.finditer(text)][-1])
    return ("", "", "") if found[1] == NO_SIGN and (are_people(found[0]) or are_people(text)) else found


def _parted(text: str, divider: re.Match[str] | None) -> tuple[str, str, str]:
    if divider is None:
        return "", "", ""
    return text[: divider.start()].strip(), divider.group().strip(" ,") or NO_SIGN, text[divider.end() :].strip()


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

    def expected(self, text: str, label: str, divider: str) -> tuple[DraftPerson, ...]:
        """The people of a text that stands where a name may stand; nobody without evidence."""
        if self.has(text) or is_placed_person(text):
            return (self.person(text),)
        return self.people(text) if self.column.names(label, divider, text) else ()


def _session(title: str, *people: DraftPerson) -> DraftSession:
    title = unquoted(title.strip())
    return DraftSession(title="" if to_be_announced(title) else title, people=people)


def _read(text: str, names: _Names) -> DraftSession:
    text, moderators = _without_moderators(text)
    label, rest, speaks = _label_and_rest(text)
    session = _labelled(rest, names, label, speaks=speaks)
    kind = (kind_of_word(label) or TALK) if label else ""
    return replace(session, kind=kind, people=(*(session.people or ()), *moderators))


def _labelled(text: str, names: _Names, label: str, *, speaks: bool) -> DraftSession:
    """After a label comes a person, a person with a title, or a title; a speaker where the label says so."""
    for form in (NAME_BEFORE_TITLE, NAME_IN_BRACKETS) if label else (NAME_IN_BRACKETS,):
        match = form.fullmatch(text)
        if match and _is_speaker(match["name"]) and kind_of_title(match["title"]) not in WITHOUT_SPEAKERS:
            return _session(match["title"], names.person(match["name"]))
    if session := _after_names(text, names, label):
        return session
    if people := names.expected(text, label, ""):
        return _session("", *people)
    before, last_divider, last = _split_last(text)
    if before and (people := names.expected(last, label, f"{last_divider}…")):
        return _session(before, *people)
    head, divider, title = _split(text)
    head = head if divider else text
    if speaks and are_plain_names(head):
        names.column.report.guessed(BY_LABEL, head, better=NAMED)
        return _session(title, *names.people(head))
    if are_plain_names(text) or (title and are_plain_names(head)) or (before and are_plain_names(last)):
        names.column.report.guessed(IN_TITLE, text, better=NAMED)
    return _session(text)


def _is_speaker(name: str) -> bool:
    """Whether a name in brackets is a person with an affiliation, not a house or a room."""
    return is_placed_person(name) and NO_PERSON.search(read_person(name).name) is None


def _after_names(text: str, names: _Names, label: str) -> DraftSession | None:
    """`Ann Lee: “On roots”`, `**Ann Lee**, MIT: On roots`, and several names before a quoted title."""
    head, divider, title = _split(text)
    if not title:
        return None
    if bold := next((name for name in names.bold if head.startswith(f"{name},")), None):
        return _session(title, names.person(f"{bold} ({head.removeprefix(f'{bold},').strip()})"))
    if head in names.bold:
        return _session(title, names.person(head))
    opens = title.startswith(QUOTES) or to_be_announced(title)
    people = names.expected(head, label, divider) or (names.people(head) if opens and are_plain_names(head) else ())
    return _session(title, *people) if people else None


def _without_moderators(text: str) -> tuple[str, tuple[DraftPerson, ...]]:
    match = MODERATED.search(text)
    if not match or not all_names(match["names"]):
        return text, ()
    return (text[: match.start()] + text[match.end() :]).strip(), split_people(match["names"])
