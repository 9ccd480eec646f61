"""CSV with free column names, from any spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import replace
from itertools import islice

from app.formats.imports.cells import Cell, Table
from app.formats.imports.clocks import read_span
from app.formats.imports.columns import guessed_headers
from app.formats.imports.draft import MOST_COLUMNS, MOST_ROWS, Draft, Row
from app.formats.imports.source import Source
from app.formats.imports.tables import read_table
from app.formats.imports.text import block

DELIMITERS = ",;\t|"
LONGEST_HEAD = 10_000
MOST_LINES_ABOVE = 10
# A spreadsheet reads a cell that begins so as a formula; exports put an apostrophe before it.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "'")


def read_csv(source: Source) -> Draft:
    """The sessions of a CSV file; the first row names its columns, if it holds no time."""
    table = table_of_csv(source)
    rows = read_table(table, source.calendar)
    return Draft(form="CSV", rows=tuple(_without_row_numbers(rows)), title=source.stem)


def table_of_csv(source: Source) -> Table:
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
    headers = _headers(rows[0], source)
    body = rows if headers is None else rows[1:]
    return replace(_table(headers or guessed_headers(body), body), context=tuple(above))


def _lines_above(rows: Sequence[Sequence[str]]) -> list[str]:
    """What stands over a table, a cell a line: its title, its day."""
    said = [[cell.strip() for cell in row if cell.strip()] for row in rows[:MOST_LINES_ABOVE]]
    first = next((place for place, cells in enumerate(said) if len(cells) > 1), 0)
    return [cells[0] for cells in said[:first]]


def _table(headers: Sequence[str], rows: Sequence[Sequence[str]]) -> Table:
    unique = [name if name not in headers[:place] else f"{name} {place}" for place, name in enumerate(headers)]
    cells = tuple(dict(zip(unique, (Cell(_plain(cell)) for cell in row), strict=False)) for row in rows)
    return Table(tuple(unique), cells)


def _headers(first: Sequence[str], source: Source) -> list[str] | None:
    if any(read_span(cell) for cell in first):
        source.notes.guessed("no line of column names: told by what the columns hold")
        return None
    return [cell.strip() for cell in first]


def _delimiter(lines: Sequence[str]) -> str:
    """The character that divides the first line which any of them divides."""
    head = next((line for line in lines if any(one in line for one in DELIMITERS)), "")
    return max(DELIMITERS, key=head.count)


def _plain(cell: str) -> str:
    text = block(cell)
    return text[1:] if text.startswith("'") and text[1:].startswith(FORMULA_STARTS) else text


def _without_row_numbers(rows: Sequence[Row]) -> list[Row]:
    """A column that counts 1, 2, 3… numbers lines; it does not name sessions for life."""
    counted = [row.guid for row in rows if row.guid] == [str(number) for number in range(1, len(rows) + 1)]
    return [replace(row, guid="") for row in rows] if counted else list(rows)
