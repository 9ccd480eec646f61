"""Whether a session was put where another one is."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from datetime import timedelta
from itertools import islice

from app.domain.edits.outcome import Clash, Outcome
from app.domain.edits.standing import overlap
from app.domain.program import Program
from app.domain.session import Session, Slot
from app.domain.telling import minutes


def overlap_before(one: Session, other: Session) -> timedelta:
    """For how long two sessions lie over each other as they stand."""
    return overlap(one.slot, other.slot)


def overlap_planned(one: Session, other: Session) -> timedelta:
    """For how long two sessions lay over each other in the program's files."""
    return overlap(one.scheduled, other.scheduled)


def new_overlaps(after: Program, *befores: Program) -> tuple[Clash, ...]:
    """Where a session that does not stand as in the first of the programs before lies over another.

    What lay over each other for as long in one of those before does not count; each pair is told once.
    """
    old = [_slots(before) for before in befores]
    slots = _slots(after)
    moved = {name for name, slot in slots.items() if old[0].get(name) != slot}
    return tuple(
        Clash(one, other, minutes(overlap(slots[one], slots[other])))
        for one, other in _pairs(slots, moved)
        if overlap(slots[one], slots[other]) > max(_overlap_in(before, one, other) for before in old)
    )


def _slots(program: Program) -> dict[str, Slot]:
    """Where the sessions that take place stand, in the order of the day."""
    return {session.id: session.slot for session in program.sessions if not session.cancelled}


def _pairs(slots: Mapping[str, Slot], moved: AbstractSet[str]) -> Iterator[tuple[str, str]]:
    """The pairs that meet in a room, with one that moved; that one first."""
    names = list(slots)
    for number, one in enumerate(names, start=1):
        for other in islice(names, number, None):
            if slots[other].start >= slots[one].end:
                break
            if {one, other} & moved and overlap(slots[one], slots[other]):
                yield (one, other) if one in moved else (other, one)


def _overlap_in(slots: Mapping[str, Slot], one: str, other: str) -> timedelta:
    return overlap(slots[one], slots[other]) if one in slots and other in slots else timedelta(0)


def laid_over(
    program: Program,
    outcome: Outcome,
    *placed: str,
    allowed: Callable[[Session, Session], timedelta] = overlap_before,
) -> Outcome:
    """The outcome with a clash for each session that a placed one lies over for longer than is allowed."""
    told = {frozenset((clash.session, clash.into)) for clash in outcome.clashes}
    after = {session.id: session for session in outcome.sessions}
    clashes = []
    for name in placed:
        session = program.session(name)
        new = after.get(name, session)
        for other in program.sessions:
            pair = frozenset((name, other.id))
            if other.cancelled or other.id == name or pair in told:
                continue
            length = overlap(new.slot, after.get(other.id, other).slot)
            if length > allowed(session, other):
                clashes.append(Clash(name, other.id, minutes(length)))
                told.add(pair)
    return outcome.also((), clashes)
