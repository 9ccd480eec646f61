"""CSV files from any spreadsheet, with any column names."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from itertools import islice

from app.importing.clean_text import block
from app.importing.draft import MOST_COLUMNS, MOST_ROWS, Draft, DraftSession
from app.importing.markup_cells import cell_of_markup
from app.importing.source import Source
from app.importing.table_columns import Cell, Table, guessed_headers
from app.importing.table_rows import read_table
from app.importing.times_of_day import read_span

DELIMITERS = ",;\t|"
LONGEST_HEAD = 10_000
MOST_LINES_ABOVE = 10
# A spreadsheet reads a cell that begins so as a formula; exports put an apostrophe before it.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "'")


def read_csv(source: Source) -> Draft:
    """The sessions of a CSV file; the first row names its columns, if there is no time in it."""
    sessions = _without_line_numbers(read_table(csv_table(source), source.dates))
    return Draft(format="CSV", sessions=tuple(sessions), title=source.stem)


def csv_table(source: Source) -> Table:
    """The file as a table; raises `ImportRefused` where it is none."""
    text = source.text.lstrip("\ufeff")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text[:LONGEST_HEAD].splitlines()))
    try:
        rows = [row[:MOST_COLUMNS] for row in islice(reader, MOST_ROWS + 1) if any(cell.strip() for cell in row)]
    except csv.Error as error:
        raise source.refused(f"not CSV that can be read: {error}, in line {reader.line_num}") from error
    if not rows:
        raise source.refused("an empty table")
    above = _lines_above(rows)
    rows = rows[len(above) :]
    if any(map(read_span, rows[0])):
        source.report.guessed(
            "no line of column names: told by what the columns hold", better="a first line such as Time,Title,Speaker"
        )
        headers = guessed_headers(rows)
    else:
        headers = [cell.strip() for cell in rows.pop(0)]
    # In an export of this service what looks like a tag was written so.
    cell_of = Cell if "session id" in headers else partial(cell_of_markup, source=source)
    return Table.of(headers, ([cell_of(_cell_text(cell)) for cell in row] for row in rows), above)


def _lines_above(rows: Sequence[Sequence[str]]) -> list[str]:
    """The lines of one cell above a table: its title, its day."""
    filled = [[cell.strip() for cell in row if cell.strip()] for row in rows[:MOST_LINES_ABOVE]]
    first = next((at for at, cells in enumerate(filled) if len(cells) > 1), 0)
    return [cells[0] for cells in filled[:first]]


def _delimiter(lines: Sequence[str]) -> str:
    """The most frequent delimiter of the first line that has any."""
    head = next((line for line in lines if any(one in line for one in DELIMITERS)), "")
    return max(DELIMITERS, key=head.count)


def _cell_text(cell: str) -> str:
    text = block(cell)
    return text[1:] if text.startswith("'") and text[1:].startswith(FORMULA_STARTS) else text


def _without_line_numbers(sessions: Sequence[DraftSession]) -> Sequence[DraftSession]:
    """A column that counts 1, 2, 3… numbers lines; it does not identify sessions."""
    counted = [one.guid for one in sessions if one.guid] == [str(number) for number in range(1, len(sessions) + 1)]
    return [replace(one, guid="") for one in sessions] if counted else sessions
