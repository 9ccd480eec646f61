"""An import before it is written, as text: a table of the sessions, or what differs from what is there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from app.domain.difference import difference
from app.domain.program import Program
from app.domain.session import Session
from app.domain.telling import clock, told
from app.web.present import days_of, long_date

LONGEST_TITLE = 64
LONGEST_NAMES = 40
MOST_ROWS = 200
# Whatever of a program is not told session by session.
PARTS = {
    "title": "the title",
    "subtitle": "the subtitle",
    "description": "the description",
    "timezone": "the time zone",
    "days": "the days",
    "venue": "the venue",
    "rooms": "the rooms",
    "organizers": "the organizers",
    "dates": "the important dates",
    "pages": "the pages",
    "links": "the links",
}


def table(program: Program) -> Iterator[str]:
    """A program's sessions by day: time, id, kind, room where there are several, title, people."""
    widths = [max(map(len, column), default=0) for column in zip(*_cells(program, program.sessions), strict=True)]
    shown = program.sessions[:MOST_ROWS]
    for day in days_of(program, shown):
        yield long_date(day.date)
        for row in _cells(program, day.sessions):
            yield "  " + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
    if len(shown) < len(program.sessions):
        yield f"… and {len(program.sessions) - len(shown)} more"


def changes(before: Program, after: Program) -> tuple[str, ...]:
    """What an update would change, a line each; empty where nothing is."""
    lines = told(difference(before, after))
    parts = [words for name, words in PARTS.items() if getattr(before, name) != getattr(after, name)]
    if _people(before) != _people(after):
        parts.append("the speakers")
    return (*lines, f"Changed besides: {', '.join(parts)}") if parts else lines


def summary(program: Program) -> str:
    """A program in one line: CODEML: 15 sessions, 6 speakers, 1 room, 1 day, America/Vancouver."""
    counts = {
        "session": program.sessions,
        "speaker": program.speakers,
        "room": program.rooms,
        "day": program.days,
    }
    said = ", ".join(f"{len(values)} {name}{'' if len(values) == 1 else 's'}" for name, values in counts.items())
    return f"{program.title}: {said}, {program.timezone}"


def _cells(program: Program, sessions: Iterable[Session]) -> Iterator[tuple[str, ...]]:
    several = len(program.rooms) > 1
    for session in sessions:
        title = f"CANCELLED: {session.title}" if session.cancelled else session.title
        room = program.room(session.room).name if session.room else "all rooms"
        yield (
            f"{clock(program, session.start)}–{clock(program, session.end)}",
            session.id,
            session.kind,
            *([_short(room, LONGEST_NAMES)] if several else []),
            _short(title, LONGEST_TITLE),
            _short(", ".join(person.name for person in program.speakers_of(session)), LONGEST_NAMES),
        )


def _short(text: str, longest: int) -> str:
    line = " ".join(text.split())
    return line if len(line) <= longest else line[: longest - 1] + "…"


def _people(program: Program) -> set[object]:
    return set(program.speakers)
