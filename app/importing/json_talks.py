"""Indico's and EuroPython's JSON, put into the shape of other systems' exports: one list of talks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain
from typing import Any

from app.importing.clean_text import absolute
from app.importing.draft import Draft
from app.importing.json_exports import read_export
from app.importing.json_yaml_data import Record, record_of, records_in, text_of, texts_of
from app.importing.session_words import TALK, kind_of_title
from app.importing.source import Source


def is_europython(data: Record) -> bool:
    """Whether it has EuroPython's days, each with a list of events."""
    return any(isinstance(day.get("events"), list) for day in _values(data.get("days")))


def read_europython(data: Record, source: Source) -> Draft:
    """The sessions of EuroPython's schedule; one in all rooms of its day is for all."""
    talks = list(chain.from_iterable(_talks_of_day(day, source) for day in _values(data.get("days"))))
    return read_export({"talks": talks}, source, "EuroPython")


def _talks_of_day(day: Record, source: Source) -> Iterator[Record]:
    events = list(records_in(day, "events"))
    everywhere = {room for event in events for room in texts_of(event, "rooms")}
    for event in events:
        rooms = texts_of(event, "rooms")
        is_for_all = len(rooms) > 1 and everywhere == set(rooms)
        if len(rooms) > 1 and not is_for_all:
            source.report.left("the further rooms of what is in several", text_of(event, "title"))
        prose = event.get("abstract") or event.get("tweet")
        found = {"room": next(iter(rooms), None), "isPlenumSession": is_for_all, "abstract": prose}
        yield {**event, **found, "kind": _kind(event, "event_type")}


def is_indico(data: Record) -> bool:
    """Whether it is an answer of Indico's HTTP API."""
    return data.get("_type") == "HTTPAPIResult" or any("contributions" in one for one in records_in(data, "results"))


def read_indico(data: Record, source: Source) -> Draft:
    """The sessions of Indico's export of an event or its timetable; raises `ImportRefused` for one without them."""
    events = list(records_in(data, "results"))
    days = chain.from_iterable(map(_values, _values(data.get("results"))))  # a timetable: {event: {day: {key: entry}}}
    entries = [one for event in events for one in records_in(event, "contributions", "sessions")]
    entries += chain.from_iterable(map(_values, days))
    if events and not entries:
        raise source.refused("Indico's events without what is in them; add ?detail=sessions to the address")
    talks = list(chain.from_iterable(_talks(entry, source) for entry in entries))
    event = next(iter(events), {})
    zones = (text_of(record_of(talk, "startDate"), "tz") for talk in talks)
    facts = {"name": event.get("title"), "timezone": text_of(event, "timezone") or next(filter(None, zones), "")}
    draft = read_export({"talks": talks, "base_url": data.get("url"), **facts}, source, "Indico")
    return replace(draft, room=text_of(event, "roomFullname", "room"), url=absolute(text_of(event, "url")))


def _talks(entry: Record, source: Source) -> Iterator[Record]:
    """The contributions of a session, each with its time; one of posters, or without times, has them as items."""
    inside = [*records_in(entry, "contributions"), *_values(entry.get("entries"))]
    is_poster = True in (entry.get("isPoster"), record_of(entry, "session").get("isPoster"))
    if is_poster or not any(one.get("startDate") for one in inside):
        yield _talk({**entry, "kind": "posters" if is_poster else None}, inside)
    else:
        if any(records_in(entry, "conveners", "sessionConveners")):
            source.report.left("who chairs a session whose contributions take its place", text_of(entry, "title"))
        yield from (_talk({**one, "session": one.get("session") or entry.get("title")}) for one in inside)


def _talk(entry: Record, inside: Sequence[Record] = ()) -> Record:
    session = entry.get("session")
    return {
        **entry,
        "code": text_of(entry, "contributionId", "id"),
        "kind": entry.get("kind") or _kind(entry, "entryType"),
        "room": text_of(entry, "roomFullname", "room") or None,
        "track": entry.get("track") or (session if isinstance(session, str) else None),
        "items": list(inside or records_in(entry, "subContributions")),
        "attachments": list(_attachments(entry)),
    }


def _attachments(entry: Record) -> Iterator[Record]:
    """The files of an entry and of its folders."""
    held = record_of(entry, "attachments")
    folders = (*records_in(entry, "folders"), *records_in(held, "folders"))
    return chain(records_in(held, "files"), *(records_in(folder, "attachments") for folder in folders))


def _kind(entry: Record, field: str) -> str | None:
    """The kind of a break, which its title may tell better; None for another entry."""
    if text_of(entry, field).casefold() != "break":
        return None
    kind = kind_of_title(text_of(entry, "title"))
    return "break" if kind == TALK else kind


def _values(records: Any) -> list[Record]:
    """The records under any names."""
    found = records.values() if isinstance(records, Mapping) else ()
    return [one for one in found if isinstance(one, Mapping)]
