"""Calendar feeds (RFC 5545, RFC 7986), through the icalendar library, and the events in them.

The same program gives the same bytes: stamps come from the sessions, never from a clock.
Public feeds have no alarms and no METHOD, and the calendar itself no UID, which would be random.
Only this module builds events, so that all feeds have the same ones.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import partial

from icalendar import Alarm, Calendar, Event, Timezone, vDuration, vUri
from icalendar.prop import vInline

from app.domain.instants import utc
from app.domain.program import ImportantDate, Program
from app.domain.session import Session
from app.formats.byte_cache import ByteCache
from app.formats.calendar.event_text import (
    EventFacts,
    Text,
    description,
    facts_of,
    folded,
    lines,
    location,
    one_line,
    summary,
)
from app.formats.calendar.vtimezone import UNIX_EPOCH, add_local_time, needs_zone, timezone_of

PRODUCT = "-//codeml-agenda//Conference day//EN"
# How often a calendar program should fetch the feed; most ignore it.
REFRESH = timedelta(minutes=15)
COLOR_NAME, COLOR_CODE = "crimson", "#DC143C"
NOON = time(12)
MAP_RADIUS_METRES = "100"
MOST_EVENT_BYTES = 6_000_000
# The cache is shared by all feeds, and an edit changes few events.
kept_events: ByteCache[bytes] = ByteCache(MOST_EVENT_BYTES)
# Dates have no edit count: their sequence is the seconds from here to their stamp, which fit 32 bits.
SEQUENCE_BEGINS = datetime(2020, 1, 1, tzinfo=UTC)


def feed(program: Program, sessions: Sequence[Session], *, name: str, public_url: str, feed_path: str) -> bytes:
    """A feed to subscribe to, of any selection of a program's published sessions."""
    calendar = _subscribable(program, name, public_url, feed_path)
    events = (_kept_event(facts_of(program, one, public_url)) for one in sessions)
    return _written(calendar, program, sessions, events)


def session_file(program: Program, session: Session, *, public_url: str, alarm_minutes: int | None = None) -> bytes:
    """One published session to import, with an alarm ``alarm_minutes`` before it unless it is cancelled.

    It has no calendar name, for which Outlook would create another calendar.
    """
    event = _event(facts_of(program, session, public_url), alarm_minutes)
    return _written(_calendar(), program, [session], [event])


def dates_feed(program: Program, *, public_url: str, feed_path: str, stamp: datetime) -> bytes:
    """The important dates: a deadline at its instant, other dates as whole days; ``stamp`` is their last change."""
    calendar = _subscribable(program, f"{program.title} dates", public_url, feed_path)
    for one in program.dates:
        calendar.add_component(date_event(program, one, public_url=public_url, stamp=stamp))
    return _written(calendar, program, [], [])


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


def _written(calendar: Calendar, program: Program, sessions: Sequence[Session], events: Iterable[bytes]) -> bytes:
    """A calendar with the events of sessions, and with the zone's rules where their times need them."""
    edges = [edge for one in sessions for edge in (one.start, one.end)]
    # A calendar has at least one component (RFC 5545, 3.6): without any other it is the zone.
    is_empty = not (sessions or calendar.subcomponents)
    if is_empty or any(needs_zone(edge, program.zone) for edge in edges):
        calendar.add_component(_timezone(program, sessions or program.sessions))
    *head, end = filter(None, calendar.content_lines())
    return b"".join([folded(head), *events, folded([end])])


def _timezone(program: Program, sessions: Sequence[Session]) -> Timezone:
    """The zone's rules for the time span of some sessions, or of the program's days where there are none."""
    instants = [edge for session in sessions for edge in (session.start, session.end)]
    instants = instants or [datetime.combine(day, NOON, UTC) for day in program.days] or [UNIX_EPOCH]
    return timezone_of(program.zone, min(instants), max(instants))


def _kept_event(facts: EventFacts) -> bytes:
    return kept_events.get_or_make(repr(facts), partial(_event, facts))


def _event(facts: EventFacts, alarm_minutes: int | None = None) -> bytes:
    """The content lines of a session's event, with an alarm so many minutes before its start unless it is cancelled.

    Raises ValueError for a session that was never published, which has no stamps.
    """
    event = _session_event(facts)
    if alarm_minutes is not None and not facts.session.cancelled:
        event.add_component(_alarm(facts, alarm_minutes))
    return folded(event.content_lines())


def _session_event(facts: EventFacts) -> Event:
    session = facts.session
    if session.changed_at is None or session.created_at is None:
        raise ValueError(f"{session.id}: only a published session has an event")
    # The UID has the program's own domain, so that it is the same on every host that serves it.
    uid, is_free = f"{session.id}@{facts.domain}", session.cancelled or session.is_break
    event = _new_event(uid, session.sequence, session.changed_at, url=facts.page, is_free=is_free)
    event.add("CREATED", session.created_at)
    add_local_time(event, "DTSTART", session.start, facts.zone)
    if session.end > session.start:  # RFC 5545, 3.8.2.2: an end is later than its start, or left out
        add_local_time(event, "DTEND", session.end, facts.zone)
    event.add("SUMMARY", Text(summary(facts)))
    event.add("DESCRIPTION", Text(description(facts)))
    _add_place(event, facts)
    if session.kind:
        event.add("CATEGORIES", Text(one_line(session.kind).upper()))
    event.add("STATUS", "CANCELLED" if session.cancelled else "CONFIRMED")
    return event


def _new_event(uid: str, sequence: int, changed_at: datetime, *, url: str, is_free: bool) -> Event:
    event = Event()
    event.add("UID", Text(one_line(uid)))
    event.add("SEQUENCE", sequence)
    event.add("DTSTAMP", changed_at)
    event.add("LAST-MODIFIED", changed_at)
    event.add("URL", vUri(url))
    event.add("TRANSP", "TRANSPARENT" if is_free else "OPAQUE")
    event.add("CLASS", "PUBLIC")
    return event


def _add_place(event: Event, facts: EventFacts) -> None:
    place, venue = location(facts), facts.venue
    if place:
        event.add("LOCATION", Text(place))
    if not place or venue.latitude is None or venue.longitude is None:
        return
    # RFC 5545, 3.8.1.6: six decimal places; a FLOAT has no exponent.
    latitude, longitude = f"{venue.latitude:.6f}", f"{venue.longitude:.6f}"
    event.add("GEO", vInline(f"{latitude};{longitude}"))
    # Apple shows a map only where the title equals the location exactly.
    parameters = {"VALUE": "URI", "X-APPLE-RADIUS": MAP_RADIUS_METRES, "X-TITLE": place}
    event.add("X-APPLE-STRUCTURED-LOCATION", vUri(f"geo:{latitude},{longitude}"), parameters)


def _alarm(facts: EventFacts, minutes: int) -> Alarm:
    alarm = Alarm()
    alarm.add("ACTION", "DISPLAY")
    alarm.add("DESCRIPTION", Text(summary(facts)))
    alarm.add("TRIGGER", vDuration(timedelta(minutes=-minutes)))
    return alarm


def date_event(program: Program, one: ImportantDate, *, public_url: str, stamp: datetime) -> Event:
    """The event of an important date; ``stamp`` is when the dates last changed."""
    sequence = max(0, int((stamp - SEQUENCE_BEGINS).total_seconds()))
    page = f"{public_url}/pages/important-dates"
    event = _new_event(f"date-{one.id}@{program.domain}", sequence, stamp, url=page, is_free=True)
    # Without an end an instant has no duration, and a date lasts one day (RFC 5545, 3.6.1).
    event.add("DTSTART", one.day if one.at is None else utc(one.at))
    event.add("SUMMARY", Text(one_line(f"{program.title}: {one.title}")))
    event.add("DESCRIPTION", Text(lines(f"{_announced(one)}\n{page}")))
    event.add("STATUS", "CONFIRMED")
    return event


def _announced(one: ImportantDate) -> str:
    """The date as it was announced: "26 May 2025, 23:59 AoE.", and what it was before an extension."""
    announced = _long(one.day)
    if one.at is not None:
        announced = f"{_long(one.at.date())}, {one.at:%H:%M} {one.zone_label or one.at.tzname() or ''}".strip()
    extended = f"Extended; it was {_long(one.former_day)}.\n" if one.former_day else ""
    return f"{one.title}: {announced}.\n{extended}"


def _long(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
