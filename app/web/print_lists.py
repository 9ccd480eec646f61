"""Lists of a day to print, on doors, programmes and badges, on sheets on which every text is measured to fit.

Units are those of `print_entries.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property, partial
from math import ceil

from app.domain.conference_day import by_day
from app.domain.program import Program, Room
from app.domain.session import Session
from app.formats.text_metrics import POINT_MM, REGULAR, largest_that_fits, line_count, truncated
from app.web import template_helpers
from app.web.print_entries import HAIRLINE, LINE_HEIGHT, RULE, Columns, Entry, Paper, best_size, ems, entry_of
from app.web.print_selection import ALL, Selection

# Titles stand whole, if need be on more pages. The lines of each other text, in order of preference; None: whole.
MOST_LINES = (None, 3, 2)
# On several pages there is space for these.
LINES_ON_PAGES = 3
# What a row needs at most beside its title: tag, people and room on so many lines each, the track, and the padding.
LINES_BESIDE_TITLE = 3 * LINES_ON_PAGES + 2
# The share of the signs of a run that have their heading in one size; a few long names must not make all small.
ALIKE = 0.9


@dataclass(frozen=True, kw_only=True)
class ListFormat:
    """How a list of sessions is set on its part of a sheet, between a head and a foot.

    Font sizes fall, from the largest in which a list of three rows looks well. ``padding_ems`` is the least space of a
    row above and below its text; `print.css` shares among the rows what a sheet has left. ``part`` is what the list
    takes of the sheet's width and of its height. ``times_and_gaps``, in ems, and the ``shares`` of what they leave are
    for a program with one room and for one with several; ``lines`` tells how many lines an entry takes.
    """

    sizes: Sequence[float]
    padding_ems: float
    part: float = 1
    margin: float
    head: float
    foot: float
    heading_sizes: Sequence[float]
    heading_height: float
    beside_heading: float
    times_and_gaps: tuple[float, float]
    shares: tuple[Columns, Columns]
    lines: Callable[[Entry, Columns], float]

    def width(self, paper: Paper) -> float:
        """The width inside the margins."""
        return paper.width * self.part - 2 * self.margin

    def height(self, paper: Paper) -> float:
        """The height that margins, head and foot leave to the list."""
        return paper.height * self.part - 2 * self.margin - self.head - self.foot - RULE


def _door_lines(entry: Entry, columns: Columns) -> float:
    """People and tag stand below the title, in smaller type."""
    below = line_count(entry.people_and_track, columns.people) + line_count(entry.tag, columns.people)
    return line_count(entry.title, columns.title) + 0.8 * below


def _programme_lines(entry: Entry, columns: Columns) -> float:
    """Title, people and room stand side by side, the track after the title."""
    title = line_count(f"{entry.title} {entry.track}", columns.title) + line_count(entry.tag, columns.title)
    room = line_count(entry.room, columns.room) if columns.room else 0
    return max(title, line_count(entry.people, columns.people), room)


def _badge_lines(entry: Entry, columns: Columns) -> float:
    """Title, people, room and tag are one text."""
    room = entry.room if columns.room else ""
    return line_count(f"{entry.title} {entry.people} {room} {entry.tag}", columns.title)


DOOR = ListFormat(
    sizes=(26, 24, 22, 20, 19, 18, 17, 16, 15, 14, 13, 12, 11, 10, 9),
    padding_ems=0.6,
    margin=15,
    head=54,
    foot=10,
    heading_sizes=(60, 52, 44, 36, 30, 24, 18, 14),
    heading_height=42,
    beside_heading=54,
    times_and_gaps=(8, 8),
    shares=(Columns(1, 1 / 0.8 / REGULAR),) * 2,
    lines=_door_lines,
)
PROGRAMME = ListFormat(
    sizes=(20, 19, 18, 17, 16, 15, 14, 13, 12, 11, 10.5, 10, 9.5, 9, 8.5, 8),
    padding_ems=0.5,
    margin=15,
    head=38,
    foot=10,
    heading_sizes=(40, 32, 26, 20, 16, 12),
    heading_height=20,
    beside_heading=40,
    times_and_gaps=(9, 10),
    shares=(Columns(0.68, 0.32 / REGULAR), Columns(0.5, 0.28 / REGULAR, 0.22 / REGULAR)),
    lines=_programme_lines,
)
BADGE = ListFormat(
    sizes=(12, 11, 10, 9.5, 9, 8.5, 8, 7.5, 7, 6.5, 6),
    padding_ems=0.4,
    part=1 / 2,
    margin=8,
    head=28,
    foot=5,
    heading_sizes=(16, 13, 11, 9, 7),
    heading_height=14,
    beside_heading=28,
    times_and_gaps=(4, 4),
    shares=(Columns(1, 1), Columns(1, 1, 1)),
    lines=_badge_lines,
)


@dataclass(frozen=True)
class Listing:
    """Sessions of a day under a heading, as one page of ``pages``; ``code`` is the path of its QR code."""

    heading: str
    heading_size: float
    where: str
    day: date
    entries: list[Entry]
    size: float
    code: str
    page: int = 1
    pages: int = 1


def listings(program: Program, paper: Paper, list_format: ListFormat, selection: Selection = ALL) -> list[Listing]:
    """The pages of each selected day that has sessions; door signs are for each room, others for all of it."""
    selected, made, is_door = selection.of(program), list[Listing](), list_format is DOOR
    # All rooms, so that a sign that is printed again is as it was.
    headings = _Headings([room.name for room in program.rooms] if is_door else [program.title], paper, list_format)
    for room in selection.rooms(program) if is_door else (selection.room,):
        sessions = by_day(program, selected.sessions_in(room.id) if room else selected.sessions)
        heading = headings.of(room.name if room and is_door else program.title)
        where = _where(program, paper, list_format, room)
        code = f"/rooms/{room.id}" if room else "/"
        for day in sorted(sessions):
            size, pages = _Typesetter(program, paper, list_format, sessions[day]).pages()
            made += [
                Listing(*heading, where, day, entries, size, code, page=number, pages=len(pages))
                for number, entries in enumerate(pages, start=1)
            ]
    return made


@dataclass(frozen=True)
class _Typesetter:
    """Sets a list of sessions in a format's type."""

    program: Program
    paper: Paper
    list_format: ListFormat
    sessions: Sequence[Session]

    def pages(self) -> tuple[float, list[list[Entry]]]:
        """The size of type, and the entries of each page.

        One page in the largest type that takes all texts whole, else all titles; else as few pages as the smallest
        type needs, about equally full, in the largest type for which these are enough.
        """
        for most_lines in MOST_LINES:
            size = largest_that_fits(self.list_format.sizes, partial(self._fits, most_lines=most_lines))
            if size is not None:
                return size, [self._entries(size, most_lines)]
        smallest = self.list_format.sizes[-1]
        fewest = len(self._filled(smallest))

        def suffices(size: float) -> bool:
            return self._is_within(size, fewest) and len(self._filled(size)) <= fewest and self._takes_rows(size)

        size = largest_that_fits(self.list_format.sizes, suffices) or smallest
        return size, self._evenly(size, fewest)

    @cached_property
    def _titles(self) -> list[str]:
        """The titles of the sessions, of which one is cut only where it alone, in the smallest type, fills a page."""
        size, height = self.list_format.sizes[-1], self.list_format.height(self.paper)
        most_lines = int(height / (LINE_HEIGHT * size * POINT_MM)) - LINES_BESIDE_TITLE
        return [truncated(one.title, self._columns(size).title, most_lines) for one in self.sessions]

    def _takes_rows(self, size: float) -> bool:
        """Whether each row fits a page."""
        return max(self._heights(self._entries(size, LINES_ON_PAGES), size)) <= self.list_format.height(self.paper)

    def _filled(self, size: float) -> list[list[Entry]]:
        """The entries on pages, each as full as it can be."""
        entries = self._entries(size, LINES_ON_PAGES)
        return _split(entries, self._heights(entries, size), self.list_format.height(self.paper))

    def _evenly(self, size: float, count: int) -> list[list[Entry]]:
        """The entries on so many pages, each filled to the lowest height, in whole millimetres, that is enough."""
        entries = self._entries(size, LINES_ON_PAGES)
        heights = self._heights(entries, size)
        tried = range(ceil(sum(heights) / count), ceil(self.list_format.height(self.paper)))
        evenly = (_split(entries, heights, height) for height in tried)
        return next((pages for pages in evenly if len(pages) <= count), self._filled(size))

    def _is_within(self, size: float, pages: int) -> bool:
        """Whether so many pages take the entries if each has one line: quickly told, before texts are measured."""
        line = (LINE_HEIGHT + self.list_format.padding_ems) * size * POINT_MM + HAIRLINE
        return len(self.sessions) * line <= pages * self.list_format.height(self.paper)

    def _columns(self, size: float) -> Columns:
        several = len(self.program.rooms) > 1
        rest = ems(self.list_format.width(self.paper), size) - self.list_format.times_and_gaps[several]
        return Columns(*(rest * share for share in self.list_format.shares[several]))

    def _entries(self, size: float, most_lines: int | None) -> list[Entry]:
        """The entries with at most so many lines for each text but the title; None: whole."""
        columns, texts = self._columns(size), zip(self.sessions, self._titles, strict=True)
        return [entry_of(self.program, session, title, columns, most_lines) for session, title in texts]

    def _heights(self, entries: Sequence[Entry], size: float) -> list[float]:
        columns, padding = self._columns(size), self.list_format.padding_ems
        lines = (self.list_format.lines(entry, columns) for entry in entries)
        return [(count * LINE_HEIGHT + padding) * size * POINT_MM + HAIRLINE for count in lines]

    def _fits(self, size: float, *, most_lines: int | None) -> bool:
        if not self._is_within(size, 1):
            return False
        heights = self._heights(self._entries(size, most_lines), size)
        return sum(heights) <= self.list_format.height(self.paper)


def _split(entries: Sequence[Entry], heights: Sequence[float], height: float) -> list[list[Entry]]:
    """The entries on pages, each of which is filled to a height in millimetres."""
    pages: list[list[Entry]] = []
    left = 0.0
    for entry, needed in zip(entries, heights, strict=True):
        if not pages or needed > left:
            pages.append([])
            left = height
        pages[-1].append(entry)
        left -= needed
    return pages


def _where(program: Program, paper: Paper, list_format: ListFormat, room: Room | None) -> str:
    """The room and the venue on one line beside the code; "" on a door, whose heading is the room."""
    if list_format is DOOR:
        return ""
    width = list_format.width(paper) - list_format.beside_heading
    venue = template_helpers.venue_text(program) if list_format is PROGRAMME else ""
    return truncated(", ".join(filter(None, (room.name if room else "", venue))), ems(width, 9), 1)


@dataclass(frozen=True)
class _Headings:
    """The headings of a run of sheets, in one size."""

    texts: Sequence[str]
    paper: Paper
    list_format: ListFormat

    @cached_property
    def size(self) -> float:
        """The largest size that nearly all headings have on their own."""
        own = sorted(map(self._own_size, self.texts), reverse=True)
        return own[ceil(len(own) * ALIKE) - 1]

    def of(self, text: str) -> tuple[str, float]:
        """A heading, cut where it fits in no size, and its font size."""
        size = min(self.size, self._own_size(text))
        return truncated(text, ems(self._width, size), self._most_lines(size)), size

    @property
    def _width(self) -> float:
        return self.list_format.width(self.paper) - self.list_format.beside_heading

    def _own_size(self, text: str) -> float:
        def fits(size: float) -> bool:
            return line_count(text, ems(self._width, size)) <= self._most_lines(size)

        return best_size(text, self._width, self.list_format.heading_sizes, fits)

    def _most_lines(self, size: float) -> int:
        return int(self.list_format.heading_height / (size * POINT_MM * LINE_HEIGHT))
