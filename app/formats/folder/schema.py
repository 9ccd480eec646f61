"""What a program folder may hold, as pydantic models: every key, its form and its default.

A key that is not here is a fault, so that a slip of the pen is not passed over in silence.
"""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, PlainValidator, Strict, StringConstraints

from app.domain.faults import LONGEST_SESSION
from app.domain.instants import CONFERENCE_YEARS
from app.formats.folder.times import TimeRange, read_range

_WORDS = r"\S"
_ADDRESS = r"^(https?://|mailto:)\S+$"
_HOST = r"^[^\s@/]+$"
_SESSION_ID = r"^[a-z0-9-]{1,24}$"
_SLUG = r"^[a-z0-9][a-z0-9-]{0,63}$"
_MOST_MINUTES = int(LONGEST_SESSION.total_seconds() // 60)

# What each form is called where a value does not have it.
PATTERNS = {
    _WORDS: "a text that is not empty",
    _ADDRESS: "an address that begins with https://, http:// or mailto:",
    _HOST: "a host's name such as 'workshop.example.org'",
    _SESSION_ID: "lower-case letters, digits and hyphens, at most 24",
    _SLUG: "lower-case letters, digits and hyphens, at most 64",
}
# The same for the sorts of value that TOML knows, by pydantic's names of errors.
SORTS = {
    "string_type": "a text in quotation marks",
    "bool_type": "true or false",
    "float_type": "a number",
    "date_type": "a day such as 2025-07-18, without quotation marks",
    "datetime_type": "a day and time such as 2025-05-26T23:59:00-12:00, without quotation marks",
    "tuple_type": "a list: ['a', 'b'], or of tables, each under a name in double brackets as [[day]]",
    "model_type": "a table of keys and values",
}

Moment = TypeVar("Moment", dt.date, dt.datetime)


def _in_conference_years(value: Moment) -> Moment:
    if value.year not in CONFERENCE_YEARS:
        raise ValueError(f"a year from {CONFERENCE_YEARS.start} to {CONFERENCE_YEARS.stop - 1}")
    return value


def _least_minutes(value: object) -> object:
    if value is False or (type(value) is int and 0 <= value <= _MOST_MINUTES):
        return value
    raise ValueError("whole minutes such as 10, or false where it may not shrink")


Text = Annotated[str, StringConstraints(pattern=_WORDS)]
Address = Annotated[str, StringConstraints(pattern=_ADDRESS)]
Host = Annotated[str, StringConstraints(pattern=_HOST)]
SessionId = Annotated[str, StringConstraints(pattern=_SESSION_ID)]
Slug = Annotated[str, StringConstraints(pattern=_SLUG)]
Day = Annotated[dt.date, Strict(), AfterValidator(_in_conference_years)]
DayAndTime = Annotated[dt.datetime, Strict(), AfterValidator(_in_conference_years)]
YesOrNo = Annotated[bool, Strict()]
Degrees = Annotated[float, Strict()]


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
    """One slot of a day; ``min_minutes`` is false where the session may not shrink, None where its kind decides."""

    id: SessionId
    time: Annotated[TimeRange, PlainValidator(read_range)]
    title: Text
    kind: Slug = "talk"
    room: Slug | None = None
    speakers: tuple[Slug, ...] = ()
    abstract: str = ""
    track: str = ""
    language: str = ""
    guid: str = ""
    pinned: YesOrNo = False
    min_minutes: Annotated[int | Literal[False] | None, PlainValidator(_least_minutes)] = None
    cancelled: YesOrNo = False
    items: tuple[ItemTable, ...] = ()
    links: tuple[LinkTable, ...] = ()


class DayTable(_Table):
    """One announced day with its sessions."""

    date: Day
    session: tuple[SessionTable, ...] = ()


class RoomTable(_Table):
    """A room."""

    id: Slug
    name: Text


class VenueTable(_Table):
    """Where it happens; the position in degrees (WGS 84)."""

    name: Text
    address: str = ""
    city: str = ""
    latitude: Annotated[Degrees, Field(ge=-90, le=90)] | None = None
    longitude: Annotated[Degrees, Field(ge=-180, le=180)] | None = None
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
    """An important date: `at` for a deadline with a time, else `day`; both where readers count another day."""

    id: Slug
    title: Text
    day: Day | None = None
    at: DayAndTime | None = None
    zone_label: str = ""
    former_day: Day | None = None


class ProgramTable(_Table):
    """`program.toml`."""

    id: Slug
    domain: Host
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
