"""Structured data in pages: schema.org's Event as JSON-LD, for search engines and assistants.

A session at another time is `EventRescheduled`, with `previousStartDate`; one that only has another room is
`EventScheduled`, since schema.org has no status for it; a cancelled one keeps its time and is `EventCancelled`.
Instants are ISO 8601 with the venue's offset, as in `/api/program`.
"""

from __future__ import annotations

import json
from typing import Any

from app.domain.items import SessionItem, announced
from app.domain.program import Person, Program, Venue
from app.domain.session import Item, Session
from app.formats.api_fields import instant
from app.formats.exchange_ids import PAPERS_PATH, TALKS_PATH, strict_uri
from app.formats.markdown import to_text
from app.formats.pictures import face_address

Json = dict[str, Any]

CONTEXT = "https://schema.org"
MOST_LETTERS = 300
# A program of more sessions would make its page twice as large.
MOST_SUB_EVENTS = 200
# The same of a session of more items.
MOST_ARTICLES = 200
# What could end the script element, or begin a comment in it (HTML, 4.12.1.3), and what JavaScript counts as line ends.
ESCAPES = {ord(char): f"\\u{ord(char):04x}" for char in "<>&\u2028\u2029"}


def program_data(program: Program, base_url: str) -> str:
    """The program as one event, each session a `subEvent`; those of a large one are on their own pages alone."""
    event = _program_event(program, base_url)
    event["organizer"] = [_person(one, base_url) for one in program.organizers]
    venue = {"@id": f"{base_url}/#venue"}
    event["subEvent"] = [
        {**_session_event(program, one, base_url), "location": _room(program, one.room, venue)}
        for one in program.sessions
        if len(program.sessions) <= MOST_SUB_EVENTS
    ]
    return _script_text(event)


def session_data(program: Program, session: Session, base_url: str) -> str:
    """One session, with its abstract, and the program as its `superEvent`."""
    event = _session_event(program, session, base_url)
    event["description"] = to_text(_without_surrogates(session.abstract))[:MOST_LETTERS]
    event["workFeatured"] = [_article(item, base_url) for item in announced(session.items)[:MOST_ARTICLES]]
    event["location"] = _room(program, session.room, _venue(program, base_url))
    event["superEvent"] = _program_event(program, base_url)
    return _script_text(event)


def item_data(program: Program, one: SessionItem, base_url: str) -> str:
    """One item, a `ScholarlyArticle` with its abstract, in the event of its session."""
    event = _session_event(program, one.session, base_url)
    article = _article(one.item, base_url)
    article["abstract"] = to_text(_without_surrogates(one.item.abstract))[:MOST_LETTERS]
    event["workFeatured"] = [article]
    event["location"] = _room(program, one.session.room, _venue(program, base_url))
    event["superEvent"] = _program_event(program, base_url)
    return _script_text(event)


def _article(item: Item, base_url: str) -> Json:
    """An item by its name, authors and addresses; a link to its own page is its identity."""
    address = f"{base_url}{PAPERS_PATH}/{item.id}"
    return {
        "@type": "ScholarlyArticle",
        "@id": address,
        "name": item.title,
        "url": address,
        "author": [{"@type": "Person", "name": name} for name in item.authors],
        "sameAs": [uri for link in item.links if link.leads_to == "paper" and (uri := strict_uri(link.url))],
    }


def _program_event(program: Program, base_url: str) -> Json:
    """The program from its first start to its last end; without sessions, its days."""
    days = [day.isoformat() for day in program.days]
    first, last = min(days, default=None), max(days, default=None)
    if program.first_start_and_last_end:
        first, last = (instant(program, edge) for edge in program.first_start_and_last_end)
    return {
        "@type": "Event",
        "@id": f"{base_url}/#event",
        "name": program.title,
        "description": program.description or program.subtitle,
        "url": f"{base_url}/",
        "inLanguage": program.language,
        "startDate": first,
        "endDate": last,
        "eventStatus": f"{CONTEXT}/EventScheduled",
        "eventAttendanceMode": f"{CONTEXT}/OfflineEventAttendanceMode",
        "location": _venue(program, base_url),
    }


def _session_event(program: Program, session: Session, base_url: str) -> Json:
    address = f"{base_url}{TALKS_PATH}/{session.id}"
    is_moved = session.start != session.scheduled.start and not session.cancelled
    status = "EventCancelled" if session.cancelled else "EventRescheduled" if is_moved else "EventScheduled"
    return {
        "@type": "Event",
        "@id": address,
        "name": session.title,
        "url": address,
        "startDate": instant(program, session.start),
        "endDate": instant(program, session.end),
        "eventStatus": f"{CONTEXT}/{status}",
        "previousStartDate": instant(program, session.scheduled.start) if is_moved else None,
        "performer": [_person(one, base_url) for one in program.speakers_of(session)],
        "inLanguage": session.language,
    }


def _room(program: Program, room_id: str | None, venue: Json) -> Json:
    """A room within the venue; the venue itself for its only room, and for a session in all rooms."""
    if room_id is None or len(program.rooms) == 1:
        return venue
    return {"@type": "Place", "name": program.room(room_id).name, "containedInPlace": venue}


def _venue(program: Program, base_url: str) -> Json:
    """The venue; in a program without one, a place named after its only room or its title."""
    venue = program.venue or Venue(name=program.rooms[0].name if len(program.rooms) == 1 else program.title)
    position = None
    if venue.latitude is not None and venue.longitude is not None:
        position = {"@type": "GeoCoordinates", "latitude": venue.latitude, "longitude": venue.longitude}
    address = venue.address or venue.city
    return {"@type": "Place", "@id": f"{base_url}/#venue", "name": venue.name, "address": address, "geo": position}


def _person(person: Person, base_url: str) -> Json:
    return {
        "@type": "Person",
        "name": person.name,
        "url": strict_uri(person.url),
        "image": f"{base_url}{face_address(person.picture)}" if person.picture else None,
        "affiliation": [{"@type": "Organization", "name": name} for name in person.affiliations],
    }


def _without_empty(value: Any) -> Any:
    """JSON data without the properties that are null, "" or []."""
    if isinstance(value, list):
        return [_without_empty(one) for one in value]
    if not isinstance(value, dict):
        return value
    return {name: _without_empty(one) for name, one in value.items() if one not in (None, "", [])}


def _script_text(event: Json) -> str:
    """JSON-LD that may stand in a script element as it is."""
    data = {"@context": CONTEXT, **_without_empty(event)}
    return _without_surrogates(json.dumps(data, ensure_ascii=False, separators=(",", ":"))).translate(ESCAPES)


def _without_surrogates(text: str) -> str:
    """The text with `?` for lone surrogates, which UTF-8 cannot encode."""
    return text.encode("utf-8", "replace").decode()
