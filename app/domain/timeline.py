"""What is on at an instant, and until when.

Sessions are half-open: one is on at its start, and no longer on at its end. The moment is the same at
all instants of a segment, so it is found by bisection and can be cached per segment.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, deque
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property
from itertools import groupby
from operator import attrgetter, itemgetter
from typing import Literal

from app.domain import lineup
from app.domain.conference_day import conference_day, today_span
from app.domain.lineup import LineUpPlace
from app.domain.program import Announcement, Program, Room
from app.domain.session import Session

Phase = Literal["before", "during", "between", "after"]
State = Literal["past", "now", "next", "later"]

NOTE_SHOWN_FOR = timedelta(minutes=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """The public note of a revision: why it changed ``sessions``, given by id.

    ``rooms`` are the ids of the rooms in which these sessions were before and are after it; None stands for all rooms.
    """

    revision: int
    text: str
    at: datetime
    sessions: tuple[str, ...] = ()
    rooms: frozenset[str | None] = frozenset()

    @property
    def since(self) -> datetime:
        """The instant from which it is shown, cut to the minute, since pages show times in minutes."""
        return self.at.replace(second=0, microsecond=0)

    @property
    def until(self) -> datetime:
        """The instant from which it is no longer shown."""
        return self.at + NOTE_SHOWN_FOR

    def concerns(self, room_id: str) -> bool:
        """Whether it is shown for a room: it is about a session there, or about no session."""
        return not self.sessions or not self.rooms.isdisjoint({room_id, None})


@dataclass(frozen=True, slots=True)
class RoomMoment:
    """What is on in one room, and what starts next there.

    ``cancelled`` is the session that would be on if it were not cancelled, until its end or the start of the next one.
    ``item`` is what is on in the line-up of the session that is on, which ends with it at the latest.
    """

    room: Room
    now: Session | None
    next: Session | None
    cancelled: Session | None = None
    item: LineUpPlace | None = None


@dataclass(frozen=True, slots=True)
class States:
    """The ids of the sessions that are ``on`` and ``coming`` next in some rooms at an instant."""

    instant: datetime
    on: frozenset[str]
    coming: frozenset[str]

    def of(self, session: Session) -> State:
        """A session's state, as `Moment.state_of` says it."""
        if session.id in self.on:
            return "now"
        if session.id in self.coming:
            return "next"
        return "past" if session.end <= self.instant else "later"


@dataclass(frozen=True, slots=True)
class Moment:
    """What is on in all rooms. ``changes_at`` is the next instant at which that may change; None: never again."""

    phase: Phase
    rooms: tuple[RoomMoment, ...]
    announcements: tuple[Announcement, ...]
    changes_at: datetime | None
    notes: tuple[Note, ...] = ()

    def in_room(self, room_id: str) -> RoomMoment:
        """What is on in one room; raises KeyError for a room that is not in the program."""
        return {answer.room.id: answer for answer in self.rooms}[room_id]

    def state_of(self, session: Session, now: datetime, room_ids: Collection[str] = ()) -> State:
        """Whether a session is past, now, next or later, in some rooms (none: in all).

        Cancelled ones are past or later. A session for all rooms may be next in one of them, and come later in another.
        """
        return self.states(now, room_ids).of(session)

    def states(self, now: datetime, room_ids: Collection[str] = ()) -> States:
        """The states of all sessions in some rooms (none: in all), to ask for many of them."""
        about = [one for one in self.rooms if not room_ids or one.room.id in room_ids]
        on = frozenset(one.now.id for one in about if one.now is not None)
        coming = frozenset(one.next.id for one in about if one.next is not None)
        return States(now, on, coming)


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of time between two boundaries, half-open; None: unbounded on that side."""

    index: int
    start: datetime | None
    end: datetime | None


class Timeline:
    """The sessions of a program in order, and its notes; cancelled and zero-length sessions are never now.

    Of a ``former`` timeline the rooms are taken over in which nothing differs.
    """

    def __init__(self, program: Program, notes: Sequence[Note] = (), former: Timeline | None = None) -> None:
        self.program = program
        self.notes = tuple(notes)
        known = former.rooms if former else {}
        self.rooms: dict[str, RoomTimeline] = {
            room.id: _room_timeline(program, room, known.get(room.id)) for room in program.rooms
        }
        edges = {edge for room in self.rooms.values() for edge in room.boundaries}
        edges.update(announcement.until for announcement in program.announcements)
        edges.update(opens for session in program.sessions if (opens := session.watch_opens))
        starts = dict.fromkeys(session.start for session in program.sessions)
        self.days = tuple(dict.fromkeys(conference_day(program, start) for start in starts))
        if self.has_several_days:
            # Pages name the day, and the day of what is not today's.
            edges.update(edge for day in self.days for edge in today_span(program, day))
        edges.update(edge for note in notes for edge in (note.since, note.until))
        self.boundaries: tuple[datetime, ...] = tuple(sorted(edges))
        live = [session for session in program.sessions if not session.cancelled]
        self.phases: tuple[tuple[datetime, Phase], ...] = tuple(_phases(live))

    @property
    def has_several_days(self) -> bool:
        """Whether sessions are on more than one conference day."""
        return len(self.days) > 1

    def segment(self, now: datetime) -> Segment:
        """The segment an instant lies in."""
        index = bisect_right(self.boundaries, now)
        start = self.boundaries[index - 1] if index else None
        end = self.boundaries[index] if index < len(self.boundaries) else None
        return Segment(index, start, end)

    def moment(self, now: datetime) -> Moment:
        """What is on at an instant.

        ``notes`` are all that have not ended, also those that are published later than ``now``.
        """
        rooms = tuple(room.at(now) for room in self.rooms.values())
        announcements = tuple(one for one in self.program.announcements if now < one.until)
        notes = tuple(note for note in self.notes if now < note.until)
        return Moment(self.phase(now), rooms, announcements, self.segment(now).end, notes)

    def room_moments(self, room_id: str) -> Iterator[tuple[datetime | None, RoomMoment]]:
        """All moments of one room in order, each with the instant from which it holds (None: since ever).

        Raises KeyError for a room that is not in the program.
        """
        yield from self.rooms[room_id].answers

    def phase(self, now: datetime) -> Phase:
        """Whether something is on in some room, else what is still to come."""
        position = bisect_right(self.phases, now, key=itemgetter(0))
        if position:
            return self.phases[position - 1][1]
        return "before" if self.phases else "after"


def _phases(live: Sequence[Session]) -> Iterator[tuple[datetime, Phase]]:
    """The phases after "before", each with the instant from which it holds; none where nothing takes place."""
    change = Counter(session.start for session in live)
    change.subtract(session.end for session in live)
    on = 0
    known: Phase = "before"
    for edge in sorted(change):
        on += change[edge]
        if on:
            phase: Phase = "during"
        else:
            phase = "between" if edge < live[-1].start else "after"
        if phase != known:
            yield edge, phase
        known = phase


def within(session: Session, place: LineUpPlace) -> LineUpPlace:
    """A place of a session's line-up, which should end with the session where it is forecast to end after it."""
    return place if place.end <= session.end else replace(place, end=session.end)


def _room_timeline(program: Program, room: Room, former: RoomTimeline | None) -> RoomTimeline:
    sessions = program.sessions_in(room.id)
    same = former is not None and (former.room, former.sessions) == (room, sessions)
    return former if former is not None and same else RoomTimeline(room, sessions)


class RoomTimeline:
    """The moments of one room: ``moments[0]`` before all boundaries, ``moments[n]`` from ``boundaries[n - 1]`` on.

    Cancelled sessions have boundaries too: they are shown in their place until their end. Where a session has a
    line-up, so has each of its items.
    """

    def __init__(self, room: Room, ordered: tuple[Session, ...]) -> None:
        self.room, self.sessions = room, ordered
        self._live = [session for session in ordered if not session.cancelled]
        edges = {edge for session in ordered for edge in (session.start, session.end, *lineup.boundaries(session))}
        self.boundaries = sorted(edges)
        self.moments = [RoomMoment(room, None, self._next(0))]
        upcoming = deque(ordered)
        on: list[Session] = []
        for edge in self.boundaries:
            while upcoming and upcoming[0].start <= edge:
                on.append(upcoming.popleft())
            on = [session for session in on if session.end > edge]
            self.moments.append(self._moment(on, edge))

    def at(self, now: datetime) -> RoomMoment:
        """What is on at an instant."""
        return self.moments[bisect_right(self.boundaries, now)]

    @cached_property
    def answers(self) -> tuple[tuple[datetime | None, RoomMoment], ...]:
        """The moments that differ from the one before, each with the instant from which it holds (None: since ever)."""
        changes = zip((None, *self.boundaries), self.moments, strict=True)
        return tuple(next(same) for _, same in groupby(changes, key=itemgetter(1)))

    def _moment(self, on: Sequence[Session], edge: datetime) -> RoomMoment:
        """The moment from an edge on, in which the sessions ``on`` would be on."""
        begun = bisect_right(self._live, edge, key=attrgetter("start"))
        current = _foremost([session for session in on if not session.cancelled])
        cancelled = None if current else _foremost([session for session in on if session.cancelled])
        if cancelled and begun and self._live[begun - 1].start > cancelled.start:
            cancelled = None
        place = lineup.place_at(current, edge) if current else None
        item = within(current, place) if current and place else None
        return RoomMoment(self.room, current, self._next(begun), cancelled, item)

    def _next(self, begun: int) -> Session | None:
        """What starts next after so many live sessions have begun."""
        return self._live[begun] if begun < len(self._live) else None


def _foremost(on: Sequence[Session]) -> Session | None:
    """The session to show where several overlap: the one that began last, then the first to end, then by id."""
    return next((session for session in on if session.start == on[-1].start), None)
