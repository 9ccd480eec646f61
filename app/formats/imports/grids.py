"""Tables with a column for each room, or for each day: one row for each session is made of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta

from app.formats.imports.cells import EMPTY, Cell, Table
from app.formats.imports.clocks import read_span
from app.formats.imports.columns import named_exactly, times_column
from app.formats.imports.day_lines import DATE
from app.formats.imports.days import Calendar

FEWEST_COLUMNS = 2


def unfolded(table: Table, calendar: Calendar) -> Table:
    """The table with one session a row; as it is when its columns are no rooms or days.

    A cell that spans all of them is for all rooms; one that spans some is in the first.
    """
    times = times_column(table.headers, table.samples())
    columns = [header for header in table.headers if header not in (times, DATE)]
    if times is None or len(columns) < FEWEST_COLUMNS or any(named_exactly(header) for header in columns):
        return table
    days = {header: calendar.day(header) for header in columns}
    over = DATE if all(days.values()) else "room"
    calendar.notes.guessed(f"each column is a {'day' if over == DATE else 'room'}", ", ".join(columns[:6]))
    rows = tuple(_sessions(table, times, columns, over))
    return Table(("time", "end", "title", "room", DATE), rows, table.context)


def _sessions(table: Table, times: str, columns: list[str], over: str) -> Iterator[dict[str, Cell]]:
    for place, row in enumerate(table.rows):
        above = table.rows[place - 1] if place else {}
        seen: list[Cell] = []
        for header in columns:
            cell = row.get(header, EMPTY)
            if not cell.text or any(cell is one for one in seen) or cell is above.get(header):
                continue
            seen.append(cell)
            spans_all = len(columns) > 1 and all(row.get(one) is cell for one in columns)
            yield {
                "time": row.get(times, EMPTY),
                "end": _end(table, place, header, times),
                "title": cell,
                over: EMPTY if spans_all and over == "room" else Cell(header),
                **({DATE: row[DATE]} if DATE in row and over != DATE else {}),
            }


def _end(table: Table, place: int, header: str, times: str) -> Cell:
    """Where a cell reaches over several rows: when the last of them ends."""
    cell: Cell = table.rows[place][header]
    last = place
    while last + 1 < len(table.rows) and table.rows[last + 1].get(header) is cell:
        last += 1
    if last == place:
        return EMPTY
    span = read_span(_text(table.rows[last], times))
    return Cell(_clock(span.end)) if span and span.end is not None else EMPTY


def _text(row: Mapping[str, Cell], header: str) -> str:
    return row.get(header, EMPTY).text


def _clock(clock: timedelta) -> str:
    hours, minutes = divmod(int(clock.total_seconds()) // 60, 60)
    return f"{hours:02d}:{minutes:02d}"
