"""A workshop's page: Jekyll, Markdown or HTML with a schedule in it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from app.domain.ids import UniqueIds, slug_or_digest
from app.domain.program import Page, Venue
from app.domain.session_matching import normalized
from app.importing import page_metadata
from app.importing.clean_text import block, one_line
from app.importing.draft import Draft, DraftPerson
from app.importing.json_yaml_data import text_of as field_of
from app.importing.page_schedule import schedule_sessions
from app.importing.page_tree import PageSource, Section, page_source, sections, text_of
from app.importing.record_lists import sessions_in
from app.importing.report import counted
from app.importing.source import Source
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
    title = _title(page, parts)
    dates = page_metadata.important_dates(parts)
    context = replace(source.dates, published=page_metadata.published_on(field_of(page.matter, "date"), parts))
    found_day = page_metadata.day_of_page(title, dates, parts, context)
    day = found_day.day
    context = replace(context, year=context.year or found_day.year, first_day=context.first_day or day)
    people = _people(parts, page_metadata.HEADINGS["speakers"])
    found, time_texts = schedule_sessions(parts, context, {normalized(one.name): one for one in people})
    found = found or list(sessions_in(page.matter, replace(source, dates=context)))
    pages, description = pages_of(page.markdown)
    venue = page_metadata.venue_of(parts)
    if day is not None and any(session.time.day is None for session in found):
        source.report.guessed(f"the day {day.isoformat()}, from the page's date", better="--date")
    draft = Draft(
        format="page",
        sessions=tuple(found),
        title=title,
        description=description,
        language=field_of(page.matter, "lang"),
        zone_text=f"{time_texts} {page_metadata.zone_of_page(parts)}",
        places=(*_places(page, parts, venue), title),
        first_day=day,
        likely_day=found_day.likely,
        room=page_metadata.room_of(parts),
        people=people,
        organizers=_people(parts, page_metadata.HEADINGS["organizers"]),
        dates=dates,
        pages=pages,
        links=page_metadata.useful_links(parts),
        venue=venue,
    )
    _report(draft, page, source)
    return draft


def _report(draft: Draft, page: PageSource, source: Source) -> None:
    """Report what is taken beside the sessions, and the pictures, which are left."""
    if pictures := list(page.body.iter("img")):
        source.report.left(counted(len(pictures), "picture"))
    found = {
        "speaker": draft.people,
        "organizer": draft.organizers,
        "important date": draft.dates,
        "page": draft.pages,
        "link": draft.links,
    }
    for noun, of_them in found.items():
        if of_them:
            source.report.took(counted(len(of_them), noun))
    if draft.venue is not None:
        source.report.took("the venue", draft.venue.name)


def _title(page: PageSource, parts: Sequence[Section]) -> str:
    headings = [part.title for part in parts if part.level == 1]
    titles = [text_of(one) for one in page.body.iter("title")]
    candidates = [field_of(page.matter, "title"), *headings, *titles, field_of(page.matter, "description")]
    return next((title for title in candidates if title and normalized(title) not in GENERAL_TITLES), "")


def _people(parts: Sequence[Section], headings: Sequence[str]) -> tuple[DraftPerson, ...]:
    return page_metadata.people_in(element for part in parts if part.is_about(*headings) for element in part.elements)


def _places(page: PageSource, parts: Sequence[Section], venue: Venue | None) -> list[str]:
    """Where the city may be named, the likeliest first."""
    return [
        *((venue.address, venue.name) if venue else ()),
        *(field_of(page.matter, key) for key in PLACE_KEYS),
        *page_metadata.places(parts),
        *page_metadata.lines_with_a_date(parts),
        *page_metadata.first_lines(parts),
    ]


def pages_of(markdown: str) -> tuple[tuple[Page, ...], str]:
    """The pages of text in a page, one for each section of prose; and its first paragraph."""
    parts = [part for part in _parts(markdown) if not HIDING.search(part[2])]
    intro = block("\n\n".join(body for level, _, body in parts if level <= 1))
    below = [(title, block(body)) for level, title, body in parts if level > 1 and not TAKEN.search(title)]
    texts = [(title, body) for title, body in (("About", intro), *below) if _is_prose(body)]
    ids = UniqueIds()
    pages = (
        Page(slug=ids.reserve(slug_or_digest(title, "page")), title=title, body=body, order=order)
        for order, (title, body) in enumerate(texts[:MOST_PAGES])
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
