"""Lines across a table that say a day: `Friday, July 18` above the sessions of that day."""

from __future__ import annotations

from collections.abc import Sequence

from app.formats.imports.cells import Cell, Table
from app.formats.imports.clocks import read_span
from app.formats.imports.days import Calendar

DATE = "date"


def one_cell(row: Sequence[Cell]) -> bool:
    """Whether a row says one thing only: one cell across, or all others empty."""
    said = [cell for cell in row if cell.text]
    return all(cell is said[0] for cell in said)


def dated(table: Table, calendar: Calendar) -> Table:
    """The table with each row's day, where a line across it or what stands above says one."""
    day = next((text for text in table.context if calendar.day(text) is not None), "")
    rows = []
    for row in table.rows:
        cells = [cell for cell in row.values() if cell.text]
        across = cells[0].text if cells and one_cell(cells) and len(table.headers) > 1 else ""
        timed = read_span(across) is not None
        if across and not timed and calendar.day(across) is not None:
            day = across
        elif timed or not across:
            rows.append({**row, DATE: Cell(day)} if day and DATE not in row else row)
    headers = table.headers if "date" in table.headers or not day else (*table.headers, "date")
    return Table(headers, tuple(rows), table.context)
