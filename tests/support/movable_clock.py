"""A clock that tests set."""

from __future__ import annotations

from datetime import UTC, datetime

from app.live.clock import Clock
from app.store.database_identity import Rehearsal

# Of the workshop's day in Vancouver, five minutes into a talk.
AT_TEN_TWENTY = datetime(2025, 7, 18, 17, 20, tzinfo=UTC)


class MovableClock:
    """Stands at an instant, or goes on from it in real time."""

    rehearsal = False
    rehearsal_settings = None

    def __init__(self, instant: datetime, speed: float = 0.0) -> None:
        self.speed = 1.0
        self.set(instant, speed)

    def set(self, instant: datetime, speed: float = 0.0) -> None:
        """Show another instant, and go on from there at a speed; 0 stands still."""
        self._running = Clock(Rehearsal(datetime.now(UTC), instant, speed))

    def now(self) -> datetime:
        """The instant that the test chose."""
        return self._running.now()
