"""The program: the whole content of a conference, as frozen values.

`Program` is validated when it is built: it raises `InvalidProgram` with all faults.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import TypeVar

import pytz

from app.domain import instants
from app.domain.errors import Fault, InvalidProgram, UnknownName, UnknownZone
from app.domain.identity import (
    NO_IDENTITY,
    NO_LINES,
    Identity,
    Picture,
    ScreenLines,
    Track,
    identity_faults,
)
from app.domain.ids import SESSION_ID, SESSION_ID_FORM, SLUG, SLUG_FORM
from app.domain.items import SessionItem, with_item_ids
from app.domain.session import Link, Session, Slot
from app.domain.warning_times import USUAL_STAGE_TIMES, StageTimes, warning_faults

Named = TypeVar("Named")

LONGEST_SESSION = timedelta(days=7)
# The id of the one room of a program that names none.
VENUE_ROOM = "venue"


@dataclass(frozen=True, slots=True)
class Room:
    """A place for one session at a time; ``directions`` say how to get there, ``plan`` shows it."""

    id: str
    name: str
    floor: str = ""
    directions: str = ""
    plan: Picture | None = None


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
    picture: Picture | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Venue:
    """Where the conference takes place; its position in degrees (WGS 84), if known."""

    name: str
    address: str = ""
    city: str = ""
    latitude: float | None = None
    longitude: float | None = None
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportantDate:
    """A deadline or another important date.

    ``at`` is the instant of a deadline with a time, with the offset of the zone in which it was
    announced; None for a whole day. ``zone_label`` is that zone's usual name ("AoE"). ``former_day``
    is the day before an extension, shown struck through.
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
    """A page of text; ``body`` is Markdown."""

    slug: str
    title: str
    body: str = ""
    order: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Announcement:
    """A message to all rooms (``room`` None) or to one, shown until an instant.

    ``revision`` is the number of the revision that published it; 0 before that.
    """

    text: str
    until: datetime
    room: str | None = None
    revision: int = 0

    def __post_init__(self) -> None:
        """Convert the instant to UTC."""
        object.__setattr__(self, "until", instants.utc(self.until))


@dataclass(frozen=True, kw_only=True)
class Program:
    """The whole content; sessions are sorted by their start.

    ``domain`` is the domain in calendar identifiers, whichever host serves the program;
    ``dates_changed_at`` is when the important dates last changed. ``for_speakers`` is Markdown that speakers see and
    readers never do; ``speakers_publish`` means that what speakers change of their sessions waits for nobody's OK.
    Raises `InvalidProgram` with all faults.
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
    identity: Identity = NO_IDENTITY
    screen: ScreenLines = NO_LINES
    stage: StageTimes = USUAL_STAGE_TIMES
    venue: Venue | None = None
    tracks: tuple[Track, ...] = ()
    rooms: tuple[Room, ...] = ()
    sessions: tuple[Session, ...] = ()
    speakers: tuple[Person, ...] = ()
    organizers: tuple[Person, ...] = ()
    dates: tuple[ImportantDate, ...] = ()
    dates_changed_at: datetime | None = None
    pages: tuple[Page, ...] = ()
    links: tuple[Link, ...] = ()
    announcements: tuple[Announcement, ...] = ()
    for_speakers: str = ""
    speakers_publish: bool = False

    def __post_init__(self) -> None:
        """Add the venue as the one room of a program without rooms, sort the sessions, give items ids, and validate."""
        if not self.rooms:
            name = self.venue.name if self.venue else self.title
            object.__setattr__(self, "rooms", (Room(VENUE_ROOM, name),))
            object.__setattr__(self, "sessions", tuple(map(_in_the_venue, self.sessions)))
        object.__setattr__(self, "sessions", with_item_ids(tuple(sorted(self.sessions, key=Session.order))))
        faults = [*_zone_faults(self), *_id_faults(self), *identity_faults(self.identity, self.tracks)]
        faults += warning_faults("stage.", self.stage.warn_minutes, self.stage.questions_minutes)
        faults += [*_session_faults(self), *_announcement_faults(self)]
        if faults:
            raise InvalidProgram(faults)

    @cached_property
    def zone(self) -> pytz.BaseTzInfo:
        """The venue's zone."""
        return instants.zone_named(self.timezone)

    def local(self, instant: datetime) -> datetime:
        """The instant as the venue's clocks show it."""
        return instants.in_zone(instant, self.zone)

    def clock(self, instant: datetime) -> str:
        """The instant as the venue's clocks show it, to the minute: "09:15"."""
        return f"{self.local(instant):%H:%M}"

    def room_name(self, room_id: str | None, *, for_all: str = "all rooms") -> str:
        """A room's name; ``for_all`` for what has no room. Raises `UnknownName`."""
        return for_all if room_id is None else self.room(room_id).name

    def session(self, session_id: str) -> Session:
        """Look a session up; raises `UnknownName`."""
        return _look_up(self.sessions_by_id, "session", session_id)

    def item(self, item_id: str) -> SessionItem:
        """Look an item up, with its session; raises `UnknownName`."""
        return _look_up(self.items_by_id, "paper", item_id)

    def removed_item(self, item_id: str) -> SessionItem | None:
        """An item that was added to a line-up and taken away again, with its session; None for any other."""
        found = (SessionItem(one, item) for one in self.sessions for item in one.removed_items if item.id == item_id)
        return None if item_id in self.items_by_id else next(found, None)

    @property
    def taken_ids(self) -> frozenset[str]:
        """The ids of sessions and items, also of removed ones, none of which may be given again."""
        removed = (item.id for session in self.sessions for item in session.removed_items)
        return frozenset((*self.sessions_by_id, *self.items_by_id, *removed))

    def room(self, room_id: str) -> Room:
        """Look a room up; raises `UnknownName`."""
        return _look_up(self.rooms_by_id, "room", room_id)

    def speaker(self, speaker_id: str) -> Person:
        """Look a speaker up; raises `UnknownName`."""
        return _look_up(self.speakers_by_id, "speaker", speaker_id)

    def page(self, slug: str) -> Page:
        """Look a page up; raises `UnknownName`."""
        return _look_up({page.slug: page for page in self.pages}, "page", slug)

    def speakers_of(self, session: Session) -> tuple[Person, ...]:
        """The people who present a session, in its order."""
        return tuple(self.speakers_by_id[speaker] for speaker in session.speakers)

    def track_color(self, session: Session) -> str:
        """The colour of a session's track; "" where it has none."""
        return next((track.color for track in self.tracks if track.name == session.track), "")

    def sessions_of(self, speaker_id: str) -> tuple[Session, ...]:
        """The sessions that a person presents, in time order."""
        return tuple(session for session in self.sessions if speaker_id in session.speakers)

    def sessions_in(self, room_id: str) -> tuple[Session, ...]:
        """The sessions in a room, including those for all rooms, in time order."""
        return self._sessions_by_room.get(room_id, self._sessions_by_room[None])

    @cached_property
    def _sessions_by_room(self) -> dict[str | None, tuple[Session, ...]]:
        """The sessions in each room with those for all rooms, which alone are under None."""
        found: dict[str | None, list[Session]] = {None: [], **{room.id: [] for room in self.rooms}}
        for session in self.sessions:
            for room_id in (session.room,) if session.room else found:
                found[room_id].append(session)
        return {room_id: tuple(sessions) for room_id, sessions in found.items()}

    @cached_property
    def first_start_and_last_end(self) -> tuple[datetime, datetime] | None:
        """From when until when it has sessions; None without any."""
        starts, ends = [one.start for one in self.sessions], [one.end for one in self.sessions]
        return (min(starts), max(ends)) if starts else None

    @cached_property
    def sessions_by_id(self) -> dict[str, Session]:
        """All sessions, by id."""
        return {session.id: session for session in self.sessions}

    @cached_property
    def items_by_id(self) -> dict[str, SessionItem]:
        """The items of all sessions with their sessions, by id, in the program's order."""
        return {item.id: SessionItem(session, item) for session in self.sessions for item in session.items}

    @cached_property
    def rooms_by_id(self) -> dict[str, Room]:
        """All rooms, by id."""
        return {room.id: room for room in self.rooms}

    @cached_property
    def speakers_by_id(self) -> dict[str, Person]:
        """All speakers, by id."""
        return {person.id: person for person in self.speakers}


def _in_the_venue(session: Session) -> Session:
    """A session with the program's one room where it has none."""
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


def _zone_faults(program: Program) -> Iterator[Fault]:
    try:
        instants.zone_named(program.timezone)
    except UnknownZone:
        yield Fault("timezone", repr(program.timezone), "a zone name such as 'America/Vancouver'")


def _id_faults(program: Program) -> Iterator[Fault]:
    if not SLUG.fullmatch(program.id):
        yield Fault("id", repr(program.id), SLUG_FORM)
    groups = {
        "rooms": [room.id for room in program.rooms],
        "speakers": [person.id for person in program.speakers],
        "organizers": [person.id for person in program.organizers],
        "pages": [page.slug for page in program.pages],
        "dates": [one.id for one in program.dates],
    }
    for group, ids in groups.items():
        yield from _duplicates(group, ids)
        for name in ids:
            if not SLUG.fullmatch(name):
                yield Fault(f"{group}[{name}]", repr(name), SLUG_FORM)
    yield from _duplicates("sessions", [session.id for session in program.sessions])
    yield from _item_faults(program)


def _item_faults(program: Program) -> Iterator[Fault]:
    """Of items, which share no id among themselves or with sessions."""
    counts = Counter(item.id for session in program.sessions for item in session.items)
    for session in program.sessions:
        where = f"sessions[{session.id}].items"
        for item in session.items:
            if not SESSION_ID.fullmatch(item.id):
                yield Fault(where, repr(item.id), SESSION_ID_FORM)
            elif counts[item.id] > 1 or item.id in program.sessions_by_id:
                yield Fault(where, repr(item.id), "an id that no other item and no session has")
            if not item.title.strip():
                yield Fault(where, repr(item.title), "a title")
            if item.minutes is not None and item.minutes < 1:
                yield Fault(where, str(item.minutes), "1 or more minutes")


def _duplicates(group: str, ids: Iterable[str]) -> Iterator[Fault]:
    for name, count in Counter(ids).items():
        if count > 1:
            yield Fault(f"{group}[{name}]", repr(name), f"an id of its own; {count} {group} have this one")


def _session_faults(program: Program) -> Iterator[Fault]:
    for session in program.sessions:
        where = f"sessions[{session.id}]"
        yield from _field_faults(session, program.speakers_by_id, where)
        yield from _slot_faults(session.slot, program.rooms_by_id, f"{where}.")
        if session.scheduled != session.slot:
            yield from _slot_faults(session.scheduled, program.rooms_by_id, f"{where}.scheduled_")


def _field_faults(session: Session, people: Container[str], where: str) -> Iterator[Fault]:
    if not SESSION_ID.fullmatch(session.id):
        yield Fault(f"{where}.id", repr(session.id), SESSION_ID_FORM)
    if not session.title.strip():
        yield Fault(f"{where}.title", repr(session.title), "a title, or TBA")
    if session.min_minutes is not None and session.min_minutes < 0:
        yield Fault(f"{where}.min_minutes", str(session.min_minutes), "0 or more minutes")
    yield from warning_faults(f"{where}.", session.warn_minutes or (), session.questions_minutes or 0)
    for speaker in session.speakers:
        if speaker not in people:
            yield Fault(f"{where}.speakers", repr(speaker), "the id of a speaker of this program")


def _slot_faults(slot: Slot, rooms: Container[str], where: str) -> Iterator[Fault]:
    if slot.end < slot.start:
        yield Fault(f"{where}end", slot.end.isoformat(), f"not before its start, {slot.start.isoformat()}")
    elif slot.length > LONGEST_SESSION:
        yield Fault(f"{where}end", slot.end.isoformat(), "within seven days of its start")
    if slot.room is not None and slot.room not in rooms:
        yield Fault(f"{where}room", repr(slot.room), "the id of a room of this program")


def _announcement_faults(program: Program) -> Iterator[Fault]:
    for position, one in enumerate(program.announcements):
        if one.room is not None and one.room not in program.rooms_by_id:
            yield Fault(f"announcements[{position}].room", repr(one.room), "the id of a room of this program")
        if not one.text.strip():
            yield Fault(f"announcements[{position}].text", repr(one.text), "a text")
