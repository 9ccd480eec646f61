"""The departure board of many rooms: while which sessions stand on it, and while which rooms are quiet.

A session stands there from an hour before its start, once it is the next of its room, until its end. While nothing is
on anywhere, so do those that begin within two hours of the first start to come. A room with none of these is quiet.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from weakref import WeakKeyDictionary

from app.domain.conference_day import conference_day
from app.domain.program import Room
from app.domain.session import Session
from app.domain.timeline import RoomMoment, RoomTimeline, Timeline

SHOWN_BEFORE_START = timedelta(hours=1)
SHOWN_AFTER_FIRST_START = timedelta(hours=2)
# What lasts longer is no departure, but a desk or an exhibition: it stands below what begins and ends.
LONGEST_IN_ORDER = timedelta(hours=6)

# Half-open; None: unbounded on that side.
Since = datetime | None
TimeSpan = tuple[Since, datetime | None]
# A session on the board, from when until when.
Shown = tuple[Session, Since, datetime]


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


# What boards show of timelines: all pages of a revision ask for it.
_departures: WeakKeyDictionary[Timeline, tuple[Departure, ...]] = WeakKeyDictionary()
# What they show of rooms, with the waits for which that holds.
_kept: WeakKeyDictionary[RoomTimeline, tuple[tuple[TimeSpan, ...], tuple[Shown, ...]]] = WeakKeyDictionary()


def departures(timeline: Timeline) -> tuple[Departure, ...]:
    """Every session that stands on the board at some time: by start, then by room; what lasts all day comes last."""
    if timeline not in _departures:
        _departures[timeline] = tuple(_in_order(timeline))
    return _departures[timeline]


def departures_of_days(timeline: Timeline, now: datetime, more_days: int = 0) -> tuple[list[Departure], date]:
    """The departures of a day that have not ended, and that day: the present one, or the next that has some to come.

    With ``more_days`` those of so many days after it too; the day is then the last of them.
    """
    rows, program = [row for row in departures(timeline) if row.until > now], timeline.program
    first = conference_day(program, max(now, min((row.session.start for row in rows), default=now)))
    last = [first, *(day for day in sorted(timeline.days) if day > first)][: more_days + 1][-1]
    return [row for row in rows if conference_day(program, row.session.start) <= last], last


def quiet_spells(timeline: Timeline) -> list[QuietSpell]:
    """When each room is quiet, from the first start to the end of the program: by what comes after it, then by room."""
    if not timeline.phases:
        return []
    first, last = timeline.phases[0][0], timeline.phases[-1][0]
    spells = [spell for room, shown in _shown_by_room(timeline) for spell in _quiet_in(room, shown, first, last)]
    return sorted(spells, key=lambda spell: spell.next.start if spell.next else last)


def _in_order(timeline: Timeline) -> list[Departure]:
    spans: dict[str, tuple[Since, datetime]] = {}
    for _, shown in _shown_by_room(timeline):
        for session, since, until in shown:
            known = spans.get(session.id)
            spans[session.id] = (_earliest((known[0], since)), max(known[1], until)) if known else (since, until)
    places = {room.id: place for place, room in enumerate(timeline.program.rooms)}
    found = [Departure(one, *spans[one.id]) for one in timeline.program.sessions if one.id in spans]

    def order(one: Departure) -> tuple[bool, datetime, int, str]:
        return one.is_long, one.session.start, places.get(one.session.room or "", -1), one.session.id

    return sorted(found, key=order)


def _shown_by_room(timeline: Timeline) -> Iterator[tuple[RoomTimeline, Sequence[Shown]]]:
    """Each room with the sessions that stand on the board, each with a span.

    A room in which nothing differs from an earlier revision has the same timeline, and is not looked at again.
    """
    waits = tuple(_waits(timeline))
    for room in timeline.rooms.values():
        kept = _kept.get(room)
        if kept is None or kept[0] != waits:
            kept = _kept[room] = (waits, tuple(_shown_in(room, waits)))
        yield room, kept[1]


def _shown_in(room: RoomTimeline, waits: Iterable[TimeSpan]) -> Iterator[Shown]:
    """The sessions of a room that stand on the board, each with a span."""
    for since, until, moment in _moments(room):
        for session in (moment.now, moment.cancelled):
            if session is not None:
                yield session, since, until or session.end
        if moment.next is not None:
            yield from _before_start(moment.next, (since, until), waits)
    for session in room.sessions:
        if session.cancelled:
            yield from _before_start(session, (None, session.start), waits)


def _before_start(session: Session, span: TimeSpan, waits: Iterable[TimeSpan]) -> Iterator[Shown]:
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


def _waits(timeline: Timeline) -> Iterator[TimeSpan]:
    """The spans in which nothing is on in any room, but something will come."""
    phases = [(None, "before"), *timeline.phases]
    yield from ((since, until) for (since, phase), (until, _) in pairwise(phases) if phase in {"before", "between"})


def _moments(room: RoomTimeline) -> Iterator[tuple[Since, datetime | None, RoomMoment]]:
    moments = room.answers
    ends = [since for since, _ in moments[1:]]
    for (since, moment), until in zip(moments, [*ends, None], strict=True):
        yield since, until, moment


def _quiet_in(room: RoomTimeline, shown: Iterable[Shown], first: datetime, last: datetime) -> Iterator[QuietSpell]:
    """The gaps between the spans of a room."""
    free = first
    spans = sorted(((since or first, until) for _, since, until in shown), key=lambda span: span[0])
    for since, until in (*spans, (last, last)):
        if free < since:
            yield QuietSpell(room.room, free, since, room.at(free).next)
        free = max(free, until)


def _earliest(instants: Iterable[Since]) -> Since:
    """The earliest of some instants; None, which is before all, where one is None."""
    found = list(instants)
    return None if None in found else min(one for one in found if one is not None)


def _latest(*instants: Since) -> Since:
    known = [one for one in instants if one is not None]
    return max(known, default=None)
