"""One session as a VEVENT: the only place where it is built, so that every feed tells the same."""

from __future__ import annotations

import re
from collections.abc import Iterator

from icalendar import Event, vGeo, vText, vUri

from app.domain.program import Person, Program, Session, Venue
from app.formats.markdown import to_text

CANCELLED = "CANCELLED: "
# RFC 5545, 3.1: no control characters in text but the tab and the line break.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def event_of(program: Program, session: Session, public_url: str) -> Event:
    """The event of a session; its UID is the program's own, whichever host serves it."""
    event = Event()
    event.add("UID", f"{session.id}@{program.domain}")
    event.add("SEQUENCE", session.sequence)
    _add_stamps(event, session)
    event.add("DTSTART", program.local(session.start))
    if session.end > session.start:  # RFC 5545, 3.8.2.2: an end is later than its start, or left out
        event.add("DTEND", program.local(session.end))
    event.add("SUMMARY", vText(text(_summary(program, session))))
    event.add("DESCRIPTION", vText(text("\n\n".join(_paragraphs(program, session, public_url)))))
    _add_place(event, program, session)
    event.add("URL", vUri(f"{public_url}/talks/{session.id}"))
    event.add("CATEGORIES", [session.kind.upper()])
    event.add("STATUS", "CANCELLED" if session.cancelled else "CONFIRMED")
    free = session.cancelled or not session.is_talk
    event.add("TRANSP", "TRANSPARENT" if free else "OPAQUE")
    event.add("CLASS", "PUBLIC")
    return event


def text(value: str) -> str:
    """Text without control characters, lines ended by a line feed."""
    return _CONTROL.sub("", value.replace("\r\n", "\n").replace("\r", "\n"))


def _add_stamps(event: Event, session: Session) -> None:
    if session.changed_at is None or session.created_at is None:
        raise ValueError(f"{session.id}: only a published session has an event")
    event.add("CREATED", session.created_at)
    event.add("DTSTAMP", session.changed_at)
    event.add("LAST-MODIFIED", session.changed_at)


def _add_place(event: Event, program: Program, session: Session) -> None:
    location = _location(program, session)
    if not location:
        return
    event.add("LOCATION", vText(location))
    venue = program.venue
    if venue is None or venue.latitude is None or venue.longitude is None:
        return
    event.add("GEO", vGeo((venue.latitude, venue.longitude)))
    # Apple shows its map only where the title equals the location to the letter.
    position = vUri(f"geo:{venue.latitude},{venue.longitude}")
    parameters = {"VALUE": "URI", "X-APPLE-RADIUS": "100", "X-TITLE": location.replace('"', "'")}
    event.add("X-APPLE-STRUCTURED-LOCATION", position, parameters)


def _location(program: Program, session: Session) -> str:
    room = program.room(session.room).name if session.room else ""
    venue = program.venue or Venue(name="")
    parts = dict.fromkeys(part for part in (room, venue.name, venue.address) if part)
    return " ".join(text(", ".join(parts)).replace('"', "'").split())


def _summary(program: Program, session: Session) -> str:
    names = ", ".join(person.name for person in program.speakers_of(session))
    title = f"{names}: {session.title}" if names else session.title
    marked = session.title.upper().startswith(CANCELLED)
    return f"{CANCELLED}{title}" if session.cancelled and not marked else title


def _paragraphs(program: Program, session: Session, public_url: str) -> Iterator[str]:
    if session.cancelled:
        yield "This session is cancelled."
    elif session.status == "moved":
        yield _was(program, session)
    people = "\n".join(map(_person, program.speakers_of(session)))
    if people:
        yield people
    if session.abstract:
        yield to_text(session.abstract)
    if session.items:
        yield "\n".join(
            f"- {item.title}" + (f" ({', '.join(item.authors)})" if item.authors else "") for item in session.items
        )
    if session.links:
        yield "\n".join(f"{link.label}: {link.url}" for link in session.links)
    yield f"{public_url}/talks/{session.id}"


def _was(program: Program, session: Session) -> str:
    """Where and when a moved session was: "Was 10:15–10:45, Hall A." in the venue's time."""
    parts = []
    if session.start != session.scheduled.start:
        start, end = program.local(session.scheduled.start), program.local(session.scheduled.end)
        parts.append(f"{start:%H:%M}–{end:%H:%M}")
    if session.room != session.scheduled.room and session.scheduled.room:
        parts.append(program.room(session.scheduled.room).name)
    return f"Was {', '.join(parts)}."


def _person(person: Person) -> str:
    return f"{person.name} ({', '.join(person.affiliations)})" if person.affiliations else person.name
