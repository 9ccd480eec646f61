"""Times of day and lengths as people write them: `9:00`, `12h00`, `8:30 AM – 8:40 AM`, `noon`, `0.75`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta

from app.importing.vocabulary import any_of, lists, pattern

LONGEST_TEXT = 80
NOON, LAST_HOUR, MINUTES_IN_HOUR = 12, 24, 60
FEW_HOURS = 8  # a bare number up to this is a length in hours, a greater one in minutes
MOST_DIGITS = 5


def _clock_pattern(n: int) -> str:
    return (
        rf"(?:(?P<hour{n}>\d{{1,2}})(?:\s?[:h.]\s?(?P<minute{n}>\d{{2}})(?::(?P<second{n}>\d{{2}})(?:\.\d+)?)?"
        rf"|\s?(?P<bare{n}>{pattern('times.oclock')})\b)?(?:\s*(?P<half{n}>[ap])\.?\s?m\b\.?)?"
        rf"|(?P<noon{n}>{pattern('times.noon')})|(?P<midnight{n}>{pattern('times.midnight')}))"
        rf"(?:\s*{pattern('times.after')}\b)?"
    )


_ZONE = r"(?:[\s,(]*[A-Z][A-Za-z/_+\-0-9]{0,20}\)*){0,3}"
_ZONE_BETWEEN = r"(?-i:(?:[\s,(]*(?:[A-Z]{2,5}(?:[+-]\d{1,2})?|[A-Z]\w+/[A-Z]\w+)\)*){0,2})"
_DASH = rf"\s*(?:-+|–|—|‐|‑|−|~|→|\b{pattern('times.until')}\b)\s*"
_BEFORE = rf"{pattern('times.before')}?\s*"
CLOCK = re.compile(_BEFORE + _clock_pattern(1), re.IGNORECASE)
SPAN = re.compile(
    rf"{_BEFORE}{_clock_pattern(1)}{_ZONE_BETWEEN}{_DASH}"
    rf"(?:{_clock_pattern(2)}|(?P<open>{pattern('times.open_end')}|\?*))",
    re.IGNORECASE,
)
ZONE = re.compile(_ZONE)
WIDE_CHARACTERS = str.maketrans({"：": ":", "～": "-", "〜": "-"})
# "(local time)", a footnote's star, "onwards".
REMARK = re.compile(
    r"\s*\((?:[A-Z][\w ]{0,30} |local )?time\)?(?=\s|$)|\s*[*†‡]+$|\s+(?:onwards?|sharp)$|(?<=[:h.]\d{2}) ?h(?=\s|$)",
    re.IGNORECASE,
)
# A zone and what divides, before a title: "9:00 PDT: Opening", but not "9:00 CT scans".
_ZONE_NAMES = any_of(name for found in lists("zones.abbreviations").values() for name in found if name.isupper())
AFTER_A_TIME = re.compile(rf"^(?:\s*(?:\([A-Z]{{2,5}}\)|{_ZONE_NAMES}(?=\s*(?:[:|,–—-]|$))))?[\s:|,.\-–—]*")
# Times that are written otherwise and mean "9:00 - 10:30": "9:00 10:30", "0900-1030".
TWO_CLOCKS = re.compile(r"^(\d{1,2})[:.](\d{2}) (\d{1,2})[:.](\d{2})$")
WITHOUT_COLONS = re.compile(r"^([01]\d)([0-5]\d)\s*[-–—]+\s*([012]\d)([0-5]\d)$")
_HOURS, _MINUTES = pattern("times.hours"), pattern("times.minutes")
HOURS_AND_MINUTES = re.compile(rf"(?:(\d{{1,3}}) ?{_HOURS}\.?)? ?(?:(\d{{1,4}}) ?{_MINUTES}?\.?)?")
DECIMAL_HOURS = re.compile(rf"(\d{{1,3}})[.,](\d{{1,4}}) ?{_HOURS}?\.?")


@dataclass(frozen=True, slots=True)
class ClockSpan:
    """A start and perhaps an end, counted from midnight; ``has_am_or_pm`` where am or pm was written."""

    start: timedelta
    end: timedelta | None = None
    has_am_or_pm: bool = False


@dataclass(frozen=True, slots=True)
class _Clock:
    """A clock as written: ``half`` is "a", "p" or empty; a bare hour is not ``complete``."""

    hour: int
    rest: timedelta
    half: str
    complete: bool

    def counted(self, half: str) -> timedelta:
        """The time since midnight, in a half of the day."""
        hour = self.hour % NOON + (NOON if half == "p" else 0) if half else self.hour
        return timedelta(hours=hour) + self.rest


def read_clock(text: str) -> timedelta | None:
    """A time of day, counted from midnight; None when the text is something else."""
    span = read_span(text)
    return span.start if span and span.end is None else None


def read_span(text: str) -> ClockSpan | None:
    """A time of day, or a start and an end; None when the text is something else."""
    text = " ".join(text.split())[:LONGEST_TEXT].translate(WIDE_CHARACTERS)
    text = REMARK.sub("", text).strip()
    for form in (TWO_CLOCKS, WITHOUT_COLONS):
        text = form.sub(r"\1:\2 - \3:\4", text)
    if (match := SPAN.match(text)) and _only_a_zone(text[match.end() :]):
        return _span(match)
    if (match := CLOCK.match(text)) and _only_a_zone(text[match.end() :]):
        return _one_time(_clock(match, 1))
    return None


def leading_span(text: str) -> tuple[ClockSpan, str] | None:
    """A time at the beginning of a text, and the rest of the text: `9:00 - 9:15: Opening`."""
    for form in (SPAN, CLOCK):
        match = form.match(text)
        span = read_span(match.group()) if match else None
        if match and span and (form is CLOCK or span.end is not None or match["open"]):
            return span, AFTER_A_TIME.sub("", text[match.end() :])
    return None


WHOLE_HOURS = re.compile(r"(\d{1,2})\s*[-–—]\s*(\d{1,2})(?![\d:.h])")
MOST_WHOLE_HOURS = 3


def with_minutes(text: str) -> tuple[str, str] | None:
    """Whole hours at the beginning of a text, such as `9-10`, as `9:00 - 10:00`, and the rest of it as written.

    None where there are none, or they are too far apart: `10-15 Papers` is no time.
    """
    match = WHOLE_HOURS.match(text)
    if match is None or max(map(int, match.groups())) > LAST_HOUR:
        return None
    hours = (int(match[2]) - int(match[1])) % NOON
    is_time = 0 < hours <= MOST_WHOLE_HOURS
    return (f"{match[1]}:00 - {match[2]}:00", text[match.end() :]) if is_time else None


def read_length(text: str) -> timedelta | None:
    """A length: `45 min`, `1h30`, `0.75` (hours), `0:45`, `01:30:00`; None when the text is something else."""
    text = " ".join(text.casefold().split())[:LONGEST_TEXT]
    if match := re.fullmatch(r"(\d{1,4}):([0-5]\d)(?::([0-5]\d))?", text):
        hours, minutes, seconds = (int(part or 0) for part in match.groups())
        return timedelta(hours=hours, minutes=minutes, seconds=seconds)
    if match := DECIMAL_HOURS.fullmatch(text):
        return timedelta(minutes=round(float(f"{match[1]}.{match[2]}") * MINUTES_IN_HOUR))
    match = HOURS_AND_MINUTES.fullmatch(text)
    if match is None or not any(match.groups()):
        return None
    if text.isdecimal() and int(text) <= FEW_HOURS:
        return timedelta(hours=int(text))
    return timedelta(hours=int(match[1] or 0), minutes=int(match[2] or 0))


def read_exchange_length(text: str) -> tuple[timedelta | None, bool]:
    """A duration of the frab formats, and whether it had to be guessed.

    Two parts are hours (any number) and minutes. Three are hours, minutes, seconds, unless the first
    has one digit and the second can be an hour: `1:12:00` is a day and twelve hours.
    """
    parts = text.strip().split(":")
    if not all(part.isdecimal() and len(part) <= MOST_DIGITS for part in parts):
        return read_length(text), True
    match [int(part) for part in parts]:
        case [minutes]:
            return timedelta(minutes=minutes), True
        case [hours, minutes]:
            return timedelta(hours=hours, minutes=minutes), False
        case [days, hours, minutes] if len(parts[0]) == 1 and hours < LAST_HOUR:
            return timedelta(days=days, hours=hours, minutes=minutes), True
        case [hours, minutes, seconds]:
            return timedelta(hours=hours, minutes=minutes, seconds=seconds), False
        case _:
            return None, True


def _only_a_zone(rest: str) -> bool:
    return bool(ZONE.fullmatch(rest.strip(" .,;:")))


def _clock(match: re.Match[str], number: int) -> _Clock | None:
    hour, minute, second, bare, half = (
        (match[f"{name}{number}"] or "").casefold() for name in ("hour", "minute", "second", "bare", "half")
    )
    if not hour:
        return _Clock(LAST_HOUR if match[f"midnight{number}"] else NOON, timedelta(), "", complete=True)
    if int(hour) > LAST_HOUR or int(minute or 0) >= MINUTES_IN_HOUR:
        return None
    rest = timedelta(minutes=int(minute or 0), seconds=min(int(second or 0), MINUTES_IN_HOUR - 1))
    complete = bool(half or minute or bare)
    return _Clock(int(hour), rest, half if 1 <= int(hour) <= NOON else "", complete)


def _one_time(clock: _Clock | None) -> ClockSpan | None:
    return ClockSpan(clock.counted(clock.half), None, bool(clock.half)) if clock and clock.complete else None


def _span(match: re.Match[str]) -> ClockSpan | None:
    first = _clock(match, 1)
    if first is None or match["open"] is not None:
        return _one_time(first)
    last = _clock(match, 2)
    if last is None or not (first.complete or last.complete):
        return None
    start, end = first.counted(first.half or last.half), last.counted(last.half)
    if last.half and not first.half and start > end:
        start = first.counted("a" if last.half == "p" else "p")
    return ClockSpan(start, end, bool(first.half or last.half))
