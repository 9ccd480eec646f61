"""A new session in the running program."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from app.domain.change_text import quoted_title
from app.domain.conference_day import conference_day
from app.domain.edits.content import checked_kind, checked_title, new_people
from app.domain.edits.edit_types import AddSession
from app.domain.edits.outcome import EditRefused, Outcome, Suggestion
from app.domain.edits.overlaps import with_overlap_clashes
from app.domain.edits.push import Placed, push_following
from app.domain.edits.session_rules import MAX_MINUTES, others_in
from app.domain.errors import InvalidProgram
from app.domain.ids import SESSION_ID_LENGTH, UniqueIds, slug_or_digest
from app.domain.instants import utc
from app.domain.program import Program
from app.domain.session import Session, Slot, usual_least_minutes


def add_session(program: Program, edit: AddSession, now: datetime) -> Outcome:
    """The new session takes place, and what follows is pushed as by a delay."""
    if not 1 <= edit.minutes <= MAX_MINUTES:
        raise EditRefused(f"a session lasts 1 to {MAX_MINUTES} minutes, not {edit.minutes}", field="minutes")
    slot = _slot(program, edit)
    _refuse_time(program, edit, slot, now)
    new = _new_session(program, edit, slot)
    try:
        # Without length at first: it pushes what follows, also what begins then, as a session does whose end moves.
        before = replace(new, slot=replace(slot, end=slot.start))
        people = tuple(new_people(program, edit.people, edit.speakers))
        grown = replace(program, sessions=(*program.sessions, before), speakers=(*program.speakers, *people))
    except InvalidProgram as error:
        raise EditRefused(str(error)) from error
    outcome = push_following(grown, edit, {new.id: Placed(slot, before.order())}, now)
    return with_overlap_clashes(grown, replace(outcome, people=people), new.id)


def _new_session(program: Program, edit: AddSession, slot: Slot) -> Session:
    title, kind = checked_title(edit.title), checked_kind(edit.kind)
    ids = UniqueIds(program.taken_ids, SESSION_ID_LENGTH)
    name = ids.reserve(slug_or_digest(title, "session", SESSION_ID_LENGTH))
    return Session(
        id=name,
        title=title,
        kind=kind,
        slot=slot,
        scheduled=slot,
        speakers=tuple(dict.fromkeys(edit.speakers)),
        min_minutes=usual_least_minutes(kind, slot),
        added=True,
    )


def _slot(program: Program, edit: AddSession) -> Slot:
    """Where and when the session takes place; raises `UnknownName`."""
    program.room_name(edit.room)
    room = edit.room
    if edit.after is not None:
        before = program.session(edit.after)
        start, room = before.end, room or before.room
    elif edit.start is not None:
        start = utc(edit.start)
    else:
        raise EditRefused("a new session needs a time, or a session that it comes after", field="time")
    if room is None and len(program.rooms) == 1:
        room = program.rooms[0].id
    return Slot(start=start, end=start + timedelta(minutes=edit.minutes), room=room)


def _refuse_time(program: Program, edit: AddSession, slot: Slot, now: datetime) -> None:
    if slot.start < now:
        on = [one for one in others_in(program, slot) if one.start <= now < one.end]
        reason = f"{program.clock(slot.start)} has passed; it is {program.clock(now)}"
        raise EditRefused(reason, [_after(program, edit, one) for one in on], field="time")
    if program.days and conference_day(program, slot.start) not in program.days:
        raise EditRefused(f"{program.local(slot.start):%Y-%m-%d} is not a day of the program", field="day")
    for other in others_in(program, slot):
        begun = other.start <= now < other.end
        if other.start < slot.start < other.end or (begun and slot.start < other.end):
            reason = f"{program.clock(slot.start)} is during {quoted_title(other)}"
            raise EditRefused(reason, _beside(program, edit, other, now), field="time")


def _after(program: Program, edit: AddSession, other: Session) -> Suggestion:
    after = replace(edit, start=None, after=other.id, room=edit.room or other.room)
    return Suggestion(after, f"Add it after {quoted_title(other)}, at {program.clock(other.end)}")


def _beside(program: Program, edit: AddSession, other: Session, now: datetime) -> Iterator[Suggestion]:
    """The same session after another one, or before it if that has not begun."""
    yield _after(program, edit, other)
    if other.start > now:
        before = replace(edit, start=other.start, after=None)
        yield Suggestion(before, f"Add it before {quoted_title(other)}, at {program.clock(other.start)}")
