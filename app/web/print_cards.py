"""Cards to print, one for each session, four on a sheet, on which every text is measured to fit.

Units are those of `print_entries.py`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from app.domain.conference_day import conference_day
from app.domain.program import Program
from app.domain.session import Session
from app.formats.text_metrics import POINT_MM, REGULAR, line_count, names_that_fit, truncated
from app.web.print_entries import LINE_HEIGHT, Columns, Entry, Paper, best_size, ems, entry_of
from app.web.print_selection import ALL, Selection

QUARTERS = 4
CARD_SIZES = (28, 26, 24, 22, 20, 18, 16, 14, 12, 11, 10, 9)
# The height of a card's series, time and code with the spaces between, and the size of its small lines.
CARD_FRAME = 63
CARD_SMALL = 10


@dataclass(frozen=True)
class Card:
    """One session on a quarter of a sheet."""

    entry: Entry
    day: date
    size: float


def cards(program: Program, paper: Paper, selection: Selection = ALL) -> list[list[Card]]:
    """A card for each selected session, four on a sheet; for breaks and meals only where one is named."""
    sessions = selection.of(program).sessions
    made = [_card(program, paper, one) for one in sessions if selection.session or not one.is_break]
    return [made[first : first + QUARTERS] for first in range(0, len(made), QUARTERS)]


def short_title(program: Program, paper: Paper) -> str:
    """The program's title on one line of a card."""
    return truncated(program.title, ems(paper.width / 2 - 18, 9), 1)


def _card(program: Program, paper: Paper, session: Session) -> Card:
    """A card in the largest type that takes title and people whole; else the people are cut, then the title."""
    entry, width = entry_of(program, session, session.title, Columns(0, 0), None), paper.width / 2 - 18
    line = ems(width, CARD_SMALL)
    room, tag, track = truncated(entry.room, line, 2), truncated(entry.tag, line, 1), truncated(entry.track, line, 1)
    small = 1 + sum(line_count(text, line) for text in (room, tag, track))
    height = paper.height / 2 - 18 - CARD_FRAME - small * CARD_SMALL * POINT_MM * LINE_HEIGHT

    def columns(size: float) -> Columns:
        return Columns(ems(width, size), ems(width, size) / 0.75 / REGULAR)

    def fits(size: float) -> bool:
        title, people, _ = columns(size)
        lines = line_count(entry.title, title) + 0.75 * line_count(entry.people, people)
        return lines * LINE_HEIGHT * size * POINT_MM <= height

    size = best_size(entry.title, width, CARD_SIZES, fits)
    if not fits(size):
        entry = _fitted(
            entry,
            [person.name for person in program.speakers_of(session)],
            columns(size),
            height / (LINE_HEIGHT * size * POINT_MM),
        )
    return Card(replace(entry, room=room, tag=tag, track=track), conference_day(program, session.start), size)


def _fitted(entry: Entry, names: Sequence[str], columns: Columns, lines: float) -> Entry:
    """An entry whose title and people, three quarters as high, fill at most so many lines of the title."""
    title = truncated(entry.title, columns.title, int(lines - 0.75))
    left = int((lines - line_count(title, columns.title)) / 0.75)
    return replace(entry, title=title, people=names_that_fit(names, columns.people, left))
