"""From validated tables to a program: local times become instants, defaults are filled in."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from app.domain.errors import Fault, InvalidProgram, MalformedTime, TimeError, UnknownZone
from app.domain.instants import at_local, in_zone, utc, zone
from app.domain.program import ImportantDate, Item, Link, Page, Person, Program, Room, Session, Slot, Venue
from app.formats.folder_schema import (
    DateTable,
    ItemTable,
    LinkTable,
    PersonTable,
    ProgramTable,
    SessionTable,
    VenueTable,
)
from app.formats.toml_lines import Path as TomlPath
from app.formats.toml_lines import line_of

ELASTIC_MINUTES = {"break": 10, "posters": 30}
_TIME = re.compile(r"(\d+):(\d\d)([+-]\d\d:\d\d)?")
_SESSION_FAULT = re.compile(r"sessions\[([^\]]*)\]\.?(\w*)")


@dataclass(frozen=True)
class Places:
    """Where things stand in a program's file."""

    path: object
    lines: dict[TomlPath, int]

    def at(self, path: TomlPath) -> str:
        """File and line of a table or key."""
        return f"{self.path}:{line_of(self.lines, path)}"

    def placed(self, fault: Fault, table: ProgramTable) -> Fault:
        """A fault of the domain with its file and line before it."""
        return replace(fault, where=f"{self.at(_toml_path(fault.where, table))} {fault.where}")


def build_program(table: ProgramTable, pages: tuple[Page, ...], places: Places) -> tuple[Program | None, list[Fault]]:
    """The program of a folder, or None and all that is wrong with it."""
    faults: list[Fault] = []
    zone_name = _zone(table, places, faults)
    sessions = _sessions(table, zone_name, places, faults)
    dates = [_date(one, zone_name, places, number, faults) for number, one in enumerate(table.important_date)]
    try:
        program = Program(
            id=table.id,
            title=table.title,
            timezone=zone_name,
            domain=table.domain,
            days=tuple(sorted({day.date for day in table.day})),
            subtitle=table.subtitle,
            series=table.series,
            description=table.description,
            url=table.url or "",
            language=table.language,
            venue=_venue(table.venue),
            rooms=tuple(Room(room.id, room.name) for room in table.room),
            sessions=tuple(sessions),
            speakers=tuple(map(_person, table.speaker)),
            organizers=tuple(map(_person, table.organizer)),
            dates=tuple(one for one in dates if one),
            pages=pages,
            links=_links(table.link),
        )
    except InvalidProgram as error:
        return None, [*faults, *(places.placed(fault, table) for fault in error.faults)]
    return (None if faults else program), faults


def _zone(table: ProgramTable, places: Places, faults: list[Fault]) -> str:
    """The program's zone; UTC stands in for one that is unknown, so that the rest is checked too."""
    try:
        zone(table.timezone)
    except UnknownZone:
        where = f"{places.at(('timezone',))} timezone"
        faults.append(Fault(where, repr(table.timezone), "a zone name such as 'America/Vancouver'"))
        return "UTC"
    return table.timezone


def _sessions(table: ProgramTable, zone_name: str, places: Places, faults: list[Fault]) -> list[Session]:
    sessions: list[Session] = []
    for day_number, day in enumerate(table.day):
        for number, one in enumerate(day.session):
            try:
                sessions.append(_session(one, day.date, zone_name))
            except TimeError as error:
                where = places.at(("day", day_number, "session", number, "time"))
                faults.append(Fault(f"{where} sessions[{one.id}].time", repr(one.time), str(error)))
    return sessions


def _session(one: SessionTable, day: date, zone_name: str) -> Session:
    start_text, end_text = re.split(r"(?<=\d)\s*[-–]\s*(?=\d?\d:\d\d(?:[+-]\d\d:\d\d)?$)", one.time.strip(), maxsplit=1)
    slot = Slot(start=_instant(day, start_text, zone_name), end=_instant(day, end_text, zone_name), room=one.room)
    return Session(
        id=one.id,
        title=one.title,
        slot=slot,
        scheduled=slot,
        kind=one.kind,
        speakers=one.speakers,
        abstract=one.abstract.strip(),
        items=tuple(map(_item, one.items)),
        links=_links(one.links),
        track=one.track,
        language=one.language,
        guid=one.guid,
        pinned=one.pinned,
        min_minutes=_min_minutes(one, slot),
        cancelled=one.cancelled,
    )


def _instant(day: date, text: str, zone_name: str) -> datetime:
    """The instant of "9:30", of "24:30" (half past midnight, the day after) or of "01:30-07:00"."""
    match = _TIME.fullmatch(text.strip())
    if match is None:
        raise MalformedTime(text)
    days, hour = divmod(int(match[1]), 24)
    local_day = day + timedelta(days=days)
    clock = time(hour, int(match[2]))
    if match[3]:
        return utc(datetime.fromisoformat(f"{local_day.isoformat()}T{clock.isoformat()}{match[3]}"))
    return at_local(local_day, clock, zone_name)


def _min_minutes(one: SessionTable, slot: Slot) -> int | None:
    """The least length of an elastic session: as said, else by its kind, never more than its own length."""
    if one.min_minutes is not None:
        return one.min_minutes
    usual = ELASTIC_MINUTES.get(one.kind)
    return None if usual is None else min(usual, int((slot.end - slot.start).total_seconds() // 60))


def _date(one: DateTable, zone_name: str, places: Places, number: int, faults: list[Fault]) -> ImportantDate | None:
    where = f"{places.at(('important_date', number))} important_date[{one.id}]"
    if one.at is None:
        if one.day is None:
            faults.append(Fault(where, "neither `day` nor `at`", "`day`, or `at` for a deadline with a time"))
            return None
        at, day = None, one.day
    else:
        day = one.at.date()
        try:
            at = one.at if one.at.tzinfo else in_zone(at_local(day, one.at.time(), zone_name), zone(zone_name))
        except TimeError as error:
            faults.append(Fault(f"{where}.at", one.at.isoformat(), str(error)))
            return None
    return ImportantDate(
        id=one.id, title=one.title, day=day, at=at, zone_label=one.zone_label, former_day=one.former_day
    )


def _venue(one: VenueTable | None) -> Venue | None:
    if one is None:
        return None
    return Venue(
        name=one.name,
        address=one.address,
        city=one.city,
        latitude=one.latitude,
        longitude=one.longitude,
        url=one.url or "",
    )


def _person(one: PersonTable) -> Person:
    return Person(
        id=one.id,
        name=one.name,
        affiliations=one.affiliations,
        url=one.url or "",
        biography=one.biography.strip(),
        links=_links(one.links),
        language=one.language,
    )


def _item(one: ItemTable) -> Item:
    return Item(title=one.title, number=one.number, authors=one.authors, links=_links(one.links))


def _links(links: tuple[LinkTable, ...]) -> tuple[Link, ...]:
    return tuple(Link(link.label, link.url) for link in links)


def _toml_path(where: str, table: ProgramTable) -> TomlPath:
    """The TOML path of what the domain calls `sessions[id].end`."""
    match = _SESSION_FAULT.match(where)
    if match is None:
        return (where.partition("[")[0],)
    key = {"end": "time", "start": "time", "scheduled_end": "time"}.get(match[2], match[2])
    for day_number, day in enumerate(table.day):
        for number, one in enumerate(day.session):
            if one.id == match[1]:
                path: TomlPath = ("day", day_number, "session", number)
                return (*path, key) if key else path
    return ()
