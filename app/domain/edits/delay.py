"""Delays, and more time for a session that is on or should have ended."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from app.domain.change_text import minutes_text, quoted_title
from app.domain.conference_day import conference_day
from app.domain.edits.edit_types import Delay, EndNow, Extend, Pushing
from app.domain.edits.outcome import EditRefused, Outcome, Suggestion
from app.domain.edits.overlaps import with_overlap_clashes
from app.domain.edits.push import Placed, earliest_start, push_following, slot_from
from app.domain.edits.session_rules import (
    may_be_running_over,
    others_in,
    refuse_cancelled,
    refuse_past_end,
    start_of_minute,
)
from app.domain.instants import MINUTE
from app.domain.program import Program
from app.domain.session import Session, Slot
from app.domain.timeline import Timeline

# Sessions are pushed within their day, so no delay is longer.
MAX_MINUTES = 24 * 60


def session_running_late(program: Program, room: str, now: datetime) -> str:
    """The session, by id, that is late if its room is: the one that is on, else the next; raises `EditRefused`."""
    program.room(room)
    answer = Timeline(program).moment(now).in_room(room)
    session = answer.now or answer.next
    if session is None:
        raise EditRefused(f"nothing is on in {answer.room.name}, and nothing comes after {program.clock(now)}")
    return session.id


def delay(program: Program, edit: Delay, now: datetime) -> Outcome:
    """A session that has not begun moves; one that has begun keeps its start, and its end moves."""
    session = program.session(edit.session)
    _check_minutes(edit.minutes)
    _refuse_unmovable(program, session, edit, now)
    if session.start > now:
        return _moved(program, session, edit, now)
    end = session.end + timedelta(minutes=edit.minutes)
    refuse_past_end(program, session, end, now, _later_ends(program, session, edit, now))
    if edit.pull_forward and end < session.end:
        return _pulled_forward(program, session, replace(session.slot, end=end), now)
    return _end_moved(program, session, edit, end, now)


def extend(program: Program, edit: Extend, now: datetime) -> Outcome:
    """The end moves by so many minutes, counted from now if it has passed."""
    session = program.session(edit.session)
    _check_minutes(edit.minutes)
    if edit.minutes < 1:
        raise EditRefused(f"more time is 1 minute at least, not {edit.minutes}")
    _refuse_unmovable(program, session, edit, now)
    end = max(session.end, now) + timedelta(minutes=edit.minutes)
    return _end_moved(program, session, edit, end, now)


def _moved(program: Program, session: Session, edit: Delay, now: datetime) -> Outcome:
    start = session.start + timedelta(minutes=edit.minutes)
    if start < start_of_minute(now):
        raise EditRefused(f"{quoted_title(session)} would have begun at {program.clock(start)}")
    slot = slot_from(session, start, dict(edit.shorten).get(session.id))
    if edit.minutes < 0 and edit.pull_forward:
        return with_overlap_clashes(program, _pulled_forward(program, session, slot, now), session.id)
    outcome = push_following(program, edit, {session.id: Placed(slot, session.order())}, now)
    return with_overlap_clashes(program, outcome, session.id) if edit.minutes < 0 else outcome


def _end_moved(program: Program, session: Session, edit: Pushing, end: datetime, now: datetime) -> Outcome:
    placed = {session.id: Placed(replace(session.slot, end=end), session.order())}
    # If the session is running over, those planned to start since its end have not begun.
    return push_following(program, edit, placed, now, pushable_from=session.end if session.end <= now else None)


def _pulled_forward(program: Program, session: Session, slot: Slot, now: datetime) -> Outcome:
    """A session that ends earlier, in ``slot``, and those after it in its room and on its day, each brought forward.

    Each comes forward by as much as the one before it. A pinned session stays, and so does everything
    after it. A session in several rooms comes forward only as far as all of them are free.
    """
    day = conference_day(program, session.start)
    gains = {room.id: timedelta(0) for room in program.rooms}
    gains |= dict.fromkeys([slot.room] if slot.room else gains, session.end - slot.end)
    moved = {session.id: slot}
    for other in program.sessions:
        if other.cancelled or other.id == session.id or other.start < session.end:
            continue
        rooms = [other.room] if other.room else list(gains)
        gain = min(gains[room] for room in rooms)
        if other.pinned or conference_day(program, other.start) != day:
            gain = timedelta(0)
        if gain:
            start = max(other.start - gain, _free_from(program, other, moved), now)
            gain = max(other.start - start, timedelta(0))
        if gain:
            moved[other.id] = other.slot.starting_at(other.start - gain)
        gains |= dict.fromkeys(rooms, gain)
    return Outcome(sessions=tuple(replace(program.session(name), slot=one) for name, one in moved.items()))


def _free_from(program: Program, session: Session, moved: dict[str, Slot]) -> datetime:
    """The instant from which no session that comes before this one prevents it from starting."""
    before = (one for one in others_in(program, session.slot, session) if one.order() < session.order())
    return max(earliest_start(one.slot, moved.get(one.id, one.slot), session.slot) for one in before)


def _check_minutes(minutes: int) -> None:
    if abs(minutes) > MAX_MINUTES:
        raise EditRefused(f"{minutes} minutes are more than a day")


def _refuse_unmovable(program: Program, session: Session, edit: Delay | Extend, now: datetime) -> None:
    refuse_cancelled(session)
    if session.end <= now and not may_be_running_over(program, session, now):
        by_hand = " by hand" if session.ended_by_hand else ""
        reason = f"{quoted_title(session)} is over: it ended{by_hand} at {program.clock(session.end)}"
        raise EditRefused(reason, _other_session(program, session, edit, now))
    if edit.leaves_pinned(session):
        anyway = Suggestion(edit.pushing(session.id), f"Move {quoted_title(session)} although it is pinned.")
        other = _other_session(program, session, edit, max(now, session.end))
        raise EditRefused(f"{quoted_title(session)} is pinned", (*other, anyway))


def _other_session(program: Program, session: Session, edit: Delay | Extend, after: datetime) -> Iterator[Suggestion]:
    """The same delay for the first other session in the room that ends after an instant and can be delayed."""
    for other in others_in(program, session.slot, session):
        if other.end > after and not other.pinned:
            title = quoted_title(other)
            action = f"Delay {title}" if edit.minutes > 0 else f"Bring {title} forward"
            yield Suggestion(
                Delay(other.id, edit.minutes, shorten=edit.shorten, push=edit.push),
                f"{action}, at {program.clock(other.start)}, by {minutes_text(abs(edit.minutes))}.",
            )
            return


def _later_ends(program: Program, session: Session, edit: Delay, now: datetime) -> Iterator[Suggestion]:
    least = (now - session.end) // MINUTE + 1
    yield Suggestion(replace(edit, minutes=least), f"End it at {program.clock(session.end + least * MINUTE)}.")
    if session.end > now:
        yield Suggestion(EndNow(session.id), "End it now.")
