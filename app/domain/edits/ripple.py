"""The push: what a session that moves does to those after it in its room and on its day.

A session moves only as far as those before it push it. An elastic one gives way at its front down
to its least length, and so absorbs the push; a pinned one stays, and what would run into it is a
clash. What is over or on is not touched, cancelled sessions are not there at all. Sessions that
lay over each other before may do so as long as they did; that alone neither pushes nor clashes.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from heapq import merge
from itertools import chain, islice

from app.domain.edits.kinds import Pushing
from app.domain.edits.outcome import Clash, Outcome
from app.domain.edits.standing import conference_day, is_over, share_a_room
from app.domain.errors import EditRefused
from app.domain.program import Program
from app.domain.session import Session, Slot
from app.domain.telling import minutes, named

Order = tuple[datetime, datetime, str]


@dataclass(frozen=True, slots=True)
class Placed:
    """Where an edit itself puts a session, and where that stands in the order of the push."""

    slot: Slot
    order: Order


def ripple(
    program: Program,
    edit: Pushing,
    placed: Mapping[str, Placed],
    now: datetime,
    *,
    pushable_from: datetime | None = None,
) -> Outcome:
    """The sessions that an edit places, and those that they push.

    What has begun keeps its start, but for what starts at ``pushable_from`` or later: it only
    seemed to have begun.
    """
    shorten = dict(edit.shorten)
    days = {conference_day(program, one.order[0]) for one in placed.values()}
    moved, clashes, passed = _Moved(), [], set()
    for session in _followers(program, placed, now, pushable_from or now + timedelta.resolution):
        if session.start >= moved.latest_end and conference_day(program, session.start) > max(days):
            break
        passed.add(session.id)
        wanted = placed[session.id].slot if session.id in placed else _shortened(session, shorten)
        start, pusher = moved.push(session, wanted)
        if start > wanted.start:
            if _stays(session, edit) or conference_day(program, session.start) not in days:
                clashes.append(Clash(pusher, session.id, minutes(start - wanted.start)))
            elif session.id in placed or session.id in shorten:
                wanted = _from(wanted, start)
            else:
                wanted = late_slot(session, start)
        moved.add(session, wanted)
    _check_shortened(program, shorten, passed, placed)
    return Outcome(sessions=moved.sessions(), clashes=tuple(clashes))


def late_slot(session: Session, start: datetime, shortened_to: int | None = None) -> Slot:
    """The slot of a session that begins later: an elastic one keeps its end as long as it can."""
    if shortened_to is not None:
        return replace(session.slot, start=start, end=start + timedelta(minutes=shortened_to))
    slot = _from(session.slot, start)
    if not session.elastic or session.min_minutes is None:
        return slot
    least = min(timedelta(minutes=session.min_minutes), session.end - session.start)
    return replace(slot, end=max(session.end, start + least))


def _from(slot: Slot, start: datetime) -> Slot:
    return replace(slot, start=start, end=start + (slot.end - slot.start))


def _stays(session: Session, edit: Pushing) -> bool:
    return session.pinned and session.id not in edit.push


def _shortened(session: Session, shorten: Mapping[str, int]) -> Slot:
    return late_slot(session, session.start, shorten[session.id]) if session.id in shorten else session.slot


def _followers(
    program: Program, placed: Mapping[str, Placed], now: datetime, pushable_from: datetime
) -> Iterator[Session]:
    """The placed sessions and all after them that may be pushed, in the order of the push."""

    def order(session: Session) -> Order:
        return placed[session.id].order if session.id in placed else session.order()

    first = bisect_left(program.sessions, min(one.order for one in placed.values()), key=Session.order)
    free = (
        session
        for session in islice(program.sessions, first, None)
        if not (session.cancelled or is_over(session, now) or session.start < pushable_from or session.id in placed)
    )
    return merge(sorted(map(program.session, placed), key=order), free, key=order)


def _check_shortened(
    program: Program, shorten: Mapping[str, int], passed: AbstractSet[str], placed: Mapping[str, Placed]
) -> None:
    for name, least in shorten.items():
        session = program.session(name)
        if name not in passed:
            raise EditRefused(f"{named(session)} does not come after what is moved, so it is not shortened with it")
        check_length(session, least)
        if name in placed and placed[name].slot.end - placed[name].slot.start != timedelta(minutes=least):
            raise EditRefused(f"the end of {named(session)} is moved already, so it is not shortened with it")


def check_pushed(program: Program, edit: Pushing) -> None:
    """Raise `UnknownName` or `EditRefused` for a choice that is none: a mistyped name must not pass for another."""
    for name in sorted(edit.push):
        if not program.session(name).pinned:
            raise EditRefused(f"{named(program.session(name))} is not pinned, so it is pushed without being named")


def check_length(session: Session, to_minutes: int) -> None:
    """Raise `EditRefused` for a length to which a session cannot be shortened."""
    whole = (session.end - session.start) // timedelta(minutes=1)
    if not 1 <= to_minutes <= whole:
        raise EditRefused(
            f"{named(session)} lasts {whole} minutes; it can be shortened to 1 at least, not to {to_minutes}"
        )


class _Moved:
    """The sessions that moved so far, by the room they are in now."""

    def __init__(self) -> None:
        self._by_room: dict[str | None, list[tuple[Session, Slot]]] = defaultdict(list)
        self.latest_end = datetime.min.replace(tzinfo=UTC)

    def add(self, session: Session, slot: Slot) -> None:
        if slot != session.slot:
            self._by_room[slot.room].append((session, slot))
            self.latest_end = max(self.latest_end, slot.end)

    def sessions(self) -> tuple[Session, ...]:
        return tuple(replace(session, slot=slot) for session, slot in chain.from_iterable(self._by_room.values()))

    def push(self, session: Session, wanted: Slot) -> tuple[datetime, str]:
        """The instant from which a session may start, and who keeps it from starting earlier."""
        pushes = [(least_start(old.slot, slot, session.slot), old.id) for old, slot in self._near(wanted.room)]
        return max(pushes, default=(wanted.start, session.id), key=lambda push: push[0])

    def _near(self, room: str | None) -> Iterable[tuple[Session, Slot]]:
        if room is None:
            return chain.from_iterable(self._by_room.values())
        return chain(self._by_room[room], self._by_room[None])


def least_start(before: Slot, after: Slot, follower: Slot) -> datetime:
    """From when on a session may start that comes after one which moved.

    After its end, if they did not lie over each other before. Where the second began in the first
    and outlasted it, it goes on to do so for as long. One inside the other only keeps the order.
    """
    apart = before.end <= follower.start or follower.end <= before.start
    if apart or not share_a_room(before, follower):
        return after.end
    if before.start == follower.start:
        return follower.start
    if follower.end <= before.end:
        return after.start
    return max(after.start, after.end - (before.end - follower.start))
