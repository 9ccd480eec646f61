"""The one builder: a draft of whatever form becomes a program."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from app.domain.errors import InvalidProgram
from app.domain.faults import DAY_SPILL, SLUG
from app.domain.instants import in_zone, zone
from app.domain.program import VENUE_ROOM, Program, Room
from app.domain.session import Session
from app.formats.imports.beside import dates, organizers, speakers, venue
from app.formats.imports.draft import MOST_SESSIONS, Draft, Row
from app.formats.imports.notes import Notes
from app.formats.imports.people import People
from app.formats.imports.place import ImportOptions, first_day_of, zone_of, zone_of_clocks
from app.formats.imports.refusal import ImportRefused
from app.formats.imports.rooms import Rooms
from app.formats.imports.sessions import rooms_in_use, sessions_of
from app.formats.imports.slots import Placed, placed
from app.formats.imports.slugs import named

MOST_DAYS = 1000
MOST_ROOMS = 2000
# Names no host: identifiers of calendars stay apart from anybody's real ones (RFC 2606, 2).
DOMAIN = "invalid"


def program_of(draft: Draft, options: ImportOptions, former: Program | None, source: str, notes: Notes) -> Program:
    """The program of a draft, or the former one brought up to it; raises `ImportRefused`."""
    if not any(row.when.said for row in draft.rows):
        raise ImportRefused(source, f"no sessions with a time in it (read as {draft.form})")
    if len(draft.rows) > MOST_SESSIONS:
        raise ImportRefused(source, f"more than {MOST_SESSIONS} sessions")
    if len({row.room for row in draft.rows} | set(draft.rooms)) > MOST_ROOMS:
        raise ImportRefused(source, f"more than {MOST_ROOMS} rooms")
    name = zone_of(draft, options, former, source, notes)
    first_day = first_day_of(draft, options, former, source, notes)
    rows = _own_guids(_in_rooms(draft, options), notes)
    found = placed(rows, zone_of_clocks(draft, options, name, notes), first_day, notes)
    if not found:
        raise ImportRefused(source, "none of its sessions has a time that can be used")
    try:
        return _program(draft, found, name, former, notes)
    except InvalidProgram as error:
        raise ImportRefused(source, f"the program would not be sound: {error.faults[0]}") from error


def _program(draft: Draft, found: Sequence[Placed], zone_name: str, former: Program | None, notes: Notes) -> Program:
    drafts = [*draft.people, *(person for one in found for person in one.row.people or ())]
    people = People(drafts, former.speakers if former else ())
    rooms = Rooms([*draft.rooms, *(one.row.room for one in found if one.row.room)], former)
    sessions = sessions_of(found, people, rooms, former, notes)
    program = former if former is not None else _empty(draft, zone_name)
    notes.took(f"{len(found)} sessions")
    return replace(
        program,
        timezone=zone_name,
        days=_days((*draft.days[:MOST_DAYS], *_days_that_stay(former, sessions)), found, zone_name),
        rooms=_rooms(rooms, sessions, former),
        sessions=sessions,
        speakers=speakers(people, sessions, former, notes, said=bool(drafts)),
        organizers=organizers(draft.organizers, program.organizers, notes),
        dates=dates(draft.dates, program.dates, notes),
        venue=venue(draft.venue, program.venue),
        pages=program.pages or draft.pages,
        links=program.links or draft.links,
    )


def _empty(draft: Draft, zone_name: str) -> Program:
    title = draft.title or "Program"
    name = draft.id if SLUG.fullmatch(draft.id) else named(title, "program")
    return Program(
        id=name,
        title=title,
        timezone=zone_name,
        domain=draft.domain or f"{name}.{DOMAIN}",
        days=(),
        subtitle=draft.subtitle,
        series=draft.series,
        description=draft.description,
        url=draft.url,
        language=draft.language or "en",
    )


def _in_rooms(draft: Draft, options: ImportOptions) -> list[Row]:
    room = options.room or draft.room
    return [replace(row, room=room) if room and row.room is None else row for row in draft.rows]


def _own_guids(rows: list[Row], notes: Notes) -> list[Row]:
    """A guid that several rows share tells none of them apart."""
    counts = Counter(row.guid for row in rows if row.guid)
    shared = {guid for guid, count in counts.items() if count > 1}
    for guid in sorted(shared):
        notes.left("an identifier that several sessions share", guid)
    return [replace(row, guid="") if row.guid in shared else row for row in rows]


def _days(announced: Iterable[date], found: Iterable[Placed], zone_name: str) -> tuple[date, ...]:
    """The announced days, and those of sessions that lie on none of them."""
    tz = zone(zone_name)
    days = set(announced)
    late: set[date] = set()
    for one in found:
        local = in_zone(one.start, tz)
        evening_before = (local - DAY_SPILL).date()
        if evening_before == local.date():
            days.add(local.date())
        else:
            late.add(local.date())
    nights = {day for day in late if day not in days and not any((day - other).days == 1 for other in days)}
    return tuple(sorted(days | nights))


def _days_that_stay(former: Program | None, sessions: Iterable[Session]) -> set[date]:
    """The days that were announced before and still have a session, be it a cancelled one."""
    return {former.local(one.start).date() for one in sessions}.intersection(former.days) if former else set()


def _rooms(rooms: Rooms, sessions: tuple[Session, ...], former: Program | None) -> tuple[Room, ...]:
    used = rooms_in_use(rooms.with_former(), sessions)
    if former is not None and used == _venue_room(former):
        return ()  # the program names its one room itself
    return used


def _venue_room(program: Program) -> tuple[Room, ...]:
    return (Room(VENUE_ROOM, program.venue.name if program.venue else program.title),)
