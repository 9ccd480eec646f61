"""Rules on single sessions: shared rooms, overlaps, and which edits are refused at an instant."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time, timedelta

from app.domain.change_text import quoted_title
from app.domain.edits.edit_types import PushingEdit, Reinstate
from app.domain.edits.outcome import EditRefused, Suggestion
from app.domain.instants import MINUTE, ONE_DAY, at_local
from app.domain.program import Program
from app.domain.session import Session, Slot

# How long after its end a session may still be running over.
MAX_RUNNING_OVER = timedelta(minutes=30)
# For so long after its start in the program a session may not have begun yet.
MAX_STARTING_LATE = timedelta(minutes=15)
# How far ahead a time of day that has passed today may be, to be read as one of tomorrow.
MAX_AHEAD = timedelta(hours=12)
# Sessions are pushed within their day, so no delay is longer, and no session is added that is.
MAX_MINUTES = 24 * 60


def share_a_room(one: Slot, other: Slot) -> bool:
    """Whether two slots have a room in common; a slot without a room is in all rooms."""
    return one.room == other.room or None in (one.room, other.room)


def overlap(one: Slot, other: Slot) -> timedelta:
    """For how long two slots overlap in a room."""
    if not share_a_room(one, other):
        return timedelta(0)
    return max(min(one.end, other.end) - max(one.start, other.start), timedelta(0))


def others_in(program: Program, place: Slot, but: Session | None = None) -> list[Session]:
    """The sessions that take place in the room of a slot, at any time, other than one."""
    others = (one for one in program.sessions if not one.cancelled and (but is None or one.id != but.id))
    return [other for other in others if share_a_room(other.slot, place)]


def may_start_late(session: Session, now: datetime) -> bool:
    """Whether a session is on by the program, but may begin only now, a minute or more after its start."""
    return MINUTE <= now - session.start <= MAX_STARTING_LATE and now < session.end


def may_be_running_over(program: Program, session: Session, now: datetime) -> bool:
    """Whether a session whose end has passed may still be on.

    It ended at most 30 minutes ago, not by hand, and nothing ended in its room since.
    """
    if session.cancelled or session.ended_by_hand or session.start == session.end:
        return False
    if not timedelta(0) <= now - session.end <= MAX_RUNNING_OVER:
        return False
    return not any(
        session.end < other.end <= now and other.start < other.end
        for other in others_in(program, session.slot, session)
    )


def session_running_over(program: Program, room: str, now: datetime) -> Session | None:
    """The session of a room that may be running over, if there is one."""
    return next((one for one in reversed(program.sessions_in(room)) if may_be_running_over(program, one, now)), None)


def next_instant_at(program: Program, now: datetime, at: time) -> datetime:
    """The next instant at which it is this local time at the venue; raises `TimeError`.

    A time that has passed today is one of tomorrow only if that is at most 12 hours ahead, as just before midnight.
    """
    today = program.local(now).date()
    first = at_local(today, at, program.timezone)
    if first > now or first + ONE_DAY - now > MAX_AHEAD:
        return first
    return at_local(today + ONE_DAY, at, program.timezone)


def refuse_cancelled(session: Session) -> None:
    """Raise `EditRefused` for a cancelled session."""
    if session.cancelled:
        title = quoted_title(session)
        raise EditRefused(f"{title} is cancelled", [Suggestion(Reinstate(session.id), f"Reinstate {title}")])


def refuse_over(program: Program, session: Session, now: datetime) -> None:
    """Raise `EditRefused` for a session that is over."""
    if session.end <= now:
        raise EditRefused(f"{quoted_title(session)} is over: it ended at {program.clock(session.end)}")


def refuse_begun(program: Program, session: Session, now: datetime, suggestions: Iterable[Suggestion] = ()) -> None:
    """Raise `EditRefused` for a session that is over, or that is on, in which case there may be suggestions."""
    refuse_over(program, session, now)
    if session.start <= now:
        reason = f"{quoted_title(session)} is on since {program.clock(session.start)} and keeps its start"
        raise EditRefused(reason, suggestions)


def refuse_pinned(
    session: Session, edit: PushingEdit, action: str, others: Iterable[Suggestion] = (), *, after: str = ""
) -> None:
    """Raise `EditRefused` for a pinned session that the edit may not move; ``action`` says what it would do to it."""
    if edit.leaves_pinned(session):
        anyway = f"{action} {quoted_title(session)}{after} although it is pinned"
        suggestions = (*others, Suggestion(edit.pushing(session.id), anyway))
        raise EditRefused(f"{quoted_title(session)} is pinned", suggestions)


def refuse_past_end(
    program: Program, session: Session, end: datetime, now: datetime, suggestions: Iterable[Suggestion] = ()
) -> None:
    """Raise `EditRefused` for a new end of a session that has passed."""
    if end <= now:
        reason = f"{quoted_title(session)} would have ended at {program.clock(end)}, and it is {program.clock(now)}"
        raise EditRefused(reason, suggestions, field="minutes")
