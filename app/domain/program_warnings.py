"""Warnings about a program: what is unusual but valid, since it occurs in real programs."""

from __future__ import annotations

from collections.abc import Iterator

from app.domain.conference_day import conference_day
from app.domain.errors import Fault
from app.domain.program import Program
from app.domain.session import Session


def program_warnings(program: Program) -> list[Fault]:
    """Warnings about overlaps in a room, sessions of zero length and sessions outside the announced days."""
    return [*_overlaps(program), *_zero_lengths(program), *_outside_days(program)]


def _overlaps(program: Program) -> Iterator[Fault]:
    for room in program.rooms:
        last: Session | None = None
        for session in program.sessions_in(room.id):
            if session.cancelled or session.start == session.end:
                continue
            if last is not None and session.start < last.end:
                yield Fault(f"sessions[{session.id}]", room.name, f"no overlap in this room; {last.id} is still on")
            last = session if last is None or session.end > last.end else last


def _zero_lengths(program: Program) -> Iterator[Fault]:
    for session in program.sessions:
        if session.start == session.end:
            start = program.local(session.start).isoformat(timespec="minutes")
            yield Fault(f"sessions[{session.id}]", start, "an end after its start; with no length it is never on")


def _outside_days(program: Program) -> Iterator[Fault]:
    for session in program.sessions:
        if program.days and conference_day(program, session.start) not in program.days:
            start = program.local(session.start).isoformat(timespec="minutes")
            days = ", ".join(day.isoformat() for day in program.days)
            yield Fault(f"sessions[{session.id}]", start, f"on an announced day: {days}")
