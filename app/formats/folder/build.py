"""From validated tables to a program: local times become instants, defaults are filled in."""

from __future__ import annotations

from datetime import timedelta

import pytz

from app.domain.errors import Fault, InvalidProgram, TimeError, UnknownZone
from app.domain.instants import at_local, in_zone, zone
from app.domain.program import ImportantDate, Page, Person, Program, Room, Venue
from app.domain.session import Item, Link, Session, Slot
from app.formats.folder.faults import Places, nearest
from app.formats.folder.index import Index, Written
from app.formats.folder.schema import (
    DateTable,
    ItemTable,
    LinkTable,
    PersonTable,
    ProgramTable,
    SessionTable,
    VenueTable,
)

# What a session of a kind can be shortened to where the file does not say.
ELASTIC_MINUTES = {"break": 10, "posters": 30}
# An instant is on two days at once, in one zone or another; on three it never is.
NEIGHBOURING = timedelta(days=1)


def build_program(table: ProgramTable, pages: tuple[Page, ...], index: Index) -> tuple[Program | None, list[Fault]]:
    """The program of a folder, or None and all that is wrong with it."""
    faults = [*index.repeated]
    zone_name = _zone(table.timezone, index.places, faults)
    sessions = [_session(name, one, zone_name, index, faults) for name, one in index.sessions.items()]
    dates = [_date(one, number, zone_name, index.places, faults) for number, one in enumerate(table.important_date)]
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
            sessions=tuple(one for one in sessions if one),
            speakers=tuple(map(_person, table.speaker)),
            organizers=tuple(map(_person, table.organizer)),
            dates=tuple(one for one in dates if one),
            pages=pages,
            links=_links(table.link),
        )
    except InvalidProgram as error:
        return None, [*faults, *map(index.placed, error.faults)]
    return (None if faults else program), faults


def usual_least_minutes(kind: str, slot: Slot) -> int | None:
    """What a session can be shortened to by its kind; None where it cannot. Never more than its own length."""
    usual = ELASTIC_MINUTES.get(kind)
    length = (slot.end - slot.start) // timedelta(minutes=1)
    return None if usual is None else max(0, min(usual, length))


def _zone(name: str, places: Places, faults: list[Fault]) -> str:
    """The program's zone; UTC stands in for one that is unknown, so that the rest is checked too."""
    try:
        zone(name)
    except UnknownZone:
        near = nearest(name, pytz.all_timezones) or "America/Vancouver"
        faults.append(Fault(places.at(("timezone",), "timezone"), repr(name), f"a zone name such as {near!r}"))
        return "UTC"
    return name


def _session(name: str, one: Written, zone_name: str, index: Index, faults: list[Fault]) -> Session | None:
    table = one.table
    try:
        slot = table.time.slot(one.day, zone_name, table.room)
    except TimeError as error:
        where = index.places.at((*one.path, "time"), f"sessions[{table.id}].time")
        faults.append(Fault(where, repr(table.time.text), str(error)))
        return None
    return Session(
        id=name,
        title=table.title,
        slot=slot,
        scheduled=slot,
        kind=table.kind,
        speakers=table.speakers,
        abstract=_prose(table.abstract),
        items=tuple(map(_item, table.items)),
        links=_links(table.links),
        track=table.track,
        language=table.language,
        guid=table.guid,
        pinned=table.pinned,
        min_minutes=_least_minutes(table, slot),
        cancelled=table.cancelled,
    )


def _least_minutes(table: SessionTable, slot: Slot) -> int | None:
    if table.min_minutes is None:
        return usual_least_minutes(table.kind, slot)
    return None if table.min_minutes is False else table.min_minutes


def _date(one: DateTable, number: int, zone_name: str, places: Places, faults: list[Fault]) -> ImportantDate | None:
    path, name = ("important_date", number), f"important_date[{one.id}]"
    at, day = one.at, one.day or (one.at and one.at.date())
    if day is None:
        faults.append(Fault(places.at(path, name), "neither `day` nor `at`", "`day`, or `at` for one with a time"))
        return None
    if at is not None and abs(day - at.date()) > NEIGHBOURING:
        faults.append(Fault(places.at((*path, "day"), f"{name}.day"), day.isoformat(), f"the day of `at`, {at.date()}"))
    if at is not None and at.tzinfo is None:
        try:
            at = in_zone(at_local(at.date(), at.time(), zone_name), zone(zone_name))
        except TimeError as error:
            faults.append(Fault(places.at((*path, "at"), f"{name}.at"), at.isoformat(), str(error)))
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
        biography=_prose(one.biography),
        links=_links(one.links),
        language=one.language,
    )


def _item(one: ItemTable) -> Item:
    return Item(title=one.title, number=one.number, authors=one.authors, links=_links(one.links))


def _links(links: tuple[LinkTable, ...]) -> tuple[Link, ...]:
    return tuple(Link(link.label, link.url) for link in links)


def _prose(text: str) -> str:
    """A text without the line end before the three quotation marks that close it."""
    return text.removesuffix("\n")
