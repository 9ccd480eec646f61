"""The program as the API's JSON: pydantic models from which its answers and OpenAPI's schemas are built."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from pydantic import BeforeValidator

from app.domain.ids import SESSION_ID_LENGTH
from app.domain.session import LinkKind, Status
from app.formats.api_fields import Day, Id, Instant, Model, Number, RoomName, SpeakerName, field, path_of
from app.formats.pictures import face_address, whole_address

# What is on is asked for by every page that opens.
MOST_IN_SHORT = 20


def _first_few(items: Sequence[object]) -> Sequence[object]:
    return items[:MOST_IN_SHORT]


class Link(Model):
    """A labelled address: a stream, slides, a paper."""

    label: str = field("What it leads to.", "Slides")
    url: str = field("Where it leads.", "https://example.org/slides.pdf")
    kind: LinkKind = field(
        "`watch` while it is on, `slides`, `recording` or `paper`; empty for anything else.", "slides", of="leads_to"
    )


class ItemInShort(Model):
    """A paper, poster, demo or short talk inside a session; its abstract is in `/api/program`."""

    id: Id = field("Its id and address; it never changes.", "small-models-long", max_length=SESSION_ID_LENGTH)
    title: str = field("Its title; `TBA` while it is not known.", "Small models, long documents")
    tba: bool = field("Whether the title is still to be announced.")
    number: str = field("The number of its board or in the list; empty where it has none.", "12")
    url: Annotated[str, path_of("/papers/")] = field("Its page here.", "/papers/small-models-long", of="id")
    kind: str = field("How it was accepted, as in “Oral”; may be empty.", "Poster")
    authors: list[str] = field("Its authors' names, in their order.", ["Ada Lovelace"])
    minutes: int | None = field("How long it lasts in a line-up; null where it has no time of its own.", 10, ge=1)
    absent: bool = field("Whether who presents it is not here, so that it has no time in the line-up.")
    links: list[Link] = field("Its paper, code, poster, video and others.")


class Item(ItemInShort):
    """A paper, poster, demo or short talk inside a session."""

    abstract: str = field("What it is about, in Markdown; may be empty.", "Small models read long documents.")


Face = Annotated[str, BeforeValidator(face_address)]
WholePicture = Annotated[str, BeforeValidator(whole_address)]


class Organizer(Model):
    """An organizer of the conference."""

    id: Id = field("Their id; it never changes.", "tri-dao")
    name: str = field("Their name.", "Tri Dao")
    affiliations: list[str] = field("Where they work.", ["Princeton University"])
    biography: str = field("About them, in Markdown; may be empty.", "Works on attention.")
    homepage: str = field("Their own page; may be empty.", "https://tridao.me", of="url")
    picture: Face = field("Their picture here, square; may be empty.", "/pictures/0b6e6e-288.webp")
    links: list[Link] = field("More of their pages.")
    url: Annotated[str, BeforeValidator(lambda _: "")] = field("Empty: organizers have no page here.")


class Speaker(Organizer):
    """A person who presents."""

    url: Annotated[str, path_of("/speakers/")] = field("Their page here.", "/speakers/tri-dao", of="id")


class Room(Model):
    """A place where one session at a time is on."""

    id: Id = field("Its id; it never changes.", "venue")
    name: str = field("Its name.", "Vancouver Convention Center")
    floor: str = field("Its floor; may be empty.", "2")
    directions: str = field("The way to it in words; may be empty.", "Up the stairs, then left.")
    plan: WholePicture = field("A plan of the way to it; may be empty.", "/pictures/0b6e6e-full.webp")


class Track(Model):
    """A track with a colour."""

    name: str = field("Its name, as sessions have it.", "Systems")
    color: str = field("Its colour as CSS has it; may be empty.", "#0057b8")


class Screen(Model):
    """What projectors say before the program begins and after it ends."""

    before: list[str] = field("Lines before the first session.", ["Wi-Fi: Guest, no password"])
    after: list[str] = field("Lines after the last session.", ["Recordings: example.org"])


class Venue(Model):
    """Where the conference happens."""

    name: str = field("Its name.", "Vancouver Convention Center")
    address: str = field("Street and city; may be empty.", "1055 Canada Place, Vancouver")
    city: str = field("Its city; may be empty.", "Vancouver")
    latitude: float | None = field("Degrees north (WGS 84).", 49.2894, ge=-90, le=90)
    longitude: float | None = field("Degrees east (WGS 84).", -123.1135, ge=-180, le=180)
    url: str = field("A map; may be empty.", "https://www.openstreetmap.org/?mlat=49.2894")


class ImportantDate(Model):
    """A deadline or another important date."""

    id: str = field("Its id; it never changes.", "submission")
    title: str = field("What is due.", "Submission deadline")
    day: Day = field("Its day.")
    at: Instant | None = field("Its instant, where it has one.")
    zone_label: str = field("The zone in which it was announced; may be empty.", "AoE")
    former_day: Day | None = field("Its day before an extension.")


class Page(Model):
    """A page of prose."""

    slug: str = field("Its name in addresses.", "about")
    title: str = field("Its title.", "About")
    url: Annotated[str, path_of("/pages/")] = field("Its address here.", "/pages/about", of="slug")


class Announcement(Model):
    """An announcement to one room or to all."""

    revision: int = field("The revision that published it.", 4, ge=0)
    text: str = field("The text.", "Lunch is in Hall B.")
    room: Id | None = field("The room's id; null for all rooms.", "venue")
    room_name: RoomName | None = field("The room's name; null for all rooms.", "Hall B", of="room")
    until: Instant = field("When it expires; from this instant on it is not shown.")


class SessionInShort(Model):
    """One slot of the day, its items in short."""

    id: Id = field("Its id and address; it never changes.", "tri-dao", max_length=SESSION_ID_LENGTH)
    kind: str = field("What it is: talk, break, lunch, panel, posters and others.", "talk")
    title: str = field("Its title.", "Open-Source Attention Optimizations")
    tba: bool = field("Whether the title is still to be announced.")
    start: Instant = field("When it starts, delays included; at this instant it is on.")
    end: Instant = field("When it ends, delays included; at this instant it is over.")
    scheduled_start: Instant = field("Its start in the program's files; edits do not change it.", of="scheduled.start")
    scheduled_end: Instant = field("Its end in the program's files; edits do not change it.", of="scheduled.end")
    status: Status = field("`moved`: its start or room is not the scheduled one.", "confirmed")
    room: Id | None = field("Its room's id; null for all rooms.", "venue")
    room_name: RoomName = field("Its room's name.", "Hall B", of="room")
    scheduled_room: Id | None = field(
        "Its room's id in the program's files; null for all rooms.", "venue", of="scheduled.room"
    )
    scheduled_room_name: RoomName = field("That room's name.", "Hall B", of="scheduled.room")
    speakers: list[Id] = field("The ids of those who present.", ["tri-dao"])
    speaker_names: list[SpeakerName] = field("The names of those who present.", ["Tri Dao"], of="speakers")
    abstract: str = field("What it is about, in Markdown; may be empty.", "Fast attention.")
    items: Annotated[Sequence[ItemInShort], BeforeValidator(_first_few)] = field(
        "The first papers, posters or demos inside it, without abstracts; all are in `/api/program`.",
        max_length=MOST_IN_SHORT,
    )
    number_of_items: Annotated[int, BeforeValidator(len)] = field("How many there are.", 55, of="items", ge=0)
    links: list[Link] = field("Its stream, slides, recording and others.")
    track: str = field("Its track; may be empty.", "Systems")
    language: str = field("Its language (BCP 47); may be empty.", "en")
    guid: str = field("Its id in the system that it came from; may be empty.", "8f1c4b3e")
    pinned: bool = field("Whether it keeps its time when sessions before it are late, as lunch does.")
    min_minutes: int | None = field("To how many minutes a delay may shorten it; null: not at all.", ge=0)
    url: Annotated[str, path_of("/talks/")] = field("Its page here.", "/talks/tri-dao", of="id")
    sequence: int = field("Rises when its time, place or status changes.", 1, ge=0)
    changed_at: Instant | None = field("The last change that readers can see.")


class Session(SessionInShort):
    """One slot of the day, with all of its items."""

    items: Sequence[Item] = field("Papers, posters or demos inside it.")


class Facts(Model):
    """The conference: its names, days, venue, people and pages."""

    id: Id = field("The program's id; it never changes.", "codeml-2025")
    title: str = field("Its short name.", "CODEML")
    subtitle: str = field("Its long name; may be empty.", "A workshop on open development")
    series: str = field("What it is part of; may be empty.", "ICML 2025")
    description: str = field("What it is, in a sentence or two; may be empty.", "Open models.")
    timezone: str = field("The venue's zone (tz database).", "America/Vancouver")
    domain: str = field("The domain of its identifiers in calendars.", "example.org")
    language: str = field("Its language (BCP 47).", "en")
    url: str = field("Its own site; may be empty.", "https://example.org")
    accent: str = field(
        "Its own colour as CSS has it, before it is made readable; may be empty.", "#0b6e6e", of="identity.accent"
    )
    logo: WholePicture = field("Its logo; may be empty.", "/pictures/0b6e6e-full.svg", of="identity.logo")
    tracks: list[Track] = field("Its tracks that have a colour, in its order.")
    screen: Screen = field("Lines for projectors.")
    days: list[Day] = field("Its days, in order.")
    venue: Venue | None = field("Where it happens.")
    links: list[Link] = field("Its pages elsewhere.")
    organizers: list[Organizer] = field("Its organizers.")
    dates: list[ImportantDate] = field("Its deadlines and other dates.")
    pages: list[Page] = field("Its pages of prose, without their texts.")


class Program(Model):
    """The whole program of one revision."""

    revision: Number = field("The revision's number.")
    program: Facts = field("The conference as a whole.")
    rooms: list[Room] = field("Its rooms, in the program's order.", of="program.rooms")
    sessions: list[Session] = field("Its sessions by time, cancelled ones too.", of="program.sessions")
    speakers: list[Speaker] = field("Its speakers.", of="program.speakers")
    announcements: list[Announcement] = field("Announcements, expired ones too.", of="program.announcements")
