"""The program for a spreadsheet: CSV in venue time, a session a line (RFC 4180).

It begins with a byte order mark, by which Excel knows UTF-8. A cell that a spreadsheet would take
for a formula has an apostrophe before it, which spreadsheets hide and our import takes away.
Links, items, biographies and addresses have no column.
"""

from __future__ import annotations

import csv
import io
from datetime import datetime

from app.domain.errors import AmbiguousTime
from app.domain.instants import at_local
from app.domain.program import Program
from app.domain.session import Session
from app.formats.exchange import ROOM_FOR_ALL

COLUMNS = (
    "session id",
    "start",
    "end",
    "timezone",
    "room",
    "kind",
    "title",
    "speakers",
    "track",
    "language",
    "status",
    "abstract",
    "guid",
)
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "'")
BYTE_ORDER_MARK = "\ufeff"


def schedule_csv(program: Program) -> bytes:
    """All sessions in the order of the day; times as `2025-07-18 09:15`, of the zone beside them."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    writer.writerows([_safe(cell) for cell in _cells(program, session)] for session in program.sessions)
    return f"{BYTE_ORDER_MARK}{text.getvalue()}".encode(errors="replace")


def _cells(program: Program, session: Session) -> tuple[str, ...]:
    return (
        session.id,
        _clock(program, session.start),
        _clock(program, session.end),
        program.timezone,
        program.room(session.room).name if session.room else ROOM_FOR_ALL,
        session.kind,
        session.title,
        "; ".join(person.name.replace(";", ",") for person in program.speakers_of(session)),
        session.track,
        session.language,
        session.status,
        session.abstract,
        session.guid,
    )


def _clock(program: Program, instant: datetime) -> str:
    """What the venue's clocks show; with the offset where they show it twice."""
    local = program.local(instant)
    text = local.replace(tzinfo=None).isoformat(" ", "seconds" if local.second else "minutes")
    try:
        at_local(local.date(), local.time(), program.timezone)
    except AmbiguousTime:
        return local.isoformat(" ", "seconds" if local.second else "minutes")
    return text


def _safe(cell: str) -> str:
    return f"'{cell}" if cell.startswith(FORMULA_STARTS) else cell
