"""The prose of a Markdown page: sections that are no schedule, people or dates become pages."""

from __future__ import annotations

import re

from app.domain.program import Page
from app.formats.imports.slugs import Ids, named
from app.formats.imports.text import block, one_line

HEADING = re.compile(r"^(?P<marks>#{1,6})[ \t]+(?P<title>.+?)[ \t#]*$", re.MULTILINE)
TAKEN = re.compile(
    r"\b(?:schedule|program(?:me)?|agenda|timetable|speakers?|panelists?|organi[sz]ers?|dates|venue|location)\b",
    re.IGNORECASE,
)
# Markup that hides something, and lines of a schedule: such a part is no page.
HIDING = re.compile(
    r"<(?:script|style|template|noscript)\b|<[^<>]{0,300}?(?:\bhidden\b|display\s*:\s*none)", re.IGNORECASE
)
TIMED_LINE = re.compile(r"^[\s|*-]*\d{1,2}[:h.]\d{2}\b|<td>\s*\d{1,2}[:h.]\d{2}\b", re.MULTILINE)
FEWEST_TIMES = 2
FEWEST_WORDS = 12
MOST_PAGES = 50


def pages_of(markdown: str) -> tuple[tuple[Page, ...], str]:
    """The pages, and the first paragraph before any of them."""
    parts = [part for part in _parts(markdown) if not HIDING.search(part[2])]
    intro = block("\n\n".join(body for level, _, body in parts if level <= 1))
    ids = Ids()
    pages = [Page(slug=ids.give("about"), title="About", body=intro, order=0)] if _is_prose(intro) else []
    for level, title, body in parts:
        if level > 1 and not TAKEN.search(title) and _is_prose(body) and len(pages) < MOST_PAGES:
            pages.append(Page(slug=ids.give(named(title, "page")), title=title, body=block(body), order=len(pages)))
    return tuple(pages), _first_paragraph(intro)


def _is_prose(text: str) -> bool:
    return len(text.split()) >= FEWEST_WORDS and len(TIMED_LINE.findall(text)) < FEWEST_TIMES


def _parts(markdown: str) -> list[tuple[int, str, str]]:
    """Level, title and body of each part under a heading of level 1 or 2; deeper ones stay in its body."""
    heads = [match for match in HEADING.finditer(markdown) if len(match["marks"]) <= len("##")]
    first = markdown[: heads[0].start()] if heads else markdown
    ends = [*(match.start() for match in heads[1:]), len(markdown)]
    parts = [
        (len(match["marks"]), one_line(re.sub(r"[*_`]", "", match["title"])), markdown[match.end() : end])
        for match, end in zip(heads, ends, strict=False)
    ]
    return [(0, "", first), *parts]


def _first_paragraph(text: str) -> str:
    paragraph = next((part for part in text.split("\n\n") if part[:1].isalnum()), "")
    return one_line(re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", paragraph))
