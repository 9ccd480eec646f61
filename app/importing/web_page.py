"""A workshop's page: Jekyll, Markdown or HTML with a schedule in it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice

from app.domain.program import Page, Person, Venue
from app.domain.session_matching import normalized
from app.formats.slugs import UniqueIds, slug_or_digest
from app.importing import page_metadata
from app.importing.clean_text import block, one_line
from app.importing.dates_and_times import DateContext, leading_span, read_span
from app.importing.draft import Draft, DraftSession, DraftTime
from app.importing.page_tree import Element, PageSource, Section, cell_of, cells_of, page_source, sections, text_of
from app.importing.report import counted
from app.importing.session_cells import KnownPeople, read_cell
from app.importing.session_times import with_afternoons
from app.importing.source import Source
from app.importing.table_columns import Cell, Table, guessed_headers, text_across, times_column
from app.importing.table_rows import read_table
from app.importing.vocabulary import name_set, pattern

GENERAL_TITLES = name_set("pages.general_titles")
PLACE_KEYS = ("address", "venue", "location", "place", "where", "city")
HEADING = re.compile(r"^(?P<marks>#{1,6})[ \t]+(?P<title>.+?)[ \t#]*$", re.MULTILINE)
DEEPEST_HEADING = 2
TAKEN = re.compile(rf"\b{pattern('pages.taken_sections')}\b", re.IGNORECASE)
# A part that hides something, or has lines of a schedule, becomes no page.
HIDING = re.compile(
    r"<(?:script|style|template|noscript)\b|<[^<>]{0,300}?(?:\bhidden\b|display\s*:\s*none)", re.IGNORECASE
)
TIMED_LINE = re.compile(r"^[\s|*-]*\d{1,2}[:h.]\d{2}\b|<td>\s*\d{1,2}[:h.]\d{2}\b", re.MULTILINE)
FEWEST_TIMES = 2
FEWEST_WORDS = 12
MOST_PAGES = 50


def read_page(source: Source) -> Draft:
    """The sessions of a page's tables, the people, dates and venue around them."""
    page = page_source(source)
    parts = sections(page.body)
    title = _title(page, parts, source)
    dates = page_metadata.important_dates(parts)
    day = page_metadata.workshop_day(dates, parts, title)
    year = source.dates.year or (day.year if day else page_metadata.year_in(title))
    context = replace(source.dates, year=year, first_day=source.dates.first_day or day)
    people = _people(parts, page_metadata.HEADINGS["speakers"])
    found, time_texts = _schedule_sessions(parts, context, {normalized(one.name): one.id for one in people})
    pages, description = pages_of(page.markdown)
    venue = page_metadata.venue_of(parts)
    if day is not None and any(session.time.day is None for session in found):
        source.report.guessed(f"the day {day.isoformat()}, from the page's date")
    _report(source, people, parts)
    return Draft(
        format="page",
        sessions=tuple(found),
        title=title,
        description=description,
        language=page.matter.get("lang", ""),
        zone_text=f"{time_texts} {page_metadata.zone_of_all_times(parts)}",
        places=(*_places(page, parts, venue), title),
        first_day=day,
        room=page_metadata.room_of(parts),
        people=people,
        organizers=_people(parts, page_metadata.HEADINGS["organizers"]),
        dates=dates,
        pages=pages,
        links=page_metadata.useful_links(parts),
        venue=venue,
    )


def _title(page: PageSource, parts: Sequence[Section], source: Source) -> str:
    headings = [part.title for part in parts if part.level == 1]
    titles = [text_of(one) for one in page.body.iter("title")]
    candidates = [page.matter.get("title", ""), *headings, *titles, page.matter.get("description", "")]
    return next((title for title in candidates if title and normalized(title) not in GENERAL_TITLES), source.stem)


def _people(parts: Sequence[Section], headings: Sequence[str]) -> tuple[Person, ...]:
    return page_metadata.people_in(element for part in parts if part.is_about(*headings) for element in part.elements)


def _places(page: PageSource, parts: Sequence[Section], venue: Venue | None) -> list[str]:
    """Where the city may be named, the likeliest first."""
    return [
        *((venue.address, venue.name) if venue else ()),
        *(page.matter[key] for key in PLACE_KEYS if key in page.matter),
        *page_metadata.places(parts),
        *page_metadata.lines_with_a_date(parts),
        *page_metadata.first_lines(parts),
    ]


def _report(source: Source, people: Sequence[Person], parts: Sequence[Section]) -> None:
    if people:
        source.report.took(f"{counted(len(people), 'speaker')} with what the page says of them")
    pictures = sum(1 for part in parts for element in part.elements for _ in element.iter("img"))
    if pictures:
        source.report.left(counted(pictures, "picture"))


MOST_TABLES = 200
FEWEST_LISTED = 3
FEW_CELLS = 5
LONGEST_LEAD = 200


def _schedule_sessions(
    sections: Sequence[Section], dates: DateContext, known: KnownPeople
) -> tuple[list[DraftSession], str]:
    """The sessions of all tables with times, else of lists with times; and the texts of the tables' times."""
    sessions: list[DraftSession] = []
    texts: list[str] = []
    for element, lead in islice(_tables(sections), MOST_TABLES):
        table = _table(cells_of(element), lead)
        times = times_column(table)
        if times is not None:
            sessions.extend(read_table(table, dates, known))
            # A zone stands beside the column's name, or beside the times.
            texts += [times, *table.sample(times)[:FEW_CELLS]]
    return (sessions, " ".join(texts)) if sessions else (_listed(sections, dates, known), "")


def _tables(sections: Sequence[Section]) -> Iterator[tuple[Element, tuple[str, ...]]]:
    """Each table of the page, with the texts above it, the nearest first: caption, paragraphs, heading."""
    for section in sections:
        lead: list[str] = [section.title]
        for element in section.elements:
            tables = list(element.iter("table"))
            for table in tables:
                captions = [text_of(caption)[:LONGEST_LEAD] for caption in table.findall("caption")[:1]]
                yield table, (*captions, *reversed(lead))
            if not tables:
                lead.append(text_of(element)[:LONGEST_LEAD])


def _table(grid: list[list[Cell]], lead: tuple[str, ...]) -> Table:
    """Cells with the names in the first rows, unless there is a time in them."""
    grid = [row for row in grid if any(cell.text for cell in row)]
    if not grid:
        return Table((), ())
    width = max(map(len, grid))
    if any(read_span(cell.text) for cell in grid[0]) or text_across(grid[0]):
        names, body = guessed_headers([[cell.text for cell in row] for row in grid]), grid
    else:
        rows = _header_rows(grid)
        names, body = [cell.text for cell in grid[rows - 1]], grid[rows:]
    names += [""] * (width - len(names))
    return Table.of([name or f"column {at}" for at, name in enumerate(names, start=1)], body, lead)


def _header_rows(grid: list[list[Cell]]) -> int:
    """How many rows hold names: a cell that spans the first and the next row makes that one of them, too."""
    rows = 1
    while rows < len(grid) and any(cell.text and cell is one for cell, one in zip(grid[rows], grid[0], strict=False)):
        rows += 1
    return rows


def _listed(sections: Sequence[Section], dates: DateContext, known: KnownPeople) -> list[DraftSession]:
    """Sessions from lines that begin with a time, when there are a few of them: `9:00 – 9:15: Opening`."""
    sessions: list[DraftSession] = []
    for section in sections:
        day = dates.day(section.title)
        for element in section.elements:
            cell = cell_of(element)
            for span, title in filter(None, map(leading_span, cell.lines)):
                if title:
                    session = read_cell(replace(cell, text=title), known)
                    time = DraftTime(day=day, clock=span.start, end_clock=span.end)
                    sessions.append(replace(session, time=time, links=None))
    return with_afternoons(sessions, dates.report) if len(sessions) >= FEWEST_LISTED else []


def pages_of(markdown: str) -> tuple[tuple[Page, ...], str]:
    """The pages of text in a page, one for each section of prose; and its first paragraph."""
    parts = [part for part in _parts(markdown) if not HIDING.search(part[2])]
    intro = block("\n\n".join(body for level, _, body in parts if level <= 1))
    texts = [("about", "About", intro)] if _is_prose(intro) else []
    for level, title, body in parts:
        if level > 1 and not TAKEN.search(title) and _is_prose(body):
            texts.append((slug_or_digest(title, "page"), title, block(body)))
    ids = UniqueIds()
    pages = (
        Page(slug=ids.reserve(name), title=title, body=body, order=order)
        for order, (name, title, body) in enumerate(texts[:MOST_PAGES])
    )
    return tuple(pages), _first_paragraph(intro)


def _is_prose(text: str) -> bool:
    return len(text.split()) >= FEWEST_WORDS and len(TIMED_LINE.findall(text)) < FEWEST_TIMES


def _parts(markdown: str) -> list[tuple[int, str, str]]:
    """Level, title and body of each part under a heading of level 1 or 2; deeper ones stay in its body."""
    heads = [match for match in HEADING.finditer(markdown) if len(match["marks"]) <= DEEPEST_HEADING]
    starts = [match.start() for match in heads] + [len(markdown)]
    parts = [(0, "", markdown[: starts[0]])]
    for match, end in zip(heads, starts[1:], strict=True):
        title = one_line(re.sub(r"[*_`]", "", match["title"]))
        parts.append((len(match["marks"]), title, markdown[match.end() : end]))
    return parts


def _first_paragraph(text: str) -> str:
    paragraph = next((part for part in text.split("\n\n") if part[:1].isalnum()), "")
    return one_line(re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", paragraph))
