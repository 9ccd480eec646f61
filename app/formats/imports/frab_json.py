"""frab's schedule.json, version 1 and the older forms, read leniently."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from app.domain.session import Link
from app.formats.imports.draft import Draft, DraftPerson
from app.formats.imports.frab import MOST_DAYS, FrabConference, FrabDay, FrabEvent, day_of, frab_draft
from app.formats.imports.json_value import record_of, records_in, text_of
from app.formats.imports.links import absolute, link
from app.formats.imports.source import Source
from app.formats.imports.text import block, one_line

NAMES = ("name", "public_name", "full_public_name", "display_name", "full_name")


def read_frab_json(data: Mapping[str, Any], source: Source) -> Draft:
    """The sessions of a schedule.json."""
    schedule = record_of(data, "schedule") or data
    conference = record_of(schedule, "conference") or schedule
    days = list(records_in(conference, "days", "day")) or list(records_in(schedule, "days", "day"))
    days = days[:MOST_DAYS]
    dated = [(_day(day, text_of(conference, "day_change")), day) for day in days]
    rooms = [text_of(room, "name") for room in (*records_in(conference, "rooms"), *records_in(schedule, "rooms"))]
    return frab_draft(
        "frab JSON",
        FrabConference(
            title=text_of(conference, "title") or source.stem,
            acronym=text_of(conference, "acronym"),
            generator=text_of(record_of(data, "generator") or record_of(schedule, "generator"), "name"),
            base_url=text_of(schedule, "base_url", "baseurl") or text_of(conference, "base_url"),
            url=text_of(conference, "url"),
            timezone=text_of(conference, "time_zone_name") or text_of(record_of(conference, "meta"), "time_zone_name"),
            places=(text_of(conference, "city"), text_of(conference, "venue")),
            rooms=tuple(dict.fromkeys(room for room in rooms if room)),
            days=tuple(day.date for day, _ in dated if day.date is not None),
        ),
        (event for day, record in dated for event in _events(day, record)),
        source.notes,
    )


def _day(day: Mapping[str, Any], day_change: str) -> FrabDay:
    start, end = text_of(day, "day_start", "start"), text_of(day, "day_end", "end")
    return day_of(text_of(day, "date"), start, end, day_change)


def _events(day: FrabDay, record: Mapping[str, Any]) -> Iterator[FrabEvent]:
    rooms = record.get("rooms", record.get("room"))
    if isinstance(rooms, Mapping):
        for name, events in rooms.items():
            yield from (_event(day, event, name) for event in records_in({"events": events}, "events"))
    for room in records_in(record, "rooms", "room"):
        yield from (_event(day, event, text_of(room, "name")) for event in records_in(room, "events", "talks"))
    yield from (_event(day, event, "") for event in records_in(record, "events", "talks"))


def _event(day: FrabDay, event: Mapping[str, Any], room: str) -> FrabEvent:
    return FrabEvent(
        day=day,
        id=text_of(event, "id", "code"),
        guid=text_of(event, "guid"),
        url=text_of(event, "url"),
        title=text_of(event, "title"),
        subtitle=text_of(event, "subtitle"),
        room=text_of(event, "room") or one_line(room),
        kind=text_of(event, "type"),
        track=text_of(event, "track"),
        language=text_of(event, "language"),
        abstract=block(event.get("abstract")),
        description=block(event.get("description")),
        date=text_of(event, "date"),
        start=text_of(event, "start"),
        end=text_of(event, "end"),
        duration=text_of(event, "duration"),
        people=tuple(one for person in records_in(event, "persons", "speakers") if (one := _person(person)).name),
        links=tuple(
            (text_of(one, "title", "name"), text_of(one, "url", "href"))
            for one in records_in(event, "links", "attachments")
        ),
    )


def _person(person: Mapping[str, Any]) -> DraftPerson:
    places = person.get("affiliations")
    links = (link(text_of(one, "title"), text_of(one, "url")) for one in records_in(person, "links"))
    return DraftPerson(
        name=text_of(person, *NAMES),
        affiliations=tuple(one_line(place) for place in places) if isinstance(places, list) else (),
        url=absolute(text_of(person, "url")),
        biography=block(person.get("biography") or person.get("description")),
        links=tuple(one for one in links if isinstance(one, Link)),
    )
