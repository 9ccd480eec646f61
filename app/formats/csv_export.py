"""The program for a spreadsheet: CSV (RFC 4180) in venue time, one row per session, or one per paper.

It begins with a byte order mark, by which Excel recognizes UTF-8. An apostrophe is put before cells that a
spreadsheet would take for a formula; spreadsheets hide it, and our import removes it.
Links of sessions, biographies and addresses have no column.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable
from datetime import datetime

from app.domain.instants import is_ambiguous
from app.domain.items import SessionItem, by_number
from app.domain.program import Program
from app.domain.session import Session
from app.formats.exchange_ids import ROOM_FOR_ALL

COLUMNS: dict[str, Callable[[Program, Session], str]] = {
    "session id": lambda _, session: session.id,
    "start": lambda program, session: _local_time(program, session.start),
    "end": lambda program, session: _local_time(program, session.end),
    "timezone": lambda program, _: program.timezone,
    "room": lambda program, session: program.room_name(session.room, for_all=ROOM_FOR_ALL),
    "kind": lambda _, session: session.kind,
    "title": lambda _, session: session.title,
    "speakers": lambda program, session: "; ".join(
        person.name.replace(";", ",") for person in program.speakers_of(session)
    ),
    "track": lambda _, session: session.track,
    "language": lambda _, session: session.language,
    "status": lambda _, session: session.status,
    "abstract": lambda _, session: session.abstract,
    "guid": lambda _, session: session.guid,
}
PAPER_COLUMNS: dict[str, Callable[[Program, SessionItem], str]] = {
    "paper id": lambda _, one: one.item.id,
    "number": lambda _, one: one.item.number,
    "title": lambda _, one: one.item.title,
    "authors": lambda _, one: "; ".join(name.replace(";", ",") for name in one.item.authors),
    "decision": lambda _, one: one.item.kind,
    "session": lambda _, one: one.session.title,
    "session start": lambda program, one: _local_time(program, one.session.start),
    "room": lambda program, one: program.room_name(one.session.room, for_all=ROOM_FOR_ALL),
    "minutes": lambda _, one: f"{one.item.minutes or ''}",
    "abstract": lambda _, one: one.item.abstract,
    "links": lambda _, one: "\n".join(f"{link.label}: {link.url}" for link in one.item.links),
}
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "'")
BYTE_ORDER_MARK = "\ufeff"


def schedule_csv(program: Program) -> bytes:
    """All sessions in time order; times as `2025-07-18 09:15`, of the zone beside them."""
    return csv_file(COLUMNS, ([cell(program, session) for cell in COLUMNS.values()] for session in program.sessions))


def papers_csv(program: Program) -> bytes:
    """The items of all sessions, by session and number."""
    rows = (SessionItem(session, item) for session in program.sessions for item in by_number(session.items))
    return csv_file(PAPER_COLUMNS, ([cell(program, one) for cell in PAPER_COLUMNS.values()] for one in rows))


def csv_file(columns: Iterable[str], rows: Iterable[Iterable[str | int | None]]) -> bytes:
    """A file with a line of names; texts are escaped against formulas, numbers stay numbers, None is empty."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(columns)
    for row in rows:
        writer.writerow(_escaped(cell) if isinstance(cell, str) else cell for cell in row)
    return f"{BYTE_ORDER_MARK}{text.getvalue()}".encode(errors="replace")


def _local_time(program: Program, instant: datetime) -> str:
    """Venue time, with the offset where the clocks show it twice."""
    local = program.local(instant)
    shown = local if is_ambiguous(instant, program.zone) else local.replace(tzinfo=None)
    return shown.isoformat(" ", "seconds" if local.second else "minutes")


def _escaped(cell: str) -> str:
    return f"'{cell}" if cell.startswith(FORMULA_STARTS) else cell
