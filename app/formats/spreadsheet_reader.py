"""Reads a spreadsheet in a process of its own: the file on the standard input becomes JSON on the standard output.

calamine makes a grid of all cells up to the last one: two cells that are far apart make it take all memory, or abort
its process. So `app/importing/spreadsheet.py` starts this file as a program, and nothing imports it.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from io import BytesIO
from typing import Any
from zipfile import BadZipFile, ZipFile

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    SheetMetadata,
    SheetTypeEnum,
    SheetVisibleEnum,
    load_workbook,
)

MOST_ENTRIES = 2000
MOST_SHEETS = 100
MOST_MERGED_CELLS = 1_000_000
# In Office's encrypted files, which are no zip files (MS-OFFCRYPTO, 2.3.4.4).
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
CONTENT_OF_ODS = "content.xml"
SPANNED = re.compile(rb"""number-(?:columns|rows)-spanned=["'](?!1["'])""")
ATTRIBUTE = re.compile(rb"""([\w:]+)\s*=\s*["']([^"']*)["']""")
TRUE = frozenset({b"1", b"true"})
MOST_DIGITS = 7
MOST_HIDDEN = 16_384
# A time of day in a cell is on one of the first days that spreadsheets count.
LAST_YEAR_OF_CLOCKS = 1904


def main(most_bytes: int, most_rows: int, most_columns: int) -> None:
    """Read one spreadsheet, of at most so many bytes unpacked; of each sheet at most so many rows and columns."""
    json.dump(_content(sys.stdin.buffer.read(), most_bytes, most_rows, most_columns), sys.stdout)


def _content(data: bytes, most_bytes: int, most_rows: int, most_columns: int) -> dict[str, Any]:
    """The sheets of a file, or why it is refused."""
    try:
        if refusal := _refusal(data, most_bytes):
            return {"refused": refusal}
        with load_workbook(BytesIO(data)) as book:
            known = book.sheets_metadata[:MOST_SHEETS]
            sheets = [_sheet(book, one, most_rows, most_columns) for one in known]
        if data.startswith(b"PK"):
            with ZipFile(BytesIO(data)) as archive:
                for sheet, xml in zip(sheets, _sheet_files(archive), strict=False):
                    _leave_hidden(sheet, xml)
                return {"sheets": sheets, "merged_unknown": _has_merged_cells_of_ods(archive)}
    except (CalamineError, BadZipFile) as error:
        return {"refused": f"no spreadsheet that can be read ({error}); save the schedule as CSV"}
    return {"sheets": sheets, "merged_unknown": False}


def _refusal(data: bytes, most_bytes: int) -> str:
    if not data.startswith(b"PK"):
        return "a password protects it; save it without one" if ENCRYPTED in data else ""
    entries = ZipFile(BytesIO(data)).infolist()
    if len(entries) > MOST_ENTRIES:
        return f"a zip file of {len(entries):,} files; at most {MOST_ENTRIES:,} can be imported"
    size = sum(entry.file_size for entry in entries)
    return f"{size:,} bytes unpacked; at most {most_bytes:,} can be imported" if size > most_bytes else ""


def _has_merged_cells_of_ods(archive: ZipFile) -> bool:
    """Whether cells are merged in a form in which calamine does not say where."""
    return CONTENT_OF_ODS in archive.namelist() and bool(SPANNED.search(archive.read(CONTENT_OF_ODS)))


def _sheet_files(archive: ZipFile) -> Iterator[bytes]:
    """The XML of each sheet of an `.xlsx` file, in the order of the workbook."""
    names = set(archive.namelist())
    if not {"xl/workbook.xml", "xl/_rels/workbook.xml.rels"} <= names:
        return
    relations = list(_tags(archive.read("xl/_rels/workbook.xml.rels"), b"Relationship"))
    targets = {one.get(b"Id"): one.get(b"Target", b"").decode(errors="replace") for one in relations}
    for sheet in _tags(archive.read("xl/workbook.xml"), b"sheet"):
        target = targets.get(next((sheet[name] for name in sheet if name.endswith(b":id")), None), "")
        path = target[1:] if target.startswith("/") else f"xl/{target}"
        yield archive.read(path) if path in names else b""


def _leave_hidden(sheet: dict[str, Any], xml: bytes) -> None:
    """Empty the cells of rows and columns that are hidden, and count those that held something."""
    top, left = sheet["start"]
    rows = {_number(row, b"r") - 1 - top for row in _tags(xml, b"row") if row.get(b"hidden") in TRUE}
    columns: set[int] = set()
    for one in _tags(xml[: xml.find(b"sheetData")], b"col"):
        if one.get(b"hidden") in TRUE:
            columns.update(range(_number(one, b"min") - 1 - left, min(_number(one, b"max") - left, MOST_HIDDEN)))
    emptied = set()
    for at, row in enumerate(sheet["rows"]):
        for column, text in enumerate(row):
            if text and (at in rows or column in columns):
                emptied.add(("row", at) if at in rows else ("column", column))
                row[column] = ""
    sheet["hidden"] = len(emptied)


def _tags(xml: bytes, name: bytes) -> Iterator[dict[bytes, bytes]]:
    """The attributes of each element of a name."""
    for match in re.finditer(rb"<(?:\w+:)?" + name + rb"\s([^<>]*)>", xml):
        yield dict(ATTRIBUTE.findall(match[1]))


def _number(tag: dict[bytes, bytes], name: bytes) -> int:
    text = tag.get(name, b"")
    return int(text) if text.isdigit() and len(text) <= MOST_DIGITS else 0


def _sheet(book: CalamineWorkbook, known: SheetMetadata, most_rows: int, most_columns: int) -> dict[str, Any]:
    """A sheet's name, and its rows with the areas of merged cells in them; a hidden or damaged one is left."""
    visible = known.visible is SheetVisibleEnum.Visible and known.typ is SheetTypeEnum.WorkSheet
    try:
        sheet = book.get_sheet_by_name(known.name) if visible else None
    except CalamineError:
        sheet = None
    if sheet is None:
        return {"name": known.name, "left": True, "start": (0, 0), "rows": [], "merged": [], "hidden": 0}
    rows = [[_text(cell) for cell in row[:most_columns]] for row in sheet.to_python(nrows=most_rows)]
    merged = list(_merged(sheet, len(rows), most_columns))
    start = sheet.start or (0, 0)
    return {"name": known.name, "left": False, "start": start, "rows": rows, "merged": merged, "hidden": 0}


def _merged(sheet: CalamineSheet, height: int, width: int) -> Iterator[tuple[int, int, int, int]]:
    """The first row and column of each merged area in the rows, and the row and column after its last."""
    above, before = sheet.start or (0, 0)
    cells_left = MOST_MERGED_CELLS
    for (top, first), (bottom, last) in sheet.merged_cell_ranges or ():
        area = (top - above, first - before, min(bottom + 1 - above, height), min(last + 1 - before, width))
        cells_left -= max(0, area[2] - area[0]) * max(0, area[3] - area[1])
        if cells_left < 0:
            return
        if min(area) >= 0:
            yield area


def _text(cell: object) -> str:
    """A cell as people write it in CSV: `2025-07-18 09:30`, `09:30`, `45`, `TRUE`."""
    match cell:
        case float():
            return f"{cell:.15g}"
        case date() if cell.year <= LAST_YEAR_OF_CLOCKS:
            return _clock(cell.time() if isinstance(cell, datetime) else time())
        case datetime():
            return f"{cell.date()} {_clock(cell.time())}"
        case timedelta():
            minutes = round(cell.total_seconds() / 60)
            return f"{minutes // 60:02d}:{minutes % 60:02d}"
        case time():
            return _clock(cell)
        case _:
            return str(cell).upper() if isinstance(cell, bool) else str(cell)


def _clock(clock: time) -> str:
    return clock.isoformat("seconds" if clock.second else "minutes")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
