"""What lists and cards to print have in common: paper sizes, texts cut to their space, the largest type that fits.

Lengths are in millimetres, font sizes in points, widths of text in ems of its font size.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from app.domain.program import Program
from app.domain.session import Session
from app.formats.text_metrics import (
    POINT_MM,
    REGULAR,
    largest_that_fits,
    line_count,
    longest_word,
    names_that_fit,
    truncated,
)
from app.web import template_helpers

# In ems of the type, for every line on paper; `print.css` has it as `--line-height`. It is more than the height of
# the glyphs of the fonts that browsers print with, 1.15 in Liberation Sans and 1.164 in DejaVu Sans.
LINE_HEIGHT = 1.25
# Between rows, and above a list; `print.css` has both.
HAIRLINE, RULE = 0.25, 0.8
# The size of names below a title, of the title's.
SMALLER = 0.75


@dataclass(frozen=True)
class Paper:
    """The size of a sheet of paper."""

    name: str
    label: str
    width: float
    height: float


PAPERS = {"a4": Paper("a4", "A4", 210, 297), "letter": Paper("letter", "Letter", 215.9, 279.4)}


@dataclass(frozen=True)
class Entry:
    """A session as it is printed: its texts, shortened where they would not fit."""

    session: Session
    title: str
    people: str
    room: str
    tag: str = ""
    track: str = ""

    @property
    def people_and_track(self) -> str:
        """Both as one text, as `templates/print_parts.html` writes them on a line of a door: it is measured here."""
        return " · ".join(filter(None, (self.people, self.track)))


class Columns(NamedTuple):
    """The widths of title, people and room, or their shares of a list's width; 0: there is no such column."""

    title: float
    people: float
    room: float = 0


def ems(length: float, size: float) -> float:
    """A length in ems of a font size."""
    return length / (size * POINT_MM)


def entry_of(program: Program, session: Session, title: str, columns: Columns, most_lines: int | None) -> Entry:
    """A session with at most so many lines for each text but the title, which is given; None: whole."""
    names = [person.name for person in program.speakers_of(session)]
    room, tag = program.room_name(session.room), template_helpers.status_text(program, session)
    track = session.track if program.track_color(session) else ""
    if most_lines is None:
        return Entry(session, title, ", ".join(names), room, tag, track)
    return Entry(
        session,
        title,
        names_that_fit(names, columns.people, most_lines),
        truncated(room, columns.room, most_lines) if columns.room else room,
        truncated(tag, columns.title, most_lines),
        truncated(track, columns.people, 1),
    )


def best_size(text: str, width: float, sizes: Sequence[float], fits: Callable[[float], bool]) -> float:
    """The largest size that fits and breaks no word of a text; else the largest that fits; else the smallest."""
    unbroken = largest_that_fits(sizes, lambda size: fits(size) and longest_word(text) <= ems(width, size))
    return unbroken or largest_that_fits(sizes, fits) or sizes[-1]


class FittedText(NamedTuple):
    """A title and names below it, three quarters as large, cut where even the smallest type would not take them."""

    title: str
    people: str
    size: float


def fitted_text(title: str, names: Sequence[str], space: tuple[float, float], sizes: Sequence[float]) -> FittedText:
    """Both in the largest type that takes them whole in a width and a height; else names are cut, then the title."""
    width, height = space
    people = ", ".join(names)

    def lines(size: float) -> float:
        return line_count(title, ems(width, size)) + SMALLER * line_count(people, _people_width(width, size))

    def fits(size: float) -> bool:
        return lines(size) * LINE_HEIGHT * size * POINT_MM <= height

    size = best_size(title, width, sizes, fits)
    return FittedText(title, people, size) if fits(size) else _cut(title, names, space, size)


def _people_width(width: float, size: float) -> float:
    """A width in ems of the names' type, which is regular."""
    return ems(width, size) / SMALLER / REGULAR


def _cut(title: str, names: Sequence[str], space: tuple[float, float], size: float) -> FittedText:
    width, lines = ems(space[0], size), space[1] / (LINE_HEIGHT * size * POINT_MM)
    shown = truncated(title, width, int(lines - SMALLER))
    left = int((lines - line_count(shown, width)) / SMALLER)
    return FittedText(shown, names_that_fit(names, _people_width(space[0], size), left), size)
