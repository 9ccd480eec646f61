"""frab's schedule, whichever notation it came in: one meaning for its XML and its JSON."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from itertools import islice
from urllib.parse import urlsplit

from app.domain.faults import SESSION_ID
from app.formats.exchange import GENERATOR, ROOM_FOR_ALL, TALKS
from app.formats.imports.clocks import DAY, read_clock, read_exchange_length
from app.formats.imports.dates import read_date
from app.formats.imports.draft import MOST_ROWS, Draft, DraftPerson, Row, When
from app.formats.imports.links import absolute, link
from app.formats.imports.notes import Notes
from app.formats.imports.text import block, one_line
from app.formats.imports.titles import without_cancelled

# Without a word of when its day ends, what begins before this belongs to the night before.
NIGHT_ENDS = timedelta(hours=4)
MOST_DAYS = 1000
UTC_AS_LOCAL = "times labelled +00:00 are what the venue's clocks show"


@dataclass(frozen=True, slots=True, kw_only=True)
class FrabDay:
    """A day of the schedule: its date, and until when its night lasts (None: not said)."""

    date: date | None
    night_ends: timedelta | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FrabEvent:
    """An event as written: texts, but for people, and (label, address) of links."""

    day: FrabDay
    id: str = ""
    guid: str = ""
    url: str = ""
    title: str = ""
    subtitle: str = ""
    room: str | None = None
    kind: str = ""
    track: str = ""
    language: str = ""
    abstract: str = ""
    description: str = ""
    date: str = ""
    start: str = ""
    end: str = ""
    duration: str = ""
    people: tuple[DraftPerson, ...] = ()
    links: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FrabConference:
    """What stands above the events."""

    title: str = ""
    acronym: str = ""
    generator: str = ""
    base_url: str = ""
    url: str = ""
    timezone: str = ""
    places: tuple[str, ...] = ()
    rooms: tuple[str, ...] = ()
    days: tuple[date, ...] = ()


def frab_draft(form: str, conference: FrabConference, events: Iterable[FrabEvent], notes: Notes) -> Draft:
    """The draft of a schedule in either notation."""
    ours = conference.generator == GENERATOR
    rows = tuple(_row(event, conference, notes, ours=ours) for event in islice(events, MOST_ROWS))
    return Draft(
        form=form,
        rows=rows,
        title=conference.title,
        id=conference.acronym.lower().replace("_", "-") if ours else "",
        url=absolute(conference.url),
        timezone=conference.timezone,
        zone_words="UTC" if UTC_AS_LOCAL in notes.lines("guessed") else "",
        places=conference.places,
        days=conference.days,
        rooms=conference.rooms,
    )


@lru_cache(maxsize=1024)
def day_of(day: str, start: str, end: str, day_change: str = "") -> FrabDay:
    """A day by its attributes; its night lasts until the clock of its end, if that is on the next date."""
    first = read_date(day) or read_date(start)
    last = read_date(end)
    if first is not None and last is not None and last > first:
        return FrabDay(date=first, night_ends=_clock_of(end))
    return FrabDay(date=first, night_ends=read_clock(day_change) if day_change else None)


def _clock_of(text: str) -> timedelta | None:
    match = re.search(r"T(\d\d):(\d\d)", text)
    return timedelta(hours=int(match[1]), minutes=int(match[2])) if match else None


def _row(event: FrabEvent, conference: FrabConference, notes: Notes, *, ours: bool) -> Row:
    title, cancelled = without_cancelled(one_line(event.title))
    if not title:
        notes.guessed("without a title: to be announced", event.guid or event.id)
    links = [link(label, url, conference.base_url) for label, url in event.links]
    if None in links:
        notes.left("links that are relative or of an odd scheme", title)
    return Row(
        title="" if title == "TBA" else title,
        when=_when(event, notes),
        id=_own_id(event.url) if ours else "",
        guid=event.guid or (f"frab:{event.id}" if event.id else ""),
        room=_room(event, title, notes),
        people=event.people,
        kind=event.kind,
        abstract=_prose(event),
        links=tuple(dict.fromkeys(one for one in links if one is not None)),
        track=one_line(event.track),
        language=one_line(event.language),
        cancelled=cancelled,
    )


def _own_id(url: str) -> str:
    """The session's id in an address of our own: `…/talks/tri-dao`."""
    try:
        path = urlsplit(url).path
    except ValueError:
        return ""
    head, _, name = path.rpartition("/")
    return name if head.endswith(TALKS) and SESSION_ID.fullmatch(name) else ""


def _room(event: FrabEvent, title: str, notes: Notes) -> str:
    room = one_line(event.room)
    if not room:
        notes.took("outside any room, so for all", title)
    return "" if room == ROOM_FOR_ALL else room


def _prose(event: FrabEvent) -> str:
    """Subtitle, abstract and description as one text, nothing said twice."""
    parts: list[str] = []
    for part in (one_line(event.subtitle), block(event.abstract), block(event.description)):
        if part and not any(part in known for known in parts):
            parts = [known for known in parts if known not in part]
            parts.append(part)
    return "\n\n".join(parts)


def _when(event: FrabEvent, notes: Notes) -> When:
    duration = _duration(event, notes)
    at, clock = _instant(event.date), read_clock(event.start)
    end = _instant(event.end)
    if end is not None and end.tzinfo is None:
        end = None
    if at is None:
        day, clock = _night(event, read_date(event.date) or event.day.date, clock, notes)
        return When(day=day, clock=clock, duration=duration, end=end)
    local = timedelta(hours=at.hour, minutes=at.minute, seconds=at.second)
    if at.tzinfo is None:
        return When(day=at.date(), clock=local, duration=duration, end=end)
    if not at.utcoffset() and clock is not None and clock == local:
        # The start is local by definition: where it equals a time in UTC, the offset was never set.
        notes.guessed(UTC_AS_LOCAL)
        return When(day=at.date(), clock=local, duration=duration)
    return When(start=at, end=end, duration=duration)


def _night(
    event: FrabEvent, day: date | None, clock: timedelta | None, notes: Notes
) -> tuple[date | None, timedelta | None]:
    ends = NIGHT_ENDS if event.day.night_ends is None else event.day.night_ends
    if day is None or clock is None or clock >= ends:
        return day, clock
    notes.guessed("after midnight, so on the next date", event.title)
    return day, clock + DAY


def _instant(text: str) -> datetime | None:
    if "T" not in text and ":" not in text:
        return None
    try:
        return datetime.fromisoformat(text.strip())
    except ValueError:
        return None


def _duration(event: FrabEvent, notes: Notes) -> timedelta | None:
    if not event.duration.strip():
        return None
    duration, guessed = read_exchange_length(event.duration)
    if duration is None:
        notes.left("a duration that is none", f"{event.duration!r} of {event.title}")
    elif guessed or duration >= DAY:
        notes.guessed("a duration read as days, hours and minutes", f"{event.duration} of {event.title}")
    return duration
