"""CSV files from any spreadsheet, with any column names."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import partial
from itertools import islice

from app.importing.clean_text import block
from app.importing.dates import DateContext
from app.importing.draft import MOST_COLUMNS, MOST_ROWS, Draft, DraftSession
from app.importing.markup_cells import cell_of_markup
from app.importing.report import ImportReport
from app.importing.source import Source
from app.importing.table_columns import (
    EMPTY,
    Cell,
    Table,
    TableRow,
    guessed_headers,
    has_known_name,
    header_rows,
    is_one_cell,
    roles_of,
    zone_text_of,
)
from app.importing.table_rows import read_table
from app.importing.time_zones import zone_of_all_times
from app.importing.times_of_day import read_span

DELIMITERS = ",;\t|"
LONGEST_HEAD = 10_000
OWN_COLUMN = "session id"
MOST_LINES_ABOVE = 10
# A spreadsheet reads a cell that begins so as a formula; exports put an apostrophe before it.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "'")


def read_csv(source: Source) -> Draft:
    """The sessions of a CSV file; its first row without a time names the columns. Raises `ImportRefused`."""
    delimiter = _delimiter(source.text[:LONGEST_HEAD].splitlines())
    reader = csv.reader(io.StringIO(source.text, newline=""), delimiter=delimiter)
    try:
        rows = [row[:MOST_COLUMNS] for row in islice(reader, MOST_ROWS + 1)]
    except csv.Error as error:
        raise source.refused(f"not CSV that can be read: {error}, in line {reader.line_num}") from error
    table = table_of(cells_of(rows, source), source.dates)
    if not table.headers:
        raise source.refused("an empty table")
    sessions = without_line_numbers(read_table(table, source.dates))
    return Draft(format="CSV", sessions=sessions, zone_text=zone_text_of(table))


def cells_of(rows: Sequence[Sequence[str]], source: Source) -> list[list[Cell]]:
    """Rows of texts as cells, of their own each; a text that comes again is made clean once.

    In an export of this service what looks like a tag was written so.
    """
    is_own = any(OWN_COLUMN in row for row in rows[:MOST_LINES_ABOVE])
    cell_of = Cell if is_own else partial(cell_of_markup, source=source)
    cells = {text: cell_of(_cell_text(text)) for text in {text for row in rows for text in row}}
    return [[replace(cells[text]) for text in row] for row in rows]


def table_of(rows: Iterable[Sequence[Cell]], dates: DateContext, lead: Sequence[str] = ()) -> Table:
    """The filled rows and columns of a table; a line above the names of its columns may be its day, as ``lead`` may.

    A table with a lead is one of a page, where columns often have no names.
    """
    filled = [row for row in rows if any(cell.text for cell in row)]
    columns = sorted({at for row in filled for at, cell in enumerate(row) if cell.text})
    grid = [[row[at] if at < len(row) else EMPTY for at in columns] for row in filled]
    above, names, body = _parted(grid)
    lines = [" ".join(dict.fromkeys(cell.text for cell in row if cell.text)) for row in above]
    told = []
    for row, line in zip(above, lines, strict=True):
        if zone_of_all_times([line]) or (is_one_cell(row) and dates.day(line) is not None):
            told.append(line)
        else:
            dates.report.left("a line above the table", line)
    if grid and not names:
        remark = "no line of column names: told by what the columns hold"
        if not lead:
            dates.report.guessed(remark, better="a first line such as Time,Title,Speaker")
        names = guessed_headers(body)
    return _with_inherited_times(Table.of(names, body, (*told, *lead)), dates.report)


def _parted(grid: list[list[Cell]]) -> tuple[list[list[Cell]], list[str], list[list[Cell]]]:
    """The lines above a table, the names of its columns (none where no line has them), and its rows.

    Of the lines of several cells above the first time, the one with the most known names has the names.
    """
    head = grid[: MOST_LINES_ABOVE + 1]
    first = next((at for at, row in enumerate(head) if any(read_span(cell.text) for cell in row)), len(head))
    lines = [at for at in range(first) if not is_one_cell(head[at])]
    if not lines and (first < len(head) or not head):
        return grid[:first], [], grid[first:]
    named = max(lines, key=lambda at: sum(has_known_name(cell.text) for cell in head[at]), default=0)
    last = named + header_rows(grid[named:])
    return grid[:named], [cell.text for cell in grid[last - 1]], grid[last:]


def _with_inherited_times(table: Table, report: ImportReport) -> Table:
    """The table with times for parallel sessions, where only the first row of several rooms has one."""
    roles = roles_of(table)
    times = [roles[role] for role in ("time", "start", "end") if role in roles]
    if not times or "room" not in roles:
        return table
    rows: list[TableRow] = []
    rooms: set[str] = set()
    for row in table.rows:
        room = row[roles["room"]].text
        if any(row[header].text for header in times):
            rooms = set()
        elif room and rooms and room not in rooms:
            row |= {header: rows[-1][header] for header in times}
            title = row.get(roles.get("title", ""), EMPTY).text
            report.guessed("no time in its row: that of the row above, in another room", title, better="a time a row")
        rooms = {*rooms, room} if room else set()
        rows.append(row)
    return replace(table, rows=tuple(rows))


def _delimiter(lines: Sequence[str]) -> str:
    """The most frequent delimiter of the first line that has any."""
    head = next((line for line in lines if any(one in line for one in DELIMITERS)), "")
    return max(DELIMITERS, key=head.count)


def _cell_text(cell: str) -> str:
    text = block(cell)
    return text[1:] if text.startswith("'") and text[1:].startswith(FORMULA_STARTS) else text


def without_line_numbers(sessions: Sequence[DraftSession]) -> tuple[DraftSession, ...]:
    """A column that counts 1, 2, 3… numbers lines; it does not identify sessions."""
    counted = [one.guid for one in sessions if one.guid] == [str(number) for number in range(1, len(sessions) + 1)]
    return tuple(replace(one, guid="") if counted else one for one in sessions)
