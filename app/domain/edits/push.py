"""The push: how a session that moves moves those after it in its room and on its day.

A session moves only as far as those before it push it. An elastic one begins later and keeps its end,
down to its least length, and so absorbs the push. A pinned one stays, unless the edit names it: pushed
like any other, or squeezed like an elastic one. A session that would run into one that stays clashes.
Sessions that are over or on are not moved, and cancelled ones are ignored. Sessions that overlapped
before may overlap for as long as they did; that neither pushes nor clashes.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from heapq import merge
from itertools import chain, islice
from operator import itemgetter

from app.domain.change_text import minutes_text, quoted_title
from app.domain.conference_day import conference_day
from app.domain.edits.edit_types import Pushing
from app.domain.edits.outcome import Clash, EditRefused, Outcome
from app.domain.edits.session_rules import share_a_room
from app.domain.instants import MINUTE, minutes_rounded_up
from app.domain.program import Program
from app.domain.session import Session, Slot

Order = tuple[datetime, datetime, str]


@dataclass(frozen=True, slots=True)
class Placed:
    """The slot in which an edit itself puts a session, and its position in the order of the push."""

    slot: Slot
    order: Order


def push_following(
    program: Program,
    edit: Pushing,
    placed: Mapping[str, Placed],
    now: datetime,
    *,
    pushable_from: datetime | None = None,
) -> Outcome:
    """The sessions that an edit places, and those that they push.

    Sessions that have begun keep their start. ``pushable_from`` is the earliest start of those that are
    pushed nevertheless, since they were planned to have begun but did not.
    """
    shorten = dict(edit.shorten)
    days = {conference_day(program, one.order[0]) for one in placed.values()}
    moved, clashes, passed = _Moved(), [], set()
    for session in _followers(program, placed, now, pushable_from or now + timedelta.resolution):
        if session.start >= moved.latest_end and conference_day(program, session.start) > max(days):
            break
        passed.add(session.id)
        in_place = slot_from(session, session.start, shorten.get(session.id))
        wanted = placed[session.id].slot if session.id in placed else in_place
        start, pusher = moved.push(session, wanted)
        keeps_start = session.id in placed and wanted.start == session.start <= now
        if start > wanted.start and not keeps_start:
            latest = _latest_start(session, wanted, edit)
            if conference_day(program, session.start) not in days:
                latest = wanted.start
            if latest is not None and start > latest:
                squeezed_to = latest if latest > wanted.start else None
                clashes.append(Clash(pusher, session.id, minutes_rounded_up(start - latest), squeezed_to))
            elif latest is not None:
                wanted = replace(wanted, start=start)
            elif session.id in placed:
                wanted = wanted.starting_at(start)
            else:
                wanted = slot_from(session, start, shorten.get(session.id))
        moved.add(session, wanted)
    _check_shortened(program, shorten, passed, placed)
    return Outcome(sessions=moved.sessions(), clashes=tuple(clashes))


def slot_from(session: Session, start: datetime, shortened_to: int | None = None) -> Slot:
    """The slot of a session that begins at ``start``; ``shortened_to`` is its new length in minutes, if any.

    An elastic session that begins later keeps its end, down to its least length.
    """
    if shortened_to is not None:
        return replace(session.slot, start=start, end=start + timedelta(minutes=shortened_to))
    slot = session.slot.starting_at(start)
    if start <= session.start or not session.elastic or session.min_minutes is None:
        return slot
    least = min(timedelta(minutes=session.min_minutes), slot.length)
    return replace(slot, end=max(session.end, start + least))


def _latest_start(session: Session, wanted: Slot, edit: Pushing) -> datetime | None:
    """The latest start to which a session is pushed: a pinned one stays, or is squeezed; None for any other."""
    if not edit.leaves_pinned(session):
        return None
    if session.id in edit.squeeze and session.min_minutes is not None:
        return max(wanted.start, wanted.end - session.min_minutes * MINUTE)
    return wanted.start


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
        if not (session.cancelled or session.end <= now or session.start < pushable_from or session.id in placed)
    )
    return merge(sorted(map(program.session, placed), key=order), free, key=order)


def _check_shortened(
    program: Program, shorten: Mapping[str, int], passed: AbstractSet[str], placed: Mapping[str, Placed]
) -> None:
    for name, least in shorten.items():
        session = program.session(name)
        if name not in passed:
            raise EditRefused(
                f"{quoted_title(session)} does not come after what is moved, so it is not shortened with it"
            )
        check_length(session, least)
        if name in placed and placed[name].slot.length != timedelta(minutes=least):
            raise EditRefused(f"the end of {quoted_title(session)} is moved already, so it is not shortened with it")


def check_length(session: Session, to_minutes: int) -> None:
    """Raise `EditRefused` for a length to which a session cannot be shortened."""
    if not MINUTE <= to_minutes * MINUTE <= session.slot.length:
        lasts = f"{quoted_title(session)} lasts {minutes_text(session.minutes)}"
        raise EditRefused(f"{lasts}; it can be shortened to 1 at least, not to {to_minutes}", field="minutes")


class _Moved:
    """The sessions that have moved so far, by their new room."""

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
        """The instant from which a session may start, and the id of the session that it starts after."""
        rooms = list(self._by_room) if wanted.room is None else [wanted.room, None]
        near = chain.from_iterable(self._by_room[room] for room in rooms)
        pushes = [(earliest_start(old.slot, slot, session.slot), old.id) for old, slot in near]
        return max(pushes, default=(wanted.start, session.id), key=itemgetter(0))


def earliest_start(before: Slot, after: Slot, follower: Slot) -> datetime:
    """The instant from which the follower of a session that moved may start.

    If they did not overlap before, that is the end of the moved one. If the follower began during it and
    ended after it, they may overlap for as long as before. If the follower took place within it, it
    starts no earlier than it.
    """
    apart = before.end <= follower.start or follower.end <= before.start
    if apart or not share_a_room(before, follower):
        return after.end
    if before.start == follower.start:
        return follower.start
    if follower.end <= before.end:
        return after.start
    return max(after.start, after.end - (before.end - follower.start))
