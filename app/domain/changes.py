"""What differs between two programs, and the stamps that tell calendars about it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from app.domain.program import Person, Program
from app.domain.session import Session, Slot, Status


@dataclass(frozen=True, slots=True)
class SessionChange:
    """One session before and after; None before: added, None after: dropped."""

    session: str
    before: Session | None
    after: Session | None


def changed_sessions(before: Program, after: Program) -> tuple[SessionChange, ...]:
    """The sessions that a reader sees differently, in the order of the program after."""
    old = {session.id: session for session in before.sessions}
    new = {session.id: session for session in after.sessions}
    names = [*new, *(name for name in old if name not in new)]
    return tuple(
        SessionChange(name, old.get(name), new.get(name))
        for name in names
        if not _seen_alike(before, old.get(name), after, new.get(name))
    )


def stamped(before: Program | None, after: Program, now: datetime, revision: int) -> Program:
    """The program after an edit with its stamps raised where they must be.

    ``sequence`` rises when time, place or status changes (RFC 5545, 3.8.7.4), ``changed_at``
    on any change a reader can see, and always to a later second than before, so that
    LAST-MODIFIED never stands still or falls. New announcements get the revision's number.
    """
    now = now.replace(microsecond=0)
    old = {session.id: session for session in before.sessions} if before else {}
    sessions = tuple(_stamp(before, after, old.get(session.id), session, now) for session in after.sessions)
    announcements = tuple(one if one.revision else replace(one, revision=revision) for one in after.announcements)
    return replace(
        after, sessions=sessions, announcements=announcements, dates_changed_at=_dates_stamp(before, after, now)
    )


def last_changed(program: Program) -> datetime | None:
    """The latest of the sessions' stamps; None for a program that was never published."""
    return max((session.changed_at for session in program.sessions if session.changed_at), default=None)


def _stamp(before: Program | None, after: Program, old: Session | None, new: Session, now: datetime) -> Session:
    if before is not None and old is None and new.changed_at is not None:  # dropped once, and back again
        return replace(new, created_at=new.created_at or now, changed_at=_later(new.changed_at, now))
    if before is None or old is None or old.changed_at is None:
        return replace(new, created_at=new.created_at or now, changed_at=new.changed_at or now)
    if _told_alike(before, old, after, new):
        if new == old:
            return new
        return replace(new, sequence=old.sequence, created_at=old.created_at, changed_at=old.changed_at)
    moved = _placed(before, old) != _placed(after, new)
    return replace(
        new,
        sequence=old.sequence + 1 if moved else old.sequence,
        created_at=old.created_at,
        changed_at=_later(old.changed_at, now),
    )


def _dates_stamp(before: Program | None, after: Program, now: datetime) -> datetime:
    if before is None or before.dates_changed_at is None:
        return after.dates_changed_at or now
    if (before.title, before.dates) == (after.title, after.dates):
        return before.dates_changed_at
    return _later(before.dates_changed_at, now)


def _later(last: datetime, now: datetime) -> datetime:
    """The next stamp: now, but never in the second of the last one or before it."""
    return max(now, last + timedelta(seconds=1))


def _placed(program: Program, session: Session) -> tuple[Slot, Status, tuple[object, ...]]:
    return session.slot, session.status, _place(program, session.slot)


def _place(program: Program, slot: Slot) -> tuple[object, ...]:
    """Where a slot is, as calendars name it."""
    venue = program.venue
    where = (venue.name, venue.address, venue.latitude, venue.longitude) if venue else ()
    return (program.room(slot.room).name if slot.room else "", *where)


def _told_alike(before: Program, old: Session, after: Program, new: Session) -> bool:
    """Whether calendars tell the same of a session: what a reader sees, and where and in which zone it stands."""
    return _seen_alike(before, old, after, new) and _placed_in(before, old) == _placed_in(after, new)


def _placed_in(program: Program, session: Session) -> tuple[object, ...]:
    return _place(program, session.slot), _place(program, session.scheduled), program.timezone


def _seen_alike(before: Program, old: Session | None, after: Program, new: Session | None) -> bool:
    """Whether a reader sees the same of a session: itself without stamps, its people, its room's name."""
    if old is None or new is None:
        return old is new
    # Most are the very same, which is cheaper to see than what a reader sees of them.
    alike = old == new or _bare(old) == _bare(new)
    return alike and _around(before, old) == _around(after, new)


def _bare(session: Session) -> Session:
    return replace(
        session,
        sequence=0,
        created_at=None,
        changed_at=None,
        pinned=False,
        min_minutes=None,
        ended_by_hand=False,
    )


def _around(program: Program, session: Session) -> tuple[tuple[Person, ...], str]:
    return program.speakers_of(session), program.room(session.room).name if session.room else ""
