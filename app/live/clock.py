"""The one clock. Nothing else in the service may ask what time it is.

A machine's clock may step back. Nothing here hides that: a moment that comes again is shown
again, as on the wall; stamps of revisions rise all the same (`app.store.revisions`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol

from app.store.database import Database
from app.store.rehearsal import Rehearsal, read_rehearsal


class Clock(Protocol):
    """Tells the time of the conference, which in a rehearsal is not the time of the world."""

    @property
    def speed(self) -> float:
        """Seconds that this clock goes on in a real second; 1 but in a rehearsal."""

    @property
    def rehearsal(self) -> bool:
        """Whether this is not the real time."""

    def now(self) -> datetime:
        """The present instant, in UTC."""


@dataclass(frozen=True)
class SystemClock:
    """The machine's clock."""

    speed: float = 1.0
    rehearsal: bool = False

    def now(self) -> datetime:
        """The present instant, in UTC."""
        return datetime.now(UTC)


@dataclass(frozen=True)
class RehearsalClock:
    """Showed ``shown`` at the real instant ``anchor`` and goes on from there at its speed."""

    anchor: datetime
    shown: datetime
    speed: float = 1.0
    rehearsal: bool = True

    def now(self) -> datetime:
        """The instant that is rehearsed, in UTC."""
        return self.shown + (datetime.now(UTC) - self.anchor) * self.speed


@dataclass(frozen=True)
class FixedClock:
    """Stands still; for looking at one instant."""

    instant: datetime
    speed: float = 1.0
    rehearsal: bool = False

    def now(self) -> datetime:
        """Always the same instant."""
        return self.instant


SYSTEM_CLOCK = SystemClock()


def clock_of(rehearsal: Rehearsal | None) -> Clock:
    """The clock that a database lives by."""
    if rehearsal is None:
        return SYSTEM_CLOCK
    return RehearsalClock(rehearsal.anchor, rehearsal.shown, rehearsal.speed)


class DatabaseClock:
    """The clock that a database lives by; follows when another process sets its rehearsal anew."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.refresh()

    @property
    def speed(self) -> float:
        """Seconds that this clock goes on in a real second."""
        return self._clock.speed

    @property
    def rehearsal(self) -> bool:
        """Whether this is not the real time."""
        return self._clock.rehearsal

    def now(self) -> datetime:
        """The present instant, in UTC."""
        return self._clock.now()

    def refresh(self) -> None:
        """Ask the database which clock it is; raises `DatabaseAway`, and goes on as before."""
        self._clock = clock_of(read_rehearsal(self._database))
