"""The sessions in a page's tables, or in its lists of lines that begin with a time."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import chain, islice

from app.importing.dates import DateContext
from app.importing.draft import MOST_COLUMNS, DraftSession
from app.importing.page_cells import cell_of
from app.importing.page_lists import HEADERS, timed_rows
from app.importing.page_tree import Element, Section, lines, text_of
from app.importing.session_cells import KnownPeople
from app.importing.table_columns import EMPTY, Cell, Table, guessed_headers, header_rows, is_one_cell, times_column
from app.importing.table_rows import read_table
from app.importing.times_of_day import read_span

MOST_TABLES = 200
MOST_SPANNED = 500
MOST_DIGITS = 4
FEWEST_LISTED = 3
FEW_CELLS = 5
LONGEST_LEAD = 200


def schedule_sessions(
    sections: Sequence[Section], dates: DateContext, known: KnownPeople
) -> tuple[list[DraftSession], str]:
    """The sessions of all tables with times, else of lists with times; and the texts of the tables' times."""
    sessions: list[DraftSession] = []
    texts: list[str] = []
    for element, lead in islice(_tables(sections, dates), MOST_TABLES):
        table = _table(cells_of(element), lead)
        times = times_column(table)
        if times is not None:
            sessions.extend(read_table(table, dates, known))
            # A zone stands beside the column's name, or beside the times.
            texts += [times, *table.sample(times)[:FEW_CELLS]]
    if not sessions:
        return [one for table in _listed(sections, dates) for one in read_table(table, dates, known)], ""
    for section in sections:
        for _, (_, title, _) in timed_rows(_outside_tables(section), lambda _: False):
            dates.report.left("lines that begin with a time, outside the tables", title.text)
    return sessions, " ".join(texts)


def cells_of(table: Element) -> list[list[Cell]]:
    """The cells of a table; one that spans columns or rows is, the same, in each place it covers."""
    rows = [tr for tr in table.iter("tr") if next(tr.iterancestors("table"), None) is table]
    grid: list[dict[int, Cell]] = [{} for _ in rows]
    for at, tr in enumerate(rows):
        column = 0
        for element in tr.iterchildren("td", "th"):
            while column in grid[at]:
                column += 1
            if column >= MOST_COLUMNS:
                break
            cell = cell_of(element)
            end = min(column + _span(element, "colspan"), MOST_COLUMNS)
            for row in grid[at : at + _span(element, "rowspan")]:
                row.update((covered, cell) for covered in range(column, end) if covered not in row)
            column = end
    return [[row.get(column, EMPTY) for column in range(max(row, default=-1) + 1)] for row in grid]


def _span(element: Element, name: str) -> int:
    text = element.get(name, "1").strip()
    return max(1, min(int(text), MOST_SPANNED)) if text.isdecimal() and len(text) <= MOST_DIGITS else 1


def _tables(sections: Sequence[Section], dates: DateContext) -> Iterator[tuple[Element, tuple[str, ...]]]:
    """Each table of the page, with the texts that may name its day, the nearest first."""
    for section, day in _with_days_above(sections, dates):
        lead: list[str] = [day]
        for element in chain.from_iterable(map(_outermost, section.elements)):
            if element.tag != "table":
                named = [text for text in lines(element) if dates.is_day_line(text)]
                lead += named if len(named) == 1 else []
                continue
            captions = [text_of(caption)[:LONGEST_LEAD] for caption in element.findall("caption")[:1]]
            ids = (_as_words(parent.get("id", "")) for parent in element.iterancestors())
            yield element, (*captions, *reversed(lead[1:]), *filter(dates.day, ids), day)


def _with_days_above(sections: Sequence[Section], dates: DateContext) -> Iterator[tuple[Section, str]]:
    """Each section with the heading of its day: its own, else the last one up to a heading of a higher level."""
    day, level = "", 0
    for section in sections:
        if section.level and dates.day(section.title) is not None:
            day, level = section.title, section.level
        elif section.level < level:
            day, level = "", 0
        yield section, day


def _outermost(element: Element) -> Iterator[Element]:
    """The tables in an element, and what stands between them, in the order of the page."""
    if element.tag == "table" or next(element.iter("table"), None) is None:
        yield element
    else:
        yield from chain.from_iterable(map(_outermost, element))


def _outside_tables(section: Section) -> Iterator[Element]:
    return (one for one in chain.from_iterable(map(_outermost, section.elements)) if one.tag != "table")


def _as_words(name: str) -> str:
    return re.sub(r"[-_]|(?<=[a-z])(?=\d)", " ", name[:LONGEST_LEAD])


def _table(grid: list[list[Cell]], lead: tuple[str, ...]) -> Table:
    """Cells with the names in the first rows, unless there is a time in them."""
    grid = [row for row in grid if any(cell.text for cell in row)]
    if not grid:
        return Table((), ())
    width = max(map(len, grid))
    if any(read_span(cell.text) for cell in grid[0]) or is_one_cell(grid[0]):
        names, body = guessed_headers([[cell.text for cell in row] for row in grid]), grid
    else:
        rows = header_rows(grid)
        names, body = [cell.text for cell in grid[rows - 1]], grid[rows:]
    names += [""] * (width - len(names))
    return Table.of([name or f"column {at}" for at, name in enumerate(names, start=1)], body, lead)


def _listed(sections: Sequence[Section], dates: DateContext) -> list[Table]:
    """A table for each day of the lines that begin with a time; none where they are few."""
    rows: dict[str, list[Sequence[Cell]]] = {}
    for section, day in _with_days_above(sections, dates):
        for named, cells in timed_rows(_outside_tables(section), dates.is_day_line):
            rows.setdefault(named or day, []).append(cells)
    if sum(map(len, rows.values())) < FEWEST_LISTED:
        return []
    return [Table.of(HEADERS, found, (day,)) for day, found in rows.items()]
