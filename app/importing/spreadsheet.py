"""Spreadsheets (`.xlsx`, `.ods`, `.xls`): each visible sheet with times is a table of sessions."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from app.domain.session_matching import normalized
from app.formats.limited_process import FAILURES, output_of
from app.importing.clean_text import one_line
from app.importing.csv_table import cells_of, without_line_numbers
from app.importing.dates import find_date
from app.importing.draft import MOST_COLUMNS, MOST_ROWS, Draft, DraftSession
from app.importing.report import counted
from app.importing.source import Source
from app.importing.table_columns import NAMES, Cell, Table, is_date_and_time, roles_of, times_column, zone_text_of
from app.importing.table_head import table_of
from app.importing.table_rows import read_table
from app.importing.vocabulary import pattern

# Zip files, and the older files of Office.
BEGINNINGS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
READER = "spreadsheet_reader.py"
MOST_UNPACKED_BYTES = 60_000_000
LONGEST_SECONDS = 60
CPU_SECONDS = 20
LARGEST_MEMORY = 2**30
LIMITS = {"seconds": LONGEST_SECONDS, "cpu_seconds": CPU_SECONDS, "memory": LARGEST_MEMORY}
LIMITS |= {"output": MOST_UNPACKED_BYTES}
TIMES = frozenset(name for role in ("start", "end", "time") for name in NAMES[role])
DATES = frozenset(name for role in ("date", "end_date") for name in NAMES[role])
# Such as "Room A" and "Grand Ballroom".
ROOM = re.compile(rf"(?:\w+ ){{1,2}}{pattern('pages.rooms')}|{pattern('pages.rooms')} [\w.-]{{1,4}}", re.IGNORECASE)
# A day, a time of day, or both as spreadsheets count them, where a cell has not the form of one: 45856.375.
FIRST_DAY = datetime.fromisoformat("1899-12-30")
COUNTED = re.compile(r"(?P<days>0(?=\.)|[3-6]\d{4})(?:\.\d+)?")
ISO_DAY = re.compile(r"\d{4}-\d\d-\d\d")
MINUTES_IN_DAY = 24 * 60


def read_spreadsheet(source: Source) -> Draft:
    """The sessions of all sheets with times, or of all sheets where none has a time."""
    sheets = sheets_of(source)
    timed = {name: table for name, table in sheets.items() if times_column(table) is not None}
    for name in sheets:
        if timed and name not in timed:
            source.report.left("a sheet without times", name)
    sessions = [one for name, table in (timed or sheets).items() for one in _sessions(name, table, source)]
    zone_text = " ".join(map(zone_text_of, timed.values()))
    return Draft(format="spreadsheet", sessions=without_line_numbers(sessions), zone_text=zone_text)


def sheets_of(source: Source) -> dict[str, Table]:
    """The visible sheets that hold something, by their names; raises `ImportRefused`."""
    try:
        most = map(str, (MOST_UNPACKED_BYTES, MOST_ROWS, MOST_COLUMNS))
        content: Mapping[str, Any] = json.loads(output_of(READER, source.data, *most, **LIMITS))
    except (*FAILURES, ValueError) as error:
        raise source.refused("a spreadsheet that is damaged, or takes too much to read; save it as CSV") from error
    if "refused" in content:
        raise source.refused(one_line(content["refused"]))
    if content["merged_unknown"]:
        source.report.guessed("a merged cell is in the first of its places only", better="an .xlsx file")
    tables = {}
    for sheet in content["sheets"]:
        name = one_line(sheet["name"])
        if sheet["left"]:
            source.report.left("a sheet that is hidden, or cannot be read", name)
        if sheet["hidden"]:
            source.report.left("hidden rows and columns", f"{name} ({sheet['hidden']})")
        if any(map(any, sheet["rows"])):
            tables[name] = _with_counted_days(_table(sheet, source))
    return tables


def _table(sheet: Mapping[str, Any], source: Source) -> Table:
    """A sheet as a table; a merged cell is, the same, in each place that it covers."""
    grid = cells_of(sheet["rows"], source)
    for top, first, after_bottom, after_last in sheet["merged"]:
        for row in grid[top:after_bottom]:
            row[first:after_last] = [grid[top][first]] * len(row[first:after_last])
    return table_of(grid, source.dates)


def _with_counted_days(table: Table) -> Table:
    """The table with days and times as texts where they are the numbers that spreadsheets calculate with."""
    known = {header: bare in TIMES for header in table.headers if (bare := normalized(header)) in TIMES | DATES}
    has_days = any(is_date_and_time(text) for header in known if known[header] for text in table.sample(header))
    rows = tuple(dict(row) for row in table.rows)
    for row in rows:
        for header, is_time in known.items():
            text = _moment_text(row[header].text, is_time=is_time, has_day=is_time and has_days)
            row[header] = row[header] if text == row[header].text else Cell(text)
    return replace(table, rows=rows)


def _moment_text(text: str, *, is_time: bool, has_day: bool) -> str:
    counted = COUNTED.fullmatch(text)
    if counted is None:  # in a column of days with times, midnight is a day without one
        return f"{text} 00:00" if has_day and ISO_DAY.fullmatch(text) else text
    at = FIRST_DAY + timedelta(minutes=round(float(text) * MINUTES_IN_DAY))
    if counted["days"] == "0":
        return f"{at:%H:%M}"
    return f"{at:%Y-%m-%d %H:%M}" if is_time else f"{at:%Y-%m-%d}"


def _sessions(name: str, table: Table, source: Source) -> Iterable[DraftSession]:
    """The sessions of a sheet; its name may be their day or their room, where its rows have none."""
    roles = roles_of(table)
    headers = {roles.get(role, "") for role in ("date", "start", "time")} | {times_column(table) or ""}
    has_dates = any(find_date(text) for header in headers for text in table.sample(header))
    if not has_dates and source.dates.day(name) is not None:
        table = replace(table, context=(*table.context, name))
    sessions = read_table(table, source.dates)
    source.report.took("read from the sheet", f"{name} ({counted(len(sessions), 'session')})")
    if ROOM.fullmatch(name) and all(one.room is None for one in sessions):
        source.report.guessed("the sheet's name is a room", name, better="a column Room")
        return [replace(one, room=name) for one in sessions]
    return sessions
