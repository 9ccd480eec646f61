"""What is wrong with a program, and what is merely odd.

Faults stop a program from being built. Warnings do not: real programs have overlaps in a
room, zero-length sessions and sessions outside the announced days.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import TYPE_CHECKING

from app.domain.errors import Fault, UnknownZone
from app.domain.instants import zone

if TYPE_CHECKING:
    from app.domain.program import Program
    from app.domain.session import Session, Slot

# Codes carry a session's id, so it is short.
SESSION_ID = re.compile(r"[a-z0-9-]{1,24}")
SLUG = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")
LONGEST_SESSION = timedelta(days=7)
# What follows midnight still belongs to the evening before.
DAY_SPILL = timedelta(hours=6)


def program_faults(program: Program) -> list[Fault]:
    """All that makes a program impossible, each with where, what and what was expected."""
    return [
        *_zone_faults(program),
        *_id_faults(program),
        *_all_session_faults(program),
        *_announcement_faults(program),
    ]


def program_warnings(program: Program) -> list[Fault]:
    """All that is odd but real: overlaps in a room, zero lengths, sessions outside the days."""
    return [*_overlaps(program), *_zero_lengths(program), *_outside_days(program)]


def _zone_faults(program: Program) -> Iterator[Fault]:
    try:
        zone(program.timezone)
    except UnknownZone:
        yield Fault("timezone", repr(program.timezone), "a zone name such as 'America/Vancouver'")


def _id_faults(program: Program) -> Iterator[Fault]:
    if not SLUG.fullmatch(program.id):
        yield Fault("id", repr(program.id), "lower-case letters, digits and hyphens, at most 64")
    groups = {
        "rooms": [room.id for room in program.rooms],
        "speakers": [person.id for person in program.speakers],
        "organizers": [person.id for person in program.organizers],
        "pages": [page.slug for page in program.pages],
        "dates": [one.id for one in program.dates],
    }
    for group, ids in groups.items():
        yield from _duplicates(group, ids)
        for name in ids:
            if not SLUG.fullmatch(name):
                yield Fault(f"{group}[{name}]", repr(name), "lower-case letters, digits and hyphens, at most 64")
    yield from _duplicates("sessions", [session.id for session in program.sessions])


def _duplicates(group: str, ids: Iterable[str]) -> Iterator[Fault]:
    for name, count in Counter(ids).items():
        if count > 1:
            yield Fault(f"{group}[{name}]", repr(name), f"an id of its own; {count} {group} have this one")


def _all_session_faults(program: Program) -> Iterator[Fault]:
    people = {person.id for person in program.speakers}
    rooms = {room.id for room in program.rooms}
    for session in program.sessions:
        yield from _session_faults(session, people)
        yield from _slot_faults(session.slot, rooms, f"sessions[{session.id}].")
        if session.scheduled != session.slot:
            yield from _slot_faults(session.scheduled, rooms, f"sessions[{session.id}].scheduled_")


def _session_faults(session: Session, people: set[str]) -> Iterator[Fault]:
    where = f"sessions[{session.id}]"
    if not SESSION_ID.fullmatch(session.id):
        yield Fault(f"{where}.id", repr(session.id), "lower-case letters, digits and hyphens, at most 24")
    if not session.title.strip():
        yield Fault(f"{where}.title", repr(session.title), "a title, or TBA")
    if session.min_minutes is not None and session.min_minutes < 0:
        yield Fault(f"{where}.min_minutes", str(session.min_minutes), "0 or more minutes")
    for speaker in session.speakers:
        if speaker not in people:
            yield Fault(f"{where}.speakers", repr(speaker), "the id of a speaker of this program")


def _slot_faults(slot: Slot, rooms: set[str], where: str) -> Iterator[Fault]:
    if slot.end < slot.start:
        yield Fault(f"{where}end", slot.end.isoformat(), f"not before its start, {slot.start.isoformat()}")
    elif slot.end - slot.start > LONGEST_SESSION:
        yield Fault(f"{where}end", slot.end.isoformat(), "within seven days of its start")
    if slot.room is not None and slot.room not in rooms:
        yield Fault(f"{where}room", repr(slot.room), "the id of a room of this program")


def _announcement_faults(program: Program) -> Iterator[Fault]:
    rooms = {room.id for room in program.rooms}
    for position, one in enumerate(program.announcements):
        if one.room is not None and one.room not in rooms:
            yield Fault(f"announcements[{position}].room", repr(one.room), "the id of a room of this program")
        if not one.text.strip():
            yield Fault(f"announcements[{position}].text", repr(one.text), "a text")


def _overlaps(program: Program) -> Iterator[Fault]:
    for room in program.rooms:
        last: Session | None = None
        for session in program.sessions_in(room.id):
            if session.cancelled or session.start == session.end:
                continue
            if last is not None and session.start < last.end:
                yield Fault(f"sessions[{session.id}]", room.name, f"no overlap in this room; {last.id} is still on")
            last = session if last is None or session.end > last.end else last


def _zero_lengths(program: Program) -> Iterator[Fault]:
    for session in program.sessions:
        if session.start == session.end:
            start = program.local(session.start).isoformat(timespec="minutes")
            yield Fault(f"sessions[{session.id}]", start, "an end after its start; with no length it is never on")


def _outside_days(program: Program) -> Iterator[Fault]:
    for session in program.sessions:
        local = program.local(session.start)
        if program.days and not {local.date(), (local - DAY_SPILL).date()} & set(program.days):
            days = ", ".join(day.isoformat() for day in program.days)
            yield Fault(f"sessions[{session.id}]", local.isoformat(timespec="minutes"), f"on an announced day: {days}")
