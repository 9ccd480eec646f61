"""The day as it stood in an earlier revision."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from app.domain.edits.outcome import EditRefused
from app.domain.edits.overlaps import new_overlaps
from app.domain.errors import InvalidProgram
from app.domain.instants import utc, whole_minute
from app.domain.program import Program
from app.domain.session import Session


def as_it_stood(then: Program, latest: Program, now: datetime) -> Program:
    """The latest program with the times, rooms and cancellations of an earlier one for sessions that have not ended.

    Content and announcements stay. Sessions that were added since are cancelled. One that has not begun stays where it
    is if it would have ended by now, since it is to take place. Raises `EditRefused` where sessions that have not ended
    would overlap.
    """
    now = whole_minute(utc(now))
    sessions = tuple(_as_it_stood(then.sessions_by_id.get(one.id), one, now) for one in latest.sessions)
    used = {session.room for session in sessions}
    gone = tuple(room for room in then.rooms if room.id in used and room.id not in latest.rooms_by_id)
    try:
        restored = replace(latest, sessions=sessions, rooms=(*latest.rooms, *gone))
    except InvalidProgram as error:
        raise EditRefused(str(error)) from error
    # What has ended may lie over what is on: that is how the day went.
    to_come = replace(restored, sessions=tuple(one for one in sessions if one.end > now))
    if clashes := new_overlaps(to_come, latest, then):
        raise EditRefused("; ".join(clash.sentence(restored) for clash in clashes))
    return restored


def _as_it_stood(then: Session | None, session: Session, now: datetime) -> Session:
    if session.end <= now:
        return session
    if then is None:
        return replace(session, cancelled=True)
    if then.end <= now < session.start:
        return replace(session, cancelled=then.cancelled)
    return replace(session, slot=then.slot, cancelled=then.cancelled, ended_by_hand=then.ended_by_hand)
