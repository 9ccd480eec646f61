"""Days as tables say them: dates, `Day 2`, `Saturday`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from app.formats.imports.dates import find_date
from app.formats.imports.notes import Notes

WEEKDAYS = (
    "monday mon montag lundi lunes",
    "tuesday tue dienstag mardi martes",
    "wednesday wed mittwoch mercredi miércoles",
    "thursday thu donnerstag jeudi jueves",
    "friday fri freitag vendredi viernes",
    "saturday sat samstag samedi sábado",
    "sunday sun sonntag dimanche domingo",
)
# Columns in which a bare number is the first, the second day.
COUNTED = frozenset({"day", "tag", "jour", "dia", "día", "giorno"})
LONGEST_NUMBER = 3
LONGEST_TEXT = 80
DAYS_OF_A_PROGRAM = 30


@dataclass(frozen=True, slots=True)
class Calendar:
    """What is known of the calendar before a source is read: its year, its first day."""

    year: int | None
    first_day: date | None
    notes: Notes

    def day(self, text: str) -> date | None:
        """The day that a text says; None where it says none, or none that can be known."""
        found = find_date(text)
        if found is not None:
            if found.ambiguous:
                self.notes.guessed("the month stands first in", text)
            if found.year is None and self.year is not None:
                self.notes.guessed(f"the year {self.year}, which the dates do not have")
            return found.on(self.year)
        return self._counted(text) if self.first_day else None

    def counted(self, text: str, header: str) -> date | None:
        """The day that a bare number counts in a column of days, from the first; None for anything else."""
        bare = text.strip()
        if self.first_day is None or header.strip().casefold() not in COUNTED or not bare.isdecimal():
            return None
        number = int(bare[:LONGEST_NUMBER])
        return self.first_day + timedelta(days=number - 1) if 1 <= number <= DAYS_OF_A_PROGRAM else None

    def _counted(self, text: str) -> date | None:
        words = text[:LONGEST_TEXT].casefold()
        if self.first_day is None:
            return None
        if match := re.search(r"\b(?:day|tag|jour)\s*#?(\d{1,2})\b", words):
            number = int(match[1])
            return self.first_day + timedelta(days=number - 1) if 1 <= number <= DAYS_OF_A_PROGRAM else None
        for number, names in enumerate(WEEKDAYS):
            if re.search(rf"\b(?:{'|'.join(names.split())})\b", words):
                return self.first_day + timedelta(days=(number - self.first_day.weekday()) % len(WEEKDAYS))
        return None
