"""iCalendar files, those that break the rules included, and this service's own feed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import takewhile
from typing import Any

from icalendar import Calendar, Component, vBroken, vCalAddress

from app.domain.program import SESSION_ID, Venue
from app.domain.session import TBA
from app.formats.exchange_ids import GENERATOR
from app.importing.clean_text import block, link, one_line
from app.importing.dates import clock_of
from app.importing.draft import Draft, DraftPerson, DraftSession, DraftTime
from app.importing.person_names import affiliations
from app.importing.session_words import without_cancelled
from app.importing.source import Source
from app.importing.time_zones import known_zone

MOST_BYTES = 5_000_000
LONGEST_ERROR = 200
PROPERTY = re.compile(r"[A-Za-z0-9-]+[;:]")
# Whatever icalendar raises for values that it cannot read.
UNREADABLE = (ValueError, LookupError, TypeError, AttributeError, ArithmeticError, RecursionError)


def read_ical(source: Source) -> Draft:
    """The sessions of a calendar file; raises `ImportRefused`."""
    source.bounded(MOST_BYTES)
    try:
        calendars = Calendar.from_ical(repaired(source.text), multiple=True)
    except UNREADABLE as error:
        raise source.refused(f"not a calendar that can be read: {one_line(str(error))[:LONGEST_ERROR]}") from error
    if not calendars:
        raise source.refused("no calendar in it")
    head = calendars[0]
    events = (_session(event, source) for calendar in calendars for event in calendar.walk("VEVENT"))
    sessions = tuple(filter(None, events))
    draft = Draft(
        format="iCalendar",
        sessions=sessions,
        title=_text(head, "NAME") or _text(head, "X-WR-CALNAME") or _text(head, "SUMMARY"),
        timezone=_text(head, "X-WR-TIMEZONE"),
        places=tuple(dict.fromkeys(session.room for session in sessions if session.room)),
    )
    return own_feed(draft) if GENERATOR in _text(head, "PRODID") else draft


def repaired(text: str) -> str:
    """A calendar file as the parser needs it: CRLF, no stray text between properties, an END for each BEGIN."""
    lines: list[str] = []
    open_parts: list[str] = []
    for line in text.lstrip("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n"):
        if line.startswith((" ", "\t")):
            lines.append(line)
        elif PROPERTY.match(line):
            lines.extend(_missing_ends(line.strip(), open_parts))
            lines.append(line)
        elif line.strip() and lines:
            lines.append(f" \\n{line.strip()}")
    lines.extend(f"END:{part}" for part in reversed(open_parts))
    return "\r\n".join(lines) + "\r\n"


def _missing_ends(line: str, open_parts: list[str]) -> Iterator[str]:
    """The ENDs that are missing before a line; updates the stack of open parts."""
    word, _, part = line.upper().partition(":")
    if word == "BEGIN":
        while part in {"VEVENT", "VCALENDAR"} and part in open_parts:
            yield f"END:{open_parts.pop()}"
        open_parts.append(part)
    elif word == "END":
        while part in open_parts[:-1] and open_parts[-1] != part:
            yield f"END:{open_parts.pop()}"
        if open_parts and open_parts[-1] == part:
            open_parts.pop()


def _session(event: Component, source: Source) -> DraftSession | None:
    title, cancelled = without_cancelled(_text(event, "SUMMARY"))
    time = _time(event)
    if time is None:
        source.report.left("entries for whole days, or without a start", title)
        return None
    if "RRULE" in event or "RDATE" in event:
        source.report.left("repetitions: only the first of each series is taken", title)
    page = link("Page", _text(event, "URL"))
    return DraftSession(
        title=title,
        time=time,
        guid=_text(event, "UID"),
        room=_text(event, "LOCATION"),
        people=_people(event),
        abstract=block(_value(event, "DESCRIPTION")),
        links=(page,) if page else (),
        cancelled=cancelled or _text(event, "STATUS").upper() == "CANCELLED",
    )


def _time(event: Component) -> DraftTime | None:
    start, end = _moment(event, "DTSTART"), _moment(event, "DTEND")
    if start is None:
        return None
    duration = getattr(_value(event, "DURATION"), "dt", None)
    if not isinstance(duration, timedelta) or duration <= timedelta():
        # Without an end or a length it has none (RFC 5545, 3.6.1).
        duration = timedelta() if end is None else None
    end = end or DraftTime()
    return replace(start.up_to(end), duration=duration, zone=start.zone or end.zone)


def _moment(event: Component, name: str) -> DraftTime | None:
    """A local time and its zone; an instant in UTC or in a zone that the file itself defines."""
    value = _value(event, name)
    moment = getattr(value, "dt", None)
    if not isinstance(moment, datetime):
        return None
    zone = known_zone(str(value.params.get("TZID", "")))
    if moment.tzinfo is not None and not zone:
        return DraftTime(start=moment)
    return DraftTime(day=moment.date(), clock=clock_of(moment), zone=zone)


def _value(component: Component, name: str) -> Any:
    """The first value of a property; None where there is none that can be read."""
    value = component.get(name)
    first = value[0] if isinstance(value, list) and value else value
    return None if isinstance(first, vBroken) else first


def _text(component: Component, name: str) -> str:
    value = _value(component, name)
    return one_line(str(value)) if value is not None else ""


def _people(event: Component) -> tuple[DraftPerson, ...]:
    attendees = event.get("ATTENDEE", [])
    names = (
        one_line(str(attendee.params.get("CN", "")))
        for attendee in (attendees if isinstance(attendees, list) else [attendees])
        if isinstance(attendee, vCalAddress)
    )
    return tuple(DraftPerson(name=name) for name in dict.fromkeys(names) if name)


PARTS = ", "
DATE_MARK = "date-"


def own_feed(draft: Draft) -> Draft:
    """The draft of an own feed: ids from UIDs, people from descriptions, the venue from locations."""
    sessions = [session for session in draft.sessions if not session.guid.startswith(DATE_MARK)]
    # The locations end with the venue and its address, the parts that all of them share.
    parts_from_end = zip(*((session.room or "").split(PARTS)[::-1] for session in sessions), strict=False)
    venue = [parts[0] for parts in takewhile(lambda parts: len(set(parts)) == 1, parts_from_end)][::-1]
    name, *address = venue or [""]
    return replace(
        draft,
        sessions=tuple(_own_session(session, len(venue)) for session in sessions),
        domain=sessions[0].guid.partition("@")[2] if sessions else "",
        venue=Venue(name=name, address=PARTS.join(address)) if name else None,
        places=(PARTS.join(venue),),
    )


def _own_session(session: DraftSession, venue_parts: int) -> DraftSession:
    name = session.guid.partition("@")[0]
    parts = (session.room or "").split(PARTS)
    title, people, prose = _content(session)
    return replace(
        session,
        id=name if SESSION_ID.fullmatch(name) else "",
        guid="",
        title="" if title == TBA else title,
        people=people,
        room=PARTS.join(parts[: len(parts) - venue_parts]) or None,
        abstract=prose,
        links=None,
    )


def _content(session: DraftSession) -> tuple[str, tuple[DraftPerson, ...], str]:
    """Title, people and prose: the description begins with the people, whose names stand before the title."""
    paragraphs = [part for part in (session.abstract or "").split("\n\n") if not _added_by_feed(part)]
    lines = paragraphs[0].split("\n") if paragraphs else []
    people, title = [], session.title
    for number, line in enumerate(lines, start=1):
        end = ": " if number == len(lines) else PARTS
        person = next((one for one in _readings(line) if title.startswith(one.name + end)), None)
        if person is None:
            return session.title, (), "\n\n".join(paragraphs)
        people.append(person)
        title = title.removeprefix(person.name + end)
    return title, tuple(people), "\n\n".join(paragraphs[1:])


def _added_by_feed(paragraph: str) -> bool:
    """Whether the feed's writer added a paragraph: the address, that the session moved or was cancelled."""
    if "\n" in paragraph:
        return False
    return paragraph.startswith(("http://", "https://", "Was ")) or paragraph == "This session is cancelled."


def _readings(line: str) -> tuple[DraftPerson, ...]:
    """A line as a name alone, or as one with affiliations in brackets after it."""
    name, bracket, places = line.removesuffix(")").rpartition(" (")
    whole = DraftPerson(name=line)
    placed = DraftPerson(name=name, affiliations=affiliations(places.replace(PARTS, "; ")))
    return (whole, placed) if bracket else (whole,)
