"""Important dates as events: a deadline at its instant, any other date as a whole day."""

from __future__ import annotations

from datetime import UTC, date, datetime

from icalendar import Event, vUri

from app.domain.instants import utc
from app.domain.program import ImportantDate, Program
from app.formats.calendar.text import Text, lines, one_line

# Dates keep no count of their own; the seconds since this one rise with their stamp, and fit 32 bits.
SEQUENCE_BEGINS = datetime(2020, 1, 1, tzinfo=UTC)


def date_event(program: Program, one: ImportantDate, *, public_url: str, stamp: datetime) -> Event:
    """The event of an important date; ``stamp`` is when the dates last changed."""
    event = Event()
    event.add("UID", Text(one_line(f"date-{one.id}@{program.domain}")))
    event.add("SEQUENCE", max(0, int((stamp - SEQUENCE_BEGINS).total_seconds())))
    event.add("DTSTAMP", stamp)
    event.add("LAST-MODIFIED", stamp)
    # Without an end a deadline takes no time, and a day is one day (RFC 5545, 3.6.1).
    event.add("DTSTART", one.day if one.at is None else utc(one.at))
    event.add("SUMMARY", Text(one_line(f"{program.title}: {one.title}")))
    event.add("DESCRIPTION", Text(lines(_words(one, public_url))))
    event.add("URL", vUri(f"{public_url}/pages/important-dates"))
    event.add("STATUS", "CONFIRMED")
    event.add("TRANSP", "TRANSPARENT")
    event.add("CLASS", "PUBLIC")
    return event


def _words(one: ImportantDate, public_url: str) -> str:
    """The date as it was announced: "26 May 2025, 23:59 AoE.", and what it was before an extension."""
    announced = _long(one.day)
    if one.at is not None:
        announced = f"{_long(one.at.date())}, {one.at:%H:%M} {one.zone_label or one.at.tzname() or ''}".strip()
    extended = f"Extended; it was {_long(one.former_day)}.\n" if one.former_day else ""
    return f"{one.title}: {announced}.\n{extended}\n{public_url}/pages/important-dates"


def _long(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
