"""What an event is in frab's formats, whichever notation it is written in."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.domain.program import Program
from app.domain.session import Link, Session
from app.formats.exchange import CANCELLED, TALKS
from app.formats.frab.days import room_name
from app.formats.identity import Identity
from app.formats.uris import strict_uri

MINUTE = timedelta(minutes=1)
# XML 1.0, 2.2: the characters there are.
NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class ExportResult:
    """A file, and what of the program it could not hold, a line each."""

    data: bytes
    left_out: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """A session as both notations say it; ``start`` and ``duration`` as `HH:MM`, ``date`` and ``end`` with offset."""

    identity: Identity
    session: Session
    room: str
    title: str
    date: str
    start: str
    end: str
    duration: timedelta
    url: str
    links: tuple[Link, ...]


def event_of(program: Program, session: Session, identity: Identity, base_url: str) -> Event:
    """The event of a session; a cancelled one says so before its title, as the formats have no word for it."""
    local = program.local(session.start)
    title = clean(session.title)
    marked = title.upper().startswith(CANCELLED)
    return Event(
        identity=identity,
        session=session,
        room=clean(room_name(program, session)),
        title=f"{CANCELLED}{title}" if session.cancelled and not marked else title,
        date=stamp(program, session.start),
        start=f"{local:%H:%M}",
        end=stamp(program, session.end),
        duration=-((session.start - session.end) // MINUTE) * MINUTE,
        url=f"{base_url}{TALKS}/{session.id}",
        links=web_links(session.links),
    )


def base_of(program: Program, base_url: str) -> str:
    """The public address, without a slash at its end; the program's own domain where none is given."""
    address = strict_uri(base_url) or f"https://{program.domain}"
    return (strict_uri(address) or "https://localhost").rstrip("/")


def stamp(program: Program, instant: datetime) -> str:
    """An instant with the venue's offset (RFC 3339); in UTC where that offset has seconds, as before 1900."""
    local = program.local(instant)
    offset = local.utcoffset()
    return (instant if offset is not None and offset % MINUTE else local).isoformat(timespec="seconds")


def hours_and_minutes(length: timedelta) -> str:
    """A length as `HH:MM`; the hours may be more than a day's."""
    hours, minutes = divmod(length // MINUTE, 60)
    return f"{hours:02d}:{minutes:02d}"


def web_links(links: Iterable[Link]) -> tuple[Link, ...]:
    """The links that have an address on the web, strictly written."""
    return tuple(Link(clean(one.label), address) for one in links if (address := strict_uri(one.url)))


def clean(text: str) -> str:
    """Text without the characters that XML does not have."""
    return NOT_XML.sub("", text)
