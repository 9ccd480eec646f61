"""What is printed, as sheets with all that stands on each: nothing is left to the browser's luck.

Lengths are in millimetres, sizes of type in points.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial

from app.domain.edits import conference_day
from app.domain.program import Program, Room
from app.domain.session import Session
from app.web import fitting, present
from app.web.fitting import POINT_MM, REGULAR
from app.web.paper import BADGE, DOOR, LINE, PROGRAMME, Columns, Entry, Form, Paper

# Nobody looks up a break on a card.
NOT_ON_CARDS = frozenset({"break", "lunch", "social"})
COPIES = 4
# First all texts whole, then each in so many lines: small type is better than a cut text, a cut one than a second page.
MOST_LINES = (None, 3, 2)


@dataclass(frozen=True)
class Listing:
    """Sessions of a day under a heading, as one page of ``pages``; ``code`` is the path of its code."""

    heading: str
    heading_size: float
    day: date
    entries: tuple[Entry, ...]
    size: float
    code: str
    page: int = 1
    pages: int = 1


@dataclass(frozen=True)
class Card:
    """One session on a quarter of a sheet."""

    entry: Entry
    day: date
    size: float


def doors(program: Program, paper: Paper, rooms: Sequence[Room], days: Sequence[date]) -> list[Listing]:
    """A sign for each room and day on which something is on there."""
    signs: list[Listing] = []
    for room in rooms:
        heading = _heading(room.name, paper.width - 30 - 54, 46, (60, 52, 44, 36, 30, 24, 18, 14))
        for day in days:
            sessions = [one for one in program.sessions_in(room.id) if conference_day(program, one.start) == day]
            signs += _listings(program, paper, DOOR, sessions, Listing(*heading, day, (), 0, f"/rooms/{room.id}"))
    return signs


def programmes(program: Program, paper: Paper, days: Sequence[date]) -> list[Listing]:
    """The programme of each day, on one page wherever type of seven points can do it."""
    heading = _heading(program.title, paper.width - 30 - 40, 20, (40, 32, 26, 20, 16, 12))
    return _by_day(program, paper, PROGRAMME, days, heading)


def badges(program: Program, paper: Paper, days: Sequence[date]) -> list[Listing]:
    """The agenda of each day; a sheet holds four copies of each page."""
    heading = _heading(program.title, paper.width / 2 - 16 - 28, 14, (16, 13, 11, 9, 7))
    return _by_day(program, paper, BADGE, days, heading)


def cards(program: Program, paper: Paper, sessions: Sequence[Session]) -> list[tuple[Card, ...]]:
    """A card for each session, four on a sheet."""
    made = [_card(program, paper, session) for session in sessions]
    return [tuple(made[first : first + COPIES]) for first in range(0, len(made), COPIES)]


def short_title(program: Program, paper: Paper) -> str:
    """The program's title on one line of a card."""
    return fitting.shortened(program.title, (paper.width / 2 - 18) / (9 * POINT_MM), 1)


def where(program: Program, paper: Paper) -> str:
    """The venue on one line of the programme."""
    venue = ", ".join(filter(None, (program.venue.name, program.venue.city))) if program.venue else ""
    return fitting.shortened(venue, (paper.width - 30 - 40) / (9 * POINT_MM), 1)


def on_cards(program: Program) -> list[Session]:
    """The sessions that get a card: all but breaks and meals."""
    return [session for session in program.sessions if session.kind not in NOT_ON_CARDS]


def days_of(program: Program) -> list[date]:
    """The days on which something is on; a night belongs to the evening before."""
    return sorted({conference_day(program, session.start) for session in program.sessions})


def _by_day(
    program: Program, paper: Paper, form: Form, days: Sequence[date], heading: tuple[str, float]
) -> list[Listing]:
    listings: list[Listing] = []
    for day in days:
        sessions = [one for one in program.sessions if conference_day(program, one.start) == day]
        listings += _listings(program, paper, form, sessions, Listing(*heading, day, (), 0, "/"))
    return listings


def _listings(
    program: Program, paper: Paper, form: Form, sessions: Sequence[Session], blank: Listing
) -> Iterator[Listing]:
    """One page in the largest type that takes all whole; else shortened; else several in the smallest."""
    if not sessions:
        return
    setting = _Setting(program, paper, form, sessions)
    for most_lines in MOST_LINES:
        size = fitting.largest(form.sizes, partial(setting.fits, most_lines=most_lines))
        if size is not None:
            yield replace(blank, entries=tuple(setting.entries(size, most_lines)), size=size)
            return
    size = form.sizes[-1]
    entries = setting.entries(size, MOST_LINES[-1])
    pages = _split(entries, setting.heights(entries, size), form.area(paper)[1])
    for number, page in enumerate(pages, start=1):
        yield replace(blank, entries=tuple(page), size=size, page=number, pages=len(pages))


@dataclass(frozen=True)
class _Setting:
    """Sessions to be set in a form's type, in whichever size."""

    program: Program
    paper: Paper
    form: Form
    sessions: Sequence[Session]

    def columns(self, size: float) -> Columns:
        return self.form.columns(self.form.area(self.paper)[0] / (size * POINT_MM), len(self.program.rooms) > 1)

    def entries(self, size: float, most_lines: int | None) -> list[Entry]:
        """The texts in at most so many lines each; None: whole."""
        columns = self.columns(size)
        return [_entry(self.program, session, columns, most_lines) for session in self.sessions]

    def heights(self, entries: Sequence[Entry], size: float) -> list[float]:
        """In millimetres."""
        columns, em = self.columns(size), size * POINT_MM
        return [(self.form.height_ems(one, columns) + self.form.padding_ems) * em for one in entries]

    def fits(self, size: float, *, most_lines: int | None) -> bool:
        return sum(self.heights(self.entries(size, most_lines), size)) <= self.form.area(self.paper)[1]


def _split(entries: Sequence[Entry], heights: Sequence[float], height: float) -> list[list[Entry]]:
    pages: list[list[Entry]] = []
    left = 0.0
    for entry, needed in zip(entries, heights, strict=True):
        if not pages or needed > left:
            pages.append([])
            left = height
        pages[-1].append(entry)
        left -= needed
    return pages


def _entry(program: Program, session: Session, columns: Columns, most_lines: int | None) -> Entry:
    names = [person.name for person in program.speakers_of(session)]
    room = present.room_name(program, session.room)
    tag = "Cancelled" if session.cancelled else present.was(program, session)
    if most_lines is None:
        return Entry(session, session.title, ", ".join(names), room, tag)
    return Entry(
        session,
        fitting.shortened(session.title, columns.title, most_lines),
        fitting.some_of(names, columns.people, most_lines),
        fitting.shortened(room, columns.room, most_lines) if columns.room else room,
        fitting.shortened(tag, columns.title, most_lines),
    )


def _heading(text: str, width: float, height: float, sizes: Sequence[float]) -> tuple[str, float]:
    """A heading in the largest type that takes it whole and breaks no word; else whole; else cut."""

    def lines_at(size: float) -> int:
        return int(height / (size * POINT_MM * 1.05))

    def fits(size: float) -> bool:
        return fitting.lines(text, width / (size * POINT_MM)) <= lines_at(size)

    size = _size_of(text, width, sizes, fits)
    return fitting.shortened(text, width / (size * POINT_MM), lines_at(size)), size


def _card(program: Program, paper: Paper, session: Session) -> Card:
    """The title and the people in the largest type that takes both whole; else both shortened."""
    sizes = (22, 20, 18, 16, 14, 12, 11, 10, 9)
    width, height = paper.width / 2 - 18, paper.height / 2 - 18 - 82
    entry = _entry(program, session, Columns(0, 0), None)

    def columns(size: float) -> Columns:
        ems = width / (size * POINT_MM)
        return Columns(ems, ems / 0.75 / REGULAR)

    def fits(size: float) -> bool:
        title, people = columns(size)[:2]
        lines = fitting.lines(entry.title, title) + 0.75 * fitting.lines(entry.people, people)
        return lines * LINE * size * POINT_MM <= height

    size = _size_of(entry.title, width, sizes, fits)
    if not fits(size):
        entry = _entry(program, session, columns(size), int(height / (LINE * size * POINT_MM * 1.75)))
    small = width / (10 * POINT_MM)
    entry = replace(entry, room=fitting.shortened(entry.room, small, 2), tag=fitting.shortened(entry.tag, small, 1))
    return Card(entry, conference_day(program, session.start), size)


def _size_of(text: str, width: float, sizes: Sequence[float], fits: Callable[[float], bool]) -> float:
    """The largest that fits and breaks no word of a text, else that fits, else the smallest."""
    unbroken = fitting.largest(
        sizes, lambda size: fits(size) and fitting.longest_word(text) <= width / (size * POINT_MM)
    )
    return unbroken or fitting.largest(sizes, fits) or sizes[-1]
