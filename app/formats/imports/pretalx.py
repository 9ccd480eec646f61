"""pretalx: its API's submissions and talks, and the data of its schedule widget."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.formats.imports.draft import Draft, DraftPerson, Row, When
from app.formats.imports.json_value import record_of, records_in, text_of
from app.formats.imports.moments import read_moment
from app.formats.imports.names import split_people
from app.formats.imports.source import Source
from app.formats.imports.text import block
from app.formats.imports.titles import without_cancelled

Record = Mapping[str, Any]
ON = frozenset({"", "confirmed", "accepted"})


def read_pretalx(data: Record, source: Source) -> Draft:
    """The sessions of a pretalx export; those not accepted are left, those withdrawn are cancelled."""
    names = {kind: _named(data, kind) for kind in ("rooms", "tracks", "speakers")}
    people = {text_of(one, "code", "id"): _person(one) for one in records_in(data, "speakers")}
    rows: list[Row] = []
    for talk in records_in(data, "talks", "results", "submissions"):
        if text_of(talk, "state") not in ON | {"canceled", "withdrawn"}:
            source.notes.left("not accepted", text_of(talk, "title"))
            continue
        slots = list(records_in(talk, "slots")) or [record_of(talk, "slot") or talk]
        rows.extend(_row(talk, slot, names, people, source) for slot in slots)
    return Draft(
        form="pretalx",
        rows=tuple(rows),
        title=text_of(data, "event_name", "name") or source.stem,
        timezone=text_of(data, "timezone"),
        rooms=tuple(names["rooms"].values()),
        people=tuple(one for one in people.values() if one.name),
    )


def _row(
    talk: Record,
    slot: Record,
    names: Mapping[str, Mapping[str, str]],
    people: Mapping[str, DraftPerson],
    source: Source,
) -> Row:
    title, cancelled = without_cancelled(text_of(talk, "title"))
    start = read_moment(text_of(slot, "start"), source.calendar)
    end = read_moment(text_of(slot, "end"), source.calendar)
    code = text_of(talk, "code", "id")
    return Row(
        title=title,
        when=When(
            start=start.instant, end=end.instant, day=start.day, clock=start.clock, end_day=end.day, end_clock=end.clock
        ),
        guid=f"pretalx:{code}" if code else "",
        room=_name(slot.get("room", talk.get("room")), names["rooms"]),
        people=_people(talk, people),
        kind=_name(talk.get("submission_type"), {}),
        track=_name(talk.get("track"), names["tracks"]),
        abstract="\n\n".join(part for part in (block(talk.get("abstract")), block(talk.get("description"))) if part),
        language=text_of(talk, "content_locale"),
        cancelled=cancelled or text_of(talk, "state") in {"canceled", "withdrawn"},
    )


def _people(talk: Record, people: Mapping[str, DraftPerson]) -> tuple[DraftPerson, ...]:
    found = [_person(one) for one in records_in(talk, "speakers", "persons")]
    values = talk.get("speakers")
    codes = [text_of({"code": one}, "code") for one in values] if isinstance(values, list) else []
    found.extend(people[code] for code in codes if code in people)
    if isinstance(talk.get("speaker_names"), str):
        found.extend(split_people(text_of(talk, "speaker_names")))
    return tuple(dict.fromkeys(one for one in found if one.name))


def _person(record: Record) -> DraftPerson:
    return DraftPerson(name=text_of(record, "name"), biography=block(record.get("biography")))


def _named(data: Record, kind: str) -> dict[str, str]:
    return {text_of(one, "id", "code"): text_of(one, "name") for one in records_in(data, kind)}


def _name(value: Any, names: Mapping[str, str]) -> str:
    """A name as itself, by its number, in a record, or in several languages."""
    if isinstance(value, Mapping) and isinstance(value.get("name"), (str, Mapping)):
        return text_of(value, "name")
    said = text_of({"value": value}, "value")
    return names.get(said, "" if said.isdecimal() else said)
