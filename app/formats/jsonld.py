"""Structured data in pages: schema.org's Event as JSON-LD, for search engines and assistants.

A session that stands at another time is `EventRescheduled`, with `previousStartDate`; one that merely has
another room is still `EventScheduled`, since schema.org knows no word for it; a cancelled one keeps its
time and is `EventCancelled`. Instants are ISO 8601 with the venue's offset, as in `/api/program`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from app.domain.program import Person, Program, Venue
from app.domain.session import Session
from app.formats.markdown import to_text
from app.formats.uris import strict_uri

Json = dict[str, Any]

CONTEXT = "https://schema.org"
MOST_LETTERS = 300
# What could end the script element, or begin a comment in it (HTML, 4.12.1.3), and what JavaScript counts as line ends.
ESCAPES = {ord(char): f"\\u{ord(char):04x}" for char in "<>&\u2028\u2029"}


def program_data(program: Program, base_url: str) -> str:
    """The whole program as one event, each session a `subEvent`."""
    event = {"@context": CONTEXT, **_whole(program, base_url)}
    event["organizer"] = _people(program.organizers)
    event["subEvent"] = [
        {
            **_session(program, session, base_url),
            "location": _room(program, session.room, {"@id": f"{base_url}/#venue"}),
        }
        for session in program.sessions
    ]
    return _text(_filled(event))


def session_data(program: Program, session: Session, base_url: str) -> str:
    """One session, with its abstract, and the program as its `superEvent`."""
    event = {"@context": CONTEXT, **_session(program, session, base_url)}
    event["description"] = to_text(_sound(session.abstract))[:MOST_LETTERS]
    event["location"] = _room(program, session.room, _venue(program, base_url))
    event["superEvent"] = _whole(program, base_url)
    return _text(_filled(event))


def _whole(program: Program, base_url: str) -> Json:
    """The program from its first start to its last end; without sessions, its days."""
    first = min((one.start for one in program.sessions), default=None)
    last = max((one.end for one in program.sessions), default=None)
    event = {
        "@type": "Event",
        "@id": f"{base_url}/#event",
        "name": program.title,
        "description": program.description or program.subtitle,
        "url": f"{base_url}/",
        "inLanguage": program.language,
        "startDate": _instant(program, first) if first else _day(min(program.days, default=None)),
        "endDate": _instant(program, last) if last else _day(max(program.days, default=None)),
        "eventStatus": f"{CONTEXT}/EventScheduled",
        "eventAttendanceMode": f"{CONTEXT}/OfflineEventAttendanceMode",
        "location": _venue(program, base_url),
    }
    return _filled(event)


def _session(program: Program, session: Session, base_url: str) -> Json:
    address = f"{base_url}/talks/{session.id}"
    moved = session.start != session.scheduled.start and not session.cancelled
    status = "EventCancelled" if session.cancelled else "EventRescheduled" if moved else "EventScheduled"
    return _filled(
        {
            "@type": "Event",
            "@id": address,
            "name": session.title,
            "url": address,
            "startDate": _instant(program, session.start),
            "endDate": _instant(program, session.end),
            "eventStatus": f"{CONTEXT}/{status}",
            "previousStartDate": _instant(program, session.scheduled.start) if moved else None,
            "performer": _people(program.speakers_of(session)),
            "inLanguage": session.language,
        }
    )


def _room(program: Program, room_id: str | None, venue: Json) -> Json:
    """A room within the venue; the venue itself where it is the one room, and for a session that is for all."""
    if room_id is None or len(program.rooms) == 1:
        return venue
    return {"@type": "Place", "name": program.room(room_id).name, "containedInPlace": venue}


def _venue(program: Program, base_url: str) -> Json:
    """Where it all happens; of a program without a venue, its one room or its name."""
    venue = program.venue or Venue(name=program.rooms[0].name if len(program.rooms) == 1 else program.title)
    position = None
    if venue.latitude is not None and venue.longitude is not None:
        position = {"@type": "GeoCoordinates", "latitude": venue.latitude, "longitude": venue.longitude}
    address = venue.address or venue.city
    place = {"@type": "Place", "@id": f"{base_url}/#venue", "name": venue.name, "address": address, "geo": position}
    return _filled(place)


def _people(people: Iterable[Person]) -> list[Json]:
    return [_person(person) for person in people]


def _person(person: Person) -> Json:
    organizations = [{"@type": "Organization", "name": name} for name in person.affiliations]
    address = strict_uri(person.url) if person.url else None
    return _filled({"@type": "Person", "name": person.name, "url": address, "affiliation": organizations})


def _filled(event: Json) -> Json:
    """Without what is not known: an empty property says nothing."""
    return {name: value for name, value in event.items() if value not in (None, "", [])}


def _instant(program: Program, instant: datetime) -> str:
    return program.local(instant).isoformat()


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _text(event: Json) -> str:
    """JSON that may stand in a script element as it is."""
    return _sound(json.dumps(event, ensure_ascii=False, separators=(",", ":"))).translate(ESCAPES)


def _sound(text: str) -> str:
    """The text without halves of letters (lone surrogates), which no encoding has."""
    return text.encode("utf-8", "replace").decode()
