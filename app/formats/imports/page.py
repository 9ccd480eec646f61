"""A workshop's page: Jekyll, Markdown or HTML with a schedule in it."""

from __future__ import annotations

from collections.abc import Sequence

from app.domain.matching import plain
from app.domain.program import Person
from app.formats.imports.days import Calendar
from app.formats.imports.draft import Draft, DraftPerson
from app.formats.imports.page_facts import (
    first_lines,
    important_dates,
    lines_with_a_date,
    outer_links,
    places,
    room_of,
    venue_of,
    workshop_day,
    year_in,
    zone_said,
)
from app.formats.imports.page_people import people_in
from app.formats.imports.page_prose import pages_of
from app.formats.imports.page_source import PageSource, page_source
from app.formats.imports.page_tables import schedule_rows
from app.formats.imports.page_tree import Section, sections, text_of
from app.formats.imports.slugs import named
from app.formats.imports.source import Source

# Titles that say what sort of page it is, not of which workshop.
GENERAL = frozenset(
    {"schedule", "program", "programme", "agenda", "home", "about", "index", "timetable", "workshop schedule"}
)

PLACE_KEYS = ("address", "venue", "location", "place", "where", "city")


def read_page(source: Source) -> Draft:
    """The sessions of a page's tables, the people, dates and venue around them."""
    page = page_source(source)
    parts = sections(page.body)
    title = _title(page, parts, source)
    dates = important_dates(parts)
    day = workshop_day(dates, parts, title)
    year = source.calendar.year or (day.year if day else year_in(title))
    calendar = Calendar(year, source.calendar.first_day or day, source.notes)
    people = _people(parts, "speaker", "keynote", "panel", "presenter")
    rows, time_words = schedule_rows(parts, calendar, {plain(one.name): one for one in people})
    pages, description = pages_of(page.markdown)
    if day is not None and any(row.when.day is None for row in rows):
        source.notes.guessed(f"the day {day.isoformat()}, from the page's date")
    _say(source, people, parts)
    return Draft(
        form="page",
        rows=tuple(rows),
        title=title,
        description=description,
        language=page.matter.get("lang", ""),
        zone_words=f"{time_words} {zone_said(parts)}",
        places=(*_place_texts(page, parts), title),
        first_day=day,
        room=room_of(parts),
        people=people,
        organizers=tuple(_organizer(one) for one in _people(parts, "organi[sz]")),
        dates=dates,
        pages=pages,
        links=outer_links(parts),
        venue=venue_of(parts),
    )


def _title(page: PageSource, parts: Sequence[Section], source: Source) -> str:
    headings = [part.title for part in parts if part.level == 1]
    titles = [text_of(one) for one in page.body.iter("title")]
    candidates = [page.matter.get("title", ""), *headings, *titles, page.matter.get("description", "")]
    return next((title for title in candidates if title and plain(title) not in GENERAL), source.stem)


def _people(parts: Sequence[Section], *words: str) -> tuple[DraftPerson, ...]:
    return people_in(element for part in parts if part.says(*words) for element in part.elements)


def _organizer(person: DraftPerson) -> Person:
    return Person(
        id=named(person.name, "person"),
        name=person.name,
        affiliations=person.affiliations,
        url=person.url,
        biography=person.biography,
        links=person.links,
    )


def _place_texts(page: PageSource, parts: Sequence[Section]) -> list[str]:
    """Where its city may be named, the surest first."""
    venue = venue_of(parts)
    said = [page.matter[key] for key in PLACE_KEYS if key in page.matter]
    return [
        *([venue.address, venue.name] if venue else []),
        *said,
        *places(parts),
        *lines_with_a_date(parts),
        *first_lines(parts),
    ]


def _say(source: Source, people: Sequence[DraftPerson], parts: Sequence[Section]) -> None:
    if people:
        source.notes.took(f"{len(people)} speakers with what the page says of them")
    pictures = sum(1 for part in parts for element in part.elements for _ in element.iter("img"))
    if pictures:
        source.notes.left(f"{pictures} pictures")
