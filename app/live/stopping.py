"""Hearing that the process is told to stop, before its server waits for connections to end by themselves."""

from __future__ import annotations

import asyncio
import signal
import threading
from collections.abc import Callable
from types import FrameType


def before_stopping(call: Callable[[], object]) -> None:
    """Call something on this event loop when SIGTERM or SIGINT comes; the server's own handler is called too.

    A server waits for its connections before it ends, and a stream would go on for ever. Only the
    main thread hears of signals: elsewhere, as in a test, nothing is called.
    """
    if threading.current_thread() is not threading.main_thread():
        return
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        _chain(number, lambda: loop.call_soon_threadsafe(call))


def _chain(number: signal.Signals, call: Callable[[], object]) -> None:
    former = signal.getsignal(number)

    def handle(caught: int, frame: FrameType | None) -> None:
        call()
        if callable(former):
            former(caught, frame)

    signal.signal(number, handle)
