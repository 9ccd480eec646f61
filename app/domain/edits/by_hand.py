"""Start and end from the actual time, as a chair taps them."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from app.domain.edits.kinds import EndNow, StartNow
from app.domain.edits.laid_over import laid_over
from app.domain.edits.outcome import Outcome, WayOut
from app.domain.edits.ripple import Placed, ripple
from app.domain.edits.standing import (
    conference_day,
    goes_on,
    is_on,
    overlap,
    refuse_cancelled,
    refuse_over,
    share_a_room,
)
from app.domain.errors import EditRefused
from app.domain.program import Program
from app.domain.session import Session
from app.domain.telling import clock, named

# Who taps "start" so soon after the planned start says that it is on, not that it is late.
IN_TIME = timedelta(minutes=1)


def start_now(program: Program, edit: StartNow, now: datetime) -> Outcome:
    """The session begins now and keeps its length; one that began within the last minute began in time.

    What is on in its place ends, what was planned before it comes after it, and what follows is
    pushed. What may end late ("still on") has ended.
    """
    session = program.session(edit.session)
    _refuse_start(program, session, edit, now)
    start = _start(session, now)
    least = dict(edit.shorten).get(session.id)
    span = session.end - session.start if least is None else timedelta(minutes=least)
    slot = replace(session.slot, start=start, end=start + span)
    order = session.order() if session.start < start else (start, start, "")
    outcome = ripple(program, edit, {session.id: Placed(slot, order)}, now, pushable_from=start)
    ended = [
        _ended(one, min(start, one.end)) for one in program.sessions if _makes_room(program, one, session, edit, now)
    ]
    return laid_over(program, outcome.also(ended), session.id)


def end_now(program: Program, edit: EndNow, now: datetime) -> Outcome:
    """What is on ends now; what follows stays where it is."""
    session = program.session(edit.session)
    refuse_cancelled(session)
    refuse_over(program, session, now)
    if session.start >= now:
        raise EditRefused(f"{named(session)} begins at {clock(program, session.start)}, so it cannot end yet")
    return Outcome(sessions=(_ended(session, now),))


def _start(session: Session, now: datetime) -> datetime:
    """When a session that is started begins: to push the day by seconds would be nobody's wish."""
    return session.start if session.start <= now < session.start + IN_TIME else now


def _ended(session: Session, end: datetime) -> Session:
    return replace(session, slot=replace(session.slot, end=end), ended_by_hand=True)


def _makes_room(program: Program, one: Session, starting: Session, edit: StartNow, now: datetime) -> bool:
    """Whether a session has ended when another starts in its place: it was on, or might have been still on."""
    if one.id == starting.id or not share_a_room(one.slot, starting.slot) or _side_by_side(one, starting):
        return False
    if one.end <= now:
        return goes_on(program, one, now)
    elsewhere = one.room is None and starting.room is not None and len(program.rooms) > 1
    stays = elsewhere or (one.pinned and one.id not in edit.push)
    return is_on(one, now) and one.start < _start(starting, now) and not stays


def _side_by_side(one: Session, other: Session) -> bool:
    """Whether one was planned to take place during the other."""
    shorter = min(one.end - one.start, other.end - other.start)
    return timedelta(0) < shorter == overlap(one.slot, other.slot)


def _refuse_start(program: Program, session: Session, edit: StartNow, now: datetime) -> None:
    refuse_cancelled(session)
    refuse_over(program, session, now)
    if conference_day(program, session.start) != conference_day(program, now):
        raise EditRefused(f"{named(session)} is on another day")
    if session.pinned and session.id not in edit.push and session.start != _start(session, now):
        pushed = replace(edit, push=edit.push | {session.id})
        raise EditRefused(
            f"{named(session)} is pinned", [WayOut(pushed, f"Start {named(session)} although it is pinned.")]
        )
