"""Running late and running early: delay, and more time for what is on or should have ended."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from app.domain.edits.kinds import Delay, EndNow, Extend, Pushing
from app.domain.edits.laid_over import laid_over
from app.domain.edits.outcome import Outcome, WayOut
from app.domain.edits.pull import pulled
from app.domain.edits.ripple import Placed, late_slot, ripple
from app.domain.edits.standing import goes_on, minute_of, refuse_cancelled, share_a_room
from app.domain.errors import EditRefused
from app.domain.program import Program
from app.domain.session import Session, Slot
from app.domain.telling import clock, named
from app.domain.timeline import Timeline

MINUTE = timedelta(minutes=1)
# The push ends with the day, so no delay is longer.
MOST_MINUTES = 24 * 60


def target_of_late(program: Program, room: str, now: datetime) -> str:
    """Which session of a room is meant by "we are late": what is on, else what is next; raises `EditRefused`."""
    program.room(room)
    answer = Timeline(program).moment(now).in_room(room)
    session = answer.now or answer.next
    if session is None:
        raise EditRefused(f"nothing is on in {answer.room.name}, and nothing comes after {clock(program, now)}")
    return session.id


def delay(program: Program, edit: Delay, now: datetime) -> Outcome:
    """A session that has not begun moves; one that has keeps its start, and its end moves."""
    session = program.session(edit.session)
    _check_minutes(edit.minutes)
    _refuse_unmovable(program, session, edit, now)
    if session.start > now:
        return _moved(program, session, edit, now)
    end = session.end + timedelta(minutes=edit.minutes)
    if end <= now:
        raise EditRefused(
            f"{named(session)} would have ended at {clock(program, end)}, and it is {clock(program, now)}",
            _later_ends(program, session, edit, now),
        )
    if edit.pull_forward and end < session.end:
        return pulled(program, session, replace(session.slot, end=end), now)
    return _end_moved(program, session, edit, end, now)


def extend(program: Program, edit: Extend, now: datetime) -> Outcome:
    """The end moves to so many minutes after itself, or after now where that is later."""
    session = program.session(edit.session)
    _check_minutes(edit.minutes)
    if edit.minutes < 1:
        raise EditRefused(f"more time is 1 minute at least, not {edit.minutes}")
    _refuse_unmovable(program, session, edit, now)
    end = max(session.end, now) + timedelta(minutes=edit.minutes)
    return _end_moved(program, session, edit, end, now)


def _moved(program: Program, session: Session, edit: Delay, now: datetime) -> Outcome:
    start = session.start + timedelta(minutes=edit.minutes)
    if start < minute_of(now):
        raise EditRefused(f"{named(session)} would have begun at {clock(program, start)}")
    slot = _slot_from(session, start, edit)
    if edit.minutes < 0 and edit.pull_forward:
        return laid_over(program, pulled(program, session, slot, now), session.id)
    outcome = ripple(program, edit, {session.id: Placed(slot, session.order())}, now)
    return laid_over(program, outcome, session.id) if edit.minutes < 0 else outcome


def _slot_from(session: Session, start: datetime, edit: Delay) -> Slot:
    shortened = dict(edit.shorten).get(session.id)
    if shortened is None and edit.minutes < 0:
        # An elastic one gives way to what comes late; what comes early does not make it longer.
        return replace(session.slot, start=start, end=start + (session.end - session.start))
    return late_slot(session, start, shortened)


def _end_moved(program: Program, session: Session, edit: Pushing, end: datetime, now: datetime) -> Outcome:
    placed = {session.id: Placed(replace(session.slot, end=end), session.order())}
    # What started since a session should have ended only seemed to have begun.
    return ripple(program, edit, placed, now, pushable_from=session.end if session.end <= now else None)


def _check_minutes(minutes: int) -> None:
    if abs(minutes) > MOST_MINUTES:
        raise EditRefused(f"{minutes} minutes are more than a day")


def _refuse_unmovable(program: Program, session: Session, edit: Delay | Extend, now: datetime) -> None:
    refuse_cancelled(session)
    if session.end <= now and not goes_on(program, session, now):
        by_hand = " by hand" if session.ended_by_hand else ""
        reason = f"{named(session)} is over: it ended{by_hand} at {clock(program, session.end)}"
        raise EditRefused(reason, _late_instead(program, session, edit, now))
    if session.pinned and session.id not in edit.push:
        pushed = WayOut(replace(edit, push=edit.push | {session.id}), f"Move {named(session)} although it is pinned.")
        reason = f"{named(session)} is pinned"
        raise EditRefused(reason, (*_late_instead(program, session, edit, max(now, session.end)), pushed))


def _late_instead(program: Program, session: Session, edit: Delay | Extend, after: datetime) -> tuple[WayOut, ...]:
    """The same delay for what is first to end after an instant in the room of a session that cannot be delayed."""
    for other in program.sessions:
        free = not (other.cancelled or other.pinned) and other.id != session.id
        if free and other.end > after and share_a_room(other.slot, session.slot):
            way = Delay(other.id, edit.minutes, shorten=edit.shorten, push=edit.push)
            done = f"Delay {named(other)}" if edit.minutes > 0 else f"Bring {named(other)} forward"
            return (WayOut(way, f"{done}, at {clock(program, other.start)}, by {abs(edit.minutes)} minutes."),)
    return ()


def _later_ends(program: Program, session: Session, edit: Delay, now: datetime) -> tuple[WayOut, ...]:
    least = (now - session.end) // MINUTE + 1
    later = WayOut(replace(edit, minutes=least), f"End it at {clock(program, session.end + least * MINUTE)}.")
    return (later, WayOut(EndNow(session.id), "End it now.")) if session.end > now else (later,)
