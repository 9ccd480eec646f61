"""The draft that every reader makes of its source, and of which `draft_to_program` makes a program.

A field that is None was not in the source; an empty one was there, and empty.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from app.domain.identity import NO_LINES, ScreenLines, Track
from app.domain.program import ImportantDate, Page, Venue
from app.domain.session import TBA, Item, Link

MOST_SESSIONS = 20_000
# One more than can be imported: readers stop there, and the import is refused.
MOST_ROWS = MOST_SESSIONS + 1
MOST_COLUMNS = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftTime:
    """As much of a session's time as a source gives.

    ``start`` and ``end`` are instants and take precedence. ``clock`` and ``end_clock`` are local
    times, counted from midnight of ``day`` and ``end_day``, in ``zone`` (empty: the program's).
    ``has_am_or_pm`` tells whether am or pm was written, ``day_inherited`` whether the day stands above
    the session's row, not in it.
    """

    start: datetime | None = None
    end: datetime | None = None
    day: date | None = None
    clock: timedelta | None = None
    end_day: date | None = None
    end_clock: timedelta | None = None
    duration: timedelta | None = None
    zone: str = ""
    has_am_or_pm: bool = False
    day_inherited: bool = False

    @property
    def has_start(self) -> bool:
        """Whether there is a start, be it without a day."""
        return self.start is not None or self.clock is not None

    def completed_by(self, other: DraftTime) -> DraftTime:
        """This time, its missing start, day and local times taken from another one."""
        if self.start is not None:
            return self
        if self.clock is None:
            return replace(other, day=self.day or other.day)
        end_clock = self.end_clock if self.end_clock is not None else other.end_clock
        return replace(self, day=self.day or other.day, end_clock=end_clock)

    def up_to(self, end: DraftTime) -> DraftTime:
        """This time, its end where another one starts."""
        return replace(self, end=end.start, end_day=end.day, end_clock=end.clock)


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftPerson:
    """A person as a source writes them; ``anchor`` is their id in the source, where it has one."""

    name: str
    anchor: str = ""
    affiliations: tuple[str, ...] = ()
    url: str = ""
    biography: str = ""
    links: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftWay:
    """How to find a room, as a source says it; ``id`` is its id in this service."""

    room: str
    id: str = ""
    floor: str = ""
    directions: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftSession:
    """One session as a source writes it; an empty title is still to be announced.

    ``id`` is a session id of this service, ``guid`` another system's. ``room`` is None where none is said, and empty
    for all rooms. ``min_minutes`` holds only where ``pinned`` is said, too.
    """

    title: str
    time: DraftTime = field(default_factory=DraftTime)
    id: str = ""
    guid: str = ""
    room: str | None = None
    people: tuple[DraftPerson, ...] | None = None
    kind: str = ""
    abstract: str | None = None
    links: tuple[Link, ...] | None = None
    items: tuple[Item, ...] | None = None
    track: str | None = None
    language: str | None = None
    cancelled: bool = False
    pinned: bool | None = None
    min_minutes: int | None = None

    @property
    def name(self) -> str:
        """What a report calls the session: its title, else who speaks, else TBA."""
        return self.title or ", ".join(person.name for person in self.people or ()) or TBA

    def as_item(self) -> Item:
        """The session, with or without a time, as an item of another one."""
        authors = tuple(person.name for person in self.people or ())
        return Item(title=self.title, authors=authors, abstract=self.abstract or "", links=self.links or ())


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """All that a source holds; ``format`` is its format's name in reports.

    ``zone_text`` is a text in which the zone of its times may be named, ``places`` those in which
    its city may be named, the likeliest first. ``likely_day`` is an example of a first day where none is
    said. ``tracks`` are those with a colour.
    """

    format: str
    sessions: tuple[DraftSession, ...]
    title: str = ""
    id: str = ""
    subtitle: str = ""
    series: str = ""
    description: str = ""
    url: str = ""
    domain: str = ""
    language: str = ""
    timezone: str = ""
    zone_text: str = ""
    places: tuple[str, ...] = ()
    first_day: date | None = None
    likely_day: date | None = None
    days: tuple[date, ...] = ()
    room: str = ""
    rooms: tuple[str, ...] = ()
    ways: tuple[DraftWay, ...] = ()
    accent: str = ""
    tracks: tuple[Track, ...] = ()
    screen: ScreenLines = NO_LINES
    people: tuple[DraftPerson, ...] = ()
    organizers: tuple[DraftPerson, ...] = ()
    dates: tuple[ImportantDate, ...] = ()
    pages: tuple[Page, ...] = ()
    links: tuple[Link, ...] = ()
    venue: Venue | None = None
