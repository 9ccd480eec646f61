"""frab's (Pentabarf's) schedule.xml, strictly: valid by the official schema for every program."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import TypeAlias

from lxml import etree

from app.domain.program import Program
from app.domain.session import Session
from app.formats.exchange import GENERATOR
from app.formats.frab.days import ConferenceDay, conference_days
from app.formats.frab.event import (
    MINUTE,
    Event,
    ExportResult,
    base_of,
    clean,
    event_of,
    hours_and_minutes,
    stamp,
)
from app.formats.frab.left_out import left_out_of_both, those
from app.formats.identity import Identity, acronym, identities, person_guid, room_guid
from app.formats.uris import strict_uri

Element: TypeAlias = etree._Element  # noqa: SLF001 - the library's only name for the type
# Giggity takes no event of a day or longer.
LONGEST_EVENT = timedelta(days=1) - MINUTE
# Giggity knows the format by what stands in the first 1024 characters.
LONGEST_ADDRESS = 400


def schedule_xml(program: Program, *, version: str, base_url: str) -> ExportResult:
    """The whole program as schedule.xml; ``base_url`` is the service's public address."""
    base = base_of(program, base_url)
    days = conference_days(program)
    root = etree.Element("schedule")
    etree.SubElement(root, "generator", name=GENERATOR)
    if len(base) <= LONGEST_ADDRESS:
        _add(root, "url", f"{base}/export/schedule.xml")
    _add(root, "version", clean(version))
    _add_conference(root, program, days, base)
    known = identities(program)
    for day in days:
        _add_day(root, program, day, known, base)
    etree.indent(root)
    data = etree.tostring(root, encoding="UTF-8", xml_declaration=True)
    return ExportResult(data + b"\n", tuple(_left_out(program)))


def _add_conference(root: Element, program: Program, days: tuple[ConferenceDay, ...], base: str) -> None:
    conference = etree.SubElement(root, "conference")
    _add(conference, "acronym", acronym(program))
    _add(conference, "title", clean(program.title))
    _add(conference, "start", days[0].date.isoformat())
    _add(conference, "end", days[-1].date.isoformat())
    _add(conference, "days", str(len(days)))
    _add(conference, "timeslot_duration", "00:05")
    _add(conference, "time_zone_name", program.timezone)
    _add(conference, "base_url", base)
    if url := strict_uri(program.url):
        _add(conference, "url", url)
    for track in sorted({clean(session.track) for session in program.sessions if session.track}):
        etree.SubElement(conference, "track", name=track)


def _add_day(root: Element, program: Program, day: ConferenceDay, known: dict[str, Identity], base: str) -> None:
    element = etree.SubElement(
        root,
        "day",
        index=str(day.index),
        date=day.date.isoformat(),
        start=stamp(program, day.start),
        end=stamp(program, day.end),
    )
    guids = {room.name: room_guid(program, room) for room in program.rooms}
    for name, sessions in day.rooms.items():
        room = etree.SubElement(element, "room", name=clean(name))
        if name in guids:
            room.set("guid", guids[name])
        for session in sessions:
            _add_event(room, program, event_of(program, session, known[session.id], base))


def _add_event(room: Element, program: Program, event: Event) -> None:
    session = event.session
    element = etree.SubElement(room, "event", id=str(event.identity.id), guid=event.identity.guid)
    texts = {
        "room": event.room,
        "title": event.title,
        "type": session.kind,
        "date": event.date,
        "start": event.start,
        "duration": hours_and_minutes(min(event.duration, LONGEST_EVENT)),
        "abstract": session.abstract,
        "slug": event.identity.slug,
        "track": session.track,
        "language": session.language,
        "url": event.url,
    }
    for name, value in texts.items():
        _add(element, name, clean(value))
    persons = etree.SubElement(element, "persons")
    for person in program.speakers_of(session):
        _add(persons, "person", clean(person.name), guid=person_guid(program, person))
    links = etree.SubElement(element, "links")
    for link in event.links:
        _add(links, "link", link.label, href=link.url)


def _add(parent: Element, name: str, text: str, **attributes: str) -> None:
    etree.SubElement(parent, name, attributes).text = text


def _left_out(program: Program) -> Iterator[str]:
    yield from left_out_of_both(program)
    if any(_says_more(program, session) for session in program.sessions):
        yield "affiliations, biographies and addresses of speakers"
    yield from those(program, "all beyond 23:59 of", lambda one: one.end - one.start > LONGEST_EVENT)


def _says_more(program: Program, session: Session) -> bool:
    return any(one.affiliations or one.biography or one.url or one.links for one in program.speakers_of(session))
