"""What a page says of the whole program: its dates, its venue, its people, and its day.

It is on a day only where the text says so, since a page has other dates, too.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta, timezone
from itertools import chain, islice

from app.domain.ids import UniqueIds, slug_or_digest
from app.domain.program import ImportantDate, Venue
from app.domain.session import Link
from app.domain.session_matching import normalized
from app.importing.clean_text import absolute, link, one_line
from app.importing.dates import DateContext, FoundDate, find_date, read_date, weekday_beside
from app.importing.draft import DraftPerson
from app.importing.page_schedule import cells_of
from app.importing.page_tree import Element, Section, lines, links_of, struck_text, text_of
from app.importing.person_names import affiliations, looks_like_name, without_honorific
from app.importing.table_columns import Cell
from app.importing.time_zones import zone_of_all_times, zone_of_places
from app.importing.times_of_day import read_clock
from app.importing.vocabulary import any_of, by_name, lists, pattern

HEADINGS, LABELS = (lists(path, str.casefold) for path in ("pages.headings", "pages.labels"))
ANYWHERE_ON_EARTH = timezone(timedelta(hours=-12))
END_OF_DAY = timedelta(hours=23, minutes=59)
LONGEST_DATE_LINE = 300
LONGEST_LINE = 500
MOST_LINES = 1000
FIRST_LINES, LONGEST_FIRST_LINE = 5, 80
WORKSHOP = re.compile(
    rf"\b{pattern('pages.program_days')}\b(?!.*\b{pattern('pages.deadlines')}\b)",
    re.IGNORECASE,
)
LABELLED = re.compile(rf"\s*(?P<label>{any_of(by_name(LABELS))})\s*:\s*(?P<value>.+)", re.IGNORECASE)
_HOUSE = rf"(?P<name>(?:[A-Z][\w’'&.-]*\s+){{1,6}}{pattern('pages.houses')})\b"
HOUSE = re.compile(_HOUSE)
HELD_AT = re.compile(rf"\bat (?:the )?{_HOUSE}")
# In a line with a date commas stand where other lines have "at".
PARTS = re.compile(r"\s*[,;·•|]\s*|\s+[–—-]\s+")
NUMBERED_ROOM = re.compile(r"(?:meeting |lecture )?(?:room|hall|ballroom|auditorium)\s+\S{1,20}", re.IGNORECASE)
ROOM = re.compile(rf"\b{pattern('pages.rooms')}\b|^\d", re.IGNORECASE)
PLACE_WORDS = re.compile(rf"\b{pattern('pages.place_words')}\b", re.IGNORECASE)
USEFUL_LINK = re.compile(rf"\b{pattern('pages.useful_links')}\b", re.IGNORECASE)
YEAR = re.compile(r"\d{4}")
DEADLINE_ZONE = re.compile(r"\b(AoE|UTC|GMT)\b", re.IGNORECASE)
DEADLINE_TIME = re.compile(r"\d{1,2}[:.]\d{2}\s*(?:[ap]\.?m\.?)?|\d{1,2}\s*[ap]\.?m\b\.?|noon|midnight", re.IGNORECASE)


def zone_of_page(sections: Sequence[Section]) -> str:
    """The zone that a page names for all its times; "" where it names none."""
    return zone_of_all_times(islice(chain((section.title for section in sections), _lines(sections)), MOST_LINES))


def first_lines(sections: Sequence[Section]) -> list[str]:
    """The short lines at the beginning of a page: often its place is there without a label."""
    return [line for line in islice(_lines(sections[:2]), FIRST_LINES) if len(line) <= LONGEST_FIRST_LINE]


def important_dates(sections: Sequence[Section]) -> tuple[ImportantDate, ...]:
    """The dates of sections on dates, from their tables or lists; without a year they take the first one's."""
    about = (section for section in sections if section.is_about(*HEADINGS["dates"]))
    entries = [entry for section in about for entry in _date_entries(section)]
    found = (find_date(cell.text) for _, cell in entries)
    year = next((one.year for one in found if one and one.year), None)
    ids = UniqueIds()
    dates = filter(None, (_important_date(title, cell, year) for title, cell in entries))
    return tuple(replace(one, id=ids.reserve(one.id)) for one in dates)


def venue_of(sections: Sequence[Section]) -> Venue | None:
    """The venue: from its section, else from a labelled line, else from `at the … Center`."""
    elements = (element for section in sections if section.is_about(*HEADINGS["venue"]) for element in section.elements)
    if venue := next(filter(None, map(_venue, elements)), None):
        return venue
    for place in values_after(sections, LABELS["place"]):
        if not ROOM.search(place):
            return _with_city(Venue(name=place))
    matches = chain(map(HELD_AT.search, places(sections)), map(HOUSE.fullmatch, _parts_beside_a_date(sections)))
    return next((_with_city(Venue(name=" ".join(match["name"].split()))) for match in matches if match), None)


def room_of(sections: Sequence[Section]) -> str:
    """The only room of the program, from a labelled line, or beside a date; "" where none is named."""
    labelled = filter(ROOM.search, values_after(sections, (*LABELS["room"], *LABELS["place"])))
    beside = filter(NUMBERED_ROOM.fullmatch, _parts_beside_a_date(sections))
    return next(chain(labelled, beside), "")


def places(sections: Sequence[Section]) -> list[str]:
    """The lines in which the place may be named."""
    found: list[str] = []
    for section in sections:
        about = section.is_about(*HEADINGS["venue"], *HEADINGS["travel"])
        found.extend(line[:LONGEST_LINE] for line in section.lines if about or PLACE_WORDS.search(line))
    return found


def lines_with_a_date(sections: Sequence[Section]) -> list[str]:
    """The lines with a full date that is no deadline, and the ones below: `August 1, 2026 · Montréal`."""
    texts = list(lines_without_deadlines(sections))
    dated = [at for at, text in enumerate(texts) if YEAR.search(text) and find_date(text) is not None]
    return [text for at in dated for text in texts[at : at + 2]]


def useful_links(sections: Sequence[Section]) -> tuple[Link, ...]:
    """Links to register, to submit, or to watch."""
    found = chain.from_iterable(links_of(element.iter()) for section in sections for element in section.elements)
    links = (link(one.label.strip(" >»→"), one.url) for one in found if USEFUL_LINK.search(one.label))
    return tuple(dict.fromkeys(filter(None, links)))


def _lines(sections: Iterable[Section]) -> Iterator[str]:
    return chain.from_iterable(section.lines for section in sections)


def lines_without_deadlines(sections: Sequence[Section]) -> Iterator[str]:
    """The first lines outside the sections on dates and on calls."""
    others = (section for section in sections if not section.is_about(*HEADINGS["dates"], *HEADINGS["calls"]))
    return (line[:LONGEST_LINE] for line in islice(_lines(others), MOST_LINES))


def values_after(sections: Sequence[Section], labels: Sequence[str]) -> list[str]:
    """What stands after some labels, such as `Location:`, at the beginning of a line."""
    matches = (LABELLED.fullmatch(line[:LONGEST_LINE]) for line in _lines(sections))
    return [match["value"].strip() for match in matches if match and match["label"].casefold() in labels]


def _parts_beside_a_date(sections: Sequence[Section]) -> list[str]:
    return [part for line in lines_with_a_date(sections) for part in PARTS.split(line)]


def _date_entries(section: Section) -> Iterator[tuple[str, Cell]]:
    """Title and date of each entry, from table rows of two cells, or from lines divided by a colon."""
    for element in section.elements:
        tables = list(element.iter("table"))
        for row in chain.from_iterable(map(cells_of, tables)):
            if len(row) > 1:
                title, when = row[:2] if find_date(row[1].text) else row[1::-1]
                yield title.text.strip(" :"), when
        for item in [] if tables else list(element.iter("li")) or [element]:
            name, _, rest = text_of(item).partition(":")
            if find_date(rest):
                yield name.strip(), Cell(rest.strip(), struck=struck_text(item.iter()))


def _important_date(title: str, cell: Cell, year: int | None) -> ImportantDate | None:
    text = cell.text[:LONGEST_DATE_LINE]
    found = find_date(text)
    day = found.on(year) if found else None
    if found is None or day is None or not title:
        return None
    former = find_date(cell.struck)
    at, label = _deadline(text, found, day)
    return ImportantDate(
        id=slug_or_digest(title, "date"),
        title=title,
        day=day,
        at=at,
        zone_label=label,
        former_day=former.on(day.year) if former else None,
    )


def _deadline(text: str, found: FoundDate, day: date) -> tuple[datetime | None, str]:
    """The instant and the zone's name of a deadline with a time in UTC, or in AoE with or without a time."""
    zone = DEADLINE_ZONE.search(text)
    match = DEADLINE_TIME.search(text[found.span[1] :] or text[: found.span[0]])
    clock = read_clock(match.group()) if match else None
    if zone and zone[1].casefold() == "aoe":
        clock, tz, label = END_OF_DAY if clock is None else clock, ANYWHERE_ON_EARTH, "AoE"
    elif zone and clock is not None:
        tz, label = UTC, "UTC"
    else:
        return None, ""
    return datetime.combine(day, time(), tz) + clock, label


def _venue(element: Element) -> Venue | None:
    """A name with an address below it, or the name of a house alone."""
    name, *address = lines(element) or [""]
    url = next((url for one in links_of(element.iter()) if (url := absolute(one.url))), "")
    if re.search(r"\d|,", " ".join(address)):
        return _with_city(Venue(name=name, address=", ".join(address), url=url))
    if not address and HELD_AT.search(f"at {name}"):
        return _with_city(Venue(name=name, url=url))
    return None


def _with_city(venue: Venue) -> Venue:
    found = zone_of_places([venue.address, venue.name])
    return replace(venue, city=found[1]) if found else venue


CONFERENCE_YEAR = re.compile(r"\b20\d\d\b")
WRITTEN = re.compile(rf"\b{pattern('pages.written_words')}\b", re.IGNORECASE)
HELD = re.compile(rf"\b(?:{pattern('pages.held_words')}|{pattern('pages.program_days')})\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class PageDay:
    """The day of a page's program, the year of its dates, and an example of a day to ask with; None where not known."""

    day: date | None
    year: int | None
    likely: date | None


def day_of_page(
    title: str, important: Sequence[ImportantDate], sections: Sequence[Section], context: DateContext
) -> PageDay:
    """The day that the page says: as an important date, after `Date:`, in its title, a sentence, or a line alone."""
    lines = list(lines_without_deadlines(sections))
    years = _Years(context.year or year_in(title), context.published, [title, *lines])
    dated = [line for line in lines if find_date(line) and not context.tells_of_the_page(line)]
    said = [*values_after(sections, LABELS["day"]), title, *filter(HELD.search, dated)]
    alone = set(years.days(line for line in dated if context.is_day_line(line))) - {context.published}
    day = next((one.day for one in important if WORKSHOP.search(one.title)), None) or next(years.days(said), None)
    if day is None and len(alone) == 1:
        day = alone.pop()
    first = next(years.days(dated), None)
    likely = first or next(filter(None, (read_date(line, years.latest) for line in dated)), None)
    known = day or first
    return PageDay(day, years.year or (known.year if known else None), likely)


def published_on(stated: str, sections: Sequence[Section]) -> date | None:
    """When the page was written, by its front matter or a line such as `Posted on May 3, 2025`."""
    lines = filter(WRITTEN.search, lines_without_deadlines(sections))
    return next(filter(None, map(read_date, (stated, *lines))), None)


def year_in(title: str) -> int | None:
    """The year of a title such as "Summer School 2025"; None where it has none or several."""
    years = set(CONFERENCE_YEAR.findall(title))
    return int(years.pop()) if len(years) == 1 else None


class _Years:
    """The year of dates that have none: the page's; else the first after its publication, or the one of the weekday."""

    def __init__(self, year: int | None, published: date | None, texts: Iterable[str]) -> None:
        self.year = year
        self._published = published
        self._named = sorted({int(found) for text in texts for found in CONFERENCE_YEAR.findall(text)})
        self.latest = max(self._named, default=None)

    def days(self, texts: Iterable[str]) -> Iterator[date]:
        """The days that some texts name, as far as their years are known."""
        found = (self._on(one, text) for text in texts if (one := find_date(text)) is not None)
        return filter(None, found)

    def _on(self, found: FoundDate, text: str) -> date | None:
        if found.year or self.year:
            return found.on(self.year)
        if self._published is not None:
            this, following = (found.on(self._published.year + more) for more in (0, 1))
            return this if this is not None and this >= self._published - timedelta(days=1) else following
        weekday = weekday_beside(text, found.span)
        days = [day for year in self._named if (day := found.on(year)) is not None and day.weekday() == weekday]
        return days[0] if len(days) == 1 else None


# A name stands in one of these; where none holds a name, in a small heading.
NAME_TAGS = ("a", "b", "strong")
SMALL_HEADINGS = ("h5", "h6", "figcaption", "dt")
CARD_TAGS = ("div", "li", "td", "figure", "article", "section", "p", "dd")
LONGEST_PLACE = 120
FEWEST_WORDS_OF_PROSE = 8
MOST_PEOPLE = 1000


def people_in(elements: Iterable[Element]) -> tuple[DraftPerson, ...]:
    """The people whose names stand out in some elements, each once, in order."""
    found: dict[str, DraftPerson] = {}
    for element in elements:
        standing_out, in_headings = (islice(_names(element, tags), MOST_PEOPLE) for tags in (NAME_TAGS, SMALL_HEADINGS))
        names = dict.fromkeys(standing_out) or dict.fromkeys(in_headings)
        for name in names:
            person = _person(name, names)
            found.setdefault(normalized(person.name), person)
    return tuple(found.values())


def _names(element: Element, tags: tuple[str, ...]) -> Iterator[Element]:
    """The outermost elements of some tags whose whole text is a name."""
    named = {one: None for one in element.iter(*tags) if looks_like_name(text_of(one))}
    return (one for one in named if not any(parent in named for parent in one.iterancestors(*tags)))


def _person(element: Element, names: Container[Element]) -> DraftPerson:
    """The person of the card around a name."""
    card = _card(element, names)
    name = text_of(element)
    texts = [line for line in lines(card) if normalized(line) != normalized(name)]
    prose = [line for line in texts if len(line.split()) >= FEWEST_WORDS_OF_PROSE]
    places = (_place(line, name) for line in texts if line not in prose)
    return DraftPerson(
        name=without_honorific(name),
        anchor=next((one_line(one.get("id")) for one in card.iter() if one.get("id")), ""),
        affiliations=tuple(dict.fromkeys(one for place in places for one in affiliations(place))),
        url=_url(element, card),
        biography=" ".join(prose),
    )


def _card(element: Element, names: Container[Element]) -> Element:
    """The largest element around a name with nobody else's name in it."""
    card = element
    for parent in element.iterancestors(*CARD_TAGS):
        if any(one in names and one is not element for one in parent.iter()):
            break
        card = parent
    return card


def _url(element: Element, card: Element) -> str:
    """Where the name leads; else the card's first link, pictures' included."""
    links = (*element.iter("a"), *element.iterancestors("a"), *card.iter("a"))
    return next((url for one in links if (url := absolute(one.get("href", "")))), "")


def _place(line: str, name: str) -> str:
    """An affiliation, without the name it may stand behind: `Ann Lee (MIT)`, `Ann Lee, MIT`."""
    rest = line.removeprefix(name).strip(" ,;:–—-")
    bare = re.sub(r"^\((.*)\)$", r"\1", rest).strip()
    return bare if 1 < len(bare) <= LONGEST_PLACE and any(map(str.isupper, bare)) else ""
