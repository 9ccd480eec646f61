"""Builds a program from validated tables: local times become instants, and defaults are filled in."""

from __future__ import annotations

from datetime import timedelta

import pytz

from app.domain.errors import Fault, InvalidProgram, TimeError, UnknownZone
from app.domain.instants import at_local, in_zone, zone_named
from app.domain.program import ImportantDate, Page, Person, Program, Room, Venue
from app.domain.session import Item, Link, Session, Slot, usual_least_minutes
from app.formats.program_folder import schema
from app.formats.program_folder.faults import Locations, SessionInFile, nearest
from app.formats.program_folder.toml_document import Path as TomlPath

# At any instant, the dates of two zones differ by one day at most.
NEIGHBOURING = timedelta(days=1)


def build_program(
    table: schema.ProgramTable, pages: tuple[Page, ...], locations: Locations
) -> tuple[Program | None, list[Fault]]:
    """The program of a folder, or None, and the faults found."""
    builder = _Builder(table.timezone, locations)
    sessions = [builder.session(name, one) for name, one in locations.sessions.items()]
    dates = [builder.date(one, number) for number, one in enumerate(table.important_date)]
    try:
        program = Program(
            id=table.id,
            title=table.title,
            timezone=builder.zone_name,
            domain=table.domain,
            days=tuple(sorted({day.date for day in table.day})),
            subtitle=table.subtitle,
            series=table.series,
            description=table.description,
            url=table.url,
            language=table.language,
            venue=Venue(**dict(table.venue)) if table.venue else None,
            rooms=tuple(Room(room.id, room.name) for room in table.room),
            sessions=tuple(one for one in sessions if one),
            speakers=tuple(map(_person, table.speaker)),
            organizers=tuple(map(_person, table.organizer)),
            dates=tuple(one for one in dates if one),
            pages=pages,
            links=_links(table.link),
        )
    except InvalidProgram as error:
        return None, [*builder.faults, *map(locations.located, error.faults)]
    return (None if builder.faults else program), builder.faults


class _Builder:
    """Converts what has local times, and collects the faults of those that do not exist."""

    def __init__(self, timezone: str, locations: Locations) -> None:
        self.faults = [*locations.repeated]
        self.zone_name = timezone
        self._lines = locations.lines
        try:
            zone_named(timezone)
        except UnknownZone:
            near = nearest(timezone, pytz.all_timezones) or "America/Vancouver"
            self._add_fault(("timezone",), "timezone", repr(timezone), f"a zone name such as {near!r}")
            self.zone_name = "UTC"  # so that the rest is checked too

    def session(self, session_id: str, one: SessionInFile) -> Session | None:
        """A session under an id; None where its time is faulty."""
        table = one.table
        try:
            slot = table.time.slot(one.day, self.zone_name, table.room)
        except TimeError as error:
            self._add_fault((*one.path, "time"), f"sessions[{table.id}].time", repr(table.time.text), str(error))
            return None
        values = {key: value for key, value in table if key not in {"time", "room"}} | {
            "id": session_id,
            "items": tuple(map(_item, table.items)),
            "links": _links(table.links),
            "min_minutes": _least_minutes(table, slot),
        }
        return Session(**values, slot=slot, scheduled=slot)

    def date(self, one: schema.DateTable, number: int) -> ImportantDate | None:
        """An important date; None where it has no day or a faulty time."""
        path, name = ("important_date", number), f"important_date[{one.id}]"
        at, day = one.at, one.day or (one.at and one.at.date())
        if day is None:
            self._add_fault(path, name, "neither `day` nor `at`", "`day`, or `at` for one with a time")
            return None
        if at is not None and abs(day - at.date()) > NEIGHBOURING:
            self._add_fault((*path, "day"), f"{name}.day", day.isoformat(), f"the day of `at`, {at.date()}")
        if at is not None and at.tzinfo is None:
            try:
                at = in_zone(at_local(at.date(), at.time(), self.zone_name), zone_named(self.zone_name))
            except TimeError as error:
                self._add_fault((*path, "at"), f"{name}.at", at.isoformat(), str(error))
                return None
        return ImportantDate(**dict(one) | {"day": day, "at": at})

    def _add_fault(self, path: TomlPath, name: str, value: str, expected: str) -> None:
        self.faults.append(Fault(self._lines.at(path, name), value, expected))


def _least_minutes(table: schema.SessionTable, slot: Slot) -> int | None:
    if table.min_minutes is None:
        return usual_least_minutes(table.kind, slot)
    return None if table.min_minutes is False else table.min_minutes


def _person(one: schema.PersonTable) -> Person:
    return Person(**dict(one) | {"links": _links(one.links)})


def _item(one: schema.ItemTable) -> Item:
    return Item(**dict(one) | {"links": _links(one.links)})


def _links(links: tuple[schema.LinkTable, ...]) -> tuple[Link, ...]:
    return tuple(Link(link.label, link.url) for link in links)
