"""The scheduled day above the actual day, as boxes for an SVG drawing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from app.domain.conference_day import conference_day
from app.domain.instants import whole_minute
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


@dataclass(frozen=True)
class StripBox:
    """A session in the plan's or the day's lane of a strip; ``x`` and ``width`` in percent."""

    lane: Literal["plan", "day"]
    state: Literal["past", "later"]
    x: float
    width: float


@dataclass(frozen=True)
class Strip:
    """One room's day as a thin strip from ``start`` to ``end``: the plan above, the day as it stands below.

    ``now`` is the position of the present minute in percent; ``hours`` are as in a `Picture`.
    """

    start: datetime
    end: datetime
    now: float
    boxes: tuple[StripBox, ...]
    hours: tuple[tuple[float, str], ...]


def room_strip(program: Program, room_id: str, now: datetime) -> Strip | None:
    """The strip of a room's conference day, with the sessions for all rooms; None where nothing was planned or is."""
    day = conference_day(program, now)
    of_day = [one for one in program.sessions if conference_day(program, one.scheduled.start) == day]
    planned = [one.scheduled for one in of_day if one.scheduled.room in (room_id, None) and not one.added]
    actual = [one.slot for one in of_day if one.room in (room_id, None) and not one.cancelled]
    slots = [*planned, *actual]
    if not slots:
        return None
    start, end = min(slot.start for slot in slots), max(slot.end for slot in slots)
    scale = WHOLE / max((end - start).total_seconds(), 1)

    def position(instant: datetime) -> float:
        return round(min(max((instant - start).total_seconds() * scale, 0), WHOLE), 2)

    def box(lane: Literal["plan", "day"], slot: Slot) -> StripBox:
        x = position(slot.start)
        return StripBox(lane, "past" if slot.end <= now else "later", x, round(position(slot.end) - x, 2))

    boxes = (*(box("plan", slot) for slot in planned), *(box("day", slot) for slot in actual))
    hours = tuple((position(mark), label) for mark, label in _hours(program, start, end))
    return Strip(start, end, position(whole_minute(now)), boxes, hours)


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
