"""iCalendar files, those that break the rules included, and this service's own feed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import islice, takewhile

import pytz
from icalendar import Calendar, Component, vCalAddress

from app.domain.ids import SESSION_ID
from app.domain.program import Venue
from app.domain.session import TBA, Item, Link
from app.formats.exchange_ids import GENERATOR
from app.importing.clean_text import block, link, one_line
from app.importing.dates import clock_of
from app.importing.draft import MOST_ROWS, Draft, DraftPerson, DraftSession, DraftTime
from app.importing.person_names import affiliations, names_nobody
from app.importing.recurrences import UNREADABLE, expanded, identity, text_of, time_of, value_of, values_of
from app.importing.session_words import TALK, kind_of_title, kind_of_word, without_cancelled
from app.importing.source import Source
from app.importing.time_zones import known_zone

MOST_BYTES = 5_000_000
LONGEST_ERROR = 200
# `TZID=Europe` names a folder of the zone database, which icalendar would try to read.
AREA = re.compile(rf";TZID=({'|'.join({zone.rpartition('/')[0] for zone in pytz.all_timezones} - {''})})(?=[;:])")
PROPERTY = re.compile(r"[A-Za-z0-9-]+[;:]")


def read_ical(source: Source) -> Draft:
    """The sessions of a calendar file; raises `ImportRefused`."""
    source.bounded(MOST_BYTES)
    for area in dict.fromkeys(AREA.findall(source.text)):
        source.report.left("a time zone that there is not", area)
    try:
        calendars = Calendar.from_ical(repaired(AREA.sub("", source.text)), multiple=True)
    except UNREADABLE as error:
        raise source.refused(f"not a calendar that can be read: {one_line(str(error))[:LONGEST_ERROR]}") from error
    if not calendars:
        raise source.refused("no calendar in it")
    head = calendars[0]
    is_own = GENERATOR in text_of(head, "PRODID")
    events = expanded([event for calendar in calendars for event in calendar.walk("VEVENT")], source.report)
    found = (_session(event, source, is_own=is_own) for event in events)
    sessions = tuple(islice(filter(None, found), MOST_ROWS))
    draft = Draft(
        format="iCalendar",
        sessions=sessions,
        title=text_of(head, "NAME") or text_of(head, "X-WR-CALNAME") or text_of(head, "SUMMARY"),
        timezone=text_of(head, "X-WR-TIMEZONE"),
        places=tuple(dict.fromkeys(session.room for session in sessions if session.room)),
    )
    return own_feed(draft) if is_own else draft


def repaired(text: str) -> str:
    """An unfolded calendar as the parser needs it: CRLF, no stray text between properties, an END for each BEGIN."""
    lines: list[str] = []
    open_parts: list[str] = []
    for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"):
        if PROPERTY.match(line):
            lines.extend(_missing_ends(line.strip(), open_parts))
            lines.append(line)
        elif line.strip() and lines:
            lines.append(f" \\n{line.strip()}")
    lines.extend(f"END:{part}" for part in reversed(open_parts))
    return "\r\n".join(lines) + "\r\n"


def _missing_ends(line: str, open_parts: list[str]) -> Iterator[str]:
    """The ENDs that are missing before a line; updates the stack of open parts."""
    word, _, part = line.upper().partition(":")
    if word == "BEGIN":
        while part in {"VEVENT", "VCALENDAR"} and part in open_parts:
            yield f"END:{open_parts.pop()}"
        open_parts.append(part)
    elif word == "END" and part in open_parts:
        while (inner := open_parts.pop()) != part:
            yield f"END:{inner}"


def _session(event: Component, source: Source, *, is_own: bool) -> DraftSession | None:
    title, cancelled = without_cancelled(text_of(event, "SUMMARY"))
    time = _time(event)
    if time is None:
        source.report.left("entries for whole days, or without a start", title)
        return None
    return DraftSession(
        title=title,
        time=time,
        guid=identity(event),
        room=text_of(event, "LOCATION"),
        people=_people(event),
        kind=_kind(event, source, is_own=is_own),
        abstract=block(value_of(event, "DESCRIPTION")) or block(value_of(event, "X-ALT-DESC")),
        links=tuple(_links(event, title, source)),
        cancelled=cancelled or text_of(event, "STATUS").upper() == "CANCELLED",
    )


def _links(event: Component, title: str, source: Source) -> Iterator[Link]:
    """The page of an event, its video conferences (RFC 7986, 5.11) and files."""
    for name, label in (("URL", "Page"), ("CONFERENCE", "Conference"), ("ATTACH", "Attachment")):
        for value in values_of(event, name):
            parameters = getattr(value, "params", {})
            found = link(str(parameters.get("LABEL") or parameters.get("FILENAME") or label), str(value))
            if found:
                yield found
            else:
                source.report.left(f"{name} that is not a web address", title)


def _kind(event: Component, source: Source, *, is_own: bool) -> str:
    """The first category that names a kind; in this service's feed there is but the kind."""
    names = [one_line(str(name)) for value in values_of(event, "CATEGORIES") for name in getattr(value, "cats", ())]
    kind = next((name for name in names if is_own or kind_of_title(name) != TALK), "")
    for name in filter(None, names):
        if name != kind and kind_of_word(name) != TALK:
            source.report.left("categories", name)
    return kind


def _time(event: Component) -> DraftTime | None:
    start, end = _moment(event, "DTSTART"), _moment(event, "DTEND")
    if start is None:
        return None
    duration = time_of(event, "DURATION")
    if not isinstance(duration, timedelta) or duration <= timedelta():
        # Without an end or a length it has none (RFC 5545, 3.6.1).
        duration = timedelta() if end is None else None
    end = end or DraftTime()
    return replace(start.up_to(end), duration=duration, zone=start.zone or end.zone)


def _moment(event: Component, name: str) -> DraftTime | None:
    """A local time and its zone; an instant in UTC or in a zone that the file itself defines."""
    value = value_of(event, name)
    moment = time_of(event, name)
    if not isinstance(moment, datetime):
        return None
    zone = known_zone(str(value.params.get("TZID", "")))
    if moment.tzinfo is not None and not zone:
        return DraftTime(start=moment)
    return DraftTime(day=moment.date(), clock=clock_of(moment), zone=zone)


def _people(event: Component) -> tuple[DraftPerson, ...]:
    attendees = (one for one in values_of(event, "ATTENDEE") if isinstance(one, vCalAddress))
    names = (one_line(str(attendee.params.get("CN", ""))) for attendee in attendees)
    return tuple(DraftPerson(name=name) for name in dict.fromkeys(names) if not names_nobody(name))


PARTS = ", "
DATE_MARK = "date-"
# What the feed's writer adds before and after what it says of a session.
CHANGE = re.compile(r"This session is cancelled\.|Was (?:in .+|.*\d\d:\d\d–\d\d:\d\d, .+)\.")
PAGE = re.compile(r"https?://\S+")
LINK = re.compile(r"(.+?): ((?:https?://|mailto:)\S+)")
ITEM = re.compile(r"- (?:(\S*\d\S*)\. )?(.+?)(?: \(([^()]*)\))?")


def own_feed(draft: Draft) -> Draft:
    """The draft of an own feed: ids from UIDs, people from descriptions, the venue from locations."""
    sessions = [session for session in draft.sessions if not session.guid.startswith(DATE_MARK)]
    # The locations end with the venue and its address, the parts that all of them share.
    parts_from_end = zip(*((session.room or "").split(PARTS)[::-1] for session in sessions), strict=False)
    venue = [parts[0] for parts in takewhile(lambda parts: len(set(parts)) == 1, parts_from_end)][::-1]
    name, *address = venue or [""]
    return replace(
        draft,
        sessions=tuple(_own_session(session, len(venue)) for session in sessions),
        domain=sessions[0].guid.partition("@")[2] if sessions else "",
        venue=Venue(name=name, address=PARTS.join(address)) if name else None,
        places=(PARTS.join(venue),),
    )


def _own_session(session: DraftSession, venue_parts: int) -> DraftSession:
    name = session.guid.partition("@")[0]
    parts = (session.room or "").split(PARTS)
    title, people, rest = _content(session)
    links = tuple(Link(label, url) for label, url in _lines_like(LINK, rest))
    items = tuple(
        Item(title=title, number=number, authors=tuple(filter(None, names.split(PARTS))))
        for number, title, names in _lines_like(ITEM, rest)
    )
    return replace(
        session,
        id=name if SESSION_ID.fullmatch(name) else "",
        guid="",
        title="" if title == TBA else title,
        people=people,
        room=PARTS.join(parts[: len(parts) - venue_parts]) or None,
        abstract="\n\n".join(rest),
        items=items,
        links=links,
    )


def _lines_like(pattern: re.Pattern[str], paragraphs: list[str]) -> list[tuple[str, ...]]:
    """What the lines of the last paragraph hold, which is taken out if all of them are alike."""
    found = [pattern.fullmatch(line) for line in paragraphs[-1].split("\n")] if paragraphs else []
    # One line alone below one of the same form is the last entry of a list in the prose.
    if not all(found) or (len(found) == 1 and any(map(pattern.fullmatch, paragraphs[-2:-1]))):
        return []
    del paragraphs[-1:]
    return [tuple(match.groups("")) for match in found if match]


def _content(session: DraftSession) -> tuple[str, tuple[DraftPerson, ...], list[str]]:
    """Title, people and the other paragraphs: the people stand first, and their names before the title."""
    paragraphs = (session.abstract or "").split("\n\n")
    if PAGE.fullmatch(paragraphs[-1]):
        del paragraphs[-1:]
    if paragraphs and all(map(CHANGE.fullmatch, paragraphs[0].split("\n"))):
        del paragraphs[:1]
    lines = paragraphs[0].split("\n") if paragraphs else []
    people, title = [], session.title
    for number, line in enumerate(lines, start=1):
        end = ": " if number == len(lines) else PARTS
        person = next((one for one in _readings(line) if title.startswith(one.name + end)), None)
        if person is None:
            return session.title, (), paragraphs
        people.append(person)
        title = title.removeprefix(person.name + end)
    return title, tuple(people), paragraphs[1:]


def _readings(line: str) -> tuple[DraftPerson, ...]:
    """A line as a name alone, or as one with affiliations in brackets after it."""
    name, bracket, places = line.removesuffix(")").rpartition(" (")
    whole = DraftPerson(name=line)
    placed = DraftPerson(name=name, affiliations=affiliations(places.replace(PARTS, "; ")))
    return (whole, placed) if bracket else (whole,)
