"""CSV files from any spreadsheet, with any column names."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from itertools import islice

from app.importing.clean_text import block
from app.importing.draft import MOST_COLUMNS, MOST_ROWS, Draft, DraftSession
from app.importing.markup_cells import cell_of_markup
from app.importing.source import Source
from app.importing.table_columns import Cell, Table, zone_text_of
from app.importing.table_head import MOST_LINES_ABOVE, table_of
from app.importing.table_rows import read_table

DELIMITERS = ",;\t|"
# Excel's first line that says it.
SEPARATOR = re.compile(r"sep=(?P<delimiter>[,;\t|])\r?\n", re.IGNORECASE)
LONGEST_HEAD = 10_000
OWN_COLUMN = "session id"
# A spreadsheet reads a cell that begins so as a formula; exports put an apostrophe before it.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "'")


def read_csv(source: Source) -> Draft:
    """The sessions of a CSV file; raises `ImportRefused`."""
    table = csv_table(source)
    sessions = without_line_numbers(read_table(table, source.dates))
    return Draft(format="CSV", sessions=sessions, zone_text=zone_text_of(table))


def csv_table(source: Source) -> Table:
    """The table of a CSV file; its first row without a time names the columns. Raises `ImportRefused`."""
    said = SEPARATOR.match(source.text)
    text = source.text[said.end() :] if said else source.text
    delimiter = said["delimiter"] if said else _delimiter(text[:LONGEST_HEAD].splitlines())
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        rows = [row[:MOST_COLUMNS] for row in islice(reader, MOST_ROWS + 1)]
    except csv.Error as error:
        raise source.refused(f"not CSV that can be read: {error}, in line {reader.line_num}") from error
    table = table_of(cells_of(rows, source), source.dates)
    if not table.headers:
        raise source.refused("an empty table")
    return table


def cells_of(rows: Sequence[Sequence[str]], source: Source) -> list[list[Cell]]:
    """Rows of texts as cells, of their own each; a text that comes again is made clean once.

    In an export of this service what looks like a tag was written so.
    """
    is_own = any(OWN_COLUMN in row for row in rows[:MOST_LINES_ABOVE])
    cell_of = Cell if is_own else partial(cell_of_markup, source=source)
    cells = {text: cell_of(_cell_text(text)) for text in {text for row in rows for text in row}}
    return [[replace(cells[text]) for text in row] for row in rows]


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
