"""What frab's XML and JSON have in common: the program cut into days, and the fields of an event."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from app.domain.colours import six_digits
from app.domain.conference_day import by_day, day_bounds
from app.domain.instants import MINUTE
from app.domain.items import announced
from app.domain.program import Program
from app.domain.session import Link, Session
from app.formats.exchange_ids import CANCELLED, PAPERS_PATH, ROOM_FOR_ALL, TALKS_PATH, Identity, strict_uri, xml_text


@dataclass(frozen=True, slots=True)
class ConferenceDay:
    """One day: its number from 1, its bounds as instants, and its sessions by the name of their room."""

    index: int
    date: date
    start: datetime
    end: datetime
    rooms: Mapping[str, list[Session]]


def conference_days(program: Program) -> tuple[ConferenceDay, ...]:
    """The announced days and other days that have sessions; at least one."""
    sessions = by_day(program, program.sessions)
    days = sorted({*program.days, *sessions}) or [date(1970, 1, 1)]
    return tuple(_day(program, index, day, sessions.get(day, [])) for index, day in enumerate(days, start=1))


def _day(program: Program, index: int, day: date, sessions: list[Session]) -> ConferenceDay:
    rooms: dict[str, list[Session]] = {room.name: [] for room in program.rooms}
    for session in sessions:
        rooms.setdefault(program.room_name(session.room, for_all=ROOM_FOR_ALL), []).append(session)
    morning, end = day_bounds(program, day)
    start = min((session.start for session in sessions), default=morning)
    return ConferenceDay(index, day, min(start, morning), end, {name: held for name, held in rooms.items() if held})


def event_fields(program: Program, session: Session, identity: Identity, base_url: str) -> dict[str, str]:
    """The fields that both notations have: ``start`` and ``duration`` as `HH:MM`, ``date`` with the venue's offset.

    The title of a cancelled session begins with `CANCELLED`, as the formats have no status.
    """
    title = xml_text(session.title)
    is_marked = title.upper().startswith(CANCELLED)
    return {
        "room": xml_text(program.room_name(session.room, for_all=ROOM_FOR_ALL)),
        "title": f"{CANCELLED}{title}" if session.cancelled and not is_marked else title,
        "type": session.kind,
        "date": stamp(program, session.start),
        "start": f"{program.local(session.start):%H:%M}",
        "duration": hours_and_minutes(session.minutes),
        "abstract": session.abstract,
        "slug": identity.slug,
        "track": session.track,
        "language": session.language,
        "url": f"{base_url}{TALKS_PATH}/{session.id}",
    }


def track_colours(program: Program) -> dict[str, str]:
    """The tracks that have a colour or a session, with their colours as "#rrggbb" or ""."""
    named = {session.track: "" for session in program.sessions if session.track}
    coloured = {track.name: six_digits(track.color) for track in program.tracks if track.color}
    return {name: coloured.get(name, "") for name in (*coloured, *sorted(named.keys() - coloured.keys()))}


def stamp(program: Program, instant: datetime) -> str:
    """An instant with the venue's offset (RFC 3339); in UTC where that offset has seconds, as before 1900."""
    local = program.local(instant)
    offset = local.utcoffset()
    return (instant if offset is not None and offset % MINUTE else local).isoformat(timespec="seconds")


def hours_and_minutes(minutes: int) -> str:
    """A duration as `HH:MM`; the hours may exceed a day's."""
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def event_links(session: Session, base_url: str) -> tuple[Link, ...]:
    """The links of a session that are of the web, and those to the pages of its items, by their titles."""
    items = announced(session.items)
    pages = (Link(xml_text(item.title), f"{base_url}{PAPERS_PATH}/{item.id}") for item in items)
    return (*web_links(session.links), *pages)


def web_links(links: Iterable[Link]) -> tuple[Link, ...]:
    """The links with an http(s) address, which is normalized by `strict_uri`."""
    return tuple(Link(xml_text(one.label), address) for one in links if (address := strict_uri(one.url)))
