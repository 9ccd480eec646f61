"""What a reader looks for on the day's page, from its address; the page's form and its scripts write the same."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from app.domain.errors import UnknownName
from app.domain.finding import Wanted, fits, items_found, words_of
from app.domain.program import Program
from app.web.present import Day, days_of

LONGEST_TEXT = 100
ALL_DAYS = "all"


@dataclass(frozen=True)
class Finding:
    """A search: ``text`` as typed, ``day`` one of the program's, "all", or "" for what fits the moment."""

    text: str
    wanted: Wanted
    day: str
    program: Program

    @cached_property
    def found(self) -> dict[str, tuple[str, ...]]:
        """The sessions that fit, by id, each with the items that say why."""
        found = (session for session in self.program.sessions if fits(self.program, session, self.wanted))
        return {session.id: items_found(session, self.wanted) for session in found}

    def open_day(self, days: list[Day], now: datetime) -> str:
        """The day that stands open: the chosen one, "all" in a search, else the first that is not over."""
        if self.day:
            return self.day
        return ALL_DAYS if not self.wanted.anything else day_of_now(days, now)

    def shown_days(self, days: list[Day], now: datetime) -> set[date]:
        """The days that are shown; in a search, those with a find."""
        chosen = self.open_day(days, now)
        return {day.date for day in days if chosen in (ALL_DAYS, f"{day.date}") and self._has_a_find(day)}

    def _has_a_find(self, day: Day) -> bool:
        return self.wanted.anything or any(session.id in self.found for session in day.sessions)


def parse(query: Mapping[str, str], program: Program) -> Finding:
    """Read `q`, `room`, `kind` and `day`; raises `UnknownName` for a name that the program does not have."""
    text = query.get("q", "").strip()[:LONGEST_TEXT]
    words = words_of(text)
    room, kind, day = (query.get(name) or None for name in ("room", "kind", "day"))
    if room:
        program.room(room)
    days = [f"{one.date}" for one in days_of(program, program.sessions)]
    for sort, name, known in (("kind", kind, kinds_of(program)), ("day", day, [*days, ALL_DAYS])):
        if name and name not in known:
            raise UnknownName(sort, name, known)
    # A text without a word asks for nothing, and the page is one for all.
    return Finding(text if words else "", Wanted(words=words, room=room, kind=kind), day or "", program)


def kinds_of(program: Program) -> list[str]:
    """The kinds of session that a program has, in the order of their first."""
    return list(dict.fromkeys(session.kind for session in program.sessions))


def day_of_now(days: list[Day], now: datetime) -> str:
    """The first day that is not over, else the last; "" without days."""
    lasting = (day.date for day in days if any(not one.cancelled and one.end > now for one in day.sessions))
    return f"{next(lasting, days[-1].date)}" if days else ""
