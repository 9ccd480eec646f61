"""Whether a session was put where another one is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from app.domain.edits.outcome import Clash, Outcome
from app.domain.edits.standing import overlap
from app.domain.program import Program
from app.domain.session import Session
from app.domain.telling import minutes


def overlap_before(one: Session, other: Session) -> timedelta:
    """For how long two sessions lie over each other as they stand."""
    return overlap(one.slot, other.slot)


def overlap_planned(one: Session, other: Session) -> timedelta:
    """For how long two sessions lay over each other in the program's files."""
    return overlap(one.scheduled, other.scheduled)


def new_overlaps(after: Program, *befores: Program) -> tuple[Clash, ...]:
    """Where sessions of a program lie over each other for longer than they did in any of those before."""
    changed = [one for one in after.sessions if not one.cancelled and _stands_elsewhere(one, befores[0])]
    found: dict[frozenset[str], Clash] = {}
    for one in changed:
        for other in after.sessions:
            if other.cancelled or other.id == one.id:
                continue
            length = overlap(one.slot, other.slot)
            if length > max(_overlap_in(before, one.id, other.id) for before in befores):
                found.setdefault(frozenset((one.id, other.id)), Clash(one.id, other.id, minutes(length)))
    return tuple(found.values())


def _stands_elsewhere(session: Session, before: Program) -> bool:
    old = {one.id: one for one in before.sessions}.get(session.id)
    return old is None or old.cancelled or old.slot != session.slot


def _overlap_in(program: Program, *names: str) -> timedelta:
    slots = [one.slot for one in program.sessions if one.id in names and not one.cancelled]
    return overlap(*slots) if len(slots) == len(names) else timedelta(0)


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
