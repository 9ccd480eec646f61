"""Calendar feeds (RFC 5545, RFC 7986), through the icalendar library.

A feed is the same bytes for the same program: stamps come from the sessions, never from a clock.
Public feeds carry no alarms and no METHOD, and the calendar itself no UID (it would be random).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from icalendar import Calendar, Event, vDuration, vText, vUri

from app.domain.instants import utc
from app.domain.program import ImportantDate, Program, Session
from app.formats.calendar_event import event_of, text
from app.formats.calendar_zone import timezone_of

PRODUCT = "-//codeml-agenda//Conference day//EN"
# How often a calendar program should look; most of them choose for themselves.
REFRESH = timedelta(minutes=15)
COLOR_NAME, COLOR_CODE = "crimson", "#DC143C"


def feed(program: Program, sessions: Sequence[Session], *, name: str, public_url: str, feed_path: str) -> bytes:
    """A feed to subscribe to, of any choice of a program's sessions."""
    calendar = _subscribable(program, name, public_url, feed_path)
    return _filled(calendar, program, sessions, public_url)


def session_file(program: Program, session: Session, *, public_url: str) -> bytes:
    """One session to import; it has no calendar name, of which Outlook would make a calendar of its own."""
    return _filled(_calendar(), program, [session], public_url)


def dates_feed(program: Program, *, public_url: str, feed_path: str, stamp: datetime) -> bytes:
    """The important dates: a deadline at its instant, other dates as whole days; ``stamp`` is their last change."""
    calendar = _subscribable(program, f"{program.title} dates", public_url, feed_path)
    for one in program.dates:
        calendar.add_component(_date_event(program, one, public_url, stamp))
    return bytes(calendar.to_ical())


def last_modified(sessions: Iterable[Session]) -> datetime | None:
    """The latest stamp of the sessions in a feed."""
    return max((session.changed_at for session in sessions if session.changed_at), default=None)


def _calendar() -> Calendar:
    calendar = Calendar()
    calendar.add("PRODID", PRODUCT)
    calendar.add("VERSION", "2.0")
    calendar.add("CALSCALE", "GREGORIAN")
    return calendar


def _subscribable(program: Program, name: str, public_url: str, feed_path: str) -> Calendar:
    # ical.js does not unescape names: what would need an escape is left out of them.
    plain_name = re.sub(r"[,;\\\s]+", " ", text(name)).strip()
    address = public_url + feed_path
    calendar = _calendar()
    calendar.add("NAME", vText(plain_name))
    calendar.add("X-WR-CALNAME", vText(plain_name))
    calendar.add("X-WR-CALDESC", vText(text(program.description or program.subtitle or program.title)))
    calendar.add("X-WR-TIMEZONE", vText(program.timezone))
    calendar.add("COLOR", vText(COLOR_NAME))
    calendar.add("X-APPLE-CALENDAR-COLOR", vText(COLOR_CODE))
    calendar.add("REFRESH-INTERVAL", vDuration(REFRESH), {"VALUE": "DURATION"})
    calendar.add("X-PUBLISHED-TTL", vDuration(REFRESH))
    calendar.add("SOURCE", vUri(address), {"VALUE": "URI"})
    calendar.add("URL", vUri(f"{public_url}/"))
    return calendar


def _filled(calendar: Calendar, program: Program, sessions: Sequence[Session], public_url: str) -> bytes:
    if sessions:
        first = min(session.start for session in sessions)
        last = max(session.end for session in sessions)
        calendar.add_component(timezone_of(program.zone, first, last))
    for session in sessions:
        calendar.add_component(event_of(program, session, public_url))
    return bytes(calendar.to_ical())


def _date_event(program: Program, one: ImportantDate, public_url: str, stamp: datetime) -> Event:
    event = Event()
    event.add("UID", f"date-{one.id}@{program.domain}")
    event.add("DTSTAMP", stamp)
    event.add("LAST-MODIFIED", stamp)
    if one.at is None:
        event.add("DTSTART", one.day)
    else:
        # A deadline is an instant; without an end it takes no time (RFC 5545, 3.6.1).
        event.add("DTSTART", utc(one.at))
    event.add("SUMMARY", vText(text(f"{program.title}: {one.title}")))
    event.add("DESCRIPTION", vText(text(_date_words(one))))
    event.add("URL", vUri(f"{public_url}/pages/important-dates"))
    event.add("STATUS", "CONFIRMED")
    event.add("TRANSP", "TRANSPARENT")
    event.add("CLASS", "PUBLIC")
    return event


def _date_words(one: ImportantDate) -> str:
    words = f"{one.title}: {one.day.isoformat()} {one.zone_label}".strip()
    return f"{words}\nExtended; it was {one.former_day.isoformat()}." if one.former_day else words
