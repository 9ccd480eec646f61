"""What a calendar says of a session, as plain text: its summary, its description, its place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import pytz

from app.domain.instants import in_zone
from app.domain.program import Person, Program, Venue
from app.domain.session import Item, Session
from app.formats.calendar.text import lines, one_line
from app.formats.markdown import to_text

CANCELLED = "CANCELLED: "
# "CANCELLED: A talk", "[Cancelled] A talk", "CANCELLED A talk", but not "Cancelled flights".
_MARKED = re.compile(r"(?i:\[cancell?ed\]|\(cancell?ed\)|cancell?ed\s*:)\s*(?=\S)|CANCELL?ED\s+(?=\S)")


@dataclass(frozen=True, slots=True, kw_only=True)
class EventFacts:
    """All that an event depends on: sessions with equal facts have equal events.

    ``room`` and ``former_room`` are names, "" for a session that is for all rooms.
    """

    session: Session
    people: tuple[Person, ...]
    room: str
    former_room: str
    venue: Venue
    zone: pytz.BaseTzInfo
    domain: str
    public_url: str

    @property
    def page(self) -> str:
        """The address of the session's page."""
        return f"{self.public_url}/talks/{self.session.id}"

    def local(self, instant: datetime) -> datetime:
        """The instant as the venue's clocks show it."""
        return in_zone(instant, self.zone)


def facts_of(program: Program, session: Session, public_url: str) -> EventFacts:
    """What a program says of one of its sessions."""
    room, former_room = (
        program.room(slot.room).name if slot.room else "" for slot in (session.slot, session.scheduled)
    )
    return EventFacts(
        session=session,
        people=program.speakers_of(session),
        room=room,
        former_room=former_room,
        venue=program.venue or Venue(name=""),
        zone=program.zone,
        domain=program.domain,
        public_url=public_url,
    )


def summary(facts: EventFacts) -> str:
    """On one line, "Speaker: Title"; a cancelled session says so first, once."""
    names = ", ".join(person.name for person in facts.people)
    title = one_line(facts.session.title)
    if facts.session.cancelled and _MARKED.match(title):
        title = _MARKED.sub("", title, count=1)
    said = one_line(f"{names}: {title}" if names else title)
    return f"{CANCELLED}{said}" if facts.session.cancelled else said


def location(facts: EventFacts) -> str:
    """Room, venue and address on one line; "" where none is known. Without `"`, which no parameter may hold."""
    parts = dict.fromkeys(one_line(part) for part in (facts.room, facts.venue.name, facts.venue.address))
    return ", ".join(part for part in parts if part).replace('"', "'")


def description(facts: EventFacts) -> str:
    """What changed, who, what about, the items and links, and the address of the session's page."""
    return lines("\n\n".join(filter(None, _paragraphs(facts))))


def _paragraphs(facts: EventFacts) -> Iterator[str]:
    session = facts.session
    yield "\n".join(_changes(facts))
    yield "\n".join(map(_person, facts.people))
    yield to_text(lines(session.abstract)) if session.abstract else ""
    yield "\n".join(map(_item, session.items))
    yield "\n".join(f"{link.label}: {link.url}" for link in session.links)
    yield facts.page


def _changes(facts: EventFacts) -> Iterator[str]:
    """What became of the announced time and place: "Was 10:15–10:45, Vancouver time."."""
    session, was = facts.session, facts.session.scheduled
    if session.cancelled:
        yield "This session is cancelled."
    if (session.start, session.end) != (was.start, was.end):
        yield f"Was {_former_span(facts)}, {_zone_words(facts.zone)}."
    if session.room != was.room:
        yield f"Was in {facts.former_room or 'all rooms'}."


def _former_span(facts: EventFacts) -> str:
    was = facts.session.scheduled
    start, end, now = facts.local(was.start), facts.local(was.end), facts.local(facts.session.start)
    day = "" if start.date() == now.date() else f"{start:%a} {start.day} {start:%B}, "
    return f"{day}{start:%H:%M}–{end:%H:%M}"


def _zone_words(zone: pytz.BaseTzInfo) -> str:
    """The zone as people say it: Vancouver time."""
    return f"{str(zone).rpartition('/')[2].replace('_', ' ')} time"


def _person(person: Person) -> str:
    return f"{person.name} ({', '.join(person.affiliations)})" if person.affiliations else person.name


def _item(item: Item) -> str:
    number = f"{item.number}. " if item.number else ""
    authors = f" ({', '.join(item.authors)})" if item.authors else ""
    return f"- {number}{item.title}{authors}"
