"""frab's (Pentabarf's) schedule.xml, read leniently; without entities, without network."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import TypeAlias

from lxml import etree

from app.formats.imports.dates import read_date
from app.formats.imports.draft import Draft, DraftPerson
from app.formats.imports.frab import MOST_DAYS, FrabConference, FrabDay, FrabEvent, day_of, frab_draft
from app.formats.imports.source import Source
from app.formats.imports.text import decoded, one_line

Element: TypeAlias = etree._Element  # noqa: SLF001 - the library's only name for the type


def read_frab_xml(source: Source) -> Draft:
    """The sessions of a schedule.xml; raises `ImportRefused`."""
    root = _root(source)
    generator = root.find("generator")
    conference = root.find("conference")
    day_change = _text(conference, "day_change")
    days = [day_of(*_attributes(day), day_change) for day in islice(root.iter("day"), MOST_DAYS)]
    return frab_draft(
        "frab XML",
        FrabConference(
            title=_text(conference, "title") or source.stem,
            acronym=_text(conference, "acronym"),
            generator=generator.get("name", "") if generator is not None else "",
            base_url=_text(conference, "base_url") or _text(conference, "baseurl"),
            url=_text(conference, "url"),
            timezone=_text(conference, "time_zone_name"),
            places=(_text(conference, "city"), _text(conference, "venue")),
            rooms=tuple(dict.fromkeys(one_line(room.get("name")) for room in root.iter("room") if room.get("name"))),
            days=tuple(day.date for day in days if day.date is not None),
        ),
        _events(root, day_change),
        source.notes,
    )


def _root(source: Source) -> Element:
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        recover=True,
        remove_comments=True,
        remove_pis=True,
    )
    if "<!ENTITY" in decoded(source.data)[0]:
        raise source.refused("XML that declares entities is not read")
    try:
        root = etree.fromstring(source.data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise source.refused(f"not XML that can be read: {error}") from error
    if root is None:
        raise source.refused("not XML that can be read")
    if len(parser.error_log):
        source.notes.guessed(f"broken XML, read as far as it goes: {one_line(parser.error_log[0].message)}")
    return root


def _events(root: Element, day_change: str) -> Iterator[FrabEvent]:
    for event in root.iter("event"):
        day = next(event.iterancestors("day"), None)
        room = next(event.iterancestors("room"), None)
        yield _event(
            event,
            day_of(*_attributes(day), day_change) if day is not None else FrabDay(date=None),
            _text(event, "room") or (room.get("name", "") if room is not None else ""),
        )


def _event(event: Element, day: FrabDay, room: str) -> FrabEvent:
    return FrabEvent(
        day=day if day.date is not None else FrabDay(date=read_date(_text(event, "date"))),
        id=one_line(event.get("id")),
        guid=one_line(event.get("guid")),
        url=_text(event, "url"),
        title=_text(event, "title"),
        subtitle=_text(event, "subtitle"),
        room=room,
        kind=_text(event, "type"),
        track=_text(event, "track"),
        language=_text(event, "language"),
        abstract=_text(event, "abstract"),
        description=_text(event, "description"),
        date=_text(event, "date"),
        start=_text(event, "start"),
        end=_text(event, "end"),
        duration=_text(event, "duration"),
        people=tuple(
            DraftPerson(name=name) for one in event.findall("persons/person") if (name := one_line(_all_text(one)))
        ),
        links=tuple(
            (_all_text(one), one.get("href", ""))
            for one in (*event.findall("links/link"), *event.findall("attachments/attachment"))
        ),
    )


def _attributes(day: Element) -> tuple[str, str, str]:
    return day.get("date", ""), day.get("start", ""), day.get("end", "")


def _text(element: Element | None, path: str) -> str:
    found = element.find(path) if element is not None else None
    return _all_text(found).strip() if found is not None else ""


def _all_text(element: Element) -> str:
    """All text in an element; one in a name that looks like markup is part of the name."""
    return "".join(str(part) for part in element.itertext())
