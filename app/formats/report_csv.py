"""Planned against actual for a spreadsheet: CSV (RFC 4180), one row per session.

Instants are in ISO 8601 with the venue's offset, differences and lengths in whole minutes. A cell is empty where there
is no plan, or where the session is cancelled. Texts are safe in spreadsheets, as in `csv_export.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime

from app.domain.day_report import DayReport, SessionReport
from app.domain.program import Program
from app.domain.session import Slot
from app.formats.csv_export import csv_file
from app.formats.exchange_ids import ROOM_FOR_ALL

Cell = str | int | None
COLUMNS: dict[str, Callable[[Program, date, SessionReport], Cell]] = {
    "session id": lambda _, __, one: one.session.id,
    "title": lambda _, __, one: one.session.title,
    "day": lambda _, day, __: day.isoformat(),
    "planned room": lambda program, _, one: _room(program, one.planned),
    "planned start": lambda program, _, one: _start(program, one.planned),
    "planned end": lambda program, _, one: _end(program, one.planned),
    "room": lambda program, _, one: _room(program, one.actual),
    "start": lambda program, _, one: _start(program, one.actual),
    "end": lambda program, _, one: _end(program, one.actual),
    "start minutes late": lambda _, __, one: one.start_minutes_late,
    "end minutes late": lambda _, __, one: one.end_minutes_late,
    "planned minutes": lambda _, __, one: one.planned_minutes,
    "minutes": lambda _, __, one: one.actual_minutes,
    "status": lambda _, __, one: one.status,
    "progress": lambda _, __, one: one.progress,
}


def report_csv(program: Program, days: Iterable[DayReport]) -> bytes:
    """The sessions of some days, by day, room and time."""
    reports = ((day.date, one) for day in days for room in day.rooms for one in room.sessions)
    return csv_file(COLUMNS, ([cell(program, day, one) for cell in COLUMNS.values()] for day, one in reports))


def _room(program: Program, slot: Slot | None) -> str | None:
    return None if slot is None else program.room_name(slot.room, for_all=ROOM_FOR_ALL)


def _start(program: Program, slot: Slot | None) -> str | None:
    return None if slot is None else _written(program, slot.start)


def _end(program: Program, slot: Slot | None) -> str | None:
    return None if slot is None else _written(program, slot.end)


def _written(program: Program, instant: datetime) -> str:
    return program.local(instant).isoformat(timespec="seconds")
