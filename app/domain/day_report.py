"""Planned against actual: each session as the program's files scheduled it, and as it went.

What has not ended at an instant is a forecast: it is reported as it is scheduled to go by then.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Literal

from app.domain.conference_day import conference_day
from app.domain.errors import UnknownName
from app.domain.instants import MINUTE
from app.domain.program import Program
from app.domain.session import Session, Slot

Outcome = Literal["confirmed", "moved", "cancelled", "added"]
Progress = Literal["ended", "on", "to come"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionReport:
    """A session as planned and as it went.

    ``planned`` is None for a session that was added on the day, ``actual`` for one that is cancelled. ``progress`` is
    None for a cancelled session, and where no instant is given. Differences and lengths are in whole minutes: each
    instant is first cut to its minute, as pages show it, so that they are those of the times shown.
    """

    session: Session
    planned: Slot | None
    actual: Slot | None
    progress: Progress | None = None

    @property
    def status(self) -> Outcome:
        """The session's status; ``added`` where there was no plan."""
        return "added" if self.planned is None and self.actual is not None else self.session.status

    @property
    def slot(self) -> Slot:
        """The slot by which it is listed: as it went, else as planned."""
        return self.actual or self.planned or self.session.slot

    @property
    def start_minutes_late(self) -> int | None:
        """By how many minutes it started late; negative: early, None: not planned or cancelled."""
        return None if self.planned is None or self.actual is None else _minutes(self.planned.start, self.actual.start)

    @property
    def end_minutes_late(self) -> int | None:
        """By how many minutes it ended late; negative: early, None: not planned or cancelled."""
        return None if self.planned is None or self.actual is None else _minutes(self.planned.end, self.actual.end)

    @property
    def planned_minutes(self) -> int | None:
        """The planned length."""
        return None if self.planned is None else _minutes(self.planned.start, self.planned.end)

    @property
    def actual_minutes(self) -> int | None:
        """The length as it went."""
        return None if self.actual is None else _minutes(self.actual.start, self.actual.end)

    @property
    def in_other_room(self) -> bool:
        """Whether it went in another room than planned."""
        return self.planned is not None and self.actual is not None and self.planned.room != self.actual.room

    @property
    def as_planned(self) -> bool:
        """Whether it went at the planned times, to the minute, in the planned room."""
        return (self.start_minutes_late, self.end_minutes_late, self.in_other_room) == (0, 0, False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """The totals of a day, or of one room on a day.

    ``end_minutes_late``: by how many minutes the last end is later than the last planned end; negative: earlier, None
    where nothing was planned or nothing takes place. ``over``: whether all that takes place has ended; true where no
    instant is given. ``started_late`` counts sessions that have started, ``as_planned`` says that nothing differs.
    """

    end_minutes_late: int | None
    over: bool
    started_late: int
    cancelled: int
    added: int
    as_planned: bool


@dataclass(frozen=True, slots=True)
class RoomReport:
    """The sessions that went in a room on a day, in time order; ``room`` is None for those for all rooms.

    A cancelled session is in its planned room. A room from which all sessions moved away has none.
    """

    room: str | None
    sessions: tuple[SessionReport, ...]
    totals: Totals


@dataclass(frozen=True, slots=True)
class DayReport:
    """A conference day: first the sessions for all rooms, then each room in the program's order."""

    date: date
    rooms: tuple[RoomReport, ...]
    totals: Totals

    def only(self, room_id: str | None) -> DayReport:
        """The same day with one of its rooms and its totals; raises `UnknownName` where nothing was in it."""
        found = {one.room: one for one in self.rooms}
        if room_id not in found:
            raise UnknownName(f"session on {self.date} in", room_id or "all rooms", filter(None, found))
        return replace(self, rooms=(found[room_id],), totals=found[room_id].totals)


def day_reports(program: Program, *, now: datetime | None = None) -> tuple[DayReport, ...]:
    """All days with sessions, in order.

    With ``now`` each session has its progress at that instant. A session belongs to the day for which it was planned.
    """
    days: dict[date, list[SessionReport]] = {}
    for session in program.sessions:
        one = _session_report(session, now)
        days.setdefault(conference_day(program, (one.planned or one.slot).start), []).append(one)
    return tuple(_day_report(program, day, sessions) for day, sessions in sorted(days.items()))


def day_named(reports: Iterable[DayReport], day: str) -> DayReport:
    """The report of a day, given as 2025-07-18; raises `UnknownName`."""
    found = {one.date.isoformat(): one for one in reports}
    if day not in found:
        raise UnknownName("day of the program", day, found)
    return found[day]


def latest_day(program: Program, reports: tuple[DayReport, ...], now: datetime) -> DayReport | None:
    """The last day that has begun, or the first one before the program begins; None for a program without sessions."""
    today = conference_day(program, now)
    begun = [one for one in reports if one.date <= today]
    return begun[-1] if begun else next(iter(reports), None)


def _session_report(session: Session, now: datetime | None) -> SessionReport:
    planned = None if session.added else session.scheduled
    if session.cancelled:
        return SessionReport(session=session, planned=planned, actual=None)
    progress = None if now is None else _progress(session.slot, now)
    return SessionReport(session=session, planned=planned, actual=session.slot, progress=progress)


def _progress(slot: Slot, now: datetime) -> Progress:
    if slot.end <= now:
        return "ended"
    return "on" if slot.start <= now else "to come"


def _day_report(program: Program, day: date, sessions: list[SessionReport]) -> DayReport:
    listed: dict[str | None, list[SessionReport]] = {}
    planned: dict[str | None, list[Slot]] = {}
    for one in sorted(sessions, key=lambda one: (one.slot.start, one.slot.end, one.session.id)):
        listed.setdefault(one.slot.room, []).append(one)
        if one.planned is not None:
            planned.setdefault(one.planned.room, []).append(one.planned)
    rooms = tuple(
        RoomReport(room, tuple(listed.get(room, ())), _totals(listed.get(room, []), planned.get(room, [])))
        for room in (None, *program.rooms_by_id)
        if room in listed or room in planned
    )
    return DayReport(day, rooms, _totals(sessions, [one.planned for one in sessions if one.planned is not None]))


def _totals(sessions: list[SessionReport], planned: list[Slot]) -> Totals:
    last_planned = max((slot.end for slot in planned), default=None)
    last_actual = max((one.actual.end for one in sessions if one.actual is not None), default=None)
    moved_away = sum(one.planned is not None for one in sessions) != len(planned)
    return Totals(
        end_minutes_late=None if last_planned is None or last_actual is None else _minutes(last_planned, last_actual),
        over=all(one.progress in (None, "ended") for one in sessions),
        started_late=sum((one.start_minutes_late or 0) > 0 and one.progress != "to come" for one in sessions),
        cancelled=sum(one.status == "cancelled" for one in sessions),
        added=sum(one.status == "added" for one in sessions),
        as_planned=not moved_away and all(one.as_planned for one in sessions),
    )


def _minutes(earlier: datetime, later: datetime) -> int:
    return (_to_the_minute(later) - _to_the_minute(earlier)) // MINUTE


def _to_the_minute(instant: datetime) -> datetime:
    return instant.replace(second=0, microsecond=0)
