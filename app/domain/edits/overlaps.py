"""Overlaps of sessions in a room that an edit or a merge causes."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from operator import attrgetter

from app.domain.edits.outcome import Clash, Outcome
from app.domain.edits.session_rules import overlap
from app.domain.instants import minutes_rounded_up
from app.domain.program import Program
from app.domain.session import Session, Slot


def new_overlaps(after: Program, *befores: Program) -> tuple[Clash, ...]:
    """The overlaps of sessions whose slot is not the same as in the first of the ``befores``.

    Overlaps that are as long in one of the ``befores`` are left out; each pair is listed once.
    """
    slots, old = _slots(after.sessions), [_slots(before.sessions) for before in befores]
    moved = (name for name, slot in slots.items() if old[0].get(name) != slot)
    return tuple(_longer_overlaps(slots, moved, *old))


def with_overlap_clashes(
    program: Program, outcome: Outcome, *placed: str, former_slot: Callable[[Session], Slot] = attrgetter("slot")
) -> Outcome:
    """The outcome with a clash for each session that a placed one overlaps for longer than their former slots did.

    Cancelled sessions overlap with nothing.
    """
    known = {frozenset((clash.session, clash.into)) for clash in outcome.clashes}
    after = program.sessions_by_id | {session.id: session for session in outcome.sessions}
    before = {session.id: former_slot(session) for session in program.sessions}
    found = _longer_overlaps(_slots(after.values()), placed, before)
    clashes = [clash for clash in found if frozenset((clash.session, clash.into)) not in known]
    return replace(outcome, clashes=(*outcome.clashes, *clashes))


def _slots(sessions: Iterable[Session]) -> dict[str, Slot]:
    """The slots of the sessions that are not cancelled, by id."""
    return {session.id: session.slot for session in sessions if not session.cancelled}


def _longer_overlaps(slots: Mapping[str, Slot], placed: Iterable[str], *befores: Mapping[str, Slot]) -> Iterator[Clash]:
    """The overlaps of placed sessions that are longer than in each of the ``befores``; each pair is listed once."""
    in_order = sorted(slots.items(), key=lambda item: item[1].start)
    starts = [slot.start for _, slot in in_order]
    longest = max((slot.length for slot in slots.values()), default=timedelta(0))
    seen: set[str] = set()
    for one in filter(slots.__contains__, placed):
        seen.add(one)
        earliest = bisect_left(starts, slots[one].start - longest)
        for other, slot in in_order[earliest : bisect_left(starts, slots[one].end)]:
            length = overlap(slots[one], slot)
            if length and other not in seen and all(length > _overlap_in(before, one, other) for before in befores):
                yield Clash(one, other, minutes_rounded_up(length))


def _overlap_in(slots: Mapping[str, Slot], one: str, other: str) -> timedelta:
    return overlap(slots[one], slots[other]) if one in slots and other in slots else timedelta(0)
