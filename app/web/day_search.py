"""The search on the day's page, read from the query that the page's form and scripts write."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from app.domain.errors import UnknownName
from app.domain.program import Program
from app.domain.search import SearchQuery, matches, matching_items, search_words
from app.domain.texts import LONGEST
from app.web.template_helpers import ALL_DAYS, Day, days_of


@dataclass(frozen=True)
class DaySearch:
    """A search in a program: ``text`` as typed, ``day`` one of the program's, "all", or "" for the current one."""

    text: str
    query: SearchQuery
    day: str
    program: Program

    @property
    def active(self) -> bool:
        """Whether anything is searched for; else all sessions are shown."""
        return not self.query.matches_all

    @cached_property
    def results(self) -> dict[str, tuple[str, ...]]:
        """The sessions found, by id, each with the titles of its items that match."""
        found = (session for session in self.program.sessions if matches(self.program, session, self.query))
        return {session.id: matching_items(session, self.query) for session in found}

    def open_day(self, days: list[Day], now: datetime) -> str:
        """The selected day: the chosen one, "all" in a search, else the first that is not over."""
        if self.day:
            return self.day
        return ALL_DAYS if self.active else day_of_now(days, now)

    def shown_days(self, days: list[Day], now: datetime) -> set[date]:
        """The days that are shown; in a search, only those with results."""
        selected = self.open_day(days, now)
        return {day.date for day in days if selected in (ALL_DAYS, f"{day.date}") and self._has_results(day)}

    def _has_results(self, day: Day) -> bool:
        return not self.active or any(session.id in self.results for session in day.sessions)


def parse(query: Mapping[str, str], program: Program) -> DaySearch:
    """Read `q`, `room`, `kind` and `day`; raises `UnknownName` for a name that the program does not have."""
    text = query.get("q", "").strip()[: LONGEST["search"]]
    words = search_words(text)
    room, kind, day = (query.get(name) or None for name in ("room", "kind", "day"))
    if room:
        program.room(room)
    days = [f"{one.date}" for one in days_of(program, program.sessions)]
    for sort, name, known in (("kind", kind, kinds_of(program)), ("day", day, [*days, ALL_DAYS])):
        if name and name not in known:
            raise UnknownName(sort, name, known)
    # A text without words is no search: its page is the same as without, and is cached as such.
    return DaySearch(text if words else "", SearchQuery(words=words, room=room, kind=kind), day or "", program)


def kinds_of(program: Program) -> list[str]:
    """The kinds of session that a program has, in the order of their first session."""
    return list(dict.fromkeys(session.kind for session in program.sessions))


def day_of_now(days: list[Day], now: datetime) -> str:
    """The first day that is not over, else the last; "" without days."""
    current = (day.date for day in days if any(not one.cancelled and one.end > now for one in day.sessions))
    return f"{next(current, days[-1].date)}" if days else ""
