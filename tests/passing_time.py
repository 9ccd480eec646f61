"""An event loop whose time passes when the test says so."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, cast


class Loop:
    """Timers and callbacks of an event loop; what fails is kept in ``failures``."""

    def __init__(self) -> None:
        self.now = 0.0
        self.timers: list[tuple[float, Callable[[], None]]] = []
        self.failures: list[Exception] = []

    def time(self) -> float:
        return self.now

    def call_later(self, seconds: float, work: Callable[..., None], *arguments: Any) -> object:
        self.timers.append((self.now + seconds, lambda: work(*arguments)))
        return object()

    def call_soon(self, work: Callable[[], None]) -> None:
        self.timers.append((self.now, work))

    def pass_to(self, instant: float) -> None:
        """Let time pass, and run what is due in order."""
        while due := [timer for timer in self.timers if timer[0] <= instant]:
            first = min(due, key=lambda timer: timer[0])
            self.timers.remove(first)
            self.now = max(self.now, first[0])
            try:
                first[1]()
            except RuntimeError as error:
                self.failures.append(error)
        self.now = instant


def as_loop(loop: Loop) -> asyncio.AbstractEventLoop:
    return cast("asyncio.AbstractEventLoop", loop)
