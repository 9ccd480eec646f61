"""By how many minutes a room runs behind its plan at an instant, and which session to come still begins as planned.

Swapped and reordered sessions are no delay: the plan and the day are compared where the same sessions are over in both.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.domain.conference_day import conference_day
from app.domain.instants import MINUTE, minutes_rounded_up, whole_minute
from app.domain.program import Program
from app.domain.session import Session

HOUR_MINUTES = 60
# What a session that stays is called; any other by its title.
NAMED_BY_KIND = frozenset({"lunch", "break", "coffee"})


@dataclass(frozen=True, slots=True)
class FixedPoint:
    """The next session that stays when the day slips, and by how many minutes it begins late; negative: early."""

    session: Session
    minutes_late: int

    @property
    def name(self) -> str:
        """What it is called in a line: "lunch"."""
        return self.session.kind if self.session.kind in NAMED_BY_KIND else self.session.title


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomStatus:
    """How a room's day stands at an instant.

    ``begins`` is the start of its first session, where that is still to come; ``over``: nothing more is to come on this
    day. Else ``minutes_behind`` says how far it is behind its plan: negative ahead, 0 on time.
    """

    begins: datetime | None = None
    over: bool = False
    minutes_behind: int = 0
    fixed_point: FixedPoint | None = None

    @property
    def running(self) -> bool:
        """Whether the day has begun and is not over."""
        return self.begins is None and not self.over


def room_status(program: Program, room_id: str, now: datetime) -> RoomStatus:
    """How the conference day of an instant stands in a room, with the sessions for all rooms."""
    sessions = sessions_on_day(program, room_id, now)
    if sessions and sessions[0].start > now:
        return RoomStatus(begins=sessions[0].start)
    if not sessions:
        later = (one.start for one in program.sessions_in(room_id) if not one.cancelled and one.start > now)
        begins = next(later, None)
        return RoomStatus(begins=begins, over=begins is None)
    if all(one.end <= now for one in sessions):
        return RoomStatus(over=True)
    planned = [one for one in sessions if _has_plan(one)]
    return RoomStatus(minutes_behind=_minutes_behind(planned, now), fixed_point=_fixed_point(planned, now))


def sessions_on_day(program: Program, room_id: str, now: datetime) -> list[Session]:
    """What takes place in a room on the conference day of an instant, in time order, cancelled sessions left out."""
    day = conference_day(program, now)
    return [
        one for one in program.sessions_in(room_id) if not one.cancelled and conference_day(program, one.start) == day
    ]


def status_text(program: Program, status: RoomStatus, now: datetime) -> str:
    """The status in words: "8 min behind · lunch safe", "begins at 09:00", "over"."""
    if status.over:
        return "over"
    if status.begins is not None:
        return f"begins {_on_day(program, status.begins, now)}at {program.clock(status.begins)}"
    point = status.fixed_point
    return " · ".join((delay_text(status.minutes_behind), *([_fixed_point_text(point)] if point else [])))


def delay_text(minutes: int) -> str:
    """A delay in words: "8 min behind", "5 min ahead", "on time"."""
    return f"{duration_text(abs(minutes) * MINUTE)} {'behind' if minutes > 0 else 'ahead'}" if minutes else "on time"


def rooms_text(statuses: Sequence[RoomStatus]) -> str:
    """Several rooms in one line: "3 of 106 rooms behind"."""
    if all(status.over for status in statuses):
        return "over"
    behind = sum(status.minutes_behind > 0 for status in statuses)
    return f"{behind} of {len(statuses)} rooms behind" if behind else f"{len(statuses)} rooms, none behind"


def duration_text(span: timedelta) -> str:
    """A duration in words, its minutes rounded up: "45 min", "9 h", "5 h 30 min"; scripts write it in the same way."""
    hours, minutes = divmod(minutes_rounded_up(span), HOUR_MINUTES)
    parts = [f"{hours} h"] if hours else []
    return " ".join([*parts, *([f"{minutes} min"] if minutes or not hours else [])])


def _has_plan(session: Session) -> bool:
    """Whether the program's files planned a session in the room in which it takes place."""
    return not session.added and session.room == session.scheduled.room


def _minutes_behind(sessions: Sequence[Session], now: datetime) -> int:
    """The delay at the end of the shortest run from what is on, else next, after which the same sessions are over.

    Where what is next has not begun, and the same sessions come before it in both orders, it is the delay of its start.
    """
    planned = sorted(sessions, key=lambda one: (one.scheduled.start, one.scheduled.end, one.id))
    position = _position(sessions, now)
    if position is None:
        return 0
    if sessions[position].start > now and _same(sessions, planned, position):
        return _minutes(planned[position].scheduled.start, sessions[position].start)
    last = next(at for at in range(position, len(sessions)) if _same(sessions, planned, at + 1))
    return _minutes(planned[last].scheduled.end, sessions[last].end)


def _position(sessions: Sequence[Session], now: datetime) -> int | None:
    """The position of what is on, of several the one that began last; else of what is next, None where nothing is."""
    on = [at for at, one in enumerate(sessions) if one.start <= now < one.end]
    if on:
        return next(at for at in on if sessions[at].start == sessions[on[-1]].start)
    return next((at for at, one in enumerate(sessions) if one.start > now), None)


def _same(sessions: Sequence[Session], planned: Sequence[Session], count: int) -> bool:
    """Whether the first so many sessions are the same in both orders."""
    return {one.id for one in sessions[:count]} == {one.id for one in planned[:count]}


def _fixed_point(sessions: Sequence[Session], now: datetime) -> FixedPoint | None:
    """The next pinned session to come, else the next break."""
    to_come = [one for one in sessions if one.start > now]
    found = [*(one for one in to_come if one.pinned), *(one for one in to_come if one.is_break)]
    return FixedPoint(found[0], _minutes(found[0].scheduled.start, found[0].start)) if found else None


def _fixed_point_text(point: FixedPoint) -> str:
    minutes = point.minutes_late
    if not minutes:
        return f"{point.name} safe"
    return f"{point.name} {duration_text(abs(minutes) * MINUTE)} {'late' if minutes > 0 else 'early'}"


def _on_day(program: Program, instant: datetime, now: datetime) -> str:
    """The day of an instant where it is not that of now: "Sat 19 July "."""
    if conference_day(program, instant) == conference_day(program, now):
        return ""
    day = program.local(instant)
    return f"{day:%a} {day.day} {day:%B} "


def _minutes(planned: datetime, actual: datetime) -> int:
    """From one instant to the other in whole minutes, each cut to its minute as pages show it."""
    return (whole_minute(actual) - whole_minute(planned)) // MINUTE
