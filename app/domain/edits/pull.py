"""Pulling forward: what follows a session that ends early closes the gap."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from app.domain.edits.outcome import Outcome
from app.domain.edits.ripple import least_start
from app.domain.edits.standing import conference_day, share_a_room
from app.domain.program import Program
from app.domain.session import Session, Slot

NOTHING = timedelta(0)


def pulled(program: Program, session: Session, slot: Slot, now: datetime) -> Outcome:
    """A session that ends earlier, and those after it in its room and on its day, each brought forward as far.

    A pinned one ends it: it stays, and so does all that comes after it. One that is in several
    rooms comes forward only as far as all of them are free.
    """
    day = conference_day(program, session.start)
    gains = {room.id: NOTHING for room in program.rooms}
    _set(gains, slot.room, session.end - slot.end)
    moved = {session.id: slot}
    for other in program.sessions:
        if other.cancelled or other.id == session.id or other.start < session.end:
            continue
        rooms = [other.room] if other.room else list(gains)
        gain = min(gains[room] for room in rooms)
        if other.pinned or conference_day(program, other.start) != day:
            gain = NOTHING
        if gain:
            start = max(other.start - gain, _free_from(program, other, moved), now)
            gain = max(other.start - start, NOTHING)
        if gain:
            moved[other.id] = replace(other.slot, start=other.start - gain, end=other.end - gain)
        _set(gains, other.room, gain)
    return Outcome(sessions=tuple(replace(program.session(name), slot=one) for name, one in moved.items()))


def _set(gains: dict[str, timedelta], room: str | None, gain: timedelta) -> None:
    for name in [room] if room else gains:
        gains[name] = gain


def _free_from(program: Program, session: Session, moved: dict[str, Slot]) -> datetime:
    """From when on nothing that comes before a session keeps it from starting."""
    before = (
        other
        for other in program.sessions
        if not other.cancelled and other.order() < session.order() and share_a_room(other.slot, session.slot)
    )
    return max(least_start(one.slot, moved.get(one.id, one.slot), session.slot) for one in before)
