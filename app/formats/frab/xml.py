"""frab's (Pentabarf's) schedule.xml: valid by the official schema for every program."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

from lxml import etree

from app.domain.colours import six_digits
from app.domain.program import Program
from app.domain.session import Session
from app.formats.exchange_ids import (
    GENERATOR,
    Identity,
    acronym,
    base_of,
    identities,
    stable_uuid,
    strict_uri,
    xml_text,
)
from app.formats.frab.event import (
    ConferenceDay,
    conference_days,
    event_fields,
    event_links,
    hours_and_minutes,
    stamp,
    track_colours,
)

Element: TypeAlias = etree._Element  # noqa: SLF001 - the library's only name for the type
# Giggity rejects events of a day or longer.
LONGEST_EVENT_MINUTES = 24 * 60 - 1
# Giggity recognizes the format by the first 1024 characters, which must contain `<conference`.
LONGEST_ADDRESS = 400


def schedule_xml(program: Program, *, version: str, base_url: str) -> bytes:
    """The whole program as schedule.xml; ``base_url`` is the service's public address."""
    base = base_of(program, base_url)
    days = conference_days(program)
    root = etree.Element("schedule")
    etree.SubElement(root, "generator", name=GENERATOR)
    if len(base) <= LONGEST_ADDRESS:
        _add(root, "url", f"{base}/export/schedule.xml")
    _add(root, "version", version)
    _add_conference(root, program, days, base)
    known = identities(program)
    for day in days:
        _add_day(root, program, day, known, base)
    etree.indent(root)
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True) + b"\n"


def _add_conference(root: Element, program: Program, days: tuple[ConferenceDay, ...], base: str) -> None:
    conference = etree.SubElement(root, "conference")
    texts = {
        "acronym": acronym(program),
        "title": program.title,
        "start": days[0].date.isoformat(),
        "end": days[-1].date.isoformat(),
        "days": str(len(days)),
        "timeslot_duration": "00:05",
        "time_zone_name": program.timezone,
        "base_url": base,
    }
    url = strict_uri(program.url)
    _add_all(conference, {**texts, "url": url} if url else texts)
    if program.identity.accent:
        etree.SubElement(conference, "color", primary=six_digits(program.identity.accent))
    for name, color in {xml_text(name): color for name, color in track_colours(program).items()}.items():
        etree.SubElement(conference, "track", {"name": name, **({"color": color} if color else {})})


def _add_day(root: Element, program: Program, day: ConferenceDay, known: dict[str, Identity], base: str) -> None:
    start, end = stamp(program, day.start), stamp(program, day.end)
    element = etree.SubElement(root, "day", index=str(day.index), date=day.date.isoformat(), start=start, end=end)
    guids = {room.name: str(stable_uuid(program, "room", room.id)) for room in program.rooms}
    for name, sessions in day.rooms.items():
        room = etree.SubElement(element, "room", name=xml_text(name))
        if name in guids:
            room.set("guid", guids[name])
        for session in sessions:
            _add_event(room, program, session, known[session.id], base)


def _add_event(room: Element, program: Program, session: Session, identity: Identity, base: str) -> None:
    element = etree.SubElement(room, "event", id=str(identity.id), guid=identity.guid)
    duration = hours_and_minutes(min(session.minutes, LONGEST_EVENT_MINUTES))
    _add_all(element, {**event_fields(program, session, identity, base), "duration": duration})
    persons = etree.SubElement(element, "persons")
    for person in program.speakers_of(session):
        _add(persons, "person", person.name, guid=str(stable_uuid(program, "person", person.id)))
    links = etree.SubElement(element, "links")
    for link in event_links(session, base):
        _add(links, "link", link.label, href=link.url)


def _add_all(parent: Element, texts: Mapping[str, str]) -> None:
    for name, text in texts.items():
        _add(parent, name, text)


def _add(parent: Element, name: str, text: str, **attributes: str) -> None:
    etree.SubElement(parent, name, attributes).text = xml_text(text)
