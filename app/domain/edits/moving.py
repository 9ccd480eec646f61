"""Edits of a session's time, room, order and length, and its start and end at the actual time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from app.domain.change_text import minutes_text, quoted_title
from app.domain.conference_day import conference_day
from app.domain.edits.edit_types import ChangeRoom, Delay, EndNow, Move, Shorten, StartNow, Swap
from app.domain.edits.outcome import EditRefused, Outcome, Suggestion
from app.domain.edits.overlaps import with_overlap_clashes
from app.domain.edits.push import Placed, check_length, push_following
from app.domain.edits.session_rules import (
    may_be_running_over,
    overlap,
    refuse_begun,
    refuse_cancelled,
    refuse_over,
    refuse_past_end,
    share_a_room,
    start_of_minute,
)
from app.domain.instants import MINUTE, minutes_rounded_up, utc
from app.domain.program import Program
from app.domain.session import Session

# A session started so soon after its planned start is on time.
ON_TIME = MINUTE


def shorten(program: Program, edit: Shorten, now: datetime) -> Outcome:
    """The session keeps its start and ends earlier; what follows stays where it is."""
    session = program.session(edit.session)
    refuse_cancelled(session)
    refuse_over(program, session, now)
    check_length(session, edit.minutes)
    end = session.start + timedelta(minutes=edit.minutes)
    refuse_past_end(program, session, end, now)
    return Outcome(sessions=(replace(session, slot=replace(session.slot, end=end)),))


def move(program: Program, edit: Move, now: datetime) -> Outcome:
    """The session keeps its length and starts at another time of its day; nothing else moves."""
    session = program.session(edit.session)
    slot = replace(session.slot.starting_at(utc(edit.start)), room=edit.room or session.room)
    program.room_name(slot.room)  # raises UnknownName
    if slot == session.slot:
        return Outcome()
    if not session.cancelled:
        refuse_begun(program, session, now, _later_end(session, slot.start, now))
    _refuse_time(program, session, slot.start, now)
    return with_overlap_clashes(program, Outcome(sessions=(replace(session, slot=slot),)), session.id)


def change_room(program: Program, edit: ChangeRoom, now: datetime) -> Outcome:
    """The session keeps its time; it may have begun."""
    session = program.session(edit.session)
    program.room_name(edit.room)  # raises UnknownName
    refuse_over(program, session, now)
    if edit.room == session.room:
        return Outcome()
    outcome = Outcome(sessions=(replace(session, slot=replace(session.slot, room=edit.room)),))
    return with_overlap_clashes(program, outcome, session.id)


def swap(program: Program, edit: Swap, now: datetime) -> Outcome:
    """Each session begins where the other did; two that are adjacent fill the same time as before."""
    if edit.first == edit.second:
        raise EditRefused("a session cannot be swapped with itself")
    pair = sorted(map(program.session, (edit.first, edit.second)), key=Session.order)
    for session in pair:
        refuse_cancelled(session)
        refuse_begun(program, session, now)
    early, late = pair
    adjacent = early.room == late.room and early.end == late.start
    start = late.end - early.slot.length if adjacent else late.start
    slots = {
        late.id: replace(late.slot.starting_at(early.start), room=early.room),
        early.id: replace(early.slot.starting_at(start), room=late.room),
    }
    placed = {name: Placed(slot, (slot.start, slot.end, name)) for name, slot in slots.items()}
    return with_overlap_clashes(program, push_following(program, edit, placed, now), *placed)


def _later_end(session: Session, start: datetime, now: datetime) -> Iterator[Suggestion]:
    if start > now:
        later = minutes_rounded_up(start - session.start)
        yield Suggestion(Delay(session.id, later), f"End it {minutes_text(later)} later.")


def _refuse_time(program: Program, session: Session, start: datetime, now: datetime) -> None:
    if start < start_of_minute(now):
        raise EditRefused(
            f"{program.clock(start)} has passed; it is {program.clock(now)}",
            [Suggestion(StartNow(session.id), "Start it now."), *_earliest(program, session, now)],
        )
    if conference_day(program, start) != conference_day(program, session.start):
        raise EditRefused(f"{quoted_title(session)} can be moved within its day only")


def _earliest(program: Program, session: Session, now: datetime) -> Iterator[Suggestion]:
    """Bringing it forward as far as possible, which may be chosen in place of starting it now."""
    earlier = (session.start - start_of_minute(now)) // MINUTE
    if earlier > 0 and not session.pinned:
        start = program.clock(session.start - earlier * MINUTE)
        yield Suggestion(Delay(session.id, -earlier), f"Bring it forward by {minutes_text(earlier)}, to {start}.")


def start_now(program: Program, edit: StartNow, now: datetime) -> Outcome:
    """The session begins now and keeps its length; one that began within the last minute keeps its start.

    What is on or running over in its room ends, and what follows is pushed, including sessions that
    were planned before it and have not begun.
    """
    session = program.session(edit.session)
    _refuse_start(program, session, edit, now)
    start = _start(session, now)
    least = dict(edit.shorten).get(session.id)
    length = session.slot.length if least is None else timedelta(minutes=least)
    slot = replace(session.slot, start=start, end=start + length)
    order = session.order() if session.start < start else (start, start, "")
    outcome = push_following(program, edit, {session.id: Placed(slot, order)}, now, pushable_from=start)
    ended = (
        _ended(one, min(start, one.end)) for one in program.sessions if _makes_room(program, one, session, edit, now)
    )
    return with_overlap_clashes(program, replace(outcome, sessions=(*outcome.sessions, *ended)), session.id)


def end_now(program: Program, edit: EndNow, now: datetime) -> Outcome:
    """The session ends now; what follows stays where it is."""
    session = program.session(edit.session)
    refuse_cancelled(session)
    refuse_over(program, session, now)
    if session.start >= now:
        raise EditRefused(f"{quoted_title(session)} begins at {program.clock(session.start)}, so it cannot end yet")
    return Outcome(sessions=(_ended(session, now),))


def _start(session: Session, now: datetime) -> datetime:
    """The start of a session that is started now: its planned one if on time, so that no seconds are pushed."""
    return session.start if session.start <= now < session.start + ON_TIME else now


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
    return one.start < _start(starting, now) and not stays


def _side_by_side(one: Session, other: Session) -> bool:
    """Whether one is planned to take place during the other."""
    shorter = min(one.slot.length, other.slot.length)
    return timedelta(0) < shorter == overlap(one.slot, other.slot)


def _refuse_start(program: Program, session: Session, edit: StartNow, now: datetime) -> None:
    refuse_cancelled(session)
    refuse_over(program, session, now)
    if conference_day(program, session.start) != conference_day(program, now):
        raise EditRefused(f"{quoted_title(session)} is on another day")
    if edit.leaves_pinned(session) and session.start != _start(session, now):
        anyway = f"Start {quoted_title(session)} although it is pinned."
        raise EditRefused(f"{quoted_title(session)} is pinned", [Suggestion(edit.pushing(session.id), anyway)])
