"""The JSON of the API as pydantic models: the API's answers are built from them, and so are OpenAPI's schemas.

Field names are a contract (fields may be added). Instants are ISO 8601 with the venue's offset.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, datetime
from functools import lru_cache
from types import SimpleNamespace
from typing import Annotated, Any, Literal, Self

import pytz
from pydantic import AliasPath, BaseModel, BeforeValidator, ConfigDict, Field, ValidationInfo

from app.domain import instants
from app.domain import program as domain
from app.domain.ids import SESSION_ID_LENGTH
from app.domain.revision_diff import RevisionDiff
from app.domain.session import LinkKind, Status
from app.domain.session import Session as DomainSession
from app.domain.timeline import Phase
from app.formats.pictures import face_address, whole_address


def to_bytes(value: object) -> bytes:
    """Encode models, dicts and lists compactly as UTF-8; the same value gives the same bytes."""
    # The attributes of a model are its fields in order, and all are JSON values.
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=vars).encode()


def instant(program: domain.Program, value: datetime) -> str:
    """An instant as ISO 8601 with the venue's offset."""
    return _local_text(program.zone, value)


# The same few instants are in many answers.
@lru_cache(maxsize=4096)
def _local_text(zone: pytz.BaseTzInfo, value: datetime) -> str:
    return instants.in_zone(value, zone).isoformat()


def _instant(value: datetime, info: ValidationInfo[domain.Program]) -> str:
    return instant(info.context, value)


def _room_name(room: str | None, info: ValidationInfo[domain.Program]) -> str:
    return info.context.room_name(room)


def _speaker_name(speaker: str, info: ValidationInfo[domain.Program]) -> str:
    return info.context.speaker(speaker).name


def _first(values: Sequence[object]) -> object:
    return next(iter(values), None)


def _first_few(items: Sequence[object]) -> Sequence[object]:
    return items[:MOST_IN_SHORT]


def _path(prefix: str) -> BeforeValidator:
    """Turn an id into the path of its page."""
    return BeforeValidator(lambda name: prefix + name)


def _field(description: str, *examples: object, of: str = "", **options: Any) -> Any:
    """A field with its description; ``of`` is the attribute that it is read from where it has another name."""
    source = AliasPath(*of.split(".")) if of else None
    return Field(description=description, examples=list(examples) or None, validation_alias=source, **options)


# What is on is asked for by every page that opens.
MOST_IN_SHORT = 20

Id = Annotated[str, Field(pattern="^[a-z0-9-]+$")]
Number = Annotated[int, Field(ge=1, json_schema_extra={"examples": [4]})]
Kind = Literal["import", "publish", "edit", "undo", "note"]
RoomName = Annotated[str, BeforeValidator(_room_name)]
SpeakerName = Annotated[str, BeforeValidator(_speaker_name)]
Day = Annotated[
    str, BeforeValidator(date.isoformat), Field(json_schema_extra={"format": "date", "examples": ["2025-07-18"]})
]
Instant = Annotated[
    str,
    BeforeValidator(_instant),
    Field(json_schema_extra={"format": "date-time", "examples": ["2025-07-18T10:15:00-07:00"]}),
]


class _Model(BaseModel):
    """A JSON object; its fields are read from the attributes of one of the domain's values."""

    model_config = ConfigDict(from_attributes=True, json_schema_serialization_defaults_required=True)

    @classmethod
    def from_value(cls, value: object, program: domain.Program) -> Self:
        """Build from a value; ``program`` gives the zone and the names of rooms and speakers."""
        return cls.model_validate(value, context=program)

    @classmethod
    def from_parts(cls, program: domain.Program, **parts: object) -> Self:
        """Build from the program and other values, each under the name by which the fields read it."""
        return cls.from_value(SimpleNamespace(program=program, **parts), program)


class Link(_Model):
    """A labelled address: a stream, slides, a paper."""

    label: str = _field("What it leads to.", "Slides")
    url: str = _field("Where it leads.", "https://example.org/slides.pdf")
    kind: LinkKind = _field(
        "`watch` while it is on, `slides`, `recording` or `paper`; empty for anything else.", "slides", of="leads_to"
    )


class ItemInShort(_Model):
    """A paper, poster, demo or short talk inside a session; its abstract is in `/api/program`."""

    id: Id = _field("Its id and address; it never changes.", "small-models-long", max_length=SESSION_ID_LENGTH)
    title: str = _field("Its title.", "Small models, long documents")
    number: str = _field("The number of its board or in the list; empty where it has none.", "12")
    url: Annotated[str, _path("/papers/")] = _field("Its page here.", "/papers/small-models-long", of="id")
    kind: str = _field("How it was accepted, as in “Oral”; may be empty.", "Poster")
    authors: list[str] = _field("Its authors' names, in their order.", ["Ada Lovelace"])
    minutes: int | None = _field("How long it lasts in a line-up; null where it has no time of its own.", 10, ge=1)
    links: list[Link] = _field("Its paper, code, poster, video and others.")


class Item(ItemInShort):
    """A paper, poster, demo or short talk inside a session."""

    abstract: str = _field("What it is about, in Markdown; may be empty.", "Small models read long documents.")


Face = Annotated[str, BeforeValidator(face_address)]
WholePicture = Annotated[str, BeforeValidator(whole_address)]


class Organizer(_Model):
    """An organizer of the conference."""

    id: Id = _field("Their id; it never changes.", "tri-dao")
    name: str = _field("Their name.", "Tri Dao")
    affiliations: list[str] = _field("Where they work.", ["Princeton University"])
    biography: str = _field("About them, in Markdown; may be empty.", "Works on attention.")
    homepage: str = _field("Their own page; may be empty.", "https://tridao.me", of="url")
    picture: Face = _field("Their picture here, square; may be empty.", "/pictures/0b6e6e-288.webp")
    links: list[Link] = _field("More of their pages.")
    url: Annotated[str, BeforeValidator(lambda _: "")] = _field("Empty: organizers have no page here.")


class Speaker(Organizer):
    """A person who presents."""

    url: Annotated[str, _path("/speakers/")] = _field("Their page here.", "/speakers/tri-dao", of="id")


class Room(_Model):
    """A place where one session at a time is on."""

    id: Id = _field("Its id; it never changes.", "venue")
    name: str = _field("Its name.", "Vancouver Convention Center")
    floor: str = _field("Its floor; may be empty.", "2")
    directions: str = _field("The way to it in words; may be empty.", "Up the stairs, then left.")
    plan: WholePicture = _field("A plan of the way to it; may be empty.", "/pictures/0b6e6e-full.webp")


class Track(_Model):
    """A track with a colour."""

    name: str = _field("Its name, as sessions have it.", "Systems")
    color: str = _field("Its colour as CSS has it; may be empty.", "#0057b8")


class Screen(_Model):
    """What projectors say before the program begins and after it ends."""

    before: list[str] = _field("Lines before the first session.", ["Wi-Fi: Guest, no password"])
    after: list[str] = _field("Lines after the last session.", ["Recordings: example.org"])


class Venue(_Model):
    """Where the conference happens."""

    name: str = _field("Its name.", "Vancouver Convention Center")
    address: str = _field("Street and city; may be empty.", "1055 Canada Place, Vancouver")
    city: str = _field("Its city; may be empty.", "Vancouver")
    latitude: float | None = _field("Degrees north (WGS 84).", 49.2894, ge=-90, le=90)
    longitude: float | None = _field("Degrees east (WGS 84).", -123.1135, ge=-180, le=180)
    url: str = _field("A map; may be empty.", "https://www.openstreetmap.org/?mlat=49.2894")


class ImportantDate(_Model):
    """A deadline or another important date."""

    id: str = _field("Its id; it never changes.", "submission")
    title: str = _field("What is due.", "Submission deadline")
    day: Day = _field("Its day.")
    at: Instant | None = _field("Its instant, where it has one.")
    zone_label: str = _field("The zone in which it was announced; may be empty.", "AoE")
    former_day: Day | None = _field("Its day before an extension.")


class Page(_Model):
    """A page of prose."""

    slug: str = _field("Its name in addresses.", "about")
    title: str = _field("Its title.", "About")
    url: Annotated[str, _path("/pages/")] = _field("Its address here.", "/pages/about", of="slug")


class Announcement(_Model):
    """An announcement to one room or to all."""

    revision: int = _field("The revision that published it.", 4, ge=0)
    text: str = _field("The text.", "Lunch is in Hall B.")
    room: Id | None = _field("The room's id; null for all rooms.", "venue")
    room_name: RoomName | None = _field("The room's name; null for all rooms.", "Hall B", of="room")
    until: Instant = _field("When it expires; from this instant on it is not shown.")


class SessionInShort(_Model):
    """One slot of the day, its items in short."""

    id: Id = _field("Its id and address; it never changes.", "tri-dao", max_length=SESSION_ID_LENGTH)
    kind: str = _field("What it is: talk, break, lunch, panel, posters and others.", "talk")
    title: str = _field("Its title.", "Open-Source Attention Optimizations")
    tba: bool = _field("Whether the title is still to be announced.")
    start: Instant = _field("When it starts, delays included; at this instant it is on.")
    end: Instant = _field("When it ends, delays included; at this instant it is over.")
    scheduled_start: Instant = _field("Its start in the program's files; edits do not change it.", of="scheduled.start")
    scheduled_end: Instant = _field("Its end in the program's files; edits do not change it.", of="scheduled.end")
    status: Status = _field("`moved`: its start or room is not the scheduled one.", "confirmed")
    room: Id | None = _field("Its room's id; null for all rooms.", "venue")
    room_name: RoomName = _field("Its room's name.", "Hall B", of="room")
    scheduled_room: Id | None = _field(
        "Its room's id in the program's files; null for all rooms.", "venue", of="scheduled.room"
    )
    scheduled_room_name: RoomName = _field("That room's name.", "Hall B", of="scheduled.room")
    speakers: list[Id] = _field("The ids of those who present.", ["tri-dao"])
    speaker_names: list[SpeakerName] = _field("The names of those who present.", ["Tri Dao"], of="speakers")
    abstract: str = _field("What it is about, in Markdown; may be empty.", "Fast attention.")
    items: Annotated[Sequence[ItemInShort], BeforeValidator(_first_few)] = _field(
        "The first papers, posters or demos inside it, without abstracts; all are in `/api/program`.",
        max_length=MOST_IN_SHORT,
    )
    number_of_items: Annotated[int, BeforeValidator(len)] = _field("How many there are.", 55, of="items", ge=0)
    links: list[Link] = _field("Its stream, slides, recording and others.")
    track: str = _field("Its track; may be empty.", "Systems")
    language: str = _field("Its language (BCP 47); may be empty.", "en")
    guid: str = _field("Its id in the system that it came from; may be empty.", "8f1c4b3e")
    pinned: bool = _field("Whether it keeps its time when sessions before it are late, as lunch does.")
    min_minutes: int | None = _field("To how many minutes a delay may shorten it; null: not at all.", ge=0)
    url: Annotated[str, _path("/talks/")] = _field("Its page here.", "/talks/tri-dao", of="id")
    sequence: int = _field("Rises when its time, place or status changes.", 1, ge=0)
    changed_at: Instant | None = _field("The last change that readers can see.")


class Session(SessionInShort):
    """One slot of the day, with all of its items."""

    items: Sequence[Item] = _field("Papers, posters or demos inside it.")


class Facts(_Model):
    """The conference: its names, days, venue, people and pages."""

    id: Id = _field("The program's id; it never changes.", "codeml-2025")
    title: str = _field("Its short name.", "CODEML")
    subtitle: str = _field("Its long name; may be empty.", "A workshop on open development")
    series: str = _field("What it is part of; may be empty.", "ICML 2025")
    description: str = _field("What it is, in a sentence or two; may be empty.", "Open models.")
    timezone: str = _field("The venue's zone (tz database).", "America/Vancouver")
    domain: str = _field("The domain of its identifiers in calendars.", "example.org")
    language: str = _field("Its language (BCP 47).", "en")
    url: str = _field("Its own site; may be empty.", "https://example.org")
    accent: str = _field(
        "Its own colour as CSS has it, before it is made readable; may be empty.", "#0b6e6e", of="identity.accent"
    )
    logo: WholePicture = _field("Its logo; may be empty.", "/pictures/0b6e6e-full.svg", of="identity.logo")
    tracks: list[Track] = _field("Its tracks that have a colour, in its order.")
    screen: Screen = _field("Lines for projectors.")
    days: list[Day] = _field("Its days, in order.")
    venue: Venue | None = _field("Where it happens.")
    links: list[Link] = _field("Its pages elsewhere.")
    organizers: list[Organizer] = _field("Its organizers.")
    dates: list[ImportantDate] = _field("Its deadlines and other dates.")
    pages: list[Page] = _field("Its pages of prose, without their texts.")


class Program(_Model):
    """The whole program of one revision."""

    revision: Number = _field("The revision's number.")
    program: Facts = _field("The conference as a whole.")
    rooms: list[Room] = _field("Its rooms, in the program's order.", of="program.rooms")
    sessions: list[Session] = _field("Its sessions by time, cancelled ones too.", of="program.sessions")
    speakers: list[Speaker] = _field("Its speakers.", of="program.speakers")
    announcements: list[Announcement] = _field("Announcements, expired ones too.", of="program.announcements")


class LineUpItem(_Model):
    """The item that is on, of a session whose items follow each other."""

    id: Id = _field("Its id; it never changes.", "small-models")
    title: str = _field("Its title.", "Small models, long documents")
    position: int = _field("Its position among the items, from 1.", 2, ge=1)
    of: int = _field("How many items there are.", 6, ge=1)


class RoomNow(_Model):
    """What is on in one room."""

    room: Id = _field("The room's id.", "venue", of="room.id")
    name: str = _field("The room's name.", "Vancouver Convention Center", of="room.name")
    now: SessionInShort | None = _field("The session that is on; null between sessions.")
    next: SessionInShort | None = _field("The session that starts next; null after the last.")
    # A program has no line-ups yet.
    item: LineUpItem | None = _field("The item that is on; null where items have no times.", default=None)
    cancelled: SessionInShort | None = _field(
        "The session that would be on but is cancelled, until its end or the next start."
    )


class Note(_Model):
    """The public note of a revision; it is shown for half an hour."""

    revision: Number = _field("The number of the revision that it explains.")
    text: str = _field("Why the revision changed the day.", "The projector was late.")
    at: Instant = _field("When it was published, with the revision or afterwards.")
    sessions: list[Id] = _field("The sessions that the revision changed.", ["tri-dao"])


class Now(_Model):
    """What is on at an instant."""

    service: str = _field("Identifies the service's database.")
    history: str = _field(
        'Changes where the database goes on from a backup, so that numbers of revisions may come again; "": it is none.'
    )
    build: str = _field("Identifies the service's build: open pages reload when it changes.")
    revision: Number = _field("The number of the current revision.")
    phase: Phase = _field("Before the first session, during one, between two, or after the last.", of="moment.phase")
    rooms: list[RoomNow] = _field("Each room's now and next.", of="moment.rooms")
    notes: list[Note] = _field(
        "The public notes of the last half hour, oldest first, undone ones left out.", of="moment.notes"
    )
    announcements: list[Announcement] = _field(
        "The announcements that are shown at that instant.", of="moment.announcements"
    )
    changes_at: Instant | None = _field(
        "When time alone will change the answer; null: never again.", of="moment.changes_at"
    )
    # Last, so that all before them is the same in each answer (`app/formats/now_answer.py`).
    speed: float = _field("Seconds that the clock advances in a second; 1 but in a rehearsal.", 1)
    now: Instant = _field("The instant that is described: the service's clock, or `at`.")


class SessionChange(_Model):
    """One session before and after a revision."""

    session: Id = _field("The session's id.", "tri-dao")
    before: Session | None = _field("The session before; null for a new one.")
    after: Session | None = _field("The session after; null for one that left the program.")


def _session_changes(difference: RevisionDiff) -> list[SessionChange]:
    """Build the sessions before and after, each with the names and the zone of its own revision's program."""

    def build(session: DomainSession | None, program: domain.Program | None) -> Session | None:
        return Session.from_value(session, program) if session and program else None

    return [
        SessionChange(
            session=one.session, before=build(one.before, difference.before), after=build(one.after, difference.after)
        )
        for one in difference.sessions
    ]


class Change(_Model):
    """One revision, and what it changed."""

    revision: Number = _field("Its number.", of="number")
    at: Instant = _field("When it was published.")
    author: str = _field("Who published it.", "Frank")
    note: str = _field("Its public note; may be empty.", "The projector is back.")
    kind: Kind = _field("What published it: the first files, later ones, an edit, an undo, or a note given afterwards.")
    undoes: int | None = _field("The revision that it undoes.", 3)
    explains: int | None = _field(
        "The revision whose public note this one is, in place of any other; an empty note takes it away.", 3
    )
    announcement: Annotated[Announcement | None, BeforeValidator(_first)] = _field(
        "What it announced.", of="difference.announced"
    )
    sessions: Annotated[list[SessionChange], BeforeValidator(_session_changes)] = _field(
        "The sessions that it changed; empty for the first revision.", of="difference"
    )


class Changes(_Model):
    """The history of revisions."""

    revision: Number = _field("The number of the current revision.")
    changes: list[Change] = _field("The revisions, oldest first.")


class RevisionEvent(_Model):
    """The data of a `revision` event: a revision is published."""

    revision: Number = _field("The revision's number.")
    spread: float = _field("Within how many seconds readers fetch what they show, each at a random moment.", 0.6, ge=0)


class TimeEvent(_Model):
    """The data of a `time` event, which comes when a stream opens and then at least once a minute."""

    service: str = _field("As in `/api/now`.")
    history: str = _field("As in `/api/now`.")
    build: str = _field("As in `/api/now`.")
    revision: Number = _field("The number of the current revision.")
    now: Instant = _field("The service's clock.")
    speed: float = _field("Seconds that the clock advances in a second; 1 but in a rehearsal.", 1)


class Problem(_Model):
    """Why a request failed (RFC 9457)."""

    type: str = _field("`about:blank`: the title says it all.", "about:blank", default="about:blank")
    title: str = _field("The status in words.", "Bad Request")
    status: int = _field("The HTTP status.", 400, ge=400, le=599)
    detail: str = _field("What is wrong, for people.", "'noon' is not a time")
