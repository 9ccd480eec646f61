"""The scheduled day above the actual day, as boxes for an SVG drawing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from app.domain.conference_day import conference_day
from app.domain.program import Program
from app.domain.session import Session, Slot

# Horizontal lengths are percentages, so that the drawing fits any screen while its text keeps its size.
WHOLE = 100.0
LANE_HEIGHT = 36
LANE_GAP = 8
HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Box:
    """A session in one of the two lanes of a room; ``x`` and ``width`` in percent, ``y`` in pixels."""

    session: str
    title: str
    x: float
    y: int
    width: float
    status: str


@dataclass(frozen=True)
class Picture:
    """One room's day; ``hours`` are the marks of full hours (x in percent, label)."""

    day: str
    room: str
    hours: tuple[tuple[float, str], ...]
    boxes: tuple[Box, ...]


def timeline_pictures(program: Program) -> list[Picture]:
    """A picture for each day and room in which something changed."""
    pictures = []
    days: dict[date, list[Session]] = {}
    for session in program.sessions:
        days.setdefault(conference_day(program, session.scheduled.start), []).append(session)
    for day, of_day in sorted(days.items()):
        for room in program.rooms:
            sessions = [one for one in of_day if {one.room, one.scheduled.room} & {room.id, None}]
            if any(session.slot != session.scheduled or session.cancelled for session in sessions):
                pictures.append(_picture(program, day.isoformat(), room.name, sessions))
    return pictures


def _picture(program: Program, day: str, room: str, sessions: list[Session]) -> Picture:
    start = min(min(session.start, session.scheduled.start) for session in sessions)
    end = max(max(session.end, session.scheduled.end) for session in sessions)
    scale = WHOLE / max((end - start).total_seconds(), 1)

    def box(session: Session, slot: Slot, lane: int, status: str) -> Box:
        x, width = (slot.start - start).total_seconds() * scale, (slot.end - slot.start).total_seconds() * scale
        return Box(session.id, session.title, round(x, 2), lane * (LANE_HEIGHT + LANE_GAP), round(width, 2), status)

    planned = [box(session, session.scheduled, 0, "planned") for session in sessions]
    actual = [box(session, session.slot, 1, _status(session)) for session in sessions]
    first = program.local(start).replace(minute=0, second=0, microsecond=0)
    marks = [first + HOUR * n for n in range(int((end - start) / HOUR) + 2)]
    hours = tuple(
        (round((mark - start).total_seconds() * scale, 2), f"{mark:%H}") for mark in marks if start <= mark <= end
    )
    return Picture(day, room, hours, (*planned, *actual))


def _status(session: Session) -> str:
    if session.cancelled:
        return "cancelled"
    return "moved" if session.slot != session.scheduled else "confirmed"
