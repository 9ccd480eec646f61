"""An event loop whose time passes when the test says so."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import cast


@dataclass(eq=False)
class Timer:
    """What is due at an instant, unless it is cancelled."""

    loop: Loop
    due: float
    work: Callable[[], None]

    def cancel(self) -> None:
        self.loop.timers.remove(self)


class Loop:
    """The timers of an event loop."""

    def __init__(self) -> None:
        self.now = 0.0
        self.timers: list[Timer] = []

    def time(self) -> float:
        return self.now

    def call_later(self, seconds: float, work: Callable[[], None]) -> Timer:
        self.timers.append(Timer(self, self.now + seconds, work))
        return self.timers[-1]

    def pass_to(self, instant: float) -> None:
        """Let time pass, and run what is due in order."""
        while due := [timer for timer in self.timers if timer.due <= instant]:
            first = min(due, key=lambda timer: timer.due)
            first.cancel()
            self.now = max(self.now, first.due)
            first.work()
        self.now = instant


def as_loop(loop: Loop) -> asyncio.AbstractEventLoop:
    return cast("asyncio.AbstractEventLoop", loop)
