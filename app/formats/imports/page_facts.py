"""What a page says of the whole: its dates, its venue, its day."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from itertools import islice

from app.domain.program import ImportantDate, Venue
from app.domain.session import Link
from app.formats.imports.cells import Cell
from app.formats.imports.clocks import read_clock
from app.formats.imports.dates import FoundDate, find_date
from app.formats.imports.links import absolute, link
from app.formats.imports.page_tables import cells_of
from app.formats.imports.page_tree import Element, Section, lines, links_of, struck_text, text_of
from app.formats.imports.slugs import Ids, named
from app.formats.imports.zones import zone_of_places

ANYWHERE_ON_EARTH = timezone(timedelta(hours=-12))
END_OF_DAY = timedelta(hours=23, minutes=59)
LONGEST_DATE_LINE = 300
MOST_LINES = 1000
WORKSHOP = re.compile(
    r"\b(?:workshop|conference|event|meeting|symposium)\b(?!.*\b(?:deadline|submission|notification|register)\b)",
    re.IGNORECASE,
)
LABELLED = re.compile(
    r"\s*(?P<label>dates?|when|day|location|venue|where|room|place)\s*:\s*(?P<value>.+)", re.IGNORECASE
)
_HOUSE = (
    r"(?P<name>(?:[A-Z][\w’'&.-]*\s+){1,6}"
    r"(?:Cent(?:er|re)|Hotel|Hall|Palace|University|Congress|Resort|Forum|Arena|Campus|Museum|Institute))\b"
)
HELD_AT = re.compile(rf"\bat (?:the )?{_HOUSE}")
# In a line with a date commas stand where other lines say "at".
PARTS = re.compile(r"\s*[,;·•|]\s*|\s+[–—-]\s+")
HOUSE = re.compile(_HOUSE)
NUMBERED_ROOM = re.compile(r"(?:meeting |lecture )?(?:room|hall|ballroom|auditorium)\s+\S{1,20}", re.IGNORECASE)
ROOM = re.compile(r"\b(?:room|hall|ballroom|meeting|auditorium|theat(?:er|re)|suite|salon)\b|^\d", re.IGNORECASE)
PLACE_WORDS = re.compile(r"\b(?:held|venue|location|located|take[s]? place|address|where|convention)\b", re.IGNORECASE)
ALL_TIMES = re.compile(r"\b[Tt]imes?\b[^.:;]{0,40}?\s(?P<zone>(?:UTC|GMT)\s*[+\-−–]\s*\d{1,2}(?::?\d\d)?|[A-Z]{2,5}\b)")
LONGEST_PLACE = 500
FIRST_LINES, LONGEST_FIRST_LINE = 5, 80
YEAR = re.compile(r"\d{4}")


def zone_said(sections: Sequence[Section]) -> str:
    """What a page says of the zone of all its times: "All times are in EDT"."""
    said = (line for section in sections for element in section.elements for line in lines(element))
    texts = islice((*(section.title for section in sections), *said), MOST_LINES)
    found = (match for text in texts if (match := ALL_TIMES.search(text)))
    return next((match["zone"] for match in found), "")


def first_lines(sections: Sequence[Section]) -> Iterator[str]:
    """The short lines with which a page begins: often its place stands there without a word for it."""
    texts = (line for section in sections[:2] for element in section.elements for line in lines(element))
    return (text for text in islice(texts, FIRST_LINES) if len(text) <= LONGEST_FIRST_LINE)


def year_in(title: str) -> int | None:
    """The year of a title such as "Summer School 2025"; None where it has none or several."""
    years = {int(match) for match in re.findall(r"\b20\d\d\b", title)}
    return years.pop() if len(years) == 1 else None


def important_dates(sections: Sequence[Section]) -> tuple[ImportantDate, ...]:
    """The dates of a section on dates, from its table or its list; a year that one lacks is another's."""
    entries = [
        entry for section in sections if section.says("dates", "deadline", "timeline") for entry in _entries(section)
    ]
    years = [found.year for _, cell in entries if (found := find_date(cell.text)) and found.year]
    year = years[0] if years else None
    ids = Ids()
    dates = (_date(title, cell, year) for title, cell in entries)
    return tuple(replace(one, id=ids.give(one.id)) for one in dates if one is not None)


def workshop_day(dates: Sequence[ImportantDate], sections: Sequence[Section], title: str) -> date | None:
    """The day on which it happens: a date called so, a line `Date: …`, or the one date in the title."""
    for one in dates:
        if WORKSHOP.search(one.title):
            return one.day
    said = [value for label, value in labelled(sections) if label in ("date", "dates", "when", "day")]
    found = [found for text in (*said, title) if (found := find_date(text)) and found.year]
    return found[0].on(None) if found else _only_date(sections)


def _only_date(sections: Sequence[Section]) -> date | None:
    """The one full date that the page names, deadlines aside."""
    found = map(find_date, islice(filter(YEAR.search, _lines_of_no_deadline(sections)), MOST_LINES))
    days = {one.on(None) for one in found if one is not None and one.year}
    return days.pop() if len(days) == 1 else None


def _lines_of_no_deadline(sections: Sequence[Section]) -> Iterator[str]:
    elsewhere = [section for section in sections if not section.says("dates", "deadline", "timeline", "call")]
    return (
        line[:LONGEST_PLACE] for section in elsewhere for one in section.elements for line in lines(one)[:MOST_LINES]
    )


def labelled(sections: Sequence[Section]) -> list[tuple[str, str]]:
    """Lines such as `Location: Room 3`, as label and value."""
    matches = (
        LABELLED.fullmatch(line[:LONGEST_PLACE])
        for section in sections
        for one in section.elements
        for line in lines(one)
    )
    return [(match["label"].lower(), match["value"].strip()) for match in matches if match]


def venue_of(sections: Sequence[Section]) -> Venue | None:
    """The venue: from its section, else from a labelled line, else from `at the … Center`."""
    for section in sections:
        if section.says("venue", "location", "where", "place"):
            for element in section.elements:
                if (venue := _venue(element)) is not None:
                    return venue
    for label, value in labelled(sections):
        if label in ("location", "venue", "where", "place") and not ROOM.search(value):
            return _with_city(Venue(name=value))
    matches = [*map(HELD_AT.search, places(sections)), *map(HOUSE.fullmatch, _parts_beside_a_date(sections))]
    return next((_with_city(Venue(name=" ".join(match["name"].split()))) for match in matches if match), None)


def room_of(sections: Sequence[Section]) -> str:
    """The one room that a labelled line names, or one with a date; "" where none does."""
    said = [value for label, value in labelled(sections) if label in ("room", "location", "venue", "where", "place")]
    beside = [part for part in _parts_beside_a_date(sections) if NUMBERED_ROOM.fullmatch(part)]
    return next((value for value in said if ROOM.search(value)), next(iter(beside), ""))


def _parts_beside_a_date(sections: Sequence[Section]) -> list[str]:
    return [part for line in lines_with_a_date(sections) for part in PARTS.split(line)]


def places(sections: Sequence[Section]) -> list[str]:
    """The lines in which its place may be named."""
    found: list[str] = []
    for section in sections:
        here = section.says("venue", "location", "where", "place", "travel")
        for element in section.elements:
            found.extend(line[:LONGEST_PLACE] for line in lines(element) if here or PLACE_WORDS.search(line))
    return found


def lines_with_a_date(sections: Sequence[Section]) -> list[str]:
    """The lines with a full date, deadlines aside, and the ones below: `August 1, 2026 · Montréal`."""
    texts = list(islice(_lines_of_no_deadline(sections), MOST_LINES))
    dated = [place for place, text in enumerate(texts) if YEAR.search(text) and find_date(text) is not None]
    return [text for place in dated for text in texts[place : place + 2]]


def outer_links(sections: Sequence[Section]) -> tuple[Link, ...]:
    """Links to register or to submit."""
    found = (
        link(one.label.strip(" >»→"), one.url)
        for section in sections
        for element in section.elements
        for one in links_of(element)
        if re.search(r"\b(?:register|registration|submit|livestream|recordings?)\b", one.label, re.IGNORECASE)
    )
    return tuple(dict.fromkeys(one for one in found if one is not None))


def _entries(section: Section) -> Iterator[tuple[str, Cell]]:
    """What and when, from table rows of two cells, or lines divided by a colon."""
    for element in section.elements:
        tables = list(element.iter("table"))
        for table in tables:
            for row in cells_of(table):
                if len(row) > 1:
                    first, second = (row[0], row[1]) if find_date(row[1].text) else (row[1], row[0])
                    yield first.text.strip(" :"), second
        for item in [] if tables else _items(element):
            title, _, rest = text_of(item).partition(":")
            if find_date(rest):
                yield title.strip(), Cell(rest.strip(), (), struck_text(item))


def _items(element: Element) -> list[Element]:
    return list(element.iter("li")) or [element]


def _date(title: str, cell: Cell, year: int | None) -> ImportantDate | None:
    text = cell.text[:LONGEST_DATE_LINE]
    found = find_date(text)
    day = found.on(year) if found else None
    if found is None or day is None or not title:
        return None
    former = find_date(cell.struck)
    at, label = _deadline(text, found, day)
    return ImportantDate(
        id=named(title, "date"),
        title=title,
        day=day,
        at=at,
        zone_label=label,
        former_day=former.on(day.year) if former else None,
    )


def _deadline(text: str, found: FoundDate, day: date) -> tuple[datetime | None, str]:
    """The instant of a deadline with a time in AoE or UTC; other zones are only words."""
    zone = re.search(r"\b(AoE|UTC|GMT)\b", text, re.IGNORECASE)
    rest = text[found.span[1] :] if found.span[1] < len(text) else text[: found.span[0]]
    times = re.search(r"\d{1,2}[:.]\d{2}\s*(?:[ap]\.?m\.?)?|\d{1,2}\s*[ap]\.?m\b\.?|noon|midnight", rest, re.IGNORECASE)
    clock = read_clock(times.group()) if times else None
    if zone is None or (clock is None and zone[1].lower() != "aoe"):
        return None, ""
    label = "AoE" if zone[1].lower() == "aoe" else "UTC"
    midnight = datetime(day.year, day.month, day.day, tzinfo=ANYWHERE_ON_EARTH if label == "AoE" else UTC)
    return midnight + (clock if clock is not None else END_OF_DAY), label


def _venue(element: Element) -> Venue | None:
    """A name with an address below it, or a linked name alone."""
    said = lines(element)
    urls = [url for one in links_of(element) if (url := absolute(one.url))]
    if len(said) > 1 and re.search(r"\d|,", " ".join(said[1:])):
        return _with_city(Venue(name=said[0], address=", ".join(said[1:]), url=next(iter(urls), "")))
    if len(said) == 1 and HELD_AT.search(f"at {said[0]}"):
        return _with_city(Venue(name=said[0], url=next(iter(urls), "")))
    return None


def _with_city(venue: Venue) -> Venue:
    found = zone_of_places([venue.address, venue.name])
    return replace(venue, city=found[1]) if found else venue
