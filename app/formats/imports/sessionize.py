"""Sessionize's "all" data: sessions, speakers, rooms, categories."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from app.formats.imports.days import Calendar
from app.formats.imports.draft import Draft, DraftPerson, Row, When
from app.formats.imports.json_value import records_in, text_of
from app.formats.imports.links import link
from app.formats.imports.moments import read_moment
from app.formats.imports.names import affiliations
from app.formats.imports.source import Source
from app.formats.imports.text import block
from app.formats.imports.titles import without_cancelled

Record = Mapping[str, Any]
NOT_ON = frozenset({"declined", "withdrawn", "canceled", "cancelled"})


def read_sessionize(data: Record, source: Source) -> Draft:
    """The sessions of an "all" file; those that were not accepted are left."""
    rooms = {text_of(room, "id"): text_of(room, "name") for room in records_in(data, "rooms")}
    people = {text_of(one, "id"): _person(one) for one in records_in(data, "speakers")}
    categories = {
        text_of(item, "id"): (text_of(group, "title"), text_of(item, "name"))
        for group in records_in(data, "categories")
        for item in records_in(group, "items")
    }
    rows: list[Row] = []
    for session in records_in(data, "sessions"):
        if text_of(session, "status").casefold() in NOT_ON:
            source.notes.left("not accepted", text_of(session, "title"))
            continue
        rows.append(_row(session, rooms, people, categories, source.calendar))
    return Draft(
        form="Sessionize",
        rows=tuple(rows),
        title=source.stem,
        rooms=tuple(name for name in rooms.values() if name),
        places=(source.stem,),
        people=tuple(one for one in people.values() if one.name),
    )


def _row(
    session: Record,
    rooms: Mapping[str, str],
    people: Mapping[str, DraftPerson],
    categories: Mapping[str, tuple[str, str]],
    calendar: Calendar,
) -> Row:
    title, cancelled = without_cancelled(text_of(session, "title"))
    chosen = [categories[name] for name in _ids(session, "categoryItems") if name in categories]
    plenum = session.get("isPlenumSession") is True
    speakers = [people[name] for name in _ids(session, "speakers") if name in people]
    return Row(
        title=title,
        when=_when(session, calendar),
        guid=f"sessionize:{text_of(session, 'id')}",
        room="" if plenum else rooms.get(text_of(session, "roomId"), ""),
        people=tuple(one for one in speakers if one.name),
        kind=_category(chosen, "format", "type"),
        track=_category(chosen, "track"),
        language=_category(chosen, "language", "sprache"),
        abstract=block(session.get("description")),
        links=tuple(
            one
            for one in (
                link("Stream", text_of(session, "liveUrl")),
                link("Recording", text_of(session, "recordingUrl")),
            )
            if one
        ),
        cancelled=cancelled,
    )


def _when(session: Record, calendar: Calendar) -> When:
    start = read_moment(text_of(session, "startsAt"), calendar)
    end = read_moment(text_of(session, "endsAt"), calendar)
    return When(
        start=start.instant, end=end.instant, day=start.day, clock=start.clock, end_day=end.day, end_clock=end.clock
    )


def _ids(session: Record, name: str) -> list[str]:
    """The ids in a list: bare, or of records."""
    values = session.get(name)
    listed = values if isinstance(values, list) else []
    return [text_of(one, "id") if isinstance(one, Mapping) else text_of({"id": one}, "id") for one in listed]


def _category(chosen: list[tuple[str, str]], *words: str) -> str:
    return next((name for group, name in chosen if any(word in group.casefold() for word in words)), "")


def _person(record: Record) -> DraftPerson:
    links = [link(text_of(one, "title"), text_of(one, "url")) for one in records_in(record, "links")]
    name = text_of(record, "fullName") or f"{text_of(record, 'firstName')} {text_of(record, 'lastName')}".strip()
    person = DraftPerson(
        name=name, biography=block(record.get("bio")), links=tuple(one for one in links if one is not None)
    )
    return replace(person, affiliations=affiliations(text_of(record, "tagLine")))
