"""What the day's page shows: one day, of several rooms as a list under times that wide screens show as a grid."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from itertools import groupby, islice
from operator import attrgetter

from app.domain.conference_day import conference_day
from app.domain.program import Program
from app.domain.session import Session
from app.domain.timeline import State
from app.web.day_search import DaySearch
from app.web.request_context import PageContext
from app.web.room_grid import RoomGrid, grid_of, hour_of_day
from app.web.template_helpers import Day, days_of

VIEWS = ("grid", "list")
# A program of no more sessions has the cards of all on the page of each day of a few rooms: it turns without network.
MOST_HIDDEN = 150


@dataclass(frozen=True)
class DayPage:
    """One day of the program, as far as a search selects its sessions."""

    context: PageContext
    search: DaySearch

    @cached_property
    def days(self) -> list[Day]:
        """All days of the program."""
        return days_of(self._program, self._program.sessions)

    @cached_property
    def shown(self) -> Day | None:
        """The day that the search opens; None for a program without sessions."""
        return next((day for day in self.days if f"{day.date}" == self.search.open_day), None)

    @cached_property
    def sessions(self) -> tuple[Session, ...]:
        """The sessions of the day that are shown."""
        return tuple(filter(self.search.selects, self._of_day))

    @property
    def is_today(self) -> bool:
        """Whether this is the present day, or the only one: what depends on the present minute is shown on it."""
        now = conference_day(self._program, self.context.now)
        return self.shown is not None and (len(self.days) == 1 or self.shown.date == now)

    @cached_property
    def on(self) -> list[Session]:
        """The sessions that are on, by room."""
        rooms = [room.id for room in self._program.rooms]
        on = [one for one in self.sessions if self._states[one.id] == "now"]
        return sorted(on, key=lambda one: rooms.index(one.room) if one.room else -1)

    @property
    def over(self) -> list[Session]:
        """The sessions that are over."""
        return [one for one in self.sessions if self._states[one.id] == "past"]

    def by_start(self, *, without_on: bool) -> Iterator[tuple[datetime, list[Session]]]:
        """The sessions under their starts; where those that are on stand elsewhere, a start may have none."""
        for start, sessions in groupby(self.sessions, attrgetter("start")):
            yield start, [one for one in sessions if not (without_on and self._states[one.id] == "now")]

    @cached_property
    def grid(self) -> RoomGrid | None:
        """The day as a grid; None where a list is all there is."""
        return grid_of(self._program, self.sessions)

    @property
    def opening_hour(self) -> int:
        """The hour at which the grid begins while what is over is folded: that of the last boundary."""
        hours = self.grid.hours if self.grid else range(1)
        start = self.context.snapshot.timeline.segment(self.context.now).start
        hour = hour_of_day(self._program, start) if start and self.is_today and start >= self.sessions[0].start else 0
        return min(max(hour, hours[0]), hours[-1])

    @property
    def unlisted(self) -> list[Session]:
        """The sessions that the slots of rooms may come to show, and that the list does not have.

        Of a large program those of today and what follows in each room: its page refreshes long before another day.
        """
        listed = {one.id for one in self.sessions}
        wanted = self._program.sessions if len(self._program.sessions) <= MOST_HIDDEN else self._of_slots()
        return [one for one in dict.fromkeys(wanted) if one.id not in listed]

    def _of_slots(self) -> Iterator[Session]:
        today = conference_day(self._program, self.context.now)
        for answer in self.context.moment.rooms:
            yield from (one for one in (answer.now, answer.next, answer.cancelled) if one is not None)
            later = (one for one in self._program.sessions_in(answer.room.id) if self._day_of(one) > today)
            yield from islice((one for one in later if not one.cancelled), 1)
        yield from (one for one in self._program.sessions if self._day_of(one) == today)

    @cached_property
    def _states(self) -> dict[str, State]:
        states = self.context.states()
        return {one.id: states.of(one) for one in self.sessions}

    @property
    def _program(self) -> Program:
        return self.context.program

    @property
    def _of_day(self) -> tuple[Session, ...]:
        return self.shown.sessions if self.shown else ()

    def _day_of(self, session: Session) -> date:
        return conference_day(self._program, session.start)
