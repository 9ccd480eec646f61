"""Which displays are alive, and which show old data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from app.live.clock import SYSTEM_CLOCK
from app.store.displays import Display, Displays
from app.web.look import Look
from app.web.service import the_service

# A display reports each half minute; two reports missed are a display that is off, or has no network.
SILENT_AFTER = timedelta(seconds=75)


@dataclass(frozen=True)
class DisplayState:
    """A display, and whether it is heard of and shows the present revision."""

    display: Display
    alive: bool
    fresh: bool
    seconds_ago: int


def displays_of(look: Look) -> list[DisplayState]:
    """All displays that reported, the last seen first."""
    now = SYSTEM_CLOCK.now()
    found = Displays(the_service().database).all(now)
    return [
        DisplayState(
            display,
            alive=now - display.seen_at < SILENT_AFTER,
            fresh=display.revision == look.revision,
            seconds_ago=int((now - display.seen_at).total_seconds()),
        )
        for display in found
    ]
