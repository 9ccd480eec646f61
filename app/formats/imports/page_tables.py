"""Tables of a page: as rows of cells, and those among them that are a schedule."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

from app.domain.matching import plain
from app.formats.imports.afternoon import in_the_afternoon
from app.formats.imports.cells import EMPTY, Cell, Table
from app.formats.imports.clocks import leading_span, read_span
from app.formats.imports.columns import guessed_headers, times_column
from app.formats.imports.day_lines import one_cell
from app.formats.imports.days import Calendar
from app.formats.imports.draft import MOST_COLUMNS, DraftPerson, Row, When
from app.formats.imports.page_tree import Element, Section, lines, links_of, struck_text, text_of
from app.formats.imports.tables import read_table
from app.formats.imports.titles import said_by

MOST_TABLES = 200
MOST_SPANNED = 500
FEWEST_LISTED = 3
FEW_CELLS = 5
LONGEST_LEAD = 200

Known = Mapping[str, DraftPerson]


def schedule_rows(sections: Sequence[Section], calendar: Calendar, known: Known) -> tuple[list[Row], str]:
    """The sessions of all tables that say times, else of lists that do; and the words above the times."""
    rows: list[Row] = []
    words: list[str] = []
    for table, lead in islice(_tables(sections), MOST_TABLES):
        found = _table(cells_of(table), lead)
        column = times_column(found.headers, found.samples()) if found.rows else None
        if column is None:
            continue
        rows.extend(read_table(found, calendar, known))
        # A zone stands beside the column's name, or beside the times.
        words += [column, *found.samples()[column][:FEW_CELLS]]
    return (rows, " ".join(words)) if rows else (_listed(sections, calendar, known), "")


def cells_of(table: Element) -> list[list[Cell]]:
    """The cells of a table; one that spans columns or rows stands, the same, in each place it reaches."""
    grid: list[list[Cell]] = []
    hanging: dict[int, tuple[int, Cell]] = {}
    for tr in table.iter("tr"):
        if next(tr.iterancestors("table"), None) is table:
            row, hanging = _row([one for one in tr if one.tag in ("td", "th")], hanging)
            grid.append(row)
    return grid


def _row(
    elements: list[Element], hanging: dict[int, tuple[int, Cell]]
) -> tuple[list[Cell], dict[int, tuple[int, Cell]]]:
    row: list[Cell] = []
    below: dict[int, tuple[int, Cell]] = {}
    waiting = iter(elements)
    while len(row) < MOST_COLUMNS:
        column = len(row)
        if column in hanging:
            left, cell = hanging.pop(column)
            row.append(cell)
            if left > 1:
                below[column] = (left - 1, cell)
        elif (element := next(waiting, None)) is not None:
            cell = _cell(element)
            reach = _span(element, "rowspan") - 1
            for _ in range(min(_span(element, "colspan"), MOST_COLUMNS - column)):
                if reach:
                    below[len(row)] = (reach, cell)
                row.append(cell)
        elif hanging:
            row.append(EMPTY)
        else:
            break
    return row, below


def _cell(element: Element) -> Cell:
    return Cell(text_of(element), links_of(element), struck_text(element), _bold(element), tuple(lines(element)))


def _bold(element: Element) -> tuple[str, ...]:
    return tuple(text for one in element.iter("b", "strong") if (text := text_of(one)))


def _span(element: Element, name: str) -> int:
    text = element.get(name, "1").strip()
    return max(1, min(int(text), MOST_SPANNED)) if text.isdecimal() and len(text) < len("10000") else 1


def _tables(sections: Sequence[Section]) -> Iterator[tuple[Element, tuple[str, ...]]]:
    """Each table of the page, with the heading and the paragraphs that stand over it."""
    for section in sections:
        lead: list[str] = [section.title]
        for element in section.elements:
            tables = list(element.iter("table"))
            for table in tables:
                caption = table.find("caption")
                own = [text_of(caption)[:LONGEST_LEAD]] if caption is not None else []
                yield table, (*own, *reversed(lead))
            if not tables:
                lead.append(text_of(element)[:LONGEST_LEAD])


def _table(grid: list[list[Cell]], lead: tuple[str, ...]) -> Table:
    """Cells with names: those of the first rows, if no time stands in them."""
    grid = [row for row in grid if any(cell.text for cell in row)]
    if not grid:
        return Table((), ())
    named = not any(read_span(cell.text) for cell in grid[0]) and not one_cell(grid[0])
    over = _header_rows(grid) if named else 0
    body = grid[over:]
    width = max(len(row) for row in grid)
    first = (
        [cell.text for cell in grid[over - 1]]
        if named
        else guessed_headers([[cell.text for cell in row] for row in body])
    )
    headers = [first[place] if place < len(first) and first[place] else f"column {place + 1}" for place in range(width)]
    unique = tuple(name if name not in headers[:place] else f"{name} {place + 1}" for place, name in enumerate(headers))
    return Table(unique, tuple(dict(zip(unique, row, strict=False)) for row in body), lead)


def _header_rows(grid: list[list[Cell]]) -> int:
    """How many rows hold names: one that reaches down into the next row makes that one of them, too."""
    rows = 1
    while rows < len(grid) and any(cell.text and cell is one for cell, one in zip(grid[rows], grid[0], strict=False)):
        rows += 1
    return rows


def _listed(sections: Sequence[Section], calendar: Calendar, known: Known) -> list[Row]:
    """Sessions from lines that begin with a time, when there are a few of them: `9:00 – 9:15: Opening`."""
    rows: list[Row] = []
    for section in sections:
        day = calendar.day(section.title)
        for element in section.elements:
            for line in lines(element):
                if (found := leading_span(line)) and found[1]:
                    span, title = found
                    said = said_by(Cell(title, links_of(element), bold=_bold(element)), known, plain)
                    when = When(day=day, clock=span.start, end_clock=span.end)
                    rows.append(Row(title=said.title, when=when, people=said.people, kind=said.kind))
    return in_the_afternoon(rows, calendar.notes) if len(rows) >= FEWEST_LISTED else []
