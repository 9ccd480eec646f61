"""The console's list of sessions: all of some rooms by day and room, or those of them that a search finds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from app.domain.program import Room
from app.domain.session import Session
from app.web import day_search
from app.web.day_search import DaySearch
from app.web.request_context import PageContext
from app.web.template_helpers import Day, days_of

# The value of `day` for which every day is shown.
ALL_DAYS = "all"


@dataclass(frozen=True)
class SessionList:
    """The sessions in ``rooms`` and for all rooms, as a search shows them. ``day`` is what the address asks for."""

    context: PageContext
    rooms: Sequence[Room]
    search: DaySearch
    day: str

    @cached_property
    def sessions(self) -> tuple[Session, ...]:
        """All sessions of the rooms, on whatever day."""
        places = {None, *(room.id for room in self.rooms)}
        return tuple(one for one in self.context.program.sessions if one.room in places)

    @cached_property
    def days(self) -> list[Day]:
        """Those sessions by day."""
        return days_of(self.context.program, self.sessions)

    @cached_property
    def found(self) -> tuple[Session, ...]:
        """The sessions that the search finds; without one, all of them."""
        return tuple(one for one in self.sessions if one.id in self.search.results)

    @cached_property
    def open_day(self) -> str:
        """The day that is shown, or that all are."""
        if self.day or self.search.active:
            return self.day or ALL_DAYS
        return day_search.day_of_now(self.context.program, self.days, self.context.now)

    @cached_property
    def shown_days(self) -> set[date]:
        """The days that are shown: of those that are open, the ones with something found."""
        found = days_of(self.context.program, self.found)
        return {one.date for one in found if self.open_day in (ALL_DAYS, f"{one.date}")}

    def by_room(self, day: Day) -> list[tuple[str | None, list[Session]]]:
        """The sessions of a day by room, those for all rooms first, under None."""
        places = (None, *(room.id for room in self.rooms))
        grouped = [(place, [one for one in day.sessions if one.room == place]) for place in places]
        return [(place, sessions) for place, sessions in grouped if sessions]


def parse(query: Mapping[str, str], rooms: Sequence[Room], context: PageContext) -> SessionList:
    """Read `q` and `day`; raises `UnknownName` for a day that the program does not have."""
    day = query.get("day", "")
    search = day_search.parse({"q": query.get("q", ""), "day": "" if day == ALL_DAYS else day}, context)
    return SessionList(context, rooms, search, day)
