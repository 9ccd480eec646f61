"""Rows' times made slots: the day, the night that belongs to the evening before, the missing ends."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from app.domain.faults import LONGEST_SESSION
from app.domain.instants import CONFERENCE_YEARS, utc
from app.formats.imports.draft import Row, When
from app.formats.imports.notes import Notes
from app.formats.wall_clock import instant_on

DAY = timedelta(days=1)
EVENING = timedelta(hours=18)
NIGHT_ENDS = timedelta(hours=6)
LENGTH_WITHOUT_NEXT = timedelta(minutes=30)
LONGEST_UP_TO_NEXT = timedelta(hours=6)
# A table that is given by starts alone ends with a row that only says so.
LAST_WORDS = ("finish", "end", "ende", "fin", "close", "end of day", "end of workshop", "doors close")


@dataclass(frozen=True, slots=True)
class Placed:
    """A row and its instants, in UTC; ``end`` is never before ``start``."""

    row: Row
    start: datetime
    end: datetime


def placed(rows: Sequence[Row], zone: str, first_day: date | None, notes: Notes) -> list[Placed]:
    """The rows that have a start, with their instants; what is missing is guessed and said.

    Rows without a day are on ``first_day`` (which must be given if there are such), and after
    midnight once the evening is past.
    """
    found = []
    for row in _on_days(rows, first_day, notes):
        start = _start(row, zone, notes)
        if start is not None:
            found.append((row, start, _end(row, start, zone, notes)))
    return _with_ends(found, notes)


def needs_a_day(rows: Sequence[Row]) -> bool:
    """Whether some row says a time of day and not of which day."""
    return any(row.when.start is None and row.when.clock is not None and row.when.day is None for row in rows)


def _on_days(rows: Sequence[Row], first_day: date | None, notes: Notes) -> list[Row]:
    """Rows without a day get one: the first, or the next once the clock has gone past midnight."""
    result, before, day = [], timedelta(), first_day
    night = _Night(notes)
    for row in rows:
        when = row.when
        if when.carried and when.day is not None:
            result.append(night.placed(row))
        elif when.start is None and when.clock is not None and when.day is None and day is not None:
            if before >= EVENING and when.clock < NIGHT_ENDS:
                day += DAY
                notes.guessed("after midnight, so on the next day", row.title)
            before = when.clock
            result.append(replace(row, when=replace(when, day=day)))
        else:
            result.append(row)
    return result


class _Night:
    """Rows below one day's heading: those after midnight belong to the night that follows it."""

    def __init__(self, notes: Notes) -> None:
        self._notes = notes
        self._day: date | None = None
        self._before = timedelta()

    def placed(self, row: Row) -> Row:
        """The row, on the next day where its evening has gone past midnight."""
        when = row.when
        if when.clock is None or when.day is None:
            return row
        if when.day != self._day:
            self._day, self._before = when.day, timedelta()
        if self._before < EVENING or when.clock >= NIGHT_ENDS:
            self._before = max(self._before, when.clock)
            return row
        self._notes.guessed("after midnight, so on the next day", row.title)
        return replace(row, when=replace(when, day=when.day + DAY))


def _start(row: Row, zone: str, notes: Notes) -> datetime | None:
    when = row.when
    if when.start is None and (when.clock is None or when.day is None):
        notes.left("without a time", row.title or "(no title)")
        return None
    start = _instant(when.start) if when.start else _local(when.day, when.clock, when.zone or zone, row, notes)
    if start is None:
        notes.left("outside the calendar", row.title)
    return start


def _instant(instant: datetime) -> datetime | None:
    return utc(instant) if instant.year in CONFERENCE_YEARS else None


def _local(day: date | None, clock: timedelta | None, zone: str, row: Row, notes: Notes) -> datetime | None:
    if day is None or clock is None or day.year not in CONFERENCE_YEARS:
        return None
    instant, exact = instant_on(day, clock, zone)
    if not exact:
        notes.guessed("a clock change skips or repeats its time; the clocks before the change are meant", row.title)
    return instant


def _end(row: Row, start: datetime, zone: str, notes: Notes) -> datetime | None:
    when = row.when
    end = _said_end(row, when, start, zone, notes)
    if end is None:
        return None
    if end < start:
        notes.guessed("ends before it starts; its end was left away", row.title)
        return None
    if end - start > LONGEST_SESSION:
        notes.guessed("longer than seven days; cut there", row.title)
        return start + LONGEST_SESSION
    if end == start:
        notes.took("with no length, as the source has it", row.title)
    return end


def _said_end(row: Row, when: When, start: datetime, zone: str, notes: Notes) -> datetime | None:
    if when.end is not None:
        return _instant(when.end)
    if when.duration is not None:
        return start + min(when.duration, 2 * LONGEST_SESSION)
    if when.end_clock is None:
        return None
    day = when.end_day or when.day
    end = _local(day, when.end_clock, when.zone or zone, row, notes)
    past_midnight = end is not None and end < start and when.end_clock < NIGHT_ENDS and when.end_day in (None, when.day)
    if past_midnight and day is not None:
        return _local(day + DAY, when.end_clock, when.zone or zone, row, notes)
    return end


def _with_ends(found: list[tuple[Row, datetime, datetime | None]], notes: Notes) -> list[Placed]:
    starts: dict[str | None, list[datetime]] = defaultdict(list)
    for row, start, _ in found:
        starts[row.room].append(start)
    for times in starts.values():
        times.sort()
    return [
        Placed(row, start, end if end is not None else _guessed_end(row, start, starts[row.room], notes))
        for row, start, end in found
    ]


def _guessed_end(row: Row, start: datetime, starts: list[datetime], notes: Notes) -> datetime:
    following = bisect_right(starts, start)
    if following < len(starts) and starts[following] - start <= LONGEST_UP_TO_NEXT:
        notes.guessed("no end given: up to the next", row.title)
        return starts[following]
    if any(row.title.casefold().strip(" .!🏁") == word for word in LAST_WORDS):
        notes.guessed("no end given: with no length", row.title)
        return start
    notes.guessed("no end given and none after it: half an hour", row.title)
    return start + LENGTH_WITHOUT_NEXT
