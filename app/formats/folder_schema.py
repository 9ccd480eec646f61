"""What a program folder may hold, as pydantic models: every key, its form and its default.

A key that is not here is a fault, so that a slip of the pen is not passed over in silence.
"""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

_ADDRESS = r"^(https?://|mailto:)\S+$"
_SESSION_ID = r"^[a-z0-9-]{1,24}$"
_SLUG = r"^[a-z0-9][a-z0-9-]{0,63}$"
# An offset may be given where a clock change makes a time doubtful.
_CLOCK = r"([0-3]?\d|4[0-7]):[0-5]\d([+-]\d\d:\d\d)?"
_TIME_RANGE = rf"^{_CLOCK}\s*[-–]\s*{_CLOCK}$"

# What each form is called where a value does not have it.
FORMS = {
    _ADDRESS: "an address that begins with https://, http:// or mailto:",
    _SESSION_ID: "lower-case letters, digits and hyphens, at most 24",
    _SLUG: "lower-case letters, digits and hyphens, at most 64",
    _TIME_RANGE: "start and end such as 09:15-09:45; after midnight go on counting: 23:30-24:30",
}

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Address = Annotated[str, StringConstraints(strip_whitespace=True, pattern=_ADDRESS)]
SessionId = Annotated[str, StringConstraints(pattern=_SESSION_ID)]
Slug = Annotated[str, StringConstraints(pattern=_SLUG)]
TimeRange = Annotated[str, StringConstraints(pattern=_TIME_RANGE)]


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class LinkTable(_Table):
    """A labelled address."""

    label: Text
    url: Address


class ItemTable(_Table):
    """A paper, poster or demo inside a session."""

    title: Text
    number: str = ""
    authors: tuple[Text, ...] = ()
    links: tuple[LinkTable, ...] = ()


class SessionTable(_Table):
    """One slot of a day."""

    id: SessionId
    time: TimeRange
    title: Text
    kind: Slug = "talk"
    room: Slug | None = None
    speakers: tuple[Slug, ...] = ()
    abstract: str = ""
    track: str = ""
    language: str = ""
    guid: str = ""
    pinned: bool = False
    min_minutes: Annotated[int, Field(ge=0)] | None = None
    cancelled: bool = False
    items: tuple[ItemTable, ...] = ()
    links: tuple[LinkTable, ...] = ()


class DayTable(_Table):
    """One announced day with its sessions."""

    date: dt.date
    session: tuple[SessionTable, ...] = ()


class RoomTable(_Table):
    """A room."""

    id: Slug
    name: Text


class VenueTable(_Table):
    """Where it happens; the position in degrees."""

    name: Text
    address: str = ""
    city: str = ""
    latitude: Annotated[float, Field(ge=-90, le=90)] | None = None
    longitude: Annotated[float, Field(ge=-180, le=180)] | None = None
    url: Address | None = None


class PersonTable(_Table):
    """A speaker or an organizer."""

    id: Slug
    name: Text
    affiliations: tuple[Text, ...] = ()
    url: Address | None = None
    biography: str = ""
    language: str = ""
    links: tuple[LinkTable, ...] = ()


class DateTable(_Table):
    """An important date: `at` for a deadline with a time, else `day`."""

    id: Slug
    title: Text
    day: dt.date | None = None
    at: dt.datetime | None = None
    zone_label: str = ""
    former_day: dt.date | None = None


class ProgramTable(_Table):
    """`program.toml`."""

    id: Slug
    domain: Text
    title: Text
    timezone: Text
    subtitle: str = ""
    series: str = ""
    description: str = ""
    url: Address | None = None
    language: str = "en"
    venue: VenueTable | None = None
    day: tuple[DayTable, ...] = ()
    room: tuple[RoomTable, ...] = ()
    speaker: tuple[PersonTable, ...] = ()
    organizer: tuple[PersonTable, ...] = ()
    important_date: tuple[DateTable, ...] = ()
    link: tuple[LinkTable, ...] = ()
