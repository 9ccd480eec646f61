"""Checks the deadlines of many connections with one timer per event loop.

With one timer for each of ten thousand connections, timers cost a burst of readers more than their answers do.
"""

from __future__ import annotations

import asyncio
from math import ceil
from typing import Protocol

# A deadline is checked at most so much too late.
STEP_SECONDS = 0.5


class HasDeadline(Protocol):
    """Something with a deadline."""

    def check_deadline(self) -> None:
        """Act if the deadline has passed, else ask to be checked later."""


class Deadlines:
    """Groups deadlines by half-second steps. It belongs to one event loop."""

    def __init__(self) -> None:
        self._due: dict[int, set[HasDeadline]] = {}
        self._timer: asyncio.TimerHandle | None = None

    def check_later(self, one: HasDeadline, loop: asyncio.AbstractEventLoop, seconds: float) -> set[HasDeadline]:
        """Call `check_deadline` once after some seconds, unless ``one`` is removed from the set that this returns."""
        group = self._due.setdefault(ceil((loop.time() + seconds) / STEP_SECONDS), set())
        group.add(one)
        if self._timer is None:
            self._timer = loop.call_later(STEP_SECONDS, self._check, loop)
        return group

    def _check(self, loop: asyncio.AbstractEventLoop) -> None:
        step_now = loop.time() / STEP_SECONDS
        for step in [step for step in self._due if step <= step_now]:
            for one in self._due.pop(step):
                # Not called from here: a check that fails must not stop the others.
                loop.call_soon(one.check_deadline)
        self._timer = loop.call_later(STEP_SECONDS, self._check, loop) if self._due else None
