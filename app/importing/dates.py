"""Dates as people write them, alone, with a time, or as the days of a program: `Day 2`, `Saturday`."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from app.domain.instants import CONFERENCE_YEARS
from app.importing.draft import DraftTime
from app.importing.report import ImportReport, shortened
from app.importing.times_of_day import read_span
from app.importing.vocabulary import any_of, lists, pattern, word_set

MONTHS = {
    name: number for number, names in enumerate(lists("dates.months", str.casefold).values(), start=1) for name in names
}
WEEKDAYS = {
    name: number for number, names in enumerate(lists("dates.weekdays", str.casefold).values()) for name in names
}
COUNTED_DAYS = word_set("other_columns.counted_days")
_MONTH = rf"(?P<month>{any_of(MONTHS)})\b\.?"
_ORDINAL = r"(?:st|nd|rd|th|\.)?"
_LAST_DAY = rf"(?:\s*(?:-|–|—|to|and|&|und|et|y|e|bis|au|al|a)\s*\d{{1,2}}{_ORDINAL})?"
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
        rf"(?<!\d)(?P<day>\d{{1,2}}){_ORDINAL}{_LAST_DAY}[\s-]*(?:of\s+|de\s+)?{_MONTH}(?:[,-]?\s*(?:del?\s+)?{_YEAR}\b)?",
    )
)
_NUMBERS_WITH_SLASHES = DATE_PATTERNS[1]
_DAY_NUMBER = re.compile(rf"\b{any_of(COUNTED_DAYS)}\s*#?(\d{{1,2}})\b", re.IGNORECASE)
_WEEKDAY = rf"\b(?P<weekday>{any_of(WEEKDAYS)})\b"
_ANY_WEEKDAY = re.compile(_WEEKDAY, re.IGNORECASE)
_LEADING_WEEKDAY = re.compile(rf"^\s*{_WEEKDAY}[\s,.]*", re.IGNORECASE)
_WEEKDAY_BEFORE = re.compile(rf"{_WEEKDAY}[\s,.(–-]*$", re.IGNORECASE)
_WEEKDAY_AFTER = re.compile(rf"^[\s,.(–-]*{_WEEKDAY}", re.IGNORECASE)
# Such as: Fri 7/18.
_WITHOUT_YEAR = re.compile(rf"\s*(?:{_WEEKDAY}[\s,.]*)?(?P<number>\d{{1,2}})/(?P<day>\d{{1,2}})\s*", re.IGNORECASE)
_AROUND_TIMES = re.compile(rf"^\W+|^\s*{pattern('times.before')}(?!\w)|(?<!\))\W+$")


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


def find_date(text: str, *, day_first: bool = False) -> FoundDate | None:
    """The first date in a text; one with a year is preferred. ``day_first`` tells how to read numbers with slashes."""
    text = text[:LONGEST_DATE]
    matches = (pattern.search(text) for pattern in DATE_PATTERNS)
    found = [_found(match, day_first=day_first) for match in matches if match]
    real = (one for one in found if one.on(LEAP_YEAR) is not None)
    return min(real, key=lambda one: (one.year is None, one.span[0]), default=None)


def read_date(text: str, year: int | None = None) -> date | None:
    """The first date in a text, in the given year if it has none."""
    found = find_date(text)
    return found.on(year) if found else None


def _found(match: re.Match[str], *, day_first: bool) -> FoundDate:
    slashes = match.re is _NUMBERS_WITH_SLASHES
    parts = match.groupdict()
    short = CENTURY + int(parts["short"]) if parts.get("short") else None
    year = int(parts["year"]) if parts.get("year") else short
    day = int(parts["day"])
    month = MONTHS[parts["month"].casefold()] if parts.get("month") else int(parts["number"])
    if slashes and (day_first or month > LAST_MONTH):
        month, day = day, month
    swappable = slashes and not day_first and month <= LAST_MONTH and day <= LAST_MONTH and month != day
    return FoundDate(year, month, day, match.span(), swappable)


MOST_DIGITS = 3
LONGEST_DAY = 80
DAYS_OF_A_PROGRAM = 30
LONGEST_DAY_LINE, MOST_WORDS_OF_A_DAY_LINE = 120, 8
LONGEST_SHOWN = 40
_NO_DAY_LINE = re.compile(rf"\b(?:{pattern('pages.deadlines')}|{pattern('pages.written_words')})\b|©", re.IGNORECASE)


def weekday_beside(text: str, span: tuple[int, int]) -> int | None:
    """The number of the weekday before or after a date in a text, Monday's being 0."""
    match = _WEEKDAY_BEFORE.search(text[: span[0]]) or _WEEKDAY_AFTER.match(text[span[1] :])
    return WEEKDAYS[match["weekday"].casefold()] if match else None


def _begins_with_a_day(text: str) -> bool:
    found = find_date(text)
    return bool(_LEADING_WEEKDAY.match(text)) or (found is not None and not text[: found.span[0]].strip(" ([*"))


@dataclass(frozen=True, slots=True)
class DateContext:
    """What is known of the dates of a source before it is read: their year, the first day.

    ``day_given`` tells whether a person gave the first day; ``published`` is when the source was written;
    ``day_first`` tells that the day stands first in numbers with slashes, such as 12/07/2025.
    """

    year: int | None
    first_day: date | None
    report: ImportReport
    day_given: bool = False
    published: date | None = None
    day_first: bool = False

    def with_order_of(self, texts: Iterable[str]) -> DateContext:
        """With the day first in numbers with slashes, where one of some dates can be read no other way."""
        shown = [text[:LONGEST_DATE] for text in texts]
        found = [_NUMBERS_WITH_SLASHES.search(text) or _WITHOUT_YEAR.fullmatch(text) for text in shown]
        first, second = (any(int(one[part]) > LAST_MONTH for one in found if one) for part in ("number", "day"))
        return replace(self, day_first=first and not second)

    def with_year(self, text: str) -> str:
        """A date such as `7/18` with the year of the program, where that is known."""
        if self.year is None or not _WITHOUT_YEAR.fullmatch(text):
            return text
        self._report_year()
        return f"{text.rstrip()}/{self.year}"

    def lacks_year(self, text: str) -> bool:
        """Whether a text is a date whose year is not known."""
        found = find_date(text)
        return self.year is None and (found.year is None if found else _WITHOUT_YEAR.fullmatch(text) is not None)

    def day(self, text: str) -> date | None:
        """The day that a text names; None where it names none, or its year or the first day is not known.

        A weekday that the date is not is asked about, unless the first day was given: then the date holds.
        """
        found = find_date(text, day_first=self.day_first)
        if found is None:
            return self._day_of_program(text[:LONGEST_DAY])
        if found.ambiguous:
            self.report.guessed("the month stands first in", text, better="dates such as 2025-07-18")
        if found.year is None and self.year is not None:
            self._report_year()
        day, weekday = found.on(self.year), weekday_beside(text, found.span)
        if day is not None and weekday not in (None, day.weekday()):
            fault = f"“{shortened(text, LONGEST_SHOWN)}” is a {day:%A} in {day.year}"
            if self.day_given:
                self.report.guessed(f"{fault}; the date holds", better="a weekday and a date that agree")
            else:
                self.report.ask(fault, f"--date {day}")
        return day

    def _report_year(self) -> None:
        self.report.guessed(f"the year {self.year}, which the dates do not have", better="--date")

    def is_day_line(self, text: str) -> bool:
        """Whether a line does nothing but name one day: it is short, or begins with it, and no deadline."""
        if len(text) > LONGEST_DAY_LINE or self.tells_of_the_page(text) or len(_DAY_NUMBER.findall(text)) > 1:
            return False
        if len(text.split()) > MOST_WORDS_OF_A_DAY_LINE and not _begins_with_a_day(text):
            return False
        return self.day(text) not in (None, self.published)

    def tells_of_the_page(self, text: str) -> bool:
        """Whether a text says when something is due, or when the page was written."""
        return bool(_NO_DAY_LINE.search(text))

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
        if match := _ANY_WEEKDAY.search(text):
            number = WEEKDAYS[match["weekday"].casefold()]
            return self.first_day + timedelta(days=(number - self.first_day.weekday()) % DAYS_IN_WEEK)
        return None


LONGEST_MOMENT = 120


def read_moment(text: str, context: DateContext) -> DraftTime:
    """The time in a cell: an instant, or a day, a local time, and the end after a dash."""
    text = text.strip()[:LONGEST_MOMENT]
    if at := iso_datetime(text):
        return DraftTime(start=at) if at.tzinfo else DraftTime(day=at.date(), clock=clock_of(at), has_am_or_pm=True)
    day = context.day(text)
    found = find_date(text)
    rest = f"{text[: found.span[0]]} {text[found.span[1] :]}" if found else text
    span = read_span(_AROUND_TIMES.sub("", _LEADING_WEEKDAY.sub("", rest)))
    if span is None:
        return DraftTime(day=day)
    return DraftTime(day=day, clock=span.start, end_clock=span.end, has_am_or_pm=span.has_am_or_pm)


def clock_of(local: datetime) -> timedelta:
    """The time of day of a local time, counted from midnight."""
    return timedelta(hours=local.hour, minutes=local.minute, seconds=local.second)


def iso_datetime(text: str) -> datetime | None:
    """ISO 8601 with a time; None for a date alone and for anything else."""
    try:
        return datetime.fromisoformat(text) if "T" in text or ":" in text else None
    except ValueError:
        return None
