"""The JSON that this service gives its readers (`/api/program`), read back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from app.domain.faults import LONGEST_SESSION
from app.domain.instants import CONFERENCE_YEARS
from app.domain.program import VENUE_ROOM, ImportantDate, Person, Venue
from app.domain.session import Item, Link
from app.formats.imports.draft import Draft, DraftPerson, Give, Row, When
from app.formats.imports.json_value import record_of, records_in, text_of
from app.formats.imports.links import absolute, link
from app.formats.imports.moments import read_moment
from app.formats.imports.slugs import slug
from app.formats.imports.source import Source
from app.formats.imports.text import block, one_line

Record = Mapping[str, Any]
MOST_MINUTES = int(LONGEST_SESSION.total_seconds() // 60)


def read_own_json(data: Record, source: Source) -> Draft:
    """The whole program, but for the texts of its pages."""
    program = record_of(data, "program")
    rooms = {text_of(room, "id"): text_of(room, "name") for room in records_in(data, "rooms")}
    if set(rooms) == {VENUE_ROOM}:  # the program names its one room itself
        rooms = {}
    people = {text_of(one, "id"): _person(one) for one in records_in(data, "speakers")}
    days = [_day(text, source) for text in _texts(program, "days")]
    return Draft(
        form="this service's JSON",
        rows=tuple(_row(session, rooms, people, source) for session in records_in(data, "sessions")),
        title=text_of(program, "title"),
        id=text_of(program, "id"),
        subtitle=text_of(program, "subtitle"),
        series=text_of(program, "series"),
        description=block(program.get("description")),
        url=absolute(text_of(program, "url")),
        domain=text_of(program, "domain"),
        language=text_of(program, "language"),
        timezone=text_of(program, "timezone"),
        days=tuple(day for day in days if day is not None),
        rooms=tuple(rooms.values()),
        people=tuple(one for one in people.values() if one.name),
        organizers=tuple(
            Person(
                id=text_of(one, "id"),
                name=text_of(one, "name"),
                affiliations=_texts(one, "affiliations"),
                url=absolute(text_of(one, "homepage")),
                biography=block(one.get("biography")),
                links=_links(one),
            )
            for one in records_in(program, "organizers")
            if text_of(one, "name")
        ),
        dates=tuple(one for record in records_in(program, "dates") if (one := _date(record, source)) is not None),
        links=_links(program),
        venue=_venue(record_of(program, "venue")),
    )


def _row(session: Record, rooms: Mapping[str, str], people: Mapping[str, DraftPerson], source: Source) -> Row:
    start = read_moment(text_of(session, "start"), source.calendar)
    end = read_moment(text_of(session, "end"), source.calendar)
    speakers = session.get("speakers")
    names = speakers if isinstance(speakers, list) else []
    return Row(
        title="" if session.get("tba") is True else text_of(session, "title"),
        when=When(start=start.instant, end=end.instant),
        id=text_of(session, "id"),
        guid=text_of(session, "guid"),
        room=rooms.get(text_of(session, "room"), "") if rooms else None,
        people=tuple(people[name] for name in names if isinstance(name, str) and name in people),
        kind=text_of(session, "kind"),
        abstract=block(session.get("abstract")),
        links=_links(session),
        items=tuple(_item(one) for one in records_in(session, "items") if text_of(one, "title")),
        track=text_of(session, "track"),
        language=text_of(session, "language"),
        cancelled=text_of(session, "status") == "cancelled",
        give=_give(session),
    )


def _give(session: Record) -> Give | None:
    """Pin and least minutes; None where a session does not say both, as of an older version."""
    if not {"pinned", "min_minutes"} <= set(session):
        return None
    least = session["min_minutes"]
    sound = isinstance(least, int) and not isinstance(least, bool) and 0 <= least <= MOST_MINUTES
    return Give(session["pinned"] is True, least if sound else None)


def _person(record: Record) -> DraftPerson:
    return DraftPerson(
        name=text_of(record, "name"),
        anchor=text_of(record, "id"),
        affiliations=_texts(record, "affiliations"),
        url=absolute(text_of(record, "homepage")),
        biography=block(record.get("biography")),
        links=_links(record),
    )


def _item(record: Record) -> Item:
    return Item(
        title=text_of(record, "title"),
        number=text_of(record, "number"),
        authors=_texts(record, "authors"),
        links=_links(record),
    )


def _date(record: Record, source: Source) -> ImportantDate | None:
    day, title = _day(text_of(record, "day"), source), text_of(record, "title")
    if day is None or not title:
        return None
    at = read_moment(text_of(record, "at"), source.calendar).instant
    return ImportantDate(
        id=slug(text_of(record, "id")) or slug(title) or "date",
        title=title,
        day=day,
        at=at if at is not None and at.year in CONFERENCE_YEARS else None,
        zone_label=text_of(record, "zone_label"),
        former_day=_day(text_of(record, "former_day"), source),
    )


def _day(text: str, source: Source) -> date | None:
    return read_moment(text, source.calendar).day


def _degrees(value: object, most: int) -> float | None:
    return (
        float(value)
        if isinstance(value, int | float) and not isinstance(value, bool) and -most <= value <= most
        else None
    )


def _venue(record: Record) -> Venue | None:
    name = text_of(record, "name")
    if not name:
        return None
    return Venue(
        name=name,
        address=text_of(record, "address"),
        city=text_of(record, "city"),
        latitude=_degrees(record.get("latitude"), 90),
        longitude=_degrees(record.get("longitude"), 180),
        url=absolute(text_of(record, "url")),
    )


def _texts(record: Record, name: str) -> tuple[str, ...]:
    values = record.get(name)
    return tuple(text for one in values if (text := one_line(one))) if isinstance(values, list) else ()


def _links(record: Record) -> tuple[Link, ...]:
    found = (link(text_of(one, "label"), text_of(one, "url")) for one in records_in(record, "links"))
    return tuple(one for one in found if one is not None)
