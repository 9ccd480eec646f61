"""The scheduled day above the actual day, as boxes for an SVG drawing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from app.domain.conference_day import conference_day
from app.domain.program import Program
from app.domain.session import Session, Slot

# Horizontal lengths are percentages, so that the drawing fits any screen while its text keeps its size.
WHOLE = 100.0
LANE_HEIGHT = 36
LANE_GAP = 8
HOUR = timedelta(hours=1)
# On a narrow phone there is space for so many labels of hours.
MOST_HOURS = 10


@dataclass(frozen=True)
class Box:
    """A session in one of the two lanes of a room; ``x`` and ``width`` in percent, ``y`` in pixels.

    ``title`` has its times in that lane: "10:15–10:45 Opening".
    """

    session: str
    title: str
    x: float
    y: int
    width: float
    status: str


@dataclass(frozen=True)
class Picture:
    """One room's day; ``hours`` are marks of full hours (x in percent, label)."""

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
            sessions = sessions_seen_in(room.id, of_day)
            if any(map(_differs, sessions)):
                pictures.append(room_picture(program, day, room.id, sessions))
    return pictures


def sessions_seen_in(room_id: str | None, sessions: Iterable[Session]) -> list[Session]:
    """The sessions that were scheduled in a room or went there; in each room also those for all rooms (None)."""
    return [one for one in sessions if {one.room, one.scheduled.room} & {room_id, None}]


def room_picture(program: Program, day: date, room_id: str | None, sessions: Iterable[Session]) -> Picture:
    """A picture of sessions of one day in one room: planned boxes of what was planned there, actual of what went there.

    ``room_id`` None draws the sessions for all rooms. Without sessions it has no boxes.
    """
    planned = [(one, one.scheduled) for one in sessions if one.scheduled.room in (room_id, None)]
    actual = [(one, one.slot) for one in sessions if one.room in (room_id, None)]
    slots = [slot for _, slot in (*planned, *actual)]
    name = program.room_name(room_id)
    if not slots:
        return Picture(day.isoformat(), name, (), ())
    start, end = min(slot.start for slot in slots), max(slot.end for slot in slots)
    scale = WHOLE / max((end - start).total_seconds(), 1)

    def box(session: Session, slot: Slot, lane: int, status: str) -> Box:
        x, width = (slot.start - start).total_seconds() * scale, slot.length.total_seconds() * scale
        title = f"{program.clock(slot.start)}–{program.clock(slot.end)} {session.title}"
        return Box(session.id, title, round(x, 2), lane * (LANE_HEIGHT + LANE_GAP), round(width, 2), status)

    boxes = (
        *(box(session, slot, 0, "planned") for session, slot in planned),
        *(box(session, slot, 1, _status(session)) for session, slot in actual),
    )
    hours = tuple(
        (round((mark - start).total_seconds() * scale, 2), label) for mark, label in _hours(program, start, end)
    )
    return Picture(day.isoformat(), name, hours, boxes)


def _hours(program: Program, start: datetime, end: datetime) -> list[tuple[datetime, str]]:
    """The full hours from start to end, or each second, third… of them, with what the venue's clocks show."""
    first = program.local(start).replace(minute=0, second=0, microsecond=0)
    step = 1 + int((end - start) / HOUR) // MOST_HOURS
    marks = [first + HOUR * number for number in range(0, int((end - start) / HOUR) + 2, step)]
    return [(mark, f"{program.local(mark):%H}") for mark in marks if start <= mark <= end]


def _status(session: Session) -> str:
    if session.cancelled:
        return "cancelled"
    return "moved" if session.slot != session.scheduled else "confirmed"


def _differs(session: Session) -> bool:
    return session.cancelled or session.slot != session.scheduled
