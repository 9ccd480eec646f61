"""What every reader of a source makes: a neutral draft, which one builder turns into a program.

A field that is None was not said by the source; an empty one was said to be empty.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from app.domain.program import ImportantDate, Page, Person, Venue
from app.domain.session import Item, Link

MOST_SESSIONS = 20_000
# One more than can be imported: so many are looked at, and then refused.
MOST_ROWS = MOST_SESSIONS + 1
MOST_COLUMNS = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class When:
    """As much of a time as a source says.

    ``start`` and ``end`` are instants and stand above all else. ``clock`` and ``end_clock``
    are what the venue's clocks show, counted from midnight of ``day`` (None: not said).
    ``zone`` names the zone of the clocks, where one row has its own. ``half`` says that am or pm
    was said, ``carried`` that the day was said above the row, not in it.
    """

    start: datetime | None = None
    end: datetime | None = None
    day: date | None = None
    clock: timedelta | None = None
    end_day: date | None = None
    end_clock: timedelta | None = None
    duration: timedelta | None = None
    zone: str = ""
    half: bool = False
    carried: bool = False

    @property
    def said(self) -> bool:
        """Whether there is a start at all."""
        return self.start is not None or self.clock is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftPerson:
    """A person as a source writes them; ``anchor`` is their id there, where it has one."""

    name: str
    anchor: str = ""
    affiliations: tuple[str, ...] = ()
    url: str = ""
    biography: str = ""
    links: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True)
class Give:
    """How a session gives way when the day slips, as `Session` has it."""

    pinned: bool
    min_minutes: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One session as a source writes it; an empty title is still to be announced.

    ``id`` is a session id of our own; ``guid`` what another system calls it,
    ``number`` what stands beside it in a list; ``room``
    None: not said, empty: for all. ``give`` None: not said.
    """

    title: str
    when: When = field(default_factory=When)
    id: str = ""
    guid: str = ""
    number: str = ""
    room: str | None = None
    people: tuple[DraftPerson, ...] | None = None
    kind: str = ""
    abstract: str | None = None
    links: tuple[Link, ...] | None = None
    items: tuple[Item, ...] | None = None
    track: str | None = None
    language: str | None = None
    cancelled: bool = False
    give: Give | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """All that a source says. ``places`` are texts in which its city may be named."""

    form: str
    rows: tuple[Row, ...]
    title: str = ""
    id: str = ""
    subtitle: str = ""
    series: str = ""
    description: str = ""
    url: str = ""
    domain: str = ""
    language: str = ""
    timezone: str = ""
    zone_words: str = ""
    places: tuple[str, ...] = ()
    first_day: date | None = None
    days: tuple[date, ...] = ()
    room: str = ""
    rooms: tuple[str, ...] = ()
    people: tuple[DraftPerson, ...] = ()
    organizers: tuple[Person, ...] = ()
    dates: tuple[ImportantDate, ...] = ()
    pages: tuple[Page, ...] = ()
    links: tuple[Link, ...] = ()
    venue: Venue | None = None
