"""Starting and ending a session at the actual time, as chairs do."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from app.domain.change_text import quoted_title
from app.domain.conference_day import conference_day
from app.domain.edits.edit_types import EndNow, StartNow
from app.domain.edits.outcome import EditRefused, Outcome
from app.domain.edits.overlaps import with_overlap_clashes
from app.domain.edits.push import Placed, push_following
from app.domain.edits.session_rules import (
    may_be_running_over,
    overlap,
    refuse_cancelled,
    refuse_over,
    refuse_pinned,
    share_a_room,
)
from app.domain.instants import MINUTE
from app.domain.program import Program
from app.domain.session import Session


def start_now(program: Program, edit: StartNow, now: datetime) -> Outcome:
    """The session begins in the current minute and keeps its length.

    What is on or running over in its room ends then, or a minute after its own start if it has just begun, and the
    session begins there. What follows is pushed, including sessions that were planned before it and have not begun.
    Where it had begun already, it begins anew: the steps of its line-up are gone.
    """
    session = program.session(edit.session)
    _refuse_start(program, session, now)
    ending = [one for one in program.sessions if _makes_room(program, one, session, edit, now)]
    start = max([now, *(one.start + MINUTE for one in ending)])
    if session.start != start:
        refuse_pinned(session, edit, "Start")
    least = dict(edit.shorten).get(session.id)
    length = session.slot.length if least is None else timedelta(minutes=least)
    slot = replace(session.slot, start=start, end=start + length)
    order = session.order() if session.start < start else (start, start, "")
    outcome = push_following(program, edit, {session.id: Placed(slot, order)}, now, pushable_from=start)
    begun = (
        replace(one, steps=()) if one.id == session.id and session.start < start else one for one in outcome.sessions
    )
    ended = (_ended(one, min(start, one.end)) for one in ending)
    return with_overlap_clashes(program, replace(outcome, sessions=(*begun, *ended)), session.id)


def end_now(program: Program, edit: EndNow, now: datetime) -> Outcome:
    """The session ends in the current minute, in its first one at the next; what follows stays where it is."""
    session = program.session(edit.session)
    refuse_cancelled(session)
    refuse_over(program, session, now)
    if session.start > now:
        raise EditRefused(f"{quoted_title(session)} begins at {program.clock(session.start)}, so it cannot end yet")
    end = min(session.end, max(now, session.start + MINUTE))
    return Outcome(sessions=(_ended(session, end),))


def _ended(session: Session, end: datetime) -> Session:
    return replace(session, slot=replace(session.slot, end=end), ended_by_hand=True)


def _makes_room(program: Program, one: Session, starting: Session, edit: StartNow, now: datetime) -> bool:
    """Whether a session ends when another starts in its room: it is on, or may be running over."""
    if one.id == starting.id or not share_a_room(one.slot, starting.slot) or _side_by_side(one, starting):
        return False
    if one.end <= now:
        return may_be_running_over(program, one, now)
    elsewhere = one.room is None and starting.room is not None and len(program.rooms) > 1
    stays = one.cancelled or elsewhere or edit.leaves_pinned(one)
    return one.start <= now and not stays


def _side_by_side(one: Session, other: Session) -> bool:
    """Whether one is planned to take place during the other."""
    shorter = min(one.slot.length, other.slot.length)
    return timedelta(0) < shorter == overlap(one.slot, other.slot)


def _refuse_start(program: Program, session: Session, now: datetime) -> None:
    refuse_cancelled(session)
    refuse_over(program, session, now)
    if conference_day(program, session.start) != conference_day(program, now):
        raise EditRefused(f"{quoted_title(session)} is on another day")
