"""One session as a VEVENT: the only place where it is built, so that every feed tells the same."""

from __future__ import annotations

from datetime import timedelta
from functools import lru_cache

from icalendar import Alarm, Event, vDuration, vUri
from icalendar.prop import vInline

from app.domain.session import Session
from app.formats.calendar.text import Text, folded, one_line
from app.formats.calendar.words import EventFacts, description, location, summary
from app.formats.calendar.zone import add_local_time

# Nobody is busy in them.
FREE_KINDS = frozenset({"break", "lunch", "social"})
MAP_RADIUS_METRES = "100"
# Every feed is made of the same events, and an edit changes few of them.
MOST_EVENTS = 4096


@lru_cache(maxsize=MOST_EVENTS)
def event_bytes(facts: EventFacts, alarm_minutes: int | None = None) -> bytes:
    """The lines of a session's event, with an alarm so many minutes before it starts if asked for.

    ValueError for a session that was never published, which has no stamps.
    """
    event = _event(facts)
    if alarm_minutes is not None and not facts.session.cancelled:
        event.add_component(_alarm(facts, alarm_minutes))
    return folded(event.content_lines())


def _event(facts: EventFacts) -> Event:
    session, event = facts.session, Event()
    # The program's own domain, so that it is the same whichever host serves it.
    event.add("UID", Text(one_line(f"{session.id}@{facts.domain}")))
    event.add("SEQUENCE", session.sequence)
    _add_stamps(event, session)
    add_local_time(event, "DTSTART", session.start, facts.zone)
    if session.end > session.start:  # RFC 5545, 3.8.2.2: an end is later than its start, or left out
        add_local_time(event, "DTEND", session.end, facts.zone)
    event.add("SUMMARY", Text(summary(facts)))
    event.add("DESCRIPTION", Text(description(facts)))
    _add_place(event, facts)
    event.add("URL", vUri(facts.page))
    if session.kind:
        event.add("CATEGORIES", Text(one_line(session.kind).upper()))
    event.add("STATUS", "CANCELLED" if session.cancelled else "CONFIRMED")
    free = session.cancelled or session.kind in FREE_KINDS
    event.add("TRANSP", "TRANSPARENT" if free else "OPAQUE")
    event.add("CLASS", "PUBLIC")
    return event


def _add_stamps(event: Event, session: Session) -> None:
    if session.changed_at is None or session.created_at is None:
        raise ValueError(f"{session.id}: only a published session has an event")
    event.add("CREATED", session.created_at)
    event.add("DTSTAMP", session.changed_at)
    event.add("LAST-MODIFIED", session.changed_at)


def _add_place(event: Event, facts: EventFacts) -> None:
    place, venue = location(facts), facts.venue
    if place:
        event.add("LOCATION", Text(place))
    if not place or venue.latitude is None or venue.longitude is None:
        return
    # RFC 5545, 3.8.1.6: six decimal places; a FLOAT has no exponent.
    latitude, longitude = f"{venue.latitude:.6f}", f"{venue.longitude:.6f}"
    event.add("GEO", vInline(f"{latitude};{longitude}"))
    # Apple shows its map only where the title equals the location to the letter.
    parameters = {"VALUE": "URI", "X-APPLE-RADIUS": MAP_RADIUS_METRES, "X-TITLE": place}
    event.add("X-APPLE-STRUCTURED-LOCATION", vUri(f"geo:{latitude},{longitude}"), parameters)


def _alarm(facts: EventFacts, minutes: int) -> Alarm:
    alarm = Alarm()
    alarm.add("ACTION", "DISPLAY")
    alarm.add("DESCRIPTION", Text(summary(facts)))
    alarm.add("TRIGGER", vDuration(timedelta(minutes=-minutes)))
    return alarm
