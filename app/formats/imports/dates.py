"""Dates as people write them on web pages and in spreadsheets."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from app.domain.instants import CONFERENCE_YEARS

# English, German, French, Spanish; the first three letters decide where they are enough.
MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan januar jänner janvier enero ene",
            "february feb februar février fevrier fév febrero",
            "march mar märz maerz mrz mars marzo",
            "april apr avril avr abril abr",
            "may mai mayo",
            "june jun juni juin junio",
            "july jul juli juillet juil julio",
            "august aug août aout agosto ago",
            "september sep sept septembre septiembre",
            "october oct oktober okt octobre octubre",
            "november nov novembre noviembre",
            "december dec dezember dez décembre decembre déc diciembre dic",
        ),
        start=1,
    )
    for name in names.split()
}
_MONTH = rf"(?P<month>{'|'.join(sorted(MONTHS, key=len, reverse=True))})\b\.?"
_ORDINAL = r"(?:st|nd|rd|th|\.)?"
_SPAN = rf"(?:\s*(?:-|–|—|to|and|&)\s*\d{{1,2}}{_ORDINAL})?"
_YEAR = r"(?P<year>(?:19|20|21)\d\d)"
_SHORT_YEAR = r"(?P<short>[0-4]\d)"
CENTURY = 2000
LONGEST_TEXT = 300
LAST_MONTH = 12

FORMS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"(?<!\d){_YEAR}[-/.](?P<number>\d{{1,2}})[-/.](?P<day>\d{{1,2}})(?!\d)",
        rf"(?<!\d)(?P<number>\d{{1,2}})/(?P<day>\d{{1,2}})/(?:{_YEAR}|{_SHORT_YEAR})(?!\d)",
        rf"(?<!\d)(?P<day>\d{{1,2}})\.\s?(?P<number>\d{{1,2}})\.\s?(?:(?:{_YEAR}|{_SHORT_YEAR})(?![\d:.]))?",
        rf"(?<!\d)(?P<day>\d{{1,2}})-(?P<number>\d{{1,2}})-{_YEAR}(?!\d)",
        rf"\b{_MONTH}\s*(?P<day>\d{{1,2}}){_ORDINAL}(?!\d|:){_SPAN}(?:,?\s*{_YEAR}\b)?",
        rf"(?<!\d)(?P<day>\d{{1,2}}){_ORDINAL}{_SPAN}[\s-]*(?:of\s+)?{_MONTH}(?:[,-]?\s*{_YEAR}\b)?",
    )
)
_NUMBERS_WITH_SLASHES = FORMS[1]


@dataclass(frozen=True, slots=True)
class FoundDate:
    """A date in a text: its parts, where it stands, and whether day and month could be swapped."""

    year: int | None
    month: int
    day: int
    span: tuple[int, int]
    ambiguous: bool = False

    def on(self, year: int | None) -> date | None:
        """The date, in a year given for one without; None where there is no such day."""
        chosen = self.year or year
        if chosen is None or chosen not in CONFERENCE_YEARS:
            return None
        try:
            return date(chosen, self.month, self.day)
        except ValueError:
            return None


def find_date(text: str) -> FoundDate | None:
    """The first date in a text; one with a year is preferred."""
    text = text[:LONGEST_TEXT]
    matches = [(form, match) for form in FORMS if (match := form.search(text))]
    found = [_found(match, slashes=form is _NUMBERS_WITH_SLASHES) for form, match in matches]
    real = [one for one in found if one.on(one.year or 2000) is not None]
    return min(real, key=lambda one: (one.year is None, one.span[0]), default=None)


def read_date(text: str, year: int | None = None) -> date | None:
    """The first date in a text, in a year given for one without."""
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
