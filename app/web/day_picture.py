"""The day as planned against the day as it goes, as boxes for an SVG drawing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from app.domain.edits import conference_day
from app.domain.program import Program
from app.domain.session import Session, Slot

# Across, all is in percent: the drawing is as wide as the screen allows, and its letters stay as they are.
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
    """One room's day: planned above, as it goes below; hours are marks (x in percent, label)."""

    day: str
    room: str
    hours: tuple[tuple[float, str], ...]
    boxes: tuple[Box, ...]


def picture_of(program: Program) -> list[Picture]:
    """A picture for each room and day on which something changed."""
    pictures = []
    days = sorted({conference_day(program, session.scheduled.start) for session in program.sessions})
    for day in days:
        for room in program.rooms:
            sessions = [
                session
                for session in program.sessions
                if conference_day(program, session.scheduled.start) == day
                and {session.room, session.scheduled.room} & {room.id, None}
            ]
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
    went = [box(session, session.slot, 1, _status(session)) for session in sessions]
    first = program.local(start).replace(minute=0, second=0, microsecond=0)
    marks = [first + HOUR * n for n in range(int((end - start) / HOUR) + 2)]
    hours = tuple(
        (round((mark - start).total_seconds() * scale, 2), f"{mark:%H}") for mark in marks if start <= mark <= end
    )
    return Picture(day, room, hours, (*planned, *went))


def _status(session: Session) -> str:
    if session.cancelled:
        return "cancelled"
    return "moved" if session.slot != session.scheduled else "confirmed"
