"""The board of many rooms on a phone: what is on, and what begins within the hour."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.domain.departures import Departure, departures_of_days
from app.domain.timeline import Timeline


@dataclass(frozen=True, slots=True)
class PhoneBoard:
    """What the board shows from ``instant`` on.

    ``begun`` is what has begun by then. ``coming`` also has what comes onto the board later that day; where there is
    nothing more of it, those of the next day.
    """

    instant: datetime
    begun: list[Departure]
    coming: list[Departure]

    @property
    def on_count(self) -> int:
        """The number of sessions that are on."""
        return sum(not row.session.cancelled for row in self.begun)

    @property
    def any_coming(self) -> bool:
        """Whether any session to come stands on the board."""
        return any(row.holds_at(self.instant) for row in self.coming)


def board_at(timeline: Timeline, now: datetime) -> PhoneBoard:
    """The board with all rows of its day that have not ended: those of all days would be too much for a phone."""
    rows, _ = departures_of_days(timeline, now)
    begun = [row for row in rows if row.session.start <= now]
    return PhoneBoard(now, begun, [row for row in rows if row.session.start > now])
