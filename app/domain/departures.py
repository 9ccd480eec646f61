"""The departure board of many rooms: while which sessions stand on it, and while which rooms are quiet.

A session stands there from an hour before its start, once it is the next of its room, until its end. While nothing is
on anywhere, so do those that begin within two hours of the first start to come. A room with none of these is quiet.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from app.domain.program import Room
from app.domain.session import Session
from app.domain.timeline import RoomMoment, Timeline

SHOWN_BEFORE_START = timedelta(hours=1)
SHOWN_AFTER_FIRST_START = timedelta(hours=2)
# What lasts longer is no departure, but a desk or an exhibition: it stands below what begins and ends.
LONGEST_IN_ORDER = timedelta(hours=6)

# Half-open; None: unbounded on that side.
Since = datetime | None
Span = tuple[Since, datetime | None]


@dataclass(frozen=True, slots=True)
class Departure:
    """A session on the board, from ``since`` (None: since ever) until ``until``."""

    session: Session
    since: Since
    until: datetime

    @property
    def is_long(self) -> bool:
        """Whether it lasts so long that it stands below what begins and ends."""
        return self.session.end - self.session.start > LONGEST_IN_ORDER

    def holds_at(self, now: datetime) -> bool:
        """Whether it stands on the board at an instant."""
        return (self.since is None or self.since <= now) and now < self.until


@dataclass(frozen=True, slots=True)
class QuietSpell:
    """A time in which a room has nothing on the board; ``next`` is what comes there after it."""

    room: Room
    since: datetime
    until: datetime
    next: Session | None

    def holds_at(self, now: datetime) -> bool:
        """Whether the room is quiet at an instant."""
        return self.since <= now < self.until


def departures(timeline: Timeline) -> list[Departure]:
    """Every session that stands on the board at some time: by start, then by room; what lasts all day comes last."""
    spans: dict[str, list[tuple[Since, datetime]]] = {}
    for room in timeline.program.rooms:
        for session, since, until in _shown_in(timeline, room):
            spans.setdefault(session.id, []).append((since, until))
    places = {room.id: place for place, room in enumerate(timeline.program.rooms)}
    found = [
        Departure(session, _earliest(since for since, _ in spans[session.id]), max(end for _, end in spans[session.id]))
        for session in timeline.program.sessions
        if session.id in spans
    ]

    def order(one: Departure) -> tuple[bool, datetime, int, str]:
        return one.is_long, one.session.start, places.get(one.session.room or "", -1), one.session.id

    return sorted(found, key=order)


def quiet_spells(timeline: Timeline) -> list[QuietSpell]:
    """When each room is quiet, from the first start to the end of the program: by what comes after it, then by room."""
    if not timeline.phases:
        return []
    first, last = timeline.phases[0][0], timeline.phases[-1][0]
    spells = [spell for room in timeline.program.rooms for spell in _quiet_in(timeline, room, first, last)]
    return sorted(spells, key=lambda spell: spell.next.start if spell.next else last)


def _shown_in(timeline: Timeline, room: Room) -> Iterator[tuple[Session, Since, datetime]]:
    """The sessions of a room that stand on the board, each with a span."""
    waits = list(_waits(timeline))
    for since, until, moment in _moments(timeline, room):
        for session in (moment.now, moment.cancelled):
            if session is not None:
                yield session, since, until or session.end
        if moment.next is not None:
            yield from _before_start(moment.next, (since, until), waits)
    for session in timeline.program.sessions_in(room.id):
        if session.cancelled:
            yield from _before_start(session, (None, session.start), waits)


def _before_start(session: Session, span: Span, waits: Iterable[Span]) -> Iterator[tuple[Session, Since, datetime]]:
    """A session to come in a span, from an hour before its start, or in a wait at whose end or soon after it begins."""
    opening = session.start - SHOWN_BEFORE_START
    opens = [
        opening,
        *(since for since, end in waits if end is not None and end <= session.start < end + SHOWN_AFTER_FIRST_START),
    ]
    since = _latest(span[0], _earliest(opens))
    until = span[1] or session.start
    if since is None or since < until:
        yield session, since, until


def _waits(timeline: Timeline) -> Iterator[Span]:
    """The spans in which nothing is on in any room, but something will come."""
    phases = [(None, "before"), *timeline.phases]
    yield from ((since, until) for (since, phase), (until, _) in pairwise(phases) if phase in {"before", "between"})


def _moments(timeline: Timeline, room: Room) -> Iterator[tuple[Since, datetime | None, RoomMoment]]:
    moments = list(timeline.room_moments(room.id))
    ends = [since for since, _ in moments[1:]]
    for (since, moment), until in zip(moments, [*ends, None], strict=True):
        yield since, until, moment


def _quiet_in(timeline: Timeline, room: Room, first: datetime, last: datetime) -> Iterator[QuietSpell]:
    """The gaps between the spans of a room."""
    free = first
    shown = sorted(((since or first, until) for _, since, until in _shown_in(timeline, room)), key=lambda span: span[0])
    for since, until in (*shown, (last, last)):
        if free < since:
            yield QuietSpell(room, free, since, timeline.moment(free).in_room(room.id).next)
        free = max(free, until)


def _earliest(instants: Iterable[Since]) -> Since:
    """The earliest of some instants; None, which is before all, where one is None."""
    found = list(instants)
    return None if None in found else min(one for one in found if one is not None)


def _latest(*instants: Since) -> Since:
    known = [one for one in instants if one is not None]
    return max(known, default=None)
