"""Where the names of a table's columns stand, what the lines above them say, and times that rows have in common."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from app.importing.dates import DateContext
from app.importing.report import ImportReport
from app.importing.table_columns import (
    EMPTY,
    Cell,
    Table,
    TableRow,
    guessed_headers,
    has_known_name,
    header_rows,
    is_one_cell,
    names_times,
    roles_of,
    times_column,
)
from app.importing.time_zones import zone_of_all_times
from app.importing.times_of_day import read_span, with_minutes

MOST_LINES_ABOVE = 10


def table_of(rows: Iterable[Sequence[Cell]], dates: DateContext, lead: Sequence[str] = ()) -> Table:
    """The filled rows and columns of a table; its day or zone may be in a line above its names, or in ``lead``.

    A table with a lead is one of a page, where columns often have no names.
    """
    filled = [row for row in rows if any(cell.text for cell in row)]
    columns = sorted({at for row in filled for at, cell in enumerate(row) if cell.text})
    grid = [[row[at] if at < len(row) else EMPTY for at in columns] for row in filled]
    above, names, body = _parted(grid, of_page=bool(lead))
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
    table = _with_whole_hours(Table.of(names, body, (*told, *lead)), dates.report)
    return _with_inherited_times(table, dates.report)


def _parted(grid: list[list[Cell]], *, of_page: bool) -> tuple[list[list[Cell]], list[str], list[list[Cell]]]:
    """The lines above a table, the names of its columns (none where no line has them), and its rows.

    Of the lines of several cells above the first time, the one with the most known names has the names; on a page
    the first one has them.
    """
    head = grid[: MOST_LINES_ABOVE + 1]
    first = next((at for at, row in enumerate(head) if any(read_span(cell.text) for cell in row)), len(head))
    lines = [at for at in range(first) if not is_one_cell(head[at])]
    if not lines and (first < len(head) or not head):
        return grid[:first], [], grid[first:]
    lines = lines[:1] if of_page else lines
    named = max(lines, key=lambda at: sum(has_known_name(cell.text) for cell in head[at]), default=0)
    last = named + header_rows(grid[named:])
    return grid[:named], [cell.text for cell in grid[last - 1]], grid[last:]


def _with_whole_hours(table: Table, report: ImportReport) -> Table:
    """The table with `9-10` as `9:00 - 10:00` in the columns that are named as times, where most cells are times."""
    times = times_column(table)
    for header in filter(names_times, [times] if times else table.headers):
        texts = [row.get(header, EMPTY).text for row in table.rows]
        written = {text: hours for text in dict.fromkeys(texts) if (hours := _whole_hours(text))}
        are_times = [text in written or read_span(text) is not None for text in texts if text]
        if written and 2 * sum(are_times) >= len(are_times):
            report.guessed("whole hours", ", ".join(written), better="times such as 9:00 - 10:00")
            cells = (Cell(written[text]) if text in written else None for text in texts)
            rows = ({**row, header: cell} if cell else row for row, cell in zip(table.rows, cells, strict=True))
            table = replace(table, rows=tuple(rows))
    return table


def _whole_hours(text: str) -> str:
    """`9-10` or `9-10 EDT` with minutes; "" for anything else."""
    found = "".join(with_minutes(text) or ())
    return found if read_span(found) is not None else ""


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
