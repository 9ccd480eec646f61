"""Calendar feeds (RFC 5545, RFC 7986), through the icalendar library.

The same program gives the same bytes: stamps come from the sessions, never from a clock.
Public feeds have no alarms and no METHOD, and the calendar itself no UID, which would be random.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, time, timedelta

from icalendar import Calendar, Timezone, vDuration, vUri

from app.domain.program import Program
from app.domain.session import Session
from app.formats.calendar.event_text import Text, facts_of, folded, lines, one_line
from app.formats.calendar.events import date_event, event_bytes
from app.formats.calendar.vtimezone import UNIX_EPOCH, needs_zone, timezone_of

PRODUCT = "-//codeml-agenda//Conference day//EN"
# How often a calendar program should fetch the feed; most ignore it.
REFRESH = timedelta(minutes=15)
COLOR_NAME, COLOR_CODE = "crimson", "#DC143C"
NOON = time(12)


def feed(program: Program, sessions: Sequence[Session], *, name: str, public_url: str, feed_path: str) -> bytes:
    """A feed to subscribe to, of any selection of a program's published sessions."""
    calendar = _subscribable(program, name, public_url, feed_path)
    # A calendar has at least one component (RFC 5545, 3.6): without sessions it is the zone.
    if not sessions or _need_zone(program, sessions):
        calendar.add_component(_timezone(program, sessions or program.sessions))
    return _with_events(calendar, (event_bytes(facts_of(program, one, public_url)) for one in sessions))


def session_file(program: Program, session: Session, *, public_url: str, alarm_minutes: int | None = None) -> bytes:
    """One published session to import, with an alarm ``alarm_minutes`` before it unless it is cancelled.

    It has no calendar name, for which Outlook would create another calendar.
    """
    calendar = _calendar()
    if _need_zone(program, [session]):
        calendar.add_component(_timezone(program, [session]))
    return _with_events(calendar, [event_bytes(facts_of(program, session, public_url), alarm_minutes)])


def dates_feed(program: Program, *, public_url: str, feed_path: str, stamp: datetime) -> bytes:
    """The important dates: a deadline at its instant, other dates as whole days; ``stamp`` is their last change."""
    calendar = _subscribable(program, f"{program.title} dates", public_url, feed_path)
    for one in program.dates:
        calendar.add_component(date_event(program, one, public_url=public_url, stamp=stamp))
    if not program.dates:
        calendar.add_component(_timezone(program, program.sessions))
    return _with_events(calendar, [])


def _calendar() -> Calendar:
    calendar = Calendar()
    calendar.add("PRODID", PRODUCT)
    calendar.add("VERSION", "2.0")
    calendar.add("CALSCALE", "GREGORIAN")
    return calendar


def _subscribable(program: Program, name: str, public_url: str, feed_path: str) -> Calendar:
    # ical.js does not unescape names, so the characters that need an escape are removed.
    plain_name = Text(one_line(re.sub(r"[,;\\]", " ", name)) or program.id)
    calendar = _calendar()
    calendar.add("NAME", plain_name)
    calendar.add("X-WR-CALNAME", plain_name)
    calendar.add("X-WR-CALDESC", Text(lines(program.description or program.subtitle or program.title)))
    calendar.add("X-WR-TIMEZONE", Text(str(program.zone)))
    calendar.add("COLOR", Text(COLOR_NAME))
    calendar.add("X-APPLE-CALENDAR-COLOR", Text(COLOR_CODE))
    calendar.add("REFRESH-INTERVAL", vDuration(REFRESH), {"VALUE": "DURATION"})
    calendar.add("X-PUBLISHED-TTL", vDuration(REFRESH))
    calendar.add("SOURCE", vUri(public_url + feed_path), {"VALUE": "URI"})
    calendar.add("URL", vUri(f"{public_url}/"))
    return calendar


def _with_events(calendar: Calendar, events: Iterable[bytes]) -> bytes:
    *head, end = filter(None, calendar.content_lines())
    return b"".join([folded(head), *events, folded([end])])


def _need_zone(program: Program, sessions: Sequence[Session]) -> bool:
    return any(needs_zone(edge, program.zone) for one in sessions for edge in (one.start, one.end))


def _timezone(program: Program, sessions: Sequence[Session]) -> Timezone:
    """The zone's rules for the time span of some sessions, or of the program's days where there are none."""
    instants = [edge for session in sessions for edge in (session.start, session.end)]
    instants = instants or [datetime.combine(day, NOON, UTC) for day in program.days] or [UNIX_EPOCH]
    return timezone_of(program.zone, min(instants), max(instants))
