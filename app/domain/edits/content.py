"""Edits that change no time: cancellation, title and speakers of a session, and announcements."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from operator import attrgetter

from app.domain.change_text import quoted_title
from app.domain.edits.edit_types import Announce, Cancel, ChangeSpeakers, Reinstate, Rename, WithdrawAnnouncement
from app.domain.edits.outcome import EditRefused, Outcome
from app.domain.edits.overlaps import with_overlap_clashes
from app.domain.edits.session_rules import refuse_cancelled
from app.domain.errors import UnknownName
from app.domain.instants import utc
from app.domain.program import Announcement, Program


def cancel(program: Program, edit: Cancel, _now: datetime) -> Outcome:
    """The session stays in the program, as cancelled."""
    session = program.session(edit.session)
    refuse_cancelled(session)
    return Outcome(sessions=(replace(session, cancelled=True),))


def reinstate(program: Program, edit: Reinstate, _now: datetime) -> Outcome:
    """The session takes place in its slot; a clash where another session was moved there since."""
    session = program.session(edit.session)
    if not session.cancelled:
        raise EditRefused(f"{quoted_title(session)} is not cancelled")
    outcome = Outcome(sessions=(replace(session, cancelled=False),))
    return with_overlap_clashes(program, outcome, session.id, former_slot=attrgetter("scheduled"))


def rename(program: Program, edit: Rename, _now: datetime) -> Outcome:
    """The session gets another title and keeps its address."""
    session = program.session(edit.session)
    title = edit.title.strip()
    if not title:
        raise EditRefused("a title is a text, or TBA")
    return Outcome(sessions=(replace(session, title=title),))


def change_speakers(program: Program, edit: ChangeSpeakers, _now: datetime) -> Outcome:
    """The session gets other speakers; its former ones stay in the program and keep their address."""
    session = program.session(edit.session)
    known = dict(program.speakers_by_id)
    for person in edit.people:
        if known.setdefault(person.id, person) != person:
            raise EditRefused(f"{person.id!r} is {known[person.id].name} already")
    for name in edit.speakers:
        if name not in known:
            raise UnknownName("speaker", name)
    added = tuple(known.values())[len(program.speakers) :]
    return Outcome(sessions=(replace(session, speakers=tuple(dict.fromkeys(edit.speakers))),), people=added)


def announce(program: Program, edit: Announce, now: datetime) -> Outcome:
    """The announcement is shown from now until an instant."""
    if not edit.text.strip():
        raise EditRefused("an announcement is a text")
    program.room_name(edit.room)  # raises UnknownName
    until = now + timedelta(minutes=edit.minutes) if edit.until is None else utc(edit.until)
    if until <= now:
        raise EditRefused(f"an announcement until {program.clock(until)} would be over; it is {program.clock(now)}")
    announcement = Announcement(text=edit.text.strip(), until=until, room=edit.room)
    return Outcome(announcements=(*program.announcements, announcement))


def withdraw(program: Program, edit: WithdrawAnnouncement, _now: datetime) -> Outcome:
    """The announcement is no longer shown."""
    left = tuple(one for one in program.announcements if one.revision != edit.revision)
    if len(left) == len(program.announcements):
        raise UnknownName("announcement", str(edit.revision))
    return Outcome(announcements=left)
