"""The tables of `program.toml` as pydantic models: every key with its form and its default.

An unknown key is a fault, so that a misspelt one is not ignored.
"""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    PlainValidator,
    Strict,
    StringConstraints,
    ValidationInfo,
    field_validator,
)

from app.domain.colours import COLOUR, COLOUR_FORM
from app.domain.ids import SESSION_ID, SESSION_ID_FORM, SLUG, SLUG_FORM
from app.domain.instants import CONFERENCE_YEARS
from app.domain.program import LONGEST_SESSION
from app.domain.session import LinkKind
from app.domain.texts import text_fault
from app.domain.warning_times import USUAL_STAGE_TIMES
from app.formats.program_folder.time_ranges import TimeRange, read_range

_WORDS = r"\S"
_ADDRESS = r"^(https?://|mailto:)\S+$"
_HOST = r"^[^\s@/]+$"
_COLOUR = f"^{COLOUR.pattern}$"
_SESSION_ID, _SLUG = f"^{SESSION_ID.pattern}$", f"^{SLUG.pattern}$"
_MOST_MINUTES = int(LONGEST_SESSION.total_seconds() // 60)

# What was expected where a value does not match the pattern.
PATTERNS = {
    _WORDS: "a text that is not empty",
    _ADDRESS: "an address that begins with https://, http:// or mailto:",
    _HOST: "a host's name such as 'workshop.example.org'",
    _COLOUR: COLOUR_FORM,
    _SESSION_ID: SESSION_ID_FORM,
    _SLUG: SLUG_FORM,
}
# What was expected where a value has another type, by pydantic's error types.
TYPES = {
    "string_type": "a text in quotation marks",
    "bool_type": "true or false",
    "float_type": "a number",
    "int_type": "a whole number",
    "date_type": "a day such as 2025-07-18, without quotation marks",
    "datetime_type": "a day and time such as 2025-05-26T23:59:00-12:00, without quotation marks",
    "tuple_type": "a list: ['a', 'b'] or [5, 2]; of tables, each is under a name in double brackets, as [[day]]",
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
PictureFile = Annotated[str, StringConstraints(pattern=_WORDS)]
Host = Annotated[str, StringConstraints(pattern=_HOST)]
Colour = Annotated[str, StringConstraints(pattern=_COLOUR)]
SessionId = Annotated[str, StringConstraints(pattern=_SESSION_ID)]
Slug = Annotated[str, StringConstraints(pattern=_SLUG)]
Day = Annotated[dt.date, Strict(), AfterValidator(_in_conference_years)]
DayAndTime = Annotated[dt.datetime, Strict(), AfterValidator(_in_conference_years)]
# A text between three quotation marks has them on a line of their own; the line end before them is removed.
Prose = Annotated[str, AfterValidator(lambda text: text.removesuffix("\n"))]
YesOrNo = Annotated[bool, Strict()]
# Their bounds are the domain's (`warning_faults`).
Minutes = Annotated[int, Strict()]
WarnMinutes = tuple[Minutes, ...]
Degrees = Annotated[float, Strict()]


class Table(BaseModel):
    """A table of the file; a new file has its keys in the order of the fields."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    @field_validator("*")
    @classmethod
    def _within_bounds(cls, value: Any, info: ValidationInfo) -> Any:
        for one in (value, *(value if isinstance(value, tuple) else ())):
            if fault := text_fault(info.field_name or "", one):
                raise ValueError(fault)
        return value


class LinkTable(Table):
    """A labelled address; without a ``kind`` its label says what it leads to."""

    label: Text
    url: Address
    kind: LinkKind = ""


class ItemTable(Table):
    """A paper, poster, demo or short talk inside a session; one without an id gets one made of its title."""

    id: SessionId = ""
    number: str = ""
    title: Text
    kind: str = ""
    authors: tuple[Text, ...] = ()
    minutes: Annotated[int, Strict(), Field(ge=1, le=_MOST_MINUTES)] | None = None
    links: tuple[LinkTable, ...] = ()
    abstract: Prose = ""


class SessionTable(Table):
    """One slot of a day; ``min_minutes`` is false where the session may not shrink, None where its kind decides."""

    id: SessionId
    time: Annotated[TimeRange, PlainValidator(read_range)]
    kind: Slug = "talk"
    title: Text
    room: Slug | None = None
    speakers: tuple[Slug, ...] = ()
    track: str = ""
    language: str = ""
    guid: str = ""
    pinned: YesOrNo = False
    min_minutes: Annotated[int | Literal[False] | None, PlainValidator(_least_minutes)] = None
    warn_minutes: WarnMinutes | None = None
    questions_minutes: Minutes | None = None
    cancelled: YesOrNo = False
    links: tuple[LinkTable, ...] = ()
    abstract: Prose = ""
    items: tuple[ItemTable, ...] = ()


class DayTable(Table):
    """One announced day with its sessions."""

    date: Day
    session: tuple[SessionTable, ...] = ()


class IdentityTable(Table):
    """How the pages look."""

    accent: Colour = ""
    logo: PictureFile | None = None
    logo_dark: PictureFile | None = None


class TrackTable(Table):
    """A track, by the name that sessions have as theirs."""

    name: Text
    color: Colour = ""


class ScreenTable(Table):
    """The lines of a projector before the program begins and after it ends."""

    before: tuple[Text, ...] = ()
    after: tuple[Text, ...] = ()


class StageTable(Table):
    """When speakers are warned, in minutes before the end, and how many of a talk's minutes are for questions."""

    warn_minutes: WarnMinutes = USUAL_STAGE_TIMES.warn_minutes
    questions_minutes: Minutes = USUAL_STAGE_TIMES.questions_minutes


class RoomTable(Table):
    """A room; its directions are the way to it in words."""

    id: Slug
    name: Text
    floor: str = ""
    directions: Prose = ""
    plan: PictureFile | None = None


class VenueTable(Table):
    """The place of the conference, with its position in degrees (WGS 84)."""

    name: Text
    address: str = ""
    city: str = ""
    latitude: Annotated[Degrees, Field(ge=-90, le=90)] | None = None
    longitude: Annotated[Degrees, Field(ge=-180, le=180)] | None = None
    url: Address = ""


class PersonTable(Table):
    """A speaker or an organizer."""

    id: Slug
    name: Text
    affiliations: tuple[Text, ...] = ()
    picture: PictureFile | None = None
    url: Address = ""
    language: str = ""
    links: tuple[LinkTable, ...] = ()
    biography: Prose = ""


class DateTable(Table):
    """An important date: `at` for a deadline with a time, else `day`; both where readers count another day."""

    id: Slug
    title: Text
    day: Day | None = None
    at: DayAndTime | None = None
    zone_label: str = ""
    former_day: Day | None = None


class ProgramTable(Table):
    """`program.toml`."""

    id: Slug
    domain: Host
    title: Text
    subtitle: str = ""
    series: str = ""
    description: str = ""
    url: Address = ""
    timezone: Text
    language: str = "en"
    speakers_publish: YesOrNo = False
    for_speakers: Prose = ""
    link: tuple[LinkTable, ...] = ()
    identity: IdentityTable | None = None
    track: tuple[TrackTable, ...] = ()
    screen: ScreenTable | None = None
    stage: StageTable | None = None
    venue: VenueTable | None = None
    room: tuple[RoomTable, ...] = ()
    day: tuple[DayTable, ...] = ()
    speaker: tuple[PersonTable, ...] = ()
    organizer: tuple[PersonTable, ...] = ()
    important_date: tuple[DateTable, ...] = ()
