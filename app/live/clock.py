"""The one clock: no other module reads the time of the conference from the system.

The machine's clock may step back. Pages then show the earlier time again, as a clock on the wall would; the
timestamps of revisions rise all the same (`app.store.revisions`).
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from app.store.database import Database
from app.store.database_identity import Rehearsal, read_rehearsal


class Clock:
    """The system's clock, or a rehearsal's, which runs on from the instant at which it was set."""

    def __init__(self, rehearsal: Rehearsal | None = None) -> None:
        self._rehearsal = rehearsal

    @property
    def speed(self) -> float:
        """How many seconds it shows in a real second."""
        return self._rehearsal.speed if self._rehearsal else 1.0

    @property
    def rehearsal_settings(self) -> Rehearsal | None:
        """How a rehearsal's clock is set; None for the real time."""
        return self._rehearsal

    @property
    def rehearsal(self) -> bool:
        """Whether it differs from the real time."""
        return self._rehearsal is not None

    def now(self) -> datetime:
        """The current instant, in UTC."""
        real, rehearsal = datetime.now(UTC), self._rehearsal
        return rehearsal.shown + (real - rehearsal.anchor) * rehearsal.speed if rehearsal else real


SYSTEM_CLOCK = Clock()
# Each revision is stamped at least a second after the one before, however fast they come.
STAMPS_AHEAD = timedelta(minutes=2)
_SHOWN = "%Y-%m-%d %H:%M UTC"


def clock_fault(machine: datetime, newest: datetime | None, released: datetime) -> str | None:
    """What is wrong with the machine's clock, and what to do; None where nothing is known to be.

    ``newest`` is when the newest revision was published; None in a rehearsal, whose revisions have other times.
    """
    if newest is not None and newest - machine > STAMPS_AHEAD:
        known = f"the newest revision was published at {newest:{_SHOWN}}"
    elif machine < released:
        known = f"this version was released after {released:{_SHOWN}}"
    else:
        return None
    return f"This machine's clock says {machine:{_SHOWN}}, but {known}. Set it: timedatectl set-ntp true"


class FixedClock(Clock):
    """Always shows the same instant, of the real time or of a rehearsal."""

    def __init__(self, instant: datetime, rehearsal: Rehearsal | None = None) -> None:
        super().__init__(rehearsal)
        self._instant = instant

    def now(self) -> datetime:
        """The fixed instant."""
        return self._instant


class DatabaseClock(Clock):
    """The clock that the database names, the system's or a rehearsal's; follows when another process resets it."""

    def __init__(self, database: Database) -> None:
        super().__init__(read_rehearsal(database))
        self._database = database

    def refresh(self) -> None:
        """Read from the database which clock applies; raises `DatabaseUnavailable` and then stays as it was."""
        self._rehearsal = read_rehearsal(self._database)
