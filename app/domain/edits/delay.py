"""Delays, and more time for a session that is on or should have ended."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from app.domain.change_text import minutes_text, quoted_title
from app.domain.conference_day import conference_day
from app.domain.edits.edit_types import Delay, DelayEverywhere, EndNow, Extend, Pushing
from app.domain.edits.outcome import EditRefused, Outcome, Suggestion
from app.domain.edits.overlaps import with_overlap_clashes
from app.domain.edits.push import Placed, push_following, slot_from
from app.domain.edits.session_rules import (
    MAX_MINUTES,
    may_be_running_over,
    others_in,
    refuse_cancelled,
    refuse_past_end,
    refuse_pinned,
    session_running_over,
)
from app.domain.instants import MINUTE
from app.domain.program import Program
from app.domain.session import Session
from app.domain.timeline import Timeline


def session_running_late(program: Program, room: str, now: datetime) -> str:
    """The session, by id, that is late if its room is: the one that is on, else the next; raises `EditRefused`."""
    program.room(room)
    answer = Timeline(program).moment(now).in_room(room)
    session = answer.now or answer.next
    if session is None:
        raise EditRefused(f"nothing is on in {answer.room.name}, and nothing comes after {program.clock(now)}")
    return session.id


def session_on(program: Program, room: str, now: datetime) -> str:
    """The session, by id, that is on in a room, else the one that may be running over; raises `EditRefused`."""
    program.room(room)
    session = Timeline(program).moment(now).in_room(room).now or session_running_over(program, room, now)
    if session is None:
        raise EditRefused(f"nothing is on in {program.room_name(room)} at {program.clock(now)}")
    return session.id


def delay(program: Program, edit: Delay, now: datetime) -> Outcome:
    """A session that has not begun moves; one that has begun keeps its start, and its end moves."""
    session = program.session(edit.session)
    _check_minutes(edit.minutes)
    if not edit.minutes and edit.shorten:
        raise EditRefused("a delay of 0 minutes shortens nothing")
    _refuse_unmovable(program, session, edit, now)
    if session.start <= now:
        end = session.end + timedelta(minutes=edit.minutes)
        refuse_past_end(program, session, end, now, _later_ends(session, edit, now))
    placed = _delayed(program, session, edit, now)
    return _pushed(program, edit, {session.id: placed}, now, over_since=session.end if session.end <= now else None)


def delay_everywhere(program: Program, edit: DelayEverywhere, now: datetime) -> Outcome:
    """What is on or next in each room is delayed, sessions for all rooms once; a room that has nothing left stays."""
    _check_minutes(edit.minutes)
    late = _late_in_all_rooms(program, now)
    for session in late:
        action = "Delay" if edit.minutes > 0 else "Move"
        refuse_pinned(session, edit, action, _others_everywhere(program, session, edit, now))
        if session.start <= now:
            refuse_past_end(program, session, session.end + timedelta(minutes=edit.minutes), now)
    placed = {session.id: _delayed(program, session, edit, now) for session in late}
    return _pushed(program, edit, placed, now)


def extend(program: Program, edit: Extend, now: datetime) -> Outcome:
    """The end moves by so many minutes, counted from now if it has passed."""
    session = program.session(edit.session)
    _check_minutes(edit.minutes)
    if edit.minutes < 1:
        raise EditRefused(f"more time is 1 minute at least, not {edit.minutes}", field="minutes")
    _refuse_unmovable(program, session, edit, now)
    end = max(session.end, now) + timedelta(minutes=edit.minutes)
    placed = Placed(replace(session.slot, end=end), session.order())
    return _pushed(program, edit, {session.id: placed}, now, over_since=session.end if session.end <= now else None)


def _late_in_all_rooms(program: Program, now: datetime) -> list[Session]:
    """What is on in each room, else what is next there on the day that goes on; raises `EditRefused` for none."""
    rooms = Timeline(program).moment(now).rooms
    found = {one.id: one for one in (room.now or room.next for room in rooms) if one is not None}
    first = min(found.values(), key=Session.order, default=None)
    if first is None:
        raise EditRefused(f"nothing is on in any room, and nothing comes after {program.clock(now)}")
    day = conference_day(program, first.start)
    return [session for session in found.values() if conference_day(program, session.start) == day]


def _delayed(program: Program, session: Session, edit: Delay | DelayEverywhere, now: datetime) -> Placed:
    """The slot of a session that is delayed: its start moves unless it has begun, and then its end."""
    minutes = timedelta(minutes=edit.minutes)
    if session.start <= now:
        return Placed(replace(session.slot, end=session.end + minutes), session.order())
    start = session.start + minutes
    if start < now:
        raise EditRefused(f"{quoted_title(session)} would have begun at {program.clock(start)}", field="minutes")
    return Placed(slot_from(session, start, dict(edit.shorten).get(session.id)), session.order())


def _pushed(
    program: Program,
    edit: Pushing,
    placed: Mapping[str, Placed],
    now: datetime,
    over_since: datetime | None = None,
) -> Outcome:
    """What the placed sessions push; ``over_since``: one is running over, so what was to begin since has not begun."""
    outcome = push_following(program, edit, placed, now, pushable_from=over_since)
    earlier = [name for name, one in placed.items() if one.slot.start < program.session(name).start]
    return with_overlap_clashes(program, outcome, *earlier)


def _check_minutes(minutes: int) -> None:
    if abs(minutes) > MAX_MINUTES:
        raise EditRefused(f"{minutes} minutes are more than a day", field="minutes")


def _refuse_unmovable(program: Program, session: Session, edit: Delay | Extend, now: datetime) -> None:
    refuse_cancelled(session)
    if session.end <= now and not may_be_running_over(program, session, now):
        by_hand = " by hand" if session.ended_by_hand else ""
        reason = f"{quoted_title(session)} is over: it ended{by_hand} at {program.clock(session.end)}"
        raise EditRefused(reason, _other_session(program, session, edit, now))
    action = "Extend" if isinstance(edit, Extend) else "Delay" if edit.minutes > 0 else "Move"
    refuse_pinned(session, edit, action, _other_session(program, session, edit, max(now, session.end)))


def _other_session(program: Program, session: Session, edit: Delay | Extend, after: datetime) -> Iterator[Suggestion]:
    """The same delay for the first other session in the room that ends after an instant and can be delayed."""
    for other in others_in(program, session.slot, session):
        if other.end > after and not other.pinned:
            title = quoted_title(other)
            action = f"Delay {title}" if edit.minutes > 0 else f"Bring {title} forward"
            yield Suggestion(
                Delay(other.id, edit.minutes, shorten=edit.shorten, push=edit.push, squeeze=edit.squeeze),
                f"{action} by {minutes_text(abs(edit.minutes))}",
            )
            return


def _others_everywhere(program: Program, pinned: Session, edit: DelayEverywhere, now: datetime) -> Iterator[Suggestion]:
    """In each room of a pinned session, the same delay for the first session after it that can be delayed."""
    for room in program.rooms:
        if pinned.room in {None, room.id}:
            place = replace(pinned, slot=replace(pinned.slot, room=room.id))
            alone = Delay(pinned.id, edit.minutes, shorten=edit.shorten, push=edit.push, squeeze=edit.squeeze)
            yield from _other_session(program, place, alone, max(now, pinned.end))


def _later_ends(session: Session, edit: Delay, now: datetime) -> Iterator[Suggestion]:
    least = (now - session.end) // MINUTE + 1
    if session.end > now:
        yield Suggestion(EndNow(session.id), f"End {quoted_title(session)} now")
    yield Suggestion(replace(edit, minutes=least), f"End {quoted_title(session)} in a minute")
