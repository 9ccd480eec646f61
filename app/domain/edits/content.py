"""What a session is: whether it takes place, its title, its people; and words to all."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from app.domain.edits.kinds import Announce, Cancel, ChangeSpeakers, Reinstate, Rename, WithdrawAnnouncement
from app.domain.edits.laid_over import laid_over, overlap_planned
from app.domain.edits.outcome import Outcome
from app.domain.edits.standing import refuse_cancelled
from app.domain.errors import EditRefused, UnknownName
from app.domain.instants import utc
from app.domain.program import Announcement, Person, Program
from app.domain.telling import clock, named


def cancel(program: Program, edit: Cancel, _now: datetime) -> Outcome:
    """The session stays in the program, as cancelled."""
    session = program.session(edit.session)
    refuse_cancelled(session)
    return Outcome(sessions=(replace(session, cancelled=True),))


def reinstate(program: Program, edit: Reinstate, _now: datetime) -> Outcome:
    """The session takes place where it stands, unless something else was put there since."""
    session = program.session(edit.session)
    if not session.cancelled:
        raise EditRefused(f"{named(session)} is not cancelled")
    outcome = Outcome(sessions=(replace(session, cancelled=False),))
    return laid_over(program, outcome, session.id, allowed=overlap_planned)


def rename(program: Program, edit: Rename, _now: datetime) -> Outcome:
    """The session has another title and the same address."""
    session = program.session(edit.session)
    title = edit.title.strip()
    if not title:
        raise EditRefused("a title is a text, or TBA")
    return Outcome(sessions=(replace(session, title=title),))


def change_speakers(program: Program, edit: ChangeSpeakers, _now: datetime) -> Outcome:
    """The session has other people; those it had stay in the program, and so does their address."""
    session = program.session(edit.session)
    known = {person.id: person for person in program.speakers}
    for person in edit.people:
        if known.setdefault(person.id, person) != person:
            raise EditRefused(f"{person.id!r} is {known[person.id].name} already")
    for name in edit.speakers:
        if name not in known:
            raise UnknownName("speaker", name)
    people = _new_people(program, edit)
    return Outcome(sessions=(replace(session, speakers=tuple(dict.fromkeys(edit.speakers))),), people=people)


def announce(program: Program, edit: Announce, now: datetime) -> Outcome:
    """The announcement is in force from now until an instant."""
    if not edit.text.strip():
        raise EditRefused("an announcement is a text")
    if edit.room is not None:
        program.room(edit.room)
    until = now + timedelta(minutes=edit.minutes) if edit.until is None else utc(edit.until)
    if until <= now:
        raise EditRefused(f"an announcement until {clock(program, until)} would be over; it is {clock(program, now)}")
    one = Announcement(text=edit.text.strip(), until=until, room=edit.room)
    return Outcome(announcements=(*program.announcements, one))


def withdraw(program: Program, edit: WithdrawAnnouncement, _now: datetime) -> Outcome:
    """The announcement is no longer shown."""
    left = tuple(one for one in program.announcements if one.revision != edit.revision)
    if len(left) == len(program.announcements):
        raise UnknownName("announcement", str(edit.revision))
    return Outcome(announcements=left)


def _new_people(program: Program, edit: ChangeSpeakers) -> tuple[Person, ...]:
    known = {person.id for person in program.speakers}
    return tuple({one.id: one for one in edit.people if one.id not in known}.values())
