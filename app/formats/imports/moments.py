"""A date, a time, or both, as a cell says them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from app.formats.imports.clocks import read_span
from app.formats.imports.dates import find_date
from app.formats.imports.days import Calendar

LONGEST_TEXT = 120


@dataclass(frozen=True, slots=True)
class Moment:
    """As much as was said: an instant, or a day, a clock, the clock after a dash."""

    instant: datetime | None = None
    day: date | None = None
    clock: timedelta | None = None
    end_clock: timedelta | None = None
    half: bool = False

    def over(self, other: Moment) -> Moment:
        """This one, and for what it does not say the other."""
        if self.instant is not None:
            return self
        return Moment(
            other.instant if self.clock is None else None,
            self.day or other.day,
            self.clock if self.clock is not None else other.clock,
            self.end_clock if self.end_clock is not None else other.end_clock,
            self.half if self.clock is not None else other.half,
        )


def read_moment(text: str, calendar: Calendar) -> Moment:
    """What a cell says of a time; all fields None when it says nothing that is known here."""
    text = text.strip()[:LONGEST_TEXT]
    if moment := _iso(text):
        return moment
    day = calendar.day(text)
    found = find_date(text)
    rest = f"{text[: found.span[0]]} {text[found.span[1] :]}" if found else text
    span = read_span(re.sub(r"^\W+|^\s*(?:at|um|à)\b|(?<!\))\W+$", "", _without_weekday(rest)))
    return Moment(None, day, span.start, span.end, span.half) if span else Moment(None, day)


def _iso(text: str) -> Moment | None:
    """ISO 8601 with a time; with an offset it is an instant."""
    if ":" not in text and "T" not in text:
        return None
    try:
        parsed = datetime.fromisoformat(text)
    except ValueError:
        return None
    if parsed.tzinfo is not None:
        return Moment(instant=parsed)
    return Moment(None, parsed.date(), parsed - datetime.combine(parsed.date(), datetime.min.time()))


def _without_weekday(text: str) -> str:
    return re.sub(
        r"^\s*(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\b[\s,.]*", "", text, flags=re.IGNORECASE
    )
