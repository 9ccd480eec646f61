"""The timeline answers one question: what is on at this instant, and until when?

Half-open: at its start a session is now, at its end it is not. The answer is the same at
all instants of a segment, so it is found by bisection and can be kept per segment.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

from app.domain.program import Announcement, Program, Room
from app.domain.session import Session

Phase = Literal["before", "during", "between", "after"]
State = Literal["past", "now", "next", "later"]

NOTE_STANDS_FOR = timedelta(minutes=30)
# Before every session.
BEGINNING = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """The public note of a revision: why it changed ``sessions`` (ids), which were and are in ``rooms``.

    A room None is all rooms.
    """

    revision: int
    text: str
    at: datetime
    sessions: tuple[str, ...] = ()
    rooms: frozenset[str | None] = frozenset()

    @property
    def since(self) -> datetime:
        """From when on it stands, to the minute: so readers name an instant."""
        return self.at.replace(second=0, microsecond=0)

    @property
    def until(self) -> datetime:
        """From when on it does not stand any more."""
        return self.at + NOTE_STANDS_FOR

    def concerns(self, room_id: str) -> bool:
        """Whether it is to be read in a room: it is about a session there, or about none."""
        return not self.sessions or not self.rooms.isdisjoint({room_id, None})


@dataclass(frozen=True, slots=True)
class RoomMoment:
    """What is on in one room, and what starts next there.

    ``cancelled`` is what would be on but for its cancellation, until its end or the start of the next one.
    """

    room: Room
    now: Session | None
    next: Session | None
    cancelled: Session | None = None


@dataclass(frozen=True, slots=True)
class Moment:
    """The answer for all rooms. ``changes_at`` is the instant at which it may differ; None: never again."""

    phase: Phase
    rooms: tuple[RoomMoment, ...]
    announcements: tuple[Announcement, ...]
    changes_at: datetime | None
    notes: tuple[Note, ...] = ()

    def in_room(self, room_id: str) -> RoomMoment:
        """The answer for one room; KeyError for a room that is not in the program."""
        for answer in self.rooms:
            if answer.room.id == room_id:
                return answer
        raise KeyError(room_id)

    def state_of(self, session: Session, now: datetime) -> State:
        """How a session stands: over (past), now, next, or later. Cancelled ones are past or later."""
        answers = [answer for answer in self.rooms if session.room in (answer.room.id, None)]
        if any(answer.now is not None and answer.now.id == session.id for answer in answers):
            return "now"
        if any(answer.next is not None and answer.next.id == session.id for answer in answers):
            return "next"
        return "past" if session.end <= now else "later"


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of time between two boundaries, half-open; None: unbounded on that side."""

    index: int
    start: datetime | None
    end: datetime | None


class Timeline:
    """The sessions of a program in order, and its notes; cancelled and zero-length sessions are never now."""

    def __init__(self, program: Program, notes: Sequence[Note] = ()) -> None:
        self.program = program
        self.notes = tuple(notes)
        live = [session for session in program.sessions if not session.cancelled]
        for_all = [session for session in program.sessions if session.room is None]
        by_room: dict[str, list[Session]] = {room.id: list(for_all) for room in program.rooms}
        for session in program.sessions:
            if session.room is not None:
                by_room[session.room].append(session)
        self._rooms = [(room, _RoomTimeline(by_room[room.id])) for room in program.rooms]
        # A cancelled session's too: until its end it stays, and then it is past.
        edges = {edge for session in program.sessions for edge in (session.start, session.end)}
        edges.update(announcement.until for announcement in program.announcements)
        edges.update(edge for note in notes for edge in (note.since, note.until))
        self.boundaries: tuple[datetime, ...] = tuple(sorted(edges))
        self.phases: tuple[tuple[datetime, Phase], ...] = tuple(_phases(live))

    def segment(self, now: datetime) -> Segment:
        """The segment an instant lies in."""
        index = bisect_right(self.boundaries, now)
        start = self.boundaries[index - 1] if index else None
        end = self.boundaries[index] if index < len(self.boundaries) else None
        return Segment(index, start, end)

    def moment(self, now: datetime) -> Moment:
        """What is on at an instant, found by bisection."""
        rooms = tuple(RoomMoment(room, *timeline.at(now)) for room, timeline in self._rooms)
        announcements = tuple(one for one in self.program.announcements if now < one.until)
        # All that were published and have not ended; from when on one is shown is for who shows it.
        notes = tuple(note for note in self.notes if now < note.until)
        return Moment(self.phase(now), rooms, announcements, self.segment(now).end, notes)

    def answers(self, room_id: str) -> Iterator[tuple[datetime | None, RoomMoment]]:
        """All answers for one room in order, each with the instant from which it holds (None: from ever).

        Raises KeyError for a room that is not in the program.
        """
        room, timeline = next((one for one in self._rooms if one[0].id == room_id), (None, None))
        if room is None or timeline is None:
            raise KeyError(room_id)
        known = None
        for instant in (None, *timeline.boundaries):
            answer = RoomMoment(room, *timeline.at(instant or BEGINNING))
            if answer != known:
                yield instant, answer
            known = answer

    def phase(self, now: datetime) -> Phase:
        """Whether something is on in some room, else what is still to come."""
        position = bisect_right(self.phases, now, key=lambda turn: turn[0])
        return self.phases[position - 1][1] if position else self._first_phase

    @property
    def _first_phase(self) -> Phase:
        return "before" if self.phases else "after"


def _phases(live: Sequence[Session]) -> Iterator[tuple[datetime, Phase]]:
    """The phases after "before", each with the instant from which it holds; none where nothing takes place."""
    edges = sorted({edge for session in live for edge in (session.start, session.end)})
    lasting = [session for session in live if session.start < session.end]
    begun, ended = sorted(session.start for session in lasting), sorted(session.end for session in lasting)
    last_start = max((session.start for session in live), default=datetime.max.replace(tzinfo=UTC))
    known: Phase = "before"
    for edge in edges:
        if bisect_right(begun, edge) > bisect_right(ended, edge):
            phase: Phase = "during"
        else:
            phase = "between" if edge < last_start else "after"
        if phase != known:
            yield edge, phase
        known = phase


class _RoomTimeline:
    """One room's answers, found by bisection."""

    def __init__(self, sessions: Iterable[Session]) -> None:
        ordered = sorted(sessions, key=Session.order)
        self.boundaries = sorted({edge for session in ordered for edge in (session.start, session.end)})
        self._ordered = [session for session in ordered if not session.cancelled]
        self._starts = [session.start for session in self._ordered]
        self._on = _Foremost(self._ordered)
        self._cancelled = _Foremost([session for session in ordered if session.cancelled])

    def at(self, now: datetime) -> tuple[Session | None, Session | None, Session | None]:
        """What is now, what is next, and what would be now but is cancelled."""
        current = self._on.at(now)
        following = bisect_right(self._starts, now)
        cancelled = None if current else self._cancelled.at(now)
        if cancelled and following and self._starts[following - 1] > cancelled.start:
            cancelled = None
        return current, self._ordered[following] if following < len(self._ordered) else None, cancelled


class _Foremost:
    """The foremost of some sessions at any instant, worked out once by a sweep."""

    def __init__(self, ordered: Sequence[Session]) -> None:
        lasting = [session for session in ordered if session.start < session.end]
        self._edges = sorted({edge for session in lasting for edge in (session.start, session.end)})
        self._answers: list[Session | None] = [None]
        waiting = iter(lasting)
        upcoming = next(waiting, None)
        on: list[Session] = []
        for edge in self._edges:
            on = [session for session in on if session.end > edge]
            while upcoming is not None and upcoming.start <= edge:
                on.append(upcoming)
                upcoming = next(waiting, None)
            self._answers.append(_foremost(on))

    def at(self, now: datetime) -> Session | None:
        """Which of them is on, and foremost."""
        return self._answers[bisect_right(self._edges, now)]


def _foremost(on: Iterable[Session]) -> Session | None:
    """Where sessions overlap: the one that began last, then the one that ends first, then by id."""
    candidates = list(on)
    if not candidates:
        return None
    latest_start = max(session.start for session in candidates)
    return min((session for session in candidates if session.start == latest_start), key=Session.order)
