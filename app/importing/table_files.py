"""Files that hold tables: CSV with any column names, and lists of records in JSON or YAML.

The lists may be nested in any way, such as days, rooms, sessions, and have any names, such as al-folio's.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain, islice
from typing import Any

from app.importing.clean_text import block, link, one_line
from app.importing.dates_and_times import read_span
from app.importing.draft import MOST_COLUMNS, MOST_ROWS, Draft, DraftSession
from app.importing.json_yaml_data import text_of, yaml_data
from app.importing.source import Source
from app.importing.table_columns import TIMES, Cell, Table, TableRow, guessed_headers, named_roles
from app.importing.table_rows import read_table

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
        source.report.guessed("no line of column names: told by what the columns hold")
        headers = guessed_headers(rows)
    else:
        headers = [cell.strip() for cell in rows.pop(0)]
    return Table.of(headers, ([Cell(_cell_text(cell)) for cell in row] for row in rows), above)


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


DEEPEST = 12
# Fields of a record that hold for all sessions in the lists below it.
INHERITED = frozenset({"date", "day", "room", "track", "location", "venue", "timezone"})
# Parts of the names of lists that belong to one session.
PARTS_OF_A_SESSION = ("speaker", "author", "person", "presenter", "link", "panelist", "item", "paper")


def read_yaml(source: Source) -> Draft:
    """The sessions of a YAML file."""
    return draft_of_records(yaml_data(source), "YAML", source)


def draft_of_records(data: Any, form: str, source: Source) -> Draft:
    """The sessions in nested data: those of every list of records with times, else of the first with titles."""
    tables = list(_tables(data))
    timed = [table for table in tables if {*TIMES, "date"} & set(named_roles(table))]
    found = (sessions for table in timed or tables if (sessions := read_table(table, source.dates)))
    return Draft(
        format=form,
        sessions=tuple(chain.from_iterable(found if timed else islice(found, 1))),
        title=text_of(data, "title", "name") or source.stem,
        timezone=text_of(data, "timezone", "time_zone"),
    )


def _tables(data: Any) -> Iterator[Table]:
    """Each list of records in nested data, as a table."""
    for records in _lists(data, {}, 0):
        rows = tuple(records[:MOST_ROWS])
        yield Table(tuple(islice(dict.fromkeys(name for row in rows for name in row), MOST_COLUMNS)), rows)


def _lists(data: Any, above: TableRow, depth: int) -> Iterator[list[TableRow]]:
    """Each list of records, with fields inherited from the records above it; nested lists come after their own."""
    if depth > DEEPEST:
        return
    if isinstance(data, dict):
        inherited = {name: cell for name, cell in _row(data).items() if name.casefold() in INHERITED}
        for value in data.values():
            yield from _lists(value, above | inherited, depth + 1)
    elif isinstance(data, list):
        records = [one for one in data if isinstance(one, dict)]
        if rows := [above | _row(one) for one in records if not _holds_sessions(one)]:
            yield rows
        for one in filter(_holds_sessions, records):
            yield from _lists(one, above, depth + 1)


def _holds_sessions(record: Mapping[str, Any]) -> bool:
    """Whether a record stands above others, as a day or a room; a list of speakers does not make it one."""
    return any(
        isinstance(value, list)
        and any(isinstance(one, dict) for one in value)
        and not any(word in str(name).casefold() for word in PARTS_OF_A_SESSION)
        for name, value in record.items()
    )


def _row(record: Mapping[Any, Any]) -> TableRow:
    return {str(name): cell for name, value in record.items() if (cell := _cell(value)) is not None}


def _cell(value: Any) -> Cell | None:
    """A value as a cell: several divided by semicolons, a person or a room by their name."""
    if isinstance(value, list):
        parts = [part for one in value[:MOST_ROWS] if (part := _cell(one)) is not None and part.text]
        return Cell("; ".join(part.text for part in parts), tuple(one for part in parts for one in part.links))
    if not isinstance(value, dict):
        return Cell(block(value))
    name = one_line(value.get("name") or value.get("title") or value.get("en"))
    place = text_of(value, "affiliation", "institution")
    page = link(text_of(value, "name"), text_of(value, "url", "website", "homepage"))
    return Cell(f"{name} ({place})" if place else name, (page,) if page else ()) if name else None
