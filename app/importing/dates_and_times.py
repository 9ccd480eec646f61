"""Dates, times of day and lengths as people write them: `Day 2`, `3. Mai`, `9:00`, `8:30 AM – 8:40 AM`, `0.75`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from app.domain.instants import CONFERENCE_YEARS
from app.importing.draft import DraftTime
from app.importing.report import ImportReport
from app.importing.vocabulary import any_of, by_name, pattern, word_lists, word_set

LONGEST_TEXT = 80
NOON, LAST_HOUR, MINUTES_IN_HOUR = 12, 24, 60
FEW_HOURS = 8  # a bare number up to this is a length in hours, a greater one in minutes
MOST_DIGITS = 5


def _clock_pattern(n: int) -> str:
    return (
        rf"(?:(?P<hour{n}>\d{{1,2}})(?:\s?[:h.]\s?(?P<minute{n}>\d{{2}})(?::(?P<second{n}>\d{{2}})(?:\.\d+)?)?"
        rf"|\s?(?P<bare{n}>h)\b)?(?:\s*(?P<half{n}>[ap])\.?\s?m\b\.?)?"
        rf"|(?P<noon{n}>{pattern('times.noon')})|(?P<midnight{n}>{pattern('times.midnight')}))"
        rf"(?:\s*{pattern('times.after')}\b)?"
    )


_ZONE = r"(?:[\s,(]*[A-Z][A-Za-z/_+\-0-9]{0,20}\)*){0,3}"
_DASH = rf"\s*(?:-+|–|—|‐|‑|−|~|→|{pattern('times.until')})\s*"
_BEFORE = rf"{pattern('times.before')}?\s*"
CLOCK = re.compile(_BEFORE + _clock_pattern(1), re.IGNORECASE)
SPAN = re.compile(
    rf"{_BEFORE}{_clock_pattern(1)}(?i:{_ZONE})?{_DASH}"
    rf"(?:{_clock_pattern(2)}|(?P<open>{pattern('times.open_end')}|\?*))",
    re.IGNORECASE,
)
ZONE = re.compile(_ZONE)
WIDE_CHARACTERS = str.maketrans({"：": ":", "～": "-", "〜": "-"})
# "(local time)", a footnote's star, "onwards".
REMARK = re.compile(
    r"\s*\((?:[A-Z][\w ]{0,30} |local )?time\)?(?=\s|$)|\s*[*†‡]+$|\s+(?:onwards?|sharp)$|(?<=\d{2}) ?h(?=\s|$)",
    re.IGNORECASE,
)
# Times that are written otherwise and mean "9:00 - 10:30": "9:00 10:30", "0900-1030".
TWO_CLOCKS = re.compile(r"^(\d{1,2})[:.](\d{2}) (\d{1,2})[:.](\d{2})$")
WITHOUT_COLONS = re.compile(r"^([01]\d)([0-5]\d)\s*[-–—]+\s*([012]\d)([0-5]\d)$")
_HOURS, _MINUTES = pattern("times.hours"), pattern("times.minutes")
HOURS_AND_MINUTES = re.compile(rf"(?:(\d{{1,3}}) ?{_HOURS}\.?)? ?(?:(\d{{1,4}}) ?{_MINUTES}?\.?)?")
HOURS_WITH_COLONS = re.compile(r"(\d{1,5}):(\d{1,2})(?::(\d{1,2}))?")
DAYS_AND_HOURS = re.compile(r"(\d):([01]?\d|2[0-3]):(\d{1,2})")
DECIMAL_HOURS = re.compile(rf"(\d{{1,3}})[.,](\d{{1,4}}) ?{_HOURS}?\.?")


@dataclass(frozen=True, slots=True)
class ClockSpan:
    """A start and perhaps an end, counted from midnight; ``half_said`` where am or pm was written."""

    start: timedelta
    end: timedelta | None = None
    half_said: bool = False


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
        if match and span:
            return span, re.sub(r"^(?:\s*\([A-Z]{2,5}\))?[\s:|,.\-–—]+", "", text[match.end() :])
    return None


def read_length(text: str) -> timedelta | None:
    """A length: `45 min`, `1h30`, `0.75` (hours), `0:45`, `01:30:00`; None when the text is something else."""
    text = " ".join(text.casefold().split())[:LONGEST_TEXT]
    if match := HOURS_WITH_COLONS.fullmatch(text):
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

    A number alone is minutes. Three parts are hours, minutes, seconds, unless the first has one digit and
    the second can be an hour: `1:12:00` is a day and twelve hours.
    """
    text = text.strip()
    if text.isdecimal():
        return timedelta(minutes=int(text[:MOST_DIGITS])), True
    match = DAYS_AND_HOURS.fullmatch(text)
    if match is None:
        return read_length(text), ":" not in text
    days, hours, minutes = map(int, match.groups())
    return timedelta(days=days, hours=hours, minutes=minutes), True


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


MONTHS = {name: number for number, names in enumerate(word_lists("dates.months").values(), start=1) for name in names}
WEEKDAYS = word_lists("dates.weekdays")
COUNTED_DAYS = word_set("other_columns.counted_days")
_MONTH = rf"(?P<month>{any_of(MONTHS)})\b\.?"
_ORDINAL = r"(?:st|nd|rd|th|\.)?"
_LAST_DAY = rf"(?:\s*(?:-|–|—|to|and|&)\s*\d{{1,2}}{_ORDINAL})?"
_YEAR = r"(?P<year>(?:19|20|21)\d\d)"
_SHORT_YEAR = r"(?P<short>[0-4]\d)"
CENTURY = 2000
LEAP_YEAR = 2000
LONGEST_DATE = 300
LAST_MONTH = 12
DAYS_IN_WEEK = 7

DATE_PATTERNS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"(?<!\d){_YEAR}[-/.](?P<number>\d{{1,2}})[-/.](?P<day>\d{{1,2}})(?!\d)",
        rf"(?<!\d)(?P<number>\d{{1,2}})/(?P<day>\d{{1,2}})/(?:{_YEAR}|{_SHORT_YEAR})(?!\d)",
        rf"(?<!\d)(?P<day>\d{{1,2}})\.\s?(?P<number>\d{{1,2}})\.\s?(?:(?:{_YEAR}|{_SHORT_YEAR})(?![\d:.]))?",
        rf"(?<!\d)(?P<day>\d{{1,2}})-(?P<number>\d{{1,2}})-{_YEAR}(?!\d)",
        rf"\b{_MONTH}\s*(?P<day>\d{{1,2}}){_ORDINAL}(?!\d|:){_LAST_DAY}(?:,?\s*{_YEAR}\b)?",
        rf"(?<!\d)(?P<day>\d{{1,2}}){_ORDINAL}{_LAST_DAY}[\s-]*(?:of\s+)?{_MONTH}(?:[,-]?\s*{_YEAR}\b)?",
    )
)
_NUMBERS_WITH_SLASHES = DATE_PATTERNS[1]
_DAY_NUMBER = re.compile(rf"\b{any_of(COUNTED_DAYS)}\s*#?(\d{{1,2}})\b", re.IGNORECASE)
_WEEKDAYS = tuple(re.compile(rf"\b{any_of(names)}\b", re.IGNORECASE) for names in WEEKDAYS.values())
_LEADING_WEEKDAY = re.compile(rf"^\s*{any_of(by_name(WEEKDAYS))}\b[\s,.]*", re.IGNORECASE)
_AROUND_TIMES = re.compile(rf"^\W+|^\s*{pattern('times.before')}\b|(?<!\))\W+$")


@dataclass(frozen=True, slots=True)
class FoundDate:
    """A date in a text: its parts, where it stands, and whether day and month could be swapped."""

    year: int | None
    month: int
    day: int
    span: tuple[int, int]
    ambiguous: bool = False

    def on(self, year: int | None) -> date | None:
        """The date, in the given year if it has none; None where there is no such day."""
        chosen = self.year or year
        if chosen is None or chosen not in CONFERENCE_YEARS:
            return None
        try:
            return date(chosen, self.month, self.day)
        except ValueError:
            return None


def find_date(text: str) -> FoundDate | None:
    """The first date in a text; one with a year is preferred."""
    text = text[:LONGEST_DATE]
    matches = ((pattern, pattern.search(text)) for pattern in DATE_PATTERNS)
    found = [_found(match, slashes=pattern is _NUMBERS_WITH_SLASHES) for pattern, match in matches if match]
    real = (one for one in found if one.on(LEAP_YEAR) is not None)
    return min(real, key=lambda one: (one.year is None, one.span[0]), default=None)


def read_date(text: str, year: int | None = None) -> date | None:
    """The first date in a text, in the given year if it has none."""
    found = find_date(text)
    return found.on(year) if found else None


def _found(match: re.Match[str], *, slashes: bool) -> FoundDate:
    parts = match.groupdict()
    year = int(parts["year"]) if parts.get("year") else None
    if year is None and parts.get("short"):
        year = CENTURY + int(parts["short"])
    day = int(parts["day"])
    month = MONTHS[parts["month"].casefold()] if parts.get("month") else int(parts["number"])
    if slashes and month > LAST_MONTH:
        month, day = day, month
    swappable = slashes and month <= LAST_MONTH and day <= LAST_MONTH and month != day
    return FoundDate(year, month, day, match.span(), swappable)


LONGEST_DAY = 80
DAYS_OF_A_PROGRAM = 30


@dataclass(frozen=True, slots=True)
class DateContext:
    """What is known of the dates of a source before it is read: their year, the first day."""

    year: int | None
    first_day: date | None
    report: ImportReport

    def day(self, text: str) -> date | None:
        """The day that a text names; None where it names none, or its year or the first day is not known."""
        found = find_date(text)
        if found is None:
            return self._day_of_program(text[:LONGEST_DAY])
        if found.ambiguous:
            self.report.guessed("the month stands first in", text)
        if found.year is None and self.year is not None:
            self.report.guessed(f"the year {self.year}, which the dates do not have")
        return found.on(self.year)

    def counted_day(self, text: str, header: str) -> date | None:
        """The day that a bare number means in a column of days, counted from the first; None for anything else."""
        bare = text.strip()
        if header.strip().casefold() not in COUNTED_DAYS or not bare.isdecimal():
            return None
        return self._numbered(int(bare[:MOST_DIGITS]))

    def _numbered(self, number: int) -> date | None:
        if self.first_day is None or not 1 <= number <= DAYS_OF_A_PROGRAM:
            return None
        return self.first_day + timedelta(days=number - 1)

    def _day_of_program(self, text: str) -> date | None:
        """`Day 2`; or the first day of that name, such as `Saturday`, from the first day on."""
        if self.first_day is None:
            return None
        if match := _DAY_NUMBER.search(text):
            return self._numbered(int(match[1]))
        for number, names in enumerate(_WEEKDAYS):
            if names.search(text):
                return self.first_day + timedelta(days=(number - self.first_day.weekday()) % DAYS_IN_WEEK)
        return None


LONGEST_MOMENT = 120


def read_moment(text: str, context: DateContext) -> DraftTime:
    """The time in a cell: an instant, or a day, a local time, and the end after a dash."""
    text = text.strip()[:LONGEST_MOMENT]
    if at := iso_datetime(text):
        return DraftTime(start=at) if at.tzinfo else DraftTime(day=at.date(), clock=clock_of(at))
    day = context.day(text)
    found = find_date(text)
    rest = f"{text[: found.span[0]]} {text[found.span[1] :]}" if found else text
    span = read_span(_AROUND_TIMES.sub("", _LEADING_WEEKDAY.sub("", rest)))
    if span is None:
        return DraftTime(day=day)
    return DraftTime(day=day, clock=span.start, end_clock=span.end, half_said=span.half_said)


def clock_of(local: datetime) -> timedelta:
    """The time of day of a local time, counted from midnight."""
    return timedelta(hours=local.hour, minutes=local.minute, seconds=local.second)


def iso_datetime(text: str) -> datetime | None:
    """ISO 8601 with a time; None for a date alone and for anything else."""
    try:
        return datetime.fromisoformat(text) if "T" in text or ":" in text else None
    except ValueError:
        return None
