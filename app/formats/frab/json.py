"""frab's schedule.json, version 1, strictly: valid by the official schema for every program."""

from __future__ import annotations

import json
import re
from typing import Any

from app.domain.program import Person, Program
from app.domain.session import Link
from app.formats.exchange import GENERATOR
from app.formats.frab.days import ConferenceDay, conference_days
from app.formats.frab.event import (
    Event,
    ExportResult,
    base_of,
    event_of,
    hours_and_minutes,
    stamp,
    web_links,
)
from app.formats.frab.left_out import left_out_of_both
from app.formats.identity import Identity, acronym, identities, person_guid, room_guid
from app.formats.uris import strict_uri

Json = dict[str, Any]
# The schema's own pattern: it knows no `Etc/GMT+5` and no `US/Pacific`.
ZONE_NAME = re.compile(r"^([A-Z][a-z]+/[A-Z][a-z]+)|UTC$")


def schedule_json(program: Program, *, version: str, base_url: str) -> ExportResult:
    """The whole program as schedule.json; ``base_url`` is the service's public address."""
    base = base_of(program, base_url)
    schedule = {
        "$schema": "https://c3voc.de/schedule/schema.json",
        "generator": {"name": GENERATOR},
        "schedule": {"version": version, "base_url": base, "conference": _conference(program, base)},
    }
    data = json.dumps(schedule, ensure_ascii=False, indent=1).encode(errors="replace")
    return ExportResult(data + b"\n", tuple(left_out_of_both(program)))


def _conference(program: Program, base: str) -> Json:
    days = conference_days(program)
    known = identities(program)
    tracks = sorted({session.track for session in program.sessions if session.track})
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
        "tracks": [{"name": track} for track in tracks],
        "rooms": [{"name": room.name, "guid": room_guid(program, room)} for room in program.rooms],
        "days": [_day(program, day, known, base) for day in days],
    }
    return {name: value for name, value in conference.items() if value is not None}


def _day(program: Program, day: ConferenceDay, known: dict[str, Identity], base: str) -> Json:
    return {
        "index": day.index,
        "date": day.date.isoformat(),
        "day_start": stamp(program, day.start),
        "day_end": stamp(program, day.end),
        "rooms": {
            name: [_event(program, event_of(program, session, known[session.id], base)) for session in sessions]
            for name, sessions in day.rooms.items()
        },
    }


def _event(program: Program, event: Event) -> Json:
    session = event.session
    return {
        "guid": event.identity.guid,
        "id": event.identity.id,
        "date": event.date,
        "start": event.start,
        "end": event.end,
        "duration": hours_and_minutes(event.duration),
        "room": event.room,
        "slug": event.identity.slug,
        "url": event.url,
        "title": event.title,
        "subtitle": None,
        "track": session.track or None,
        "type": session.kind,
        "language": session.language or None,
        "abstract": session.abstract,
        "persons": [_person(program, person) for person in program.speakers_of(session)],
        "links": _links(event.links),
    }


def _person(program: Program, person: Person) -> Json:
    """A person by name and guid; nothing is said of whom nothing is known."""
    said: Json = {
        "biography": person.biography,
        "affiliations": list(person.affiliations),
        "url": strict_uri(person.url),
        "links": _links(web_links(person.links)),
    }
    known = {name: value for name, value in said.items() if value}
    return {"name": person.name, "guid": person_guid(program, person), **known}


def _links(links: tuple[Link, ...]) -> list[Json]:
    return [{"url": link.url, "title": link.label, "type": "related"} for link in links]


def _zone(program: Program) -> Json:
    """The zone where the schema has it, or else among what it leaves free."""
    if ZONE_NAME.search(program.timezone):
        return {"time_zone_name": program.timezone}
    return {"meta": {"time_zone_name": program.timezone}}
