"""An import before it is written, as text: a table of the sessions, or the changes to an existing folder."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from app.domain.change_text import change_lines, changed_parts
from app.domain.item_changes import item_changes
from app.domain.items import numbered_title
from app.domain.program import Program
from app.domain.revision_diff import compare_programs
from app.domain.session import Session
from app.domain.zone_words import zone_words
from app.importing.report import counted, shortened
from app.web.template_helpers import days_of, long_date

LONGEST_TITLE = 64
LONGEST_NAMES = 40
MOST_ROWS = 200
# Of the papers that an update brings, takes, renames or numbers anew, each.
MOST_PAPERS = 20
LONGEST_LINE = 160


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
    """What an update would change, one line each."""
    lines = change_lines(compare_programs(before, after))
    lines = (*lines, *paper_changes(before, after))
    parts = changed_parts(before, after)
    return (*lines, f"Changed besides: {', '.join(parts)}") if parts else lines


def paper_changes(before: Program, after: Program) -> Iterator[str]:
    """What an update would change of papers, one line each; of many the first."""
    found = item_changes(before, after)
    groups: dict[str, list[str]] = {
        "new paper": [numbered_title(item) for item in found.new],
        "gone paper": [numbered_title(item) for item in found.gone],
        "new title": [f"{old.title} → {new.title}" for old, new in found.retitled],
        "new number": [
            f"{new.title}: {old.number or 'none'} → {new.number or 'none'}" for old, new in found.renumbered
        ],
    }
    for label, texts in groups.items():
        yield from (f"{label:<10} {shortened(text, LONGEST_LINE)}" for text in texts[:MOST_PAPERS])
        if len(texts) > MOST_PAPERS:
            yield f"{label:<10} and {len(texts) - MOST_PAPERS} more"


def summary(program: Program) -> str:
    """A program in one line: CODEML: 15 sessions, 6 speakers, 1 room, 1 day, Vancouver time."""
    parts = (program.sessions, program.speakers, program.rooms, program.days)
    counts = [counted(len(part), name) for part, name in zip(parts, ("session", "speaker", "room", "day"), strict=True)]
    return f"{program.title}: {', '.join(counts)}, {zone_words(str(program.zone))}"


def _cells(program: Program, sessions: Iterable[Session]) -> Iterator[tuple[str, ...]]:
    several = len(program.rooms) > 1
    for session in sessions:
        title = f"CANCELLED: {session.title}" if session.cancelled else session.title
        room = program.room_name(session.room)
        yield (
            f"{program.clock(session.start)}–{program.clock(session.end)}",
            session.id,
            session.kind,
            *([shortened(room, LONGEST_NAMES)] if several else []),
            shortened(title, LONGEST_TITLE),
            shortened(", ".join(person.name for person in program.speakers_of(session)), LONGEST_NAMES),
        )
