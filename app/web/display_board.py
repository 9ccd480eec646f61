"""The projector's board of many rooms."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from app.domain.conference_day import conference_day
from app.domain.departures import Departure, QuietSpell, departures_of_days, quiet_spells
from app.domain.program import Program
from app.domain.session import Session
from app.domain.timeline import Timeline
from app.formats.text_metrics import names_that_fit

# More rows are shown page by page (`board-pages.js`), each page with as many as the others.
MOST_ROWS = 8
# The width of the column of names, and its lines.
NAMES_EMS, NAMES_LINES = 10, 2


@dataclass(frozen=True, slots=True)
class Board:
    """What the board shows from ``instant`` on.

    At that instant each page has ``page_size`` rows, the sessions ``on_later_pages`` are not on the first one, and
    ``quiet_count`` rooms are quiet.
    """

    instant: datetime
    rows: list[Departure]
    quiet: list[QuietSpell]
    page_size: int
    on_later_pages: frozenset[str]
    quiet_count: int


def board_at(timeline: Timeline, now: datetime) -> Board:
    """The board with the rows and quiet spells of its day and the next one that have not ended.

    A projector that loses the network has the next morning.
    """
    rows, last_day = departures_of_days(timeline, now, more_days=1)
    spells = [one for one in quiet_spells(timeline) if one.until > now]
    quiet = [one for one in spells if conference_day(timeline.program, one.since) <= last_day]
    shown = [row.session.id for row in rows if row.holds_at(now)]
    size = page_size(len(shown))
    return Board(now, rows, quiet, size, frozenset(shown[size:]), sum(one.holds_at(now) for one in quiet))


def instant_shown(timeline: Timeline, now: datetime) -> datetime:
    """An instant of the segment, the same for all of them: a page that is kept for a segment shows its start.

    In its minute a row comes in by scripts. In the first segment, which has no start, no row does.
    """
    segment = timeline.segment(now)
    return segment.start or (segment.end - timedelta(seconds=1) if segment.end else now)


def page_size(count: int) -> int:
    """The number of rows on each page, when so many are shown in as few pages as possible."""
    return ceil(count / max(1, ceil(count / MOST_ROWS)))


def names_in_short(program: Program, session: Session) -> str:
    """The speakers of a session in their column: "Ada, Alan and 9 more"."""
    return names_that_fit([person.name for person in program.speakers_of(session)], NAMES_EMS, NAMES_LINES)
