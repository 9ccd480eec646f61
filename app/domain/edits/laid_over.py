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
