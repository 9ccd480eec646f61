"""Lists of records in JSON or YAML, with free names, however they are nested: days, rooms, sessions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

from app.domain.session import Link
from app.formats.imports.cells import Cell, Table
from app.formats.imports.columns import TIMES, roles_of
from app.formats.imports.draft import MOST_COLUMNS, MOST_ROWS, Draft, Row
from app.formats.imports.links import link
from app.formats.imports.source import Source
from app.formats.imports.tables import read_table
from app.formats.imports.text import block, one_line

Record = dict[str, Cell]
DEEPEST = 12
# What a heading record above its sessions may say of all of them.
INHERITED = ("date", "day", "room", "track", "location", "venue", "timezone")


def draft_of_records(data: Any, form: str, source: Source) -> Draft:
    """The sessions among some nested data: every list of records that say times."""
    found: list[Row] = []
    for table in tables_in(data):
        headers = table.headers
        if TIMES & set(roles_of(headers, table.samples())) or "date" in roles_of(headers, table.samples()):
            found.extend(read_table(table, source.calendar))
    title = one_line(data.get("title") or data.get("name")) if isinstance(data, dict) else ""
    zone = one_line(data.get("timezone") or data.get("time_zone")) if isinstance(data, dict) else ""
    return Draft(form=form, rows=tuple(found), title=title or source.stem, timezone=zone)


def tables_in(data: Any) -> Iterator[Table]:
    """Each list of records in nested data, as a table."""
    for records in _lists(data, {}, 0):
        headers = tuple(islice(dict.fromkeys(name for record in records[:MOST_ROWS] for name in record), MOST_COLUMNS))
        yield Table(headers, tuple(records[:MOST_ROWS]))


def _lists(data: Any, above: Record, depth: int) -> Iterator[list[Record]]:
    """Each list of records, with what the records above it say; nested lists after the one they stand in."""
    if depth > DEEPEST:
        return
    if isinstance(data, dict):
        own = {**above, **{name: cell for name, cell in _record(data).items() if name.casefold() in INHERITED}}
        for value in data.values():
            yield from _lists(value, own, depth + 1)
    elif isinstance(data, list):
        records = [one for one in data if isinstance(one, dict)]
        if flat := [{**above, **_record(one)} for one in records if not _holds_records(one)]:
            yield flat
        for one in filter(_holds_records, records):
            yield from _lists(one, above, depth + 1)


def _holds_records(record: Mapping[str, Any]) -> bool:
    """Whether a record is a heading over others: a day, a room; a list of speakers does not make it one."""
    people = ("speaker", "author", "person", "presenter", "link", "panelist", "item", "paper")
    return any(
        isinstance(value, list)
        and any(isinstance(one, dict) for one in value)
        and not any(word in str(name).casefold() for word in people)
        for name, value in record.items()
    )


def _record(record: Mapping[Any, Any]) -> Record:
    return {str(name): cell for name, value in record.items() if (cell := _cell(value)) is not None}


def _cell(value: Any) -> Cell | None:
    """A value as a cell: several as a list of them, a person or a room by their name."""
    if isinstance(value, list):
        parts = [part for one in value[:MOST_ROWS] if (part := _cell(one)) is not None and part.text]
        return Cell("; ".join(part.text for part in parts), tuple(one for part in parts for one in part.links))
    if isinstance(value, dict):
        name = one_line(value.get("name") or value.get("title") or value.get("en"))
        place = one_line(value.get("affiliation") or value.get("institution"))
        url = _url(value)
        return Cell(f"{name} ({place})" if place else name, (url,) if url else ()) if name else None
    return Cell(block(value))


def _url(value: Mapping[str, Any]) -> Link | None:
    return link(
        one_line(value.get("name")), one_line(value.get("url") or value.get("website") or value.get("homepage"))
    )
