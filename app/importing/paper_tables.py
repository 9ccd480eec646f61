"""The papers of a table with free column names, a row each: no times, and titles as they are written."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from app.domain.session import Item, Link
from app.domain.session_matching import normalized
from app.importing.clean_text import block, one_line
from app.importing.paper_entries import papers_of_entries
from app.importing.papers import (
    Paper,
    forum_of,
    labelled_by_address,
    link_label,
    material_link,
    number_text,
    presentation_of,
    unique_links,
)
from app.importing.person_names import names_nobody, read_person, split_people, to_be_announced
from app.importing.source import Source
from app.importing.table_columns import EMPTY, Cell, Table, TableRow, bare_name, roles_of, with_whole_names
from app.importing.table_evidence import Evidence, cell_of_role, people_of_cell
from app.importing.times_of_day import read_length
from app.importing.vocabulary import lists

COLUMNS = lists("papers.columns", normalized)
# What `columns` finds where no column has a name of `papers.columns`.
OTHERWISE = ("title", "people", "abstract", "url", "affiliation")
# Columns of ids that may be something else than numbers.
IDS = frozenset({"id", "paper id", "submission id", "poster id", "board id"})
WHOLE_NUMBER = re.compile(r"\d{1,5}(?:\.0+)?")
BOARD = re.compile(r"#?\s*(?:[A-Za-z]{0,3}[ .-]?){0,2}\d{1,5}(?:\.0+)?[A-Za-z]?")
# Such as: Author 1, First author, Co-authors.
AUTHOR_PART = re.compile(r"(?:(?:first|lead|second|third|last|other) |co ?)?authors?(?: \d+)?")
FEWEST_PARTS = 2
ALL_AUTHORS = "authors"
BETTER = "a column Decision that says Accept or Reject"
MOST_MINUTES = 24 * 60


@dataclass(frozen=True, slots=True)
class PaperColumns:
    """The columns of a table of papers: a header for each role, and the labels of those that hold links."""

    roles: Mapping[str, str]
    links: Mapping[str, str]
    forum: str = ""

    @classmethod
    def of(cls, table: Table, base: str = "") -> PaperColumns:
        """The columns by their names; an id is a number where all are whole ones, a poster one where it is no link."""
        names = {bare_name(header): header for header in reversed(table.headers) if header.strip()}
        labels = {header: link_label(bare_name(header)) or link_label(header) for header in table.headers}
        links = {
            header: label for header, label in labels.items() if label and _holds_links(table, header, label, base)
        }
        roles: dict[str, str] = {}
        for role, known in COLUMNS.items():
            free = (names[name] for name in known if name in names and names[name] not in {*links, *roles.values()})
            found = next((header for header in free if role != "number" or _are_numbers(table, header)), None)
            roles |= {role: found} if found else {}
        for role, header in roles_of(table).items():
            if role in OTHERWISE and role not in roles and header not in {*links, *roles.values()}:
                roles[role] = header
        forum = next((header for header, label in links.items() if label == "OpenReview"), "")
        if not (forum or "venue_id" in roles):  # another venue is a room
            roles.pop("venue", None)
        return cls(roles, links, forum)

    def cell(self, row: TableRow, role: str) -> Cell:
        """The cell of a role in a row; empty where no column has it."""
        return cell_of_role(row, dict(self.roles), role)

    def line(self, row: TableRow, role: str) -> str:
        """The text of such a cell as one line."""
        return one_line(self.cell(row, role).text)


def _holds_links(table: Table, header: str, label: str, base: str) -> bool:
    """Whether some cell of a column leads somewhere."""
    cells = [row.get(header, EMPTY) for row in table.rows]
    return any(cell.links or material_link(label, "", cell.text, forum="any", base=base) for cell in cells)


def _are_numbers(table: Table, header: str) -> bool:
    form = WHOLE_NUMBER if bare_name(header) in IDS else BOARD
    filled = [text for row in table.rows if (text := one_line(row.get(header, EMPTY).text))]
    return bool(filled) and all(form.fullmatch(text) for text in filled)


def has_papers(table: Table) -> bool:
    """Whether a table has a column of titles."""
    return "title" in PaperColumns.of(table).roles


def names_authors(table: Table) -> bool:
    """Whether a table has columns of titles and of authors, as no schedule and no list of speakers has."""
    roles = PaperColumns.of(table).roles
    return "title" in roles and bare_name(roles.get("people", "")) in COLUMNS["people"]


def better_of(table: Table) -> str:
    """Where decisions could stand in a table that has a column for them; "" for a table that needs none."""
    roles = PaperColumns.of(table).roles
    return BETTER if {"decision", "venue_id"} & set(roles) else ""


def papers_of(table: Table, source: Source, kind: str = "") -> list[Paper]:
    """The papers of a table, also those without a title; ``kind`` is that of a heading above it."""
    table = _with_all_authors(with_whole_names(table))
    columns = PaperColumns.of(table, source.address)
    if "people" not in columns.roles:
        cells = [columns.cell(row, "title") for row in table.rows if columns.line(row, "title")]
        if (found := papers_of_entries(cells, source.report, kind)) and {*columns.roles} == {"title"}:
            return found
    _report_unread(table, columns, source)
    reader = _PaperReader(columns, Evidence.of(table, dict(columns.roles), source.report), source)
    papers = []
    for row in table.rows:
        filled = [cell for cell in row.values() if cell.text]
        if len(filled) > 1 and all(cell is filled[0] for cell in filled):
            kind = presentation_of(filled[0].text)
            source.report.left("a line across the table", filled[0].text)
        elif filled:
            papers.append(reader.paper(row, kind))
    return papers


def _with_all_authors(table: Table) -> Table:
    """The table with one column of authors, where it has several: one for each, or one of the others."""
    parts = [header for header in table.headers if AUTHOR_PART.fullmatch(bare_name(header))]
    if len(parts) < FEWEST_PARTS or any(bare_name(header) in COLUMNS["people"] for header in table.headers):
        return table
    kept = [header for header in table.headers if header not in parts]
    rows = tuple({**row, ALL_AUTHORS: Cell("; ".join(_names_of(row, parts)))} for row in table.rows)
    return replace(table, headers=(*kept, ALL_AUTHORS), rows=rows)


def _names_of(row: TableRow, parts: Iterable[str]) -> Iterator[str]:
    """The names in some columns of a row, of which those of several authors hold lists."""
    for header in parts:
        text = row.get(header, EMPTY).text
        several = bare_name(header).endswith("s")
        yield from (person.name for person in split_people(text)) if several else filter(None, [text])


def _report_unread(table: Table, columns: PaperColumns, source: Source) -> None:
    read = {*columns.roles.values(), *columns.links}
    for header in table.headers:
        if header not in read and any((cell := row.get(header, EMPTY)).text and not cell.links for row in table.rows):
            source.report.left("a column that is not read", header)


@dataclass(frozen=True, slots=True)
class _PaperReader:
    """Reads the rows of one table."""

    columns: PaperColumns
    evidence: Evidence
    source: Source
    names: Mapping[str, str] = field(default_factory=dict)

    def paper(self, row: TableRow, kind: str) -> Paper:
        """The paper of a row."""
        columns = self.columns
        length = columns.line(row, "duration")
        minutes = read_length(f"{length} min" if length.isdecimal() else length)
        item = Item(
            title=columns.line(row, "title"),
            number=number_text(columns.line(row, "number")),
            authors=self._authors(columns.cell(row, "people"), columns.line(row, "affiliation")),
            abstract=block(columns.cell(row, "abstract").text),
            links=self._links(row),
            minutes=int(minutes.total_seconds() // 60) or None if minutes else None,
        )
        texts = {role: columns.line(row, role) for role in ("decision", "status", "venue", "venue_id")}
        return Paper(item=item, kind=columns.line(row, "kind") or kind, **texts)

    def _authors(self, cell: Cell, places: str) -> tuple[str, ...]:
        """The names in a cell; OpenReview divides them by `|`."""
        if "|" in cell.text:
            people = [read_person(part) for part in cell.text.split("|")]
        else:
            people = [*people_of_cell(cell, places, self.evidence, self.source.report)]
        return tuple(dict.fromkeys(one.name for one in people if one.name and not names_nobody(one.name)))

    def _links(self, row: TableRow) -> tuple[Link, ...]:
        """The links of the row's columns of links, then those in its other cells."""
        forum = forum_of(row.get(self.columns.forum, EMPTY).text) if self.columns.forum else ""
        found: list[Link | None] = []
        for header, label in self.columns.links.items():
            cell = row.get(header, EMPTY)
            found += [replace(link, label=label) for link in cell.links] or [self._link(header, label, cell, forum)]
        url = self.columns.line(row, "url")
        found.append(material_link("", "", url) and labelled_by_address(url))
        return unique_links([*found, *self._in_text(row)])

    def _link(self, header: str, label: str, cell: Cell, forum: str) -> Link | None:
        """The link of a cell's text; what leads nowhere is reported."""
        found = material_link(label, bare_name(header).replace(" ", "_"), cell.text, forum, self.source.address)
        if found is None and not to_be_announced(cell.text):
            self.source.report.left("no link, as it is no address", f"{header}: {cell.text}")
        return found

    def _in_text(self, row: TableRow) -> Iterator[Link]:
        """The links in cells that are no columns of links; one that is the whole text says nothing of its aim."""
        cells = (cell for header, cell in row.items() if header not in self.columns.links)
        for link in _outside(cells):
            yield link if link_label(link.label) else labelled_by_address(link.url)


def _outside(cells: Iterable[Cell]) -> Iterator[Link]:
    return (link for cell in cells for link in cell.links if not link.url.startswith("#"))
