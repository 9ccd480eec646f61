"""Cards to print, one for each session, four on a sheet, on which every text is measured to fit.

Units are those of `print_entries.py`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from app.domain.conference_day import conference_day
from app.domain.program import Program
from app.domain.session import Session
from app.formats.text_metrics import POINT_MM, line_count, truncated
from app.web.print_entries import LINE_HEIGHT, Columns, Entry, Paper, ems, entry_of, fitted_text
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

    names = [person.name for person in program.speakers_of(session)]
    text = fitted_text(entry.title, names, (width, height), CARD_SIZES)
    entry = replace(entry, title=text.title, people=text.people, room=room, tag=tag, track=track)
    return Card(entry, conference_day(program, session.start), text.size)
