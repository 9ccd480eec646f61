"""How a session stands at an instant, and which sessions share a place and a day."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from app.domain.errors import EditRefused
from app.domain.faults import DAY_SPILL
from app.domain.instants import at_local
from app.domain.program import Program
from app.domain.session import Session, Slot
from app.domain.telling import clock, named

# How long after its end a session may still be said to go on.
STILL_ON = timedelta(minutes=30)
# How far ahead a time of day that has passed today can be one of tomorrow.
SOON = timedelta(hours=12)


def minute_of(now: datetime) -> datetime:
    """The minute that the clocks show: who names a time without seconds means all of that minute."""
    return now.replace(second=0, microsecond=0)


def is_over(session: Session, now: datetime) -> bool:
    """Whether it has ended."""
    return session.end <= now


def is_on(session: Session, now: datetime) -> bool:
    """Whether it takes place now."""
    return not session.cancelled and session.start <= now < session.end


def share_a_room(one: Slot, other: Slot) -> bool:
    """Whether two slots meet in a room; one without a room is in all of them."""
    return one.room == other.room or None in (one.room, other.room)


def overlap(one: Slot, other: Slot) -> timedelta:
    """For how long two slots lie over each other in a room."""
    if not share_a_room(one, other):
        return timedelta(0)
    return max(min(one.end, other.end) - max(one.start, other.start), timedelta(0))


def goes_on(program: Program, session: Session, now: datetime) -> bool:
    """Whether a session that ended may be said to be still on.

    It ended at most 30 minutes ago, by the clock and not by hand, and nothing ended in its room since.
    """
    if session.cancelled or session.ended_by_hand or session.start == session.end:
        return False
    if not timedelta(0) <= now - session.end <= STILL_ON:
        return False
    return not any(
        share_a_room(other.slot, session.slot) and session.end < other.end <= now and other.start < other.end
        for other in program.sessions
        if not other.cancelled
    )


def lately_ended(program: Program, room: str, now: datetime) -> Session | None:
    """The session of a room that may be said to be still on; None where there is none."""
    return next((one for one in reversed(program.sessions_in(room)) if goes_on(program, one, now)), None)


def conference_day(program: Program, instant: datetime) -> date:
    """The day an instant belongs to: from six in the morning to six, so that a night is the evening before's."""
    return (program.local(instant) - DAY_SPILL).date()


def on_the_same_day(program: Program, session: Session, at: time) -> datetime:
    """The instant of a session's day at which the venue's clocks show a time; raises `TimeError`."""
    day = conference_day(program, session.start)
    after_midnight = timedelta(hours=at.hour, minutes=at.minute) < DAY_SPILL
    return at_local(day + timedelta(days=1) if after_midnight else day, at, program.timezone)


def soon_at(program: Program, now: datetime, at: time) -> datetime:
    """The next instant at which the venue's clocks show a time; raises `TimeError`.

    One of tomorrow is meant only where it is near, as after midnight: what has just passed today stays passed.
    """
    today = program.local(now).date()
    first = at_local(today, at, program.timezone)
    if first > now or first + timedelta(days=1) - now > SOON:
        return first
    return at_local(today + timedelta(days=1), at, program.timezone)


def refuse_cancelled(session: Session) -> None:
    """Raise `EditRefused` for a session that does not take place."""
    if session.cancelled:
        raise EditRefused(f"{named(session)} is cancelled")


def refuse_over(program: Program, session: Session, now: datetime) -> None:
    """Raise `EditRefused` for a session that is over."""
    if is_over(session, now):
        raise EditRefused(f"{named(session)} is over: it ended at {clock(program, session.end)}")


def refuse_begun(program: Program, session: Session, now: datetime) -> None:
    """Raise `EditRefused` for a session that is over, or that is on and keeps its start."""
    refuse_over(program, session, now)
    if session.start <= now:
        raise EditRefused(f"{named(session)} is on since {clock(program, session.start)} and keeps its start")
