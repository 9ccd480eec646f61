"""The one clock. Nothing else in the service may ask what time it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol


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
