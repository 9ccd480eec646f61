"""What the JSON answers hold, field by field: the schemas of `/api/openapi.json`.

Nothing is built from these models. Tests hold every answer against them, so that they stay true.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaMode, models_json_schema

REFERENCE = "#/components/schemas/{model}"

Name = Annotated[str, Field(pattern="^[a-z0-9-]+$")]
Instant = Annotated[str, Field(json_schema_extra={"format": "date-time"}, examples=["2025-07-18T10:15:00-07:00"])]
Day = Annotated[str, Field(json_schema_extra={"format": "date"}, examples=["2025-07-18"])]
Number = Annotated[int, Field(ge=1, examples=[4])]
Status = Literal["confirmed", "moved", "cancelled"]
Kind = Literal["import", "publish", "edit", "undo"]
Phase = Literal["before", "during", "between", "after"]


class Link(BaseModel):
    """A labelled address: a stream, slides, a paper."""

    label: str = Field(description="What it leads to.", examples=["Slides"])
    url: str = Field(description="Where it leads.", examples=["https://example.org/slides.pdf"])


class Item(BaseModel):
    """A paper, poster or demo inside a session, without a time of its own."""

    title: str = Field(description="Its title.", examples=["Small models, long documents"])
    number: str = Field(description="Its number in the list, empty where it has none.", examples=["12"])
    authors: list[str] = Field(description="Its authors' names, in their order.", examples=[["Ada Lovelace"]])
    links: list[Link] = Field(description="Where more about it is.")


class Person(BaseModel):
    """A speaker or an organizer."""

    id: Name = Field(description="Their id, for life.", examples=["tri-dao"])
    name: str = Field(description="Their name.", examples=["Tri Dao"])
    affiliations: list[str] = Field(description="Where they work.", examples=[["Princeton University"]])
    biography: str = Field(description="About them, in Markdown; may be empty.", examples=["Works on attention."])
    homepage: str = Field(description="Their own page; may be empty.", examples=["https://tridao.me"])
    links: list[Link] = Field(description="More of their pages.")
    url: str = Field(description="Their page here; empty for organizers.", examples=["/speakers/tri-dao"])


class Room(BaseModel):
    """A place where one thing at a time is on."""

    id: Name = Field(description="Its id, for life.", examples=["venue"])
    name: str = Field(description="Its name.", examples=["Vancouver Convention Center"])


class Venue(BaseModel):
    """Where it happens."""

    name: str = Field(description="Its name.", examples=["Vancouver Convention Center"])
    address: str = Field(description="Street and city; may be empty.", examples=["1055 Canada Place, Vancouver"])
    city: str = Field(description="Its city; may be empty.", examples=["Vancouver"])
    latitude: float | None = Field(description="Degrees north (WGS 84).", ge=-90, le=90, examples=[49.2894])
    longitude: float | None = Field(description="Degrees east (WGS 84).", ge=-180, le=180, examples=[-123.1135])
    url: str = Field(description="A map; may be empty.", examples=["https://www.openstreetmap.org/?mlat=49.2894"])


class ImportantDate(BaseModel):
    """A deadline or another date that counts."""

    id: str = Field(description="Its id, for life.", examples=["submission"])
    title: str = Field(description="What is due.", examples=["Submission deadline"])
    day: Day = Field(description="Its day.")
    at: Instant | None = Field(description="Its instant, where it has one.")
    zone_label: str = Field(description="The zone that it was announced in; may be empty.", examples=["AoE"])
    former_day: Day | None = Field(description="Its day before an extension.")


class PageLink(BaseModel):
    """A page of prose."""

    slug: str = Field(description="Its name in addresses.", examples=["about"])
    title: str = Field(description="Its title.", examples=["About"])
    url: str = Field(description="Its address here.", examples=["/pages/about"])


class Announcement(BaseModel):
    """A word to all rooms or to one."""

    revision: int = Field(description="The revision that published it.", ge=0, examples=[4])
    text: str = Field(description="The word itself.", examples=["Lunch is in Hall B."])
    room: Name | None = Field(description="The room's id; null for all rooms.", examples=["venue"])
    room_name: str | None = Field(description="The room's name; null for all rooms.", examples=["Hall B"])
    until: Instant = Field(description="From when on it is not shown any more.")


class Session(BaseModel):
    """One slot of the day."""

    id: Name = Field(description="Its id and address, for life.", examples=["tri-dao"], max_length=24)
    kind: str = Field(description="What it is: talk, break, lunch, panel, posters and others.", examples=["talk"])
    title: str = Field(description="Its title.", examples=["Open-Source Attention Optimizations"])
    tba: bool = Field(description="Whether the title is still to be announced.")
    start: Instant = Field(description="When it starts, as things stand: now it is from this instant on.")
    end: Instant = Field(description="When it ends: at this instant it is over.")
    scheduled_start: Instant = Field(description="When it should have started by the published program.")
    scheduled_end: Instant = Field(description="When it should have ended by the published program.")
    status: Status = Field(description="moved: its start or room is not the scheduled one.", examples=["confirmed"])
    room: Name | None = Field(description="Its room's id; null for all rooms.", examples=["venue"])
    room_name: str = Field(description="Its room's name.", examples=["Vancouver Convention Center"])
    scheduled_room: Name | None = Field(description="The room of the published program.", examples=["venue"])
    scheduled_room_name: str = Field(description="That room's name.", examples=["Vancouver Convention Center"])
    speakers: list[Name] = Field(description="Who presents, by id.", examples=[["tri-dao"]])
    speaker_names: list[str] = Field(description="Who presents, by name.", examples=[["Tri Dao"]])
    abstract: str = Field(description="What it is about, in Markdown; may be empty.", examples=["Fast attention."])
    items: list[Item] = Field(description="Papers, posters or demos inside it.")
    links: list[Link] = Field(description="Its stream, slides, recording and others.")
    track: str = Field(description="Its track; may be empty.", examples=["Systems"])
    language: str = Field(description="Its language (BCP 47); may be empty.", examples=["en"])
    guid: str = Field(description="Its id in the system that it came from; may be empty.", examples=["8f1c4b3e"])
    pinned: bool = Field(description="Whether a delay before it stops at its start, as at lunch.")
    min_minutes: int | None = Field(description="How short it may become to take up a delay, in minutes.", ge=0)
    url: str = Field(description="Its page here.", examples=["/talks/tri-dao"])
    sequence: int = Field(description="Rises when time, place or status changes.", ge=0, examples=[1])
    changed_at: Instant | None = Field(description="The last change that readers can see.")


class Facts(BaseModel):
    """What is said of the conference as a whole."""

    id: Name = Field(description="The program's id, for life.", examples=["codeml-2025"])
    title: str = Field(description="Its short name.", examples=["CODEML"])
    subtitle: str = Field(description="Its long name; may be empty.", examples=["A workshop on open development"])
    series: str = Field(description="What it is part of; may be empty.", examples=["ICML 2025"])
    description: str = Field(description="What it is, in a sentence or two; may be empty.", examples=["Open models."])
    timezone: str = Field(description="The venue's zone (tz database).", examples=["America/Vancouver"])
    domain: str = Field(description="What its ids in calendars end with.", examples=["example.org"])
    language: str = Field(description="Its language (BCP 47).", examples=["en"])
    url: str = Field(description="Its own site; may be empty.", examples=["https://example.org"])
    days: list[Day] = Field(description="Its days, in order.")
    venue: Venue | None = Field(description="Where it happens.")
    links: list[Link] = Field(description="Its pages elsewhere.")
    organizers: list[Person] = Field(description="Who organizes it.")
    dates: list[ImportantDate] = Field(description="Its deadlines and other dates.")
    pages: list[PageLink] = Field(description="Its pages of prose.")


class Program(BaseModel):
    """The whole program of one revision."""

    revision: Number = Field(description="The revision's number.")
    program: Facts = Field(description="The conference as a whole.")
    rooms: list[Room] = Field(description="Its rooms, in the program's order.")
    sessions: list[Session] = Field(description="Its sessions by time, cancelled ones too.")
    speakers: list[Person] = Field(description="Who presents.")
    announcements: list[Announcement] = Field(description="Announcements, also those that are over.")


class LineUpItem(BaseModel):
    """What is on of a session's items that follow each other."""

    id: Name = Field(description="Its id, for life.", examples=["small-models"])
    title: str = Field(description="Its title.", examples=["Small models, long documents"])
    position: int = Field(description="Its place among them, from 1.", ge=1, examples=[2])
    of: int = Field(description="How many there are.", ge=1, examples=[6])


class RoomNow(BaseModel):
    """What is on in one room."""

    room: Name = Field(description="The room's id.", examples=["venue"])
    name: str = Field(description="The room's name.", examples=["Vancouver Convention Center"])
    now: Session | None = Field(description="What is on; null between sessions.")
    next: Session | None = Field(description="What comes next; null after the last.")
    item: LineUpItem | None = Field(description="What is on of the session's items; null where they have no times.")
    cancelled: Session | None = Field(description="What would be on but is cancelled, until its end or the next start.")


class Note(BaseModel):
    """Why a revision changed the day, for half an hour."""

    revision: int = Field(description="The revision that it was given with.", ge=1, examples=[4])
    text: str = Field(description="The reason.", examples=["The projector was late."])
    at: Instant = Field(description="When it was published.")
    sessions: list[Name] = Field(description="The sessions that the revision changed.", examples=[["tri-dao"]])


class Now(BaseModel):
    """What is on at an instant."""

    service: str = Field(description="Which service answers: another value means another database.")
    build: str = Field(description="Names the service's own text: with another value, pages load themselves anew.")
    revision: Number = Field(description="The revision that the answer is from.")
    now: Instant = Field(description="The instant that the answer is about: the service's clock, or `at`.")
    speed: float = Field(description="Seconds that the clock goes on in a second; 1 but in a rehearsal.", examples=[1])
    phase: Phase = Field(description="before the first session, during one, between two, after the last.")
    rooms: list[RoomNow] = Field(description="Each room's now and next.")
    notes: list[Note] = Field(description="The public notes of the last half hour, oldest first, undone ones left out.")
    announcements: list[Announcement] = Field(description="What is announced at that instant.")
    changes_at: Instant | None = Field(description="When time alone will change the answer; null for never again.")


class SessionChange(BaseModel):
    """One session before and after a revision."""

    session: Name = Field(description="The session's id.", examples=["tri-dao"])
    before: Session | None = Field(description="As it was; null for a new one.")
    after: Session | None = Field(description="As it became; null for one that left the program.")


class Change(BaseModel):
    """One revision, and what it changed."""

    revision: Number = Field(description="Its number.")
    at: Instant = Field(description="When it was published.")
    author: str = Field(description="Who published it.", examples=["Frank"])
    note: str = Field(description="Why, in public words; may be empty.", examples=["The projector is back."])
    kind: Kind = Field(description="Where it came from: the first files, later ones, a person, an undo.")
    undoes: int | None = Field(description="The revision that it takes back.", examples=[3])
    announcement: Announcement | None = Field(description="What it announced.")
    sessions: list[SessionChange] = Field(description="The sessions that it changed; empty for the first revision.")


class Changes(BaseModel):
    """The whole history."""

    revision: Number = Field(description="The latest revision.")
    changes: list[Change] = Field(description="All revisions, oldest first.")


class Problem(BaseModel):
    """Why a request was not answered (RFC 9457)."""

    type: str = Field(description="about:blank: the title says it all.", examples=["about:blank"])
    title: str = Field(description="The status in words.", examples=["Bad Request"])
    status: int = Field(description="The status of the answer.", ge=400, le=599, examples=[400])
    detail: str = Field(description="What is wrong, for people.", examples=["'noon' is not a time"])


MODELS: tuple[type[BaseModel], ...] = (Program, Now, Changes, Problem)


class _Untitled(GenerateJsonSchema):
    """Schemas without a title of their own on each field: the name says it."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        """Say no."""
        del schema
        return False


def schemas() -> dict[str, Any]:
    """All models as JSON Schema (2020-12), by name."""
    mode: JsonSchemaMode = "serialization"
    _, whole = models_json_schema(
        [(model, mode) for model in MODELS], ref_template=REFERENCE, schema_generator=_Untitled
    )
    found: dict[str, Any] = whole["$defs"]
    return {name: {key: value for key, value in found[name].items() if key != "title"} for name in sorted(found)}
