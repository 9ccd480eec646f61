"""Stamps of sessions for calendars: `sequence`, `created_at`, `changed_at` (RFC 5545, 3.8.7)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from app.domain.instants import rising
from app.domain.program import Program
from app.domain.revision_diff import looks_same
from app.domain.session import Session, Slot


def with_stamps(before: Program | None, after: Program, now: datetime, revision: int) -> Program:
    """The program after an edit, with the stamps of what changed raised.

    ``sequence`` rises when time, place or status changes (RFC 5545, 3.8.7.4), ``changed_at`` on any
    change that readers can see, and always to a later second, so that LAST-MODIFIED never repeats or
    falls. New announcements get the revision's number.
    """
    now = now.replace(microsecond=0)
    old = before.sessions_by_id if before else {}
    untouched = _untouched(before, after) if before else frozenset()
    sessions = tuple(
        session if session.id in untouched else _stamp(before, after, old.get(session.id), session, now)
        for session in after.sessions
    )
    announcements = tuple(one if one.revision else replace(one, revision=revision) for one in after.announcements)
    return replace(
        after, sessions=sessions, announcements=announcements, dates_changed_at=_dates_stamp(before, after, now)
    )


def _untouched(before: Program, after: Program) -> frozenset[str]:
    """The ids of stamped sessions that are the very same in both programs, as is all that calendars say beside them."""
    same = all(getattr(before, name) == getattr(after, name) for name in ("timezone", "venue", "rooms", "speakers"))
    old = before.sessions_by_id if same else {}
    return frozenset(one.id for one in after.sessions if old.get(one.id) is one and one.changed_at is not None)


def _stamp(before: Program | None, after: Program, old: Session | None, new: Session, now: datetime) -> Session:
    if before is not None and old is None and new.changed_at is not None:  # dropped once, and back again
        return replace(new, created_at=new.created_at or now, changed_at=rising(now, new.changed_at))
    if before is None or old is None or old.changed_at is None:
        return replace(new, created_at=new.created_at or now, changed_at=new.changed_at or now)
    kept = replace(new, sequence=old.sequence, created_at=old.created_at, changed_at=old.changed_at)
    place_before, place_after = _place(before, old.slot), _place(after, new.slot)
    same_plan = (_place(before, old.scheduled), before.timezone) == (_place(after, new.scheduled), after.timezone)
    if looks_same(before, old, after, new) and place_before == place_after and same_plan:
        return kept
    moved = (old.slot, old.status, place_before) != (new.slot, new.status, place_after)
    return replace(kept, sequence=old.sequence + moved, changed_at=rising(now, old.changed_at))


def _dates_stamp(before: Program | None, after: Program, now: datetime) -> datetime:
    if before is None or before.dates_changed_at is None:
        return after.dates_changed_at or now
    if (before.title, before.dates) == (after.title, after.dates):
        return before.dates_changed_at
    return rising(now, before.dates_changed_at)


def _place(program: Program, slot: Slot) -> tuple[object, ...]:
    """Where a slot is, as calendars name it."""
    venue = program.venue
    where = (venue.name, venue.address, venue.latitude, venue.longitude) if venue else ()
    return (program.room_name(slot.room, for_all=""), *where)
