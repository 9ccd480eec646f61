"""Papers in the entries of a page's lists, or in cells that hold title and authors.

Their form is evidence where each entry begins with a title in bold, in a link or in quotation marks, and names follow.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from app.domain.session import Item, Link
from app.importing.clean_text import QUOTATION_MARKS, one_line, unquoted
from app.importing.papers import Paper, labelled_by_address, link_label, number_text, unique_links
from app.importing.person_names import all_names, is_placed_person, split_people
from app.importing.report import ImportReport
from app.importing.session_cells import LINK_LABEL
from app.importing.table_columns import Cell
from app.importing.table_evidence import lines_of

FEWEST_ENTRIES = 2
SHORTEST_TITLE = 4
MOST_LINKS = 40
LONGEST_AUTHORS = 4000
# Before a title, such as: #7, [7], 7., A12:, Poster 12.
NUMBER_BEFORE = re.compile(
    r"(?:(?:paper|poster|board)\s+#?(?P<named>[A-Z]{0,2}-?\d{1,4})[.:)]?|#(?P<marked>\d{1,4})[.:)]?"
    r"|[\[(]?(?P<plain>[A-Z]{0,2}-?\d{1,4})[\]).:])\s+",
    re.IGNORECASE,
)
# At the beginning of what is marked as the title, where `R1: …` is a name.
NUMBER_IN_TITLE = re.compile(r"(?:#(?P<marked>\d{1,4})|\[(?P<square>\d{1,4})\]|\((?P<round>\d{1,4})\))[.:]?\s+")
AROUND_AUTHORS = " \t.,:;–—-|·•/*_"
CLOSING = f"{AROUND_AUTHORS}])"
BY = re.compile(r"by[: ]\s*|authors?:\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Entry:
    """The parts of an entry; ``below`` are the lines after those of the authors."""

    number: str
    title: str
    authors: str
    below: tuple[str, ...]
    links: tuple[Link, ...]

    @property
    def names_authors(self) -> bool:
        """Whether names, and nothing else, stand where the authors do."""
        return bool(self.authors) and (all_names(self.authors) or is_placed_person(self.authors))


def papers_of_entries(cells: Sequence[Cell], report: ImportReport, kind: str = "") -> list[Paper]:
    """The papers of a list's entries; none where their form is no clear evidence of titles and authors."""
    entries = [entry for cell in cells if (entry := _entry(cell)) is not None]
    with_authors = [entry for entry in entries if entry.authors]
    named = sum(entry.names_authors for entry in with_authors)
    if len(entries) < len(cells) or named < FEWEST_ENTRIES or 2 * named < len(entries) or 2 * named < len(with_authors):
        return []
    return [_paper(entry, kind, report) for entry in entries]


def _paper(entry: Entry, kind: str, report: ImportReport) -> Paper:
    if entry.authors and not entry.names_authors:
        remark = "taken as authors, as names stand there in the list's other entries"
        report.guessed(remark, entry.authors, better="a table with columns Title and Authors")
    if entry.below:
        report.left("text below a paper's authors", " ".join(entry.below))
    names = tuple(person.name for person in split_people(entry.authors))
    return Paper(item=Item(title=entry.title, number=entry.number, authors=names, links=entry.links), kind=kind)


def _entry(cell: Cell) -> Entry | None:
    """An entry taken apart; None where it does not begin with a title that is marked as one."""
    first, *below = [*lines_of(cell), *(paper.text for paper in cell.papers)]
    links = [one for one in (*cell.links, *(one for paper in cell.papers for one in paper.links)) if one.url[:1] != "#"]
    if len(links) > MOST_LINKS:
        return None
    number = NUMBER_BEFORE.match(first)
    title = _title(first, cell)
    if number and not title:
        first = first[number.end() :]
        title = _title(first, cell)
    if not title:
        return None
    inside = NUMBER_IN_TITLE.match(title)
    said = inside or (number if not first.startswith(number.group() if number else "") else None)
    links = [link for link in links if link.label in title or not _is_of_a_person(link)]
    labels = {link.label.casefold() for link in links}
    lines = (first[first.index(title) + len(title) :], *below)
    authors, *others = [line for text in lines if (line := _bare(text, labels))] or [""]
    name = title[inside.end() :] if inside else title
    return Entry(
        number=number_text(said[said.lastgroup or 0]) if said else "",
        title=unquoted(name.strip().rstrip(".,:;")),
        authors=authors,
        below=tuple(others),
        links=unique_links(_labelled(link, title) for link in links),
    )


def _title(first: str, cell: Cell) -> str:
    """The title at the beginning of an entry's first line: the longest of what is bold or a link there, or quoted."""
    marked = (*cell.bold, *(link.label for link in cell.links if not LINK_LABEL.fullmatch(link.label)))
    begins = (first, first.lstrip(" “”„«\"'"))
    heads = [text for text in map(one_line, marked) if len(text) >= SHORTEST_TITLE]
    heads = [text for text in heads if any(one.startswith(text) for one in begins)]
    closing = QUOTATION_MARKS.get(first[:1], "")
    end = next((at for at, char in enumerate(first[1:], start=1) if char in closing), 0) if closing else 0
    return max((*heads, first[: end + 1] if end else ""), key=len).strip()


def _bare(line: str, labels: set[str]) -> str:
    """A line of authors without the labels of links at its end, and without the signs and words around the names."""
    text = line[:LONGEST_AUTHORS].strip(AROUND_AUTHORS)
    while label := next((one for one in labels if _ends_with(text, one)), ""):
        end = text.rstrip(CLOSING)
        text = end[: len(end) - len(label)].rstrip(f"{AROUND_AUTHORS}([")
    text = BY.sub("", text, count=1).strip(AROUND_AUTHORS)
    return text[1:-1] if text.startswith("(") and text.endswith(")") and text.count("(") == 1 else text


def _ends_with(text: str, label: str) -> bool:
    """Whether a text ends with the label of a link, as a word of its own."""
    end = text.rstrip(CLOSING)
    before = end[: len(end) - len(label)][-1:]
    return bool(label) and end.casefold().endswith(label) and not before.isalnum()


def _is_of_a_person(link: Link) -> bool:
    return all_names(link.label) and not LINK_LABEL.fullmatch(link.label)


def _labelled(link: Link, title: str) -> Link:
    """A link with its own label; that of a title says nothing of where it leads."""
    label = link.label.strip("[]() ")
    return (
        labelled_by_address(link.url)
        if label in title and not LINK_LABEL.fullmatch(label)
        else replace(link, label=link_label(label) or label or link.label)
    )
