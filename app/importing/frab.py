"""frab's schedule.json, version 1 and older ones, and frab's (Pentabarf's) schedule.xml, both read leniently."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from itertools import chain, groupby, islice
from typing import Any

from lxml import etree

from app.domain.ids import SESSION_ID
from app.domain.instants import ONE_DAY
from app.domain.session import TBA, Item, Link
from app.formats.exchange_ids import GENERATOR, PAPERS_PATH, ROOM_FOR_ALL, TALKS_PATH
from app.importing.clean_text import absolute, block, one_line
from app.importing.dates import clock_of, iso_datetime, read_date
from app.importing.draft import MOST_ROWS, Draft, DraftPerson, DraftSession, DraftTime
from app.importing.json_exports import Export, way_of
from app.importing.json_yaml_data import Record, colour_of, record_of, records_in, text_of, tracks_in
from app.importing.page_tree import Element
from app.importing.person_names import looks_like_name, names_nobody, split_people, to_be_announced
from app.importing.report import ImportReport
from app.importing.source import Source
from app.importing.times_of_day import read_clock, read_exchange_length

# Where a schedule does not state when its days end, what begins before this belongs to the night before.
FRAB_DAY_CHANGE = timedelta(hours=4)
MOST_DAYS = 1000
UTC_AS_LOCAL = "times labelled +00:00 are what the venue's clocks show"


def read_frab(data: Record, source: Source, form: str = "frab JSON") -> Draft:
    """The sessions of a schedule.json, version 1 or older."""
    report = source.report
    schedule = record_of(data, "schedule") or data
    conference = record_of(schedule, "conference") or schedule
    own = text_of(record_of(data, "generator") or record_of(schedule, "generator"), "name") == GENERATOR
    base_url = text_of({**conference, **schedule}, "base_url", "baseurl") or source.address
    records = list(records_in(conference, "days", "day")) or list(records_in(schedule, "days", "day"))
    days = [(*_day(record, text_of(conference, "day_change")), record) for record in records[:MOST_DAYS]]
    events = islice(chain.from_iterable(_events(*day) for day in days), MOST_ROWS)
    export = Export("frab", source, base_url=base_url, as_written=own)
    sessions = tuple(_session(*event, export) for event in events)
    rooms = [room for above in (conference, schedule) for room in records_in(above, "rooms")]
    return Draft(
        format=form,
        sessions=sessions,
        title=text_of(conference, "title"),
        id=text_of(conference, "acronym").lower().replace("_", "-") if own else "",
        url=absolute(text_of(conference, "url")),
        description=export.text(block(conference.get("description"))),
        timezone=text_of(conference, "time_zone_name") or text_of(record_of(conference, "meta"), "time_zone_name"),
        zone_text="UTC" if report.has_guessed(UTC_AS_LOCAL) else "",
        places=(text_of(conference, "city"), text_of(conference, "venue")),
        days=tuple(day for day, _, _ in days if day is not None),
        rooms=tuple(dict.fromkeys(filter(None, (text_of(room, "name") for room in rooms)))),
        # Of other systems a room's description may be anything.
        ways=tuple(way_of(room, "description") for room in rooms if own),
        accent=colour_of(record_of(conference, "colors"), "primary"),
        tracks=tracks_in(conference),
    )


def _day(record: Record, day_change: str) -> tuple[date | None, timedelta]:
    """The date of a day, and until when its night lasts: until the time of its end, if that is on the next date."""
    start, end = text_of(record, "day_start", "start"), text_of(record, "day_end", "end")
    first, last = read_date(text_of(record, "date")) or read_date(start), iso_datetime(end)
    if first is not None and last is not None and last.date() > first:
        return first, clock_of(last)
    changes = read_clock(day_change)
    return first, FRAB_DAY_CHANGE if changes is None else changes


def _events(day: date | None, night_ends: timedelta, record: Record) -> Iterator[tuple[date | None, timedelta, Record]]:
    """The events of a day, each with its room, after the date and the end of the night under which it is listed."""
    rooms = record.get("rooms", record.get("room"))
    if isinstance(rooms, Mapping):
        record = {**record, "rooms": [{"name": name, "events": events} for name, events in rooms.items()]}
    for room in (*records_in(record, "rooms", "room"), {**record, "name": ""}):
        for event in records_in(room, "events", "talks"):
            yield day, night_ends, {**event, "room": text_of(event, "room") or text_of(room, "name")}


def _session(day: date | None, night_ends: timedelta, record: Record, export: Export) -> DraftSession:
    report = export.source.report
    session = export.session(record, record)
    if not session.title:
        report.guessed("without a title: to be announced", text_of(record, "guid", "id", "code"), better="a title")
    if not session.room:
        report.took("outside any room, so for all", session.title)
    is_open = session.title == TBA if export.as_written else to_be_announced(session.title)
    people = session.people or ()
    links, items = _own_links(session.links or ()) if export.as_written else (session.links, session.items)
    return replace(
        session,
        title="" if is_open else session.title,
        people=people if export.as_written else tuple(one for person in people for one in _people(person, report)),
        time=_time(day, night_ends, record, report),
        id=_own_id(text_of(record, "url")) if export.as_written else "",
        links=links,
        items=items,
        room="" if session.room in (None, ROOM_FOR_ALL) else session.room,
    )


def _people(person: DraftPerson, report: ImportReport) -> tuple[DraftPerson, ...]:
    """Nobody for `TBA`; of an entry that is a list of names alone, each of them."""
    if names_nobody(person.name):
        report.left("not a person's name", person.name)
        return ()
    listed = split_people(person.name) if person == DraftPerson(name=person.name) else ()
    return listed if len(listed) > 1 and all(looks_like_name(one.name) for one in listed) else (person,)


def _own_id(url: str, path: str = TALKS_PATH) -> str:
    """The id in an address of this service: `…/talks/tri-dao`; "" in any other address."""
    above, _, name = url.rpartition("/")
    return name if above.endswith(path) and SESSION_ID.fullmatch(name) else ""


def _own_links(links: Iterable[Link]) -> tuple[tuple[Link, ...], tuple[Item, ...]]:
    """The links of a session in an export of this service, and the items whose pages others of them are."""
    found = [(link, _own_id(link.url, PAPERS_PATH)) for link in links]
    items = tuple(Item(id=name, title=link.label) for link, name in found if name)
    return tuple(link for link, name in found if not name), items


def _time(day: date | None, night_ends: timedelta, record: Record, report: ImportReport) -> DraftTime:
    date_text, clock = text_of(record, "date"), read_clock(text_of(record, "start"))
    duration = _duration(record, report)
    at, end = iso_datetime(date_text), iso_datetime(text_of(record, "end"))
    end = end if end is not None and end.tzinfo is not None else None
    if at is None:
        day = read_date(date_text) or day
        if day is not None and clock is not None and clock < night_ends:
            title = text_of(record, "title")
            report.guessed("after midnight, so on the next date", title, better="a date with an offset")
            clock += ONE_DAY
        return DraftTime(day=day, clock=clock, duration=duration, end=end)
    if at.tzinfo is None:
        return DraftTime(day=at.date(), clock=clock_of(at), duration=duration, end=end)
    if not at.utcoffset() and clock == clock_of(at):
        # The start is local by definition: where it equals a time in UTC, the offset was never set.
        report.guessed(UTC_AS_LOCAL, better="times with the venue's offset")
        return DraftTime(day=at.date(), clock=clock, duration=duration)
    return DraftTime(start=at, end=end, duration=duration)


def _duration(record: Record, report: ImportReport) -> timedelta | None:
    text, title = text_of(record, "duration"), text_of(record, "title")
    if not text:
        return None
    duration, guessed = read_exchange_length(text)
    if duration is None:
        report.left("a duration that is none", f"{text!r} of {title}")
    elif guessed or duration >= ONE_DAY:
        report.guessed("a duration read as days, hours and minutes", f"{text} of {title}", better="hours and minutes")
    return duration


def read_frab_xml(source: Source) -> Draft:
    """The sessions of a schedule.xml, read as the JSON format has them; raises `ImportRefused`."""
    root = _root(source)
    facts = {
        **_texts(root.find("conference")),
        "colors": _attributes(root.find("conference/color")),
        "tracks": [_attributes(track) for track in root.iterfind("conference/track")],
        "rooms": [_attributes(room) for room in root.iter("room")],
    }
    days = [*_days(root), *map(_attributes, root.iter("day"))]
    schedule = {"generator": _attributes(root.find("generator")), "conference": facts, "days": days}
    return read_frab({"schedule": schedule}, source, "frab XML")


def _root(source: Source) -> Element:
    # It loads no DTD and no huge tree, by default.
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, recover=True, remove_comments=True, remove_pis=True
    )
    if "<!ENTITY" in source.text:
        raise source.refused("XML that declares entities is not read")
    try:
        root = etree.fromstring(source.data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise source.refused(f"not XML that can be read: {error}") from error
    if root is None:
        raise source.refused("not XML that can be read")
    if len(parser.error_log):
        fault = one_line(parser.error_log[0].message)
        source.report.guessed(f"broken XML, read as far as it goes: {fault}", better="well-formed XML")
    return root


def _days(root: Element) -> Iterator[dict[str, Any]]:
    """The days that have events; in broken files events may be outside any day or room."""
    for day, events in groupby(root.iter("event"), lambda event: next(event.iterancestors("day"), None)):
        rooms = [{**_attributes(next(one.iterancestors("room"), None)), "events": [_record(one)]} for one in events]
        yield {**_attributes(day), "rooms": rooms}


def _record(event: Element) -> dict[str, Any]:
    """An event as the JSON format has it."""
    links = [*event.findall("links/link"), *event.findall("attachments/attachment")]
    return {
        **_texts(event),
        **_attributes(event),
        "persons": [_person(person) for person in event.findall("persons/person")],
        "links": [{"title": _text(one).strip() or one.get("type"), "url": one.get("href")} for one in links],
    }


def _person(element: Element) -> dict[str, Any]:
    """A person: their name alone, as usual, or as a child beside their address."""
    texts = _texts(element)
    return {"name": element.text if {"name", "url"} & set(texts) else _text(element), **texts}


def _attributes(element: Element | None) -> dict[str, Any]:
    return {str(name): value for name, value in element.attrib.items()} if element is not None else {}


def _texts(element: Element | None) -> dict[str, str]:
    """The text of each child; of several with one name that of the first."""
    children = reversed(element) if element is not None else ()
    return {str(child.tag): _text(child).strip() for child in children}


def _text(element: Element) -> str:
    """All text in an element; what looks like markup in a name is part of the name."""
    return "".join(map(str, element.itertext()))
