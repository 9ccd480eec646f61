"""iCalendar files, those that break the rules included."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from icalendar import Calendar, Component, vBroken, vCalAddress

from app.formats.exchange import GENERATOR
from app.formats.imports.draft import Draft, DraftPerson, Row, When
from app.formats.imports.links import link
from app.formats.imports.own_feed import own_feed
from app.formats.imports.source import Source
from app.formats.imports.text import block, one_line
from app.formats.imports.titles import without_cancelled
from app.formats.imports.zones import known_zone

MOST_BYTES = 5_000_000
PROPERTY = re.compile(r"[A-Za-z0-9-]+[;:]")
# Whatever icalendar raises for values it cannot make sense of.
UNREADABLE = (ValueError, LookupError, TypeError, AttributeError, ArithmeticError, RecursionError)


def read_ical(source: Source) -> Draft:
    """The sessions of a calendar file; raises `ImportRefused`."""
    source.bounded(MOST_BYTES)
    try:
        calendars = Calendar.from_ical(tolerant(source.text), multiple=True)
    except UNREADABLE as error:
        raise source.refused(f"not a calendar that can be read: {one_line(str(error))[:200]}") from error
    if not calendars:
        raise source.refused("no calendar in it")
    head = calendars[0]
    rows = [row for calendar in calendars for event in calendar.walk("VEVENT") if (row := _row(event, source))]
    draft = Draft(
        form="iCalendar",
        rows=tuple(rows),
        title=_text(head, "NAME") or _text(head, "X-WR-CALNAME") or _text(head, "SUMMARY") or source.stem,
        timezone=_text(head, "X-WR-TIMEZONE"),
        places=tuple(dict.fromkeys(row.room for row in rows if row.room)),
    )
    return own_feed(draft) if GENERATOR in _text(head, "PRODID") else draft


def tolerant(text: str) -> str:
    """A calendar file with its lines made whole: any line ends, stray text, missing ENDs."""
    lines: list[str] = []
    open_parts: list[str] = []
    for line in text.lstrip("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n"):
        if line.startswith((" ", "\t")):
            lines.append(line)
        elif PROPERTY.match(line):
            lines.extend(_closing(line.strip(), open_parts))
            lines.append(line)
        elif line.strip() and lines:
            lines.append(f" \\n{line.strip()}")
    lines.extend(f"END:{part}" for part in reversed(open_parts))
    return "\r\n".join(lines) + "\r\n"


def _closing(line: str, open_parts: list[str]) -> Iterator[str]:
    """The ENDs that are missing before a line; keeps count of what is open."""
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


def _row(event: Component, source: Source) -> Row | None:
    title, cancelled = without_cancelled(_text(event, "SUMMARY"))
    when = _when(event)
    if when is None:
        source.notes.left("entries for whole days, or without a start", title)
        return None
    if "RRULE" in event or "RDATE" in event:
        source.notes.left("repetitions: only the first of each series is taken", title)
    url = link("Page", _text(event, "URL"))
    people = _people(event)
    return Row(
        title=title,
        when=when,
        guid=_text(event, "UID"),
        room=_text(event, "LOCATION"),
        people=people,
        kind="",
        abstract=block(_raw(event, "DESCRIPTION")),
        links=(url,) if url else (),
        cancelled=cancelled or _text(event, "STATUS").upper() == "CANCELLED",
    )


def _when(event: Component) -> When | None:
    start, end = _raw(event, "DTSTART"), _raw(event, "DTEND")
    at = _dt(start)
    if at is None:
        return None
    until = _dt(end)
    local, zone_name = _local(start, at)
    last, end_zone = _local(end, until) if until is not None else (None, "")
    return When(
        start=at if local is None else None,
        end=until if last is None else None,
        day=local.date() if local else None,
        clock=_clock(local) if local else None,
        end_day=last.date() if last else None,
        end_clock=_clock(last) if last else None,
        # Without an end or a length it has none (RFC 5545, 3.6.1).
        duration=_length(getattr(_raw(event, "DURATION"), "dt", None)) or (timedelta() if until is None else None),
        zone=zone_name or end_zone,
    )


def _local(value: Any, at: datetime) -> tuple[datetime | None, str]:
    """What the clocks show, and in which zone; None for an instant in UTC or a zone of the file's own."""
    name = str(value.params.get("TZID", ""))
    if at.tzinfo is None:
        return at, ""
    known = known_zone(name)
    return (at.replace(tzinfo=None), known) if known else (None, "")


def _dt(value: Any) -> datetime | None:
    at = getattr(value, "dt", None)
    return at if isinstance(at, datetime) else None


def _length(duration: Any) -> timedelta | None:
    return duration if isinstance(duration, timedelta) and duration >= timedelta() else None


def _clock(local: datetime) -> timedelta:
    return timedelta(hours=local.hour, minutes=local.minute, seconds=local.second)


def _raw(component: Component, name: str) -> Any:
    value = component.get(name)
    first = value[0] if isinstance(value, list) and value else value
    return None if isinstance(first, vBroken) else first


def _text(component: Component, name: str) -> str:
    value = _raw(component, name)
    return one_line(str(value)) if value is not None else ""


def _people(event: Component) -> tuple[DraftPerson, ...]:
    attendees = event.get("ATTENDEE", [])
    names = (
        one_line(str(one.params.get("CN", "")))
        for one in (attendees if isinstance(attendees, list) else [attendees])
        if isinstance(one, vCalAddress)
    )
    return tuple(DraftPerson(name=name) for name in dict.fromkeys(names) if name)
