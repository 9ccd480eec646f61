"""The JSON that readers get: a program, a moment, the changes.

Field names are a contract (fields may be added). Instants are ISO 8601 with the venue's offset.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from app.domain.changes import SessionChange
from app.domain.program import Announcement, Person, Program, Venue
from app.domain.session import Item, Link, Session
from app.domain.timeline import Moment, Note

Json = dict[str, Any]


def to_bytes(value: Json) -> bytes:
    """Encode compactly as UTF-8; the same value gives the same bytes."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def program_json(program: Program, revision: int) -> Json:
    """The whole program of one revision, as `/api/program` gives it."""
    return {
        "revision": revision,
        "program": {
            "id": program.id,
            "title": program.title,
            "subtitle": program.subtitle,
            "series": program.series,
            "description": program.description,
            "timezone": program.timezone,
            "domain": program.domain,
            "language": program.language,
            "url": program.url,
            "days": [day.isoformat() for day in program.days],
            "venue": _venue(program.venue),
            "links": _links(program.links),
            "organizers": [person_json(person, "") for person in program.organizers],
            "dates": [
                {
                    "id": one.id,
                    "title": one.title,
                    "day": one.day.isoformat(),
                    "at": one.at and instant(program, one.at),
                    "zone_label": one.zone_label,
                    "former_day": one.former_day and one.former_day.isoformat(),
                }
                for one in program.dates
            ],
            "pages": [{"slug": page.slug, "title": page.title, "url": f"/pages/{page.slug}"} for page in program.pages],
        },
        "rooms": [{"id": room.id, "name": room.name} for room in program.rooms],
        "sessions": [session_json(program, session) for session in program.sessions],
        "speakers": [person_json(person, f"/speakers/{person.id}") for person in program.speakers],
        "announcements": [announcement_json(program, one) for one in program.announcements],
    }


def session_json(program: Program, session: Session) -> Json:
    """One session, as it stands in `/api/program` and in live events."""
    return {
        "id": session.id,
        "kind": session.kind,
        "title": session.title,
        "tba": session.tba,
        "start": instant(program, session.start),
        "end": instant(program, session.end),
        "scheduled_start": instant(program, session.scheduled.start),
        "scheduled_end": instant(program, session.scheduled.end),
        "status": session.status,
        "room": session.room,
        "room_name": _room_name(program, session.room),
        "scheduled_room": session.scheduled.room,
        "scheduled_room_name": _room_name(program, session.scheduled.room),
        "speakers": list(session.speakers),
        "speaker_names": [person.name for person in program.speakers_of(session)],
        "abstract": session.abstract,
        "items": [_item(item) for item in session.items],
        "links": _links(session.links),
        "track": session.track,
        "language": session.language,
        "guid": session.guid,
        "pinned": session.pinned,
        "min_minutes": session.min_minutes,
        "url": f"/talks/{session.id}",
        "sequence": session.sequence,
        "changed_at": session.changed_at and instant(program, session.changed_at),
    }


def person_json(person: Person, url: str) -> Json:
    """A speaker or an organizer; ``url`` is the page on this service, where there is one."""
    return {
        "id": person.id,
        "name": person.name,
        "affiliations": list(person.affiliations),
        "biography": person.biography,
        "homepage": person.url,
        "links": _links(person.links),
        "url": url,
    }


def announcement_json(program: Program, announcement: Announcement) -> Json:
    """One announcement; ``room`` null means all rooms."""
    return {
        "revision": announcement.revision,
        "text": announcement.text,
        "room": announcement.room,
        "room_name": program.room(announcement.room).name if announcement.room else None,
        "until": instant(program, announcement.until),
    }


def note_json(program: Program, note: Note) -> Json:
    """The public note of a revision, with the sessions that it changed."""
    return {
        "revision": note.revision,
        "text": note.text,
        "at": instant(program, note.at),
        "sessions": list(note.sessions),
    }


def moment_json(program: Program, revision: int, moment: Moment, now: datetime, speed: float) -> Json:
    """What is on at an instant, as `/api/now` gives it."""
    return {
        "revision": revision,
        "now": program.local(now).isoformat(),
        "speed": speed,
        "phase": moment.phase,
        "rooms": [
            {
                "room": answer.room.id,
                "name": answer.room.name,
                "now": answer.now and session_json(program, answer.now),
                "next": answer.next and session_json(program, answer.next),
                # A program has no line-ups yet.
                "item": None,
                "cancelled": answer.cancelled and session_json(program, answer.cancelled),
            }
            for answer in moment.rooms
        ],
        "notes": [note_json(program, one) for one in moment.notes],
        "announcements": [announcement_json(program, one) for one in moment.announcements],
        "changes_at": moment.changes_at and instant(program, moment.changes_at),
    }


def change_json(before: Program, after: Program, change: SessionChange) -> Json:
    """One session before and after a revision; null where it was not, or is no longer."""
    return {
        "session": change.session,
        "before": change.before and session_json(before, change.before),
        "after": change.after and session_json(after, change.after),
    }


def instant(program: Program, value: datetime) -> str:
    """An instant as ISO 8601 with the venue's offset."""
    return program.local(value).isoformat()


def _room_name(program: Program, room: str | None) -> str:
    """A room's name; a session without a room is for all."""
    return "all rooms" if room is None else program.room(room).name


def _venue(venue: Venue | None) -> Json | None:
    if venue is None:
        return None
    return {
        "name": venue.name,
        "address": venue.address,
        "city": venue.city,
        "latitude": venue.latitude,
        "longitude": venue.longitude,
        "url": venue.url,
    }


def _item(item: Item) -> Json:
    return {
        "title": item.title,
        "number": item.number,
        "authors": list(item.authors),
        "links": _links(item.links),
    }


def _links(links: tuple[Link, ...]) -> list[Json]:
    return [{"label": link.label, "url": link.url} for link in links]
