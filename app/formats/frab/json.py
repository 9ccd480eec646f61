"""frab's schedule.json, version 1: valid by the official schema for every program."""

from __future__ import annotations

import json
import re
from typing import Any

from app.domain.colours import six_digits
from app.domain.program import Person, Program, Room
from app.domain.session import Link, Session
from app.formats.exchange_ids import GENERATOR, Identity, acronym, base_of, identities, stable_uuid, strict_uri
from app.formats.frab.event import (
    ConferenceDay,
    conference_days,
    event_fields,
    event_links,
    stamp,
    track_colours,
    web_links,
)

Json = dict[str, Any]
# The schema's own pattern; it excludes such names as `Etc/GMT+5` and `US/Pacific`.
ZONE_NAME = re.compile(r"^([A-Z][a-z]+/[A-Z][a-z]+)|UTC$")


def schedule_json(program: Program, *, version: str, base_url: str) -> bytes:
    """The whole program as schedule.json; ``base_url`` is the service's public address."""
    base = base_of(program, base_url)
    schedule = {
        "$schema": "https://c3voc.de/schedule/schema.json",
        "generator": {"name": GENERATOR},
        "schedule": {"version": version, "base_url": base, "conference": _conference(program, base)},
    }
    return json.dumps(schedule, ensure_ascii=False, indent=1).encode(errors="replace") + b"\n"


def _conference(program: Program, base: str) -> Json:
    days = conference_days(program)
    known = identities(program)
    accent, tracks = program.identity.accent, track_colours(program)
    conference: Json = {
        "acronym": acronym(program),
        "title": program.title,
        "description": program.description,
        "start": days[0].date.isoformat(),
        "end": days[-1].date.isoformat(),
        "daysCount": len(days),
        "timeslot_duration": "00:05",
        **_zone(program),
        "url": strict_uri(program.url),
        "colors": {"primary": six_digits(accent)} if accent else None,
        "tracks": [{"name": name, **({"color": color} if color else {})} for name, color in tracks.items()],
        "rooms": [_room(program, room) for room in program.rooms],
        "days": [_day(program, day, known, base) for day in days],
    }
    return {name: value for name, value in conference.items() if value is not None}


def _room(program: Program, room: Room) -> Json:
    found = {"name": room.name, "guid": str(stable_uuid(program, "room", room.id))}
    return {**found, "description": room.directions} if room.directions else found


def _day(program: Program, day: ConferenceDay, known: dict[str, Identity], base: str) -> Json:
    return {
        "index": day.index,
        "date": day.date.isoformat(),
        "day_start": stamp(program, day.start),
        "day_end": stamp(program, day.end),
        "rooms": {
            name: [_event(program, session, known[session.id], base) for session in sessions]
            for name, sessions in day.rooms.items()
        },
    }


def _event(program: Program, session: Session, identity: Identity, base: str) -> Json:
    return {
        "guid": identity.guid,
        "id": identity.id,
        **event_fields(program, session, identity, base),
        "end": stamp(program, session.end),
        "subtitle": None,
        "track": session.track or None,
        "language": session.language or None,
        "persons": [_person(program, person) for person in program.speakers_of(session)],
        "links": _links(event_links(session, base)),
    }


def _person(program: Program, person: Person) -> Json:
    """A person with name and guid, and those of the other fields that have a value."""
    details: Json = {
        "biography": person.biography,
        "affiliations": list(person.affiliations),
        "url": strict_uri(person.url),
        "links": _links(web_links(person.links)),
    }
    known = {name: value for name, value in details.items() if value}
    return {"name": person.name, "guid": str(stable_uuid(program, "person", person.id)), **known}


def _links(links: tuple[Link, ...]) -> list[Json]:
    return [{"url": link.url, "title": link.label, "type": "related"} for link in links]


def _zone(program: Program) -> Json:
    """The zone's name, below ``meta`` (which may hold anything) where the schema's pattern excludes it."""
    name = {"time_zone_name": program.timezone}
    return name if ZONE_NAME.search(program.timezone) else {"meta": name}
