"""Clocks of twelve hours without am or pm: which of their times are in the afternoon."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from app.formats.imports.clocks import HALF_DAY
from app.formats.imports.draft import Row
from app.formats.imports.notes import Notes

# Of one time alone nothing can be told.
FEWEST = 2
AFTERNOON = 8  # a clock that falls back to before this hour, without am or pm, means the afternoon


def in_the_afternoon(rows: list[Row], notes: Notes) -> list[Row]:
    """The rows with what a clock of twelve hours left unsaid: after 12:30, 1:30 is in the afternoon."""
    unsaid = [row.when.clock for row in rows if row.when.clock is not None and not row.when.half]
    late = timedelta(hours=AFTERNOON)
    if not unsaid or any(clock >= HALF_DAY + timedelta(hours=1) for clock in unsaid):
        return rows
    if len(unsaid) == len(rows) >= FEWEST and all(timedelta(hours=1) <= clock < late for clock in unsaid):
        # Nobody meets from one to five at night.
        return [_later(row, notes) for row in rows]
    result: list[Row] = []
    turned, before, place = False, timedelta(), None
    for row in rows:
        clock = row.when.clock
        if (row.when.day, row.room) != place:
            turned, before, place = False, timedelta(), (row.when.day, row.room)
        if clock is not None:
            turned = turned or (clock < late <= before)
            before = max(before, clock)
        result.append(_later(row, notes) if turned and not row.when.half else _end_later(row))
    return result


def _later(row: Row, notes: Notes) -> Row:
    when = row.when
    if when.clock is None or when.clock >= HALF_DAY:
        return row
    notes.guessed("in the afternoon, by its place in the table", row.title)
    end = when.end_clock
    end = end + HALF_DAY if end is not None and end < HALF_DAY else end
    return replace(row, when=replace(when, clock=when.clock + HALF_DAY, end_clock=end))


def _end_later(row: Row) -> Row:
    """`12:00 - 1:00` ends in the afternoon."""
    when = row.when
    if when.clock is None or when.end_clock is None or not when.end_clock < when.clock <= HALF_DAY + timedelta(hours=1):
        return row
    return replace(row, when=replace(when, end_clock=when.end_clock + HALF_DAY))
