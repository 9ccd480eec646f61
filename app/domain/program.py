"""The program: the whole content of a conference, as frozen values.

An invalid program cannot be built: `Program` raises `InvalidProgram` with every fault,
so nobody downstream checks again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property
from typing import TypeVar

import pytz

from app.domain import instants
from app.domain.errors import InvalidProgram, UnknownName
from app.domain.faults import program_faults
from app.domain.session import Link, Session

Named = TypeVar("Named")

# A program that names no rooms happens in one: its venue.
VENUE_ROOM = "venue"


@dataclass(frozen=True, slots=True)
class Room:
    """A place where one thing at a time is on."""

    id: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A speaker or an organizer. ``biography`` is Markdown."""

    id: str
    name: str
    affiliations: tuple[str, ...] = ()
    url: str = ""
    biography: str = ""
    links: tuple[Link, ...] = ()
    language: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Venue:
    """Where the conference happens; the position in degrees (WGS 84), where known."""

    name: str
    address: str = ""
    city: str = ""
    latitude: float | None = None
    longitude: float | None = None
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportantDate:
    """A deadline or another date that counts.

    ``at`` is the instant for a deadline with a time, with the offset of the zone it was
    announced in (a deadline in AoE is read in AoE); else None and ``day`` says it all.
    ``zone_label`` is how readers know its zone ("AoE"); ``former_day`` the day before an
    extension, struck through where shown.
    """

    id: str
    title: str
    day: date
    at: datetime | None = None
    zone_label: str = ""
    former_day: date | None = None

    def __post_init__(self) -> None:
        """Refuse a naive instant."""
        if self.at is not None:
            instants.utc(self.at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page of prose beside the day; ``body`` is Markdown."""

    slug: str
    title: str
    body: str = ""
    order: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Announcement:
    """A word to all rooms (``room`` None) or one, in force until an instant.

    ``revision`` is the number of the revision that published it; 0 until then.
    """

    text: str
    until: datetime
    room: str | None = None
    revision: int = 0

    def __post_init__(self) -> None:
        """Keep the instant in UTC."""
        object.__setattr__(self, "until", instants.utc(self.until))


@dataclass(frozen=True, kw_only=True)
class Program:
    """The whole content; sessions stand in the order of their start whatever order they came in.

    ``domain`` names the program in calendar identifiers, whichever host serves it;
    ``dates_changed_at`` is when the important dates last changed. Raises `InvalidProgram` with all faults.
    """

    id: str
    title: str
    timezone: str
    domain: str
    days: tuple[date, ...]
    subtitle: str = ""
    series: str = ""
    description: str = ""
    url: str = ""
    language: str = "en"
    venue: Venue | None = None
    rooms: tuple[Room, ...] = ()
    sessions: tuple[Session, ...] = ()
    speakers: tuple[Person, ...] = ()
    organizers: tuple[Person, ...] = ()
    dates: tuple[ImportantDate, ...] = ()
    dates_changed_at: datetime | None = None
    pages: tuple[Page, ...] = ()
    links: tuple[Link, ...] = ()
    announcements: tuple[Announcement, ...] = ()

    def __post_init__(self) -> None:
        """Give a program without rooms its venue as the one room, order the sessions, refuse faults."""
        if not self.rooms:
            name = self.venue.name if self.venue else self.title
            object.__setattr__(self, "rooms", (Room(VENUE_ROOM, name),))
            object.__setattr__(self, "sessions", tuple(map(_in_the_venue, self.sessions)))
        object.__setattr__(self, "sessions", tuple(sorted(self.sessions, key=Session.order)))
        faults = program_faults(self)
        if faults:
            raise InvalidProgram(faults)

    @cached_property
    def zone(self) -> pytz.BaseTzInfo:
        """The venue's zone."""
        return instants.zone(self.timezone)

    def local(self, instant: datetime) -> datetime:
        """The instant as the venue's clocks show it."""
        return instants.in_zone(instant, self.zone)

    def session(self, session_id: str) -> Session:
        """Look a session up; raises `UnknownName`."""
        return _look_up(self._sessions, "session", session_id)

    def room(self, room_id: str) -> Room:
        """Look a room up; raises `UnknownName`."""
        return _look_up(self._rooms, "room", room_id)

    def speaker(self, speaker_id: str) -> Person:
        """Look a speaker up; raises `UnknownName`."""
        return _look_up(self._speakers, "speaker", speaker_id)

    def page(self, slug: str) -> Page:
        """Look a page up; raises `UnknownName`."""
        return _look_up({page.slug: page for page in self.pages}, "page", slug)

    def speakers_of(self, session: Session) -> tuple[Person, ...]:
        """The people who present a session, in its order."""
        return tuple(self._speakers[speaker] for speaker in session.speakers)

    def sessions_of(self, speaker_id: str) -> tuple[Session, ...]:
        """What a person presents, in time order."""
        return tuple(session for session in self.sessions if speaker_id in session.speakers)

    def sessions_in(self, room_id: str) -> tuple[Session, ...]:
        """What happens in a room, sessions for all rooms included, in time order."""
        return tuple(session for session in self.sessions if session.room in (room_id, None))

    @cached_property
    def _sessions(self) -> dict[str, Session]:
        return {session.id: session for session in self.sessions}

    @cached_property
    def _rooms(self) -> dict[str, Room]:
        return {room.id: room for room in self.rooms}

    @cached_property
    def _speakers(self) -> dict[str, Person]:
        return {person.id: person for person in self.speakers}


def _in_the_venue(session: Session) -> Session:
    """Place a session that names no room in the program's one room."""
    return replace(
        session,
        slot=replace(session.slot, room=session.slot.room or VENUE_ROOM),
        scheduled=replace(session.scheduled, room=session.scheduled.room or VENUE_ROOM),
    )


def _look_up(table: Mapping[str, Named], sort: str, name: str) -> Named:
    try:
        return table[name]
    except KeyError:
        raise UnknownName(sort, name, table) from None
