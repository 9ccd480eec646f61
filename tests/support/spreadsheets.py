"""Small spreadsheets, made in memory: `.xlsx` (ECMA-376) and `.ods` (OpenDocument 1.3)."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Container, Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from xml.sax.saxutils import escape, quoteattr

CellValue = str | float | bool | date | time | timedelta | None
Rows = Sequence[Sequence[CellValue]]

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
ODF = "urn:oasis:names:tc:opendocument:xmlns"
FIRST_DAY = datetime.fromisoformat("1899-12-30")
DAY = timedelta(days=1)
HIDDEN = ' hidden="1"'
NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# The numbers of cell styles below, which are formats of ECMA-376, 18.8.30: a date, a time, both, and hours beyond 24.
STYLES: dict[type, int] = {date: 1, time: 2, datetime: 3, timedelta: 4}
FORMATS = (0, 14, 20, 22, 46)


def xlsx(
    sheets: Mapping[str, Rows | str],
    *,
    merged: Iterable[str] = (),
    hidden: Iterable[str] = (),
    hidden_rows: Container[int] = (),
    hidden_columns: Iterable[int] = (),
) -> bytes:
    """A workbook of some sheets, of rows or of XML; each has the merged areas, such as "A1:C1".

    ``hidden`` are names of sheets; rows and columns are counted from 1.
    """
    names = list(sheets)
    states = {name: ' state="hidden"' if name in set(hidden) else "" for name in names}
    areas = "".join(f'<mergeCell ref="{area}"/>' for area in merged)
    return zipped(
        {
            "_rels/.rels": _relations({"rId1": ("officeDocument", "xl/workbook.xml")}),
            "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>'
            + "".join(
                f'<sheet name={quoteattr(name)} sheetId="{at}" r:id="rId{at}"{states[name]}/>'
                for at, name in enumerate(names, start=1)
            )
            + "</sheets></workbook>",
            "xl/_rels/workbook.xml.rels": _relations(
                {f"rId{at}": ("worksheet", f"worksheets/sheet{at}.xml") for at in range(1, len(names) + 1)}
            ),
            "xl/styles.xml": f'<styleSheet xmlns="{MAIN}"><cellXfs>'
            + "".join(f'<xf numFmtId="{number}"/>' for number in FORMATS)
            + "</cellXfs></styleSheet>",
        }
        | {
            f"xl/worksheets/sheet{at}.xml": _sheet(sheets[name], areas, hidden_rows, hidden_columns)
            for at, name in enumerate(names, start=1)
        }
    )


def _sheet(rows: Rows | str, areas: str, hidden_rows: Container[int], hidden_columns: Iterable[int]) -> str:
    lines = (
        rows if isinstance(rows, str) else "".join(_row(at, row, hidden_rows) for at, row in enumerate(rows, start=1))
    )
    columns = "".join(f'<col min="{at}" max="{at}" hidden="1"/>' for at in hidden_columns)
    widths = f"<cols>{columns}</cols>" if columns else ""
    merged = f"<mergeCells>{areas}</mergeCells>" if areas else ""
    return f'<worksheet xmlns="{MAIN}">{widths}<sheetData>{lines}</sheetData>{merged}</worksheet>'


def _row(number: int, row: Sequence[CellValue], hidden: Container[int]) -> str:
    cells = "".join(_cell(f"{_column(column)}{number}", value) for column, value in enumerate(row))
    return f'<row r="{number}"{HIDDEN if number in hidden else ""}>{cells}</row>'


def ods(sheets: Mapping[str, Rows], *, spanned: int = 1) -> bytes:
    """A workbook of texts, times and numbers; its first cells span so many columns."""
    namespaces = " ".join(f'xmlns:{name}="{ODF}:{name}:1.0"' for name in ("office", "table", "text"))
    tables = "".join(
        f"<table:table table:name={quoteattr(name)}>"
        + "".join(
            f"<table:table-row>{''.join(_ods_cell(one, spanned) for one in row)}</table:table-row>" for row in rows
        )
        + "</table:table>"
        for name, rows in sheets.items()
    )
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    manifest = (
        f'<m:manifest xmlns:m="{ODF}:manifest:1.0"><m:file-entry m:full-path="/" m:media-type="{kind}"/></m:manifest>'
    )
    body = f"<office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body>"
    return zipped(
        {
            "mimetype": kind,
            "META-INF/manifest.xml": manifest,
            "content.xml": f"<office:document-content {namespaces}>{body}</office:document-content>",
        }
    )


def zipped(files: Mapping[str, str]) -> bytes:
    """A zip file of some texts."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return data.getvalue()


def _relations(targets: Mapping[str, tuple[str, str]]) -> str:
    lines = "".join(
        f'<Relationship Id="{name}" Type="{OFFICE}/{kind}" Target="{target}"/>'
        for name, (kind, target) in targets.items()
    )
    return f'<Relationships xmlns="{PACKAGE}/relationships">{lines}</Relationships>'


def _column(number: int) -> str:
    """A for 0, Z for 25, AA for 26."""
    above, last = divmod(number, 26)
    return (_column(above - 1) if above else "") + chr(ord("A") + last)


def _cell(place: str, value: CellValue) -> str:
    match value:
        case None:
            return ""
        case str():
            text = escape(NOT_IN_XML.sub("", value))
            return f'<c r="{place}" t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'
        case bool():
            return f'<c r="{place}" t="b"><v>{value:d}</v></c>'
        case int() | float():
            return f'<c r="{place}"><v>{value}</v></c>'
        case _:
            return f'<c r="{place}" s="{STYLES[type(value)]}"><v>{_serial(value)!r}</v></c>'


def _serial(value: date | time | timedelta) -> float:
    """A day or a time as the number of days that spreadsheets count."""
    match value:
        case timedelta():
            return value / DAY
        case time():
            return (datetime.combine(FIRST_DAY, value) - FIRST_DAY) / DAY
        case datetime():
            return (value - FIRST_DAY) / DAY
        case _:
            return (value - FIRST_DAY.date()) / DAY


def _ods_cell(value: CellValue, spanned: int) -> str:
    span = f' table:number-columns-spanned="{spanned}"'
    match value:
        case time():
            said = f'office:value-type="time" office:time-value="PT{value:%HH%MM%SS}"'
        case float():
            said = f'office:value-type="float" office:value="{value}"'
        case _:
            said = 'office:value-type="string"'
    return f"<table:table-cell {said}{span}><text:p>{escape(str(value or ''))}</text:p></table:table-cell>"
