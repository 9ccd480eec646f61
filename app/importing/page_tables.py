"""The sessions in a page's tables, or in its lists of lines that begin with a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice

from app.importing.dates import DateContext
from app.importing.draft import MOST_COLUMNS, DraftSession, DraftTime
from app.importing.page_tree import Element, Section, lines, links_of, struck_text, text_of, texts_in
from app.importing.session_cells import KnownPeople, read_cell
from app.importing.session_times import with_afternoons
from app.importing.table_columns import EMPTY, Cell, Table, guessed_headers, is_one_cell, times_column
from app.importing.table_rows import read_table
from app.importing.times_of_day import leading_span, read_span

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
    for element, lead in islice(_tables(sections), MOST_TABLES):
        table = _table(cells_of(element), lead)
        times = times_column(table)
        if times is not None:
            sessions.extend(read_table(table, dates, known))
            # A zone stands beside the column's name, or beside the times.
            texts += [times, *table.sample(times)[:FEW_CELLS]]
    return (sessions, " ".join(texts)) if sessions else (_listed(sections, dates, known), "")


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


def cell_of(element: Element) -> Cell:
    """What a reader sees of an element."""
    bold = tuple(texts_in(element.iter("b", "strong")))
    return Cell(text_of(element), links_of(element), struck_text(element), bold, tuple(lines(element)))


def _span(element: Element, name: str) -> int:
    text = element.get(name, "1").strip()
    return max(1, min(int(text), MOST_SPANNED)) if text.isdecimal() and len(text) <= MOST_DIGITS else 1


def _tables(sections: Sequence[Section]) -> Iterator[tuple[Element, tuple[str, ...]]]:
    """Each table of the page, with the texts above it, the nearest first: caption, paragraphs, heading."""
    for section in sections:
        lead: list[str] = [section.title]
        for element in section.elements:
            tables = list(element.iter("table"))
            for table in tables:
                captions = [text_of(caption)[:LONGEST_LEAD] for caption in table.findall("caption")[:1]]
                yield table, (*captions, *reversed(lead))
            if not tables:
                lead.append(text_of(element)[:LONGEST_LEAD])


def _table(grid: list[list[Cell]], lead: tuple[str, ...]) -> Table:
    """Cells with the names in the first rows, unless there is a time in them."""
    grid = [row for row in grid if any(cell.text for cell in row)]
    if not grid:
        return Table((), ())
    width = max(map(len, grid))
    if any(read_span(cell.text) for cell in grid[0]) or is_one_cell(grid[0]):
        names, body = guessed_headers([[cell.text for cell in row] for row in grid]), grid
    else:
        rows = _header_rows(grid)
        names, body = [cell.text for cell in grid[rows - 1]], grid[rows:]
    names += [""] * (width - len(names))
    return Table.of([name or f"column {at}" for at, name in enumerate(names, start=1)], body, lead)


def _header_rows(grid: list[list[Cell]]) -> int:
    """How many rows hold names: a cell that spans the first and the next row makes that one of them, too."""
    rows = 1
    while rows < len(grid) and any(cell.text and cell is one for cell, one in zip(grid[rows], grid[0], strict=False)):
        rows += 1
    return rows


def _listed(sections: Sequence[Section], dates: DateContext, known: KnownPeople) -> list[DraftSession]:
    """Sessions from lines that begin with a time, when there are a few of them: `9:00 – 9:15: Opening`."""
    sessions: list[DraftSession] = []
    for section in sections:
        day = dates.day(section.title)
        for element in section.elements:
            cell = cell_of(element)
            for span, title in filter(None, map(leading_span, cell.lines)):
                if title:
                    session = read_cell(replace(cell, text=title), known)
                    time = DraftTime(day=day, clock=span.start, end_clock=span.end)
                    sessions.append(replace(session, time=time, links=None))
    return with_afternoons(sessions, dates.report) if len(sessions) >= FEWEST_LISTED else []
