"""A program cut into the days of frab's formats, where a night belongs to the evening before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from app.domain.faults import DAY_SPILL
from app.domain.program import Program
from app.domain.session import Session
from app.formats.exchange import ROOM_FOR_ALL
from app.formats.wall_clock import instant_on

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class ConferenceDay:
    """One day: its number from 1, its bounds as instants, and its sessions by the name of their room."""

    index: int
    date: date
    start: datetime
    end: datetime
    rooms: Mapping[str, tuple[Session, ...]]


def conference_days(program: Program) -> tuple[ConferenceDay, ...]:
    """The announced days and those of sessions beside them; at least one."""
    by_day: dict[date, list[Session]] = {day: [] for day in program.days}
    for session in program.sessions:
        by_day.setdefault(_day_of(program, session), []).append(session)
    if not by_day:
        by_day[date(1970, 1, 1)] = []
    return tuple(_day(program, index, day, by_day[day]) for index, day in enumerate(sorted(by_day), start=1))


def room_name(program: Program, session: Session) -> str:
    """The name of a session's room; one for all rooms stands in a room called so."""
    return program.room(session.room).name if session.room else ROOM_FOR_ALL


def _day_of(program: Program, session: Session) -> date:
    local = program.local(session.start)
    evening_before = (local - DAY_SPILL).date()
    return evening_before if evening_before in program.days else local.date()


def _day(program: Program, index: int, day: date, sessions: list[Session]) -> ConferenceDay:
    rooms: dict[str, list[Session]] = {}
    for room in program.rooms:
        rooms.setdefault(room.name, [])
    for session in sessions:
        rooms.setdefault(room_name(program, session), []).append(session)
    morning = instant_on(day, DAY_SPILL, program.timezone)[0]
    start = min((session.start for session in sessions), default=morning)
    end = instant_on(day + DAY, DAY_SPILL, program.timezone)[0]
    held = {name: tuple(found) for name, found in rooms.items() if found}
    return ConferenceDay(index, day, min(start, morning), end, held)
