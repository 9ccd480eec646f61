"""Lanes: a few threads for each kind of request, with a bounded queue before them.

A flood of one kind fills its own lane only. What does not fit is refused at once, and what waits for a client who
has gone is not begun.
"""

from __future__ import annotations

import asyncio
import contextvars
from collections import deque
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from werkzeug.exceptions import ClientDisconnected

Result = TypeVar("Result")


class LaneFull(Exception):
    """A request that the lane cannot take now."""


class Lane:
    """``threads`` requests at a time; ``most_waiting`` more wait, each ``longest_wait_seconds`` at most.

    Its methods are called on the event loop.
    """

    def __init__(self, name: str, threads: int, most_waiting: int, longest_wait_seconds: float) -> None:
        self._free = threads
        self._most_waiting = most_waiting
        self._longest_wait = longest_wait_seconds
        self._waiting: deque[asyncio.Future[None]] = deque()
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix=name)

    async def run(self, work: Callable[[], Result], disconnected: Callable[[], Coroutine[Any, Any, None]]) -> Result:
        """The result of some work in one of the lane's threads.

        ``disconnected`` returns once nobody wants the result any more. Raises `LaneFull`, or `ClientDisconnected`
        where the client left before the work was begun.
        """
        if self._free:
            self._free -= 1
        else:
            await self._turn(disconnected)
        begun = asyncio.get_running_loop().run_in_executor(self._threads, contextvars.copy_context().run, work)
        # The thread is free when its work ends, and not when a caller stops waiting for that.
        begun.add_done_callback(self._freed)
        return await asyncio.shield(begun)

    def close(self) -> None:
        """Begin no more work."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def _turn(self, disconnected: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Wait for a free thread."""
        if len(self._waiting) >= self._most_waiting:
            raise LaneFull
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append(turn)
        gone = asyncio.create_task(disconnected())
        try:
            await asyncio.wait({turn, gone}, timeout=self._longest_wait, return_when=asyncio.FIRST_COMPLETED)
        except asyncio.CancelledError:
            self._leave(turn)
            raise
        finally:
            gone.cancel()
        if gone.done() or not turn.done():
            self._leave(turn)
            raise ClientDisconnected if gone.done() else LaneFull

    def _leave(self, turn: asyncio.Future[None]) -> None:
        """Give up a place in the queue, or the thread that it has become."""
        if turn.done():
            self._next()
        else:
            self._waiting.remove(turn)

    def _freed(self, work: asyncio.Future[Any]) -> None:
        if not work.cancelled():
            work.exception()  # The caller may be gone; then nobody else asks for it.
        self._next()

    def _next(self) -> None:
        """Hand a free thread to who has waited longest."""
        if self._waiting:
            self._waiting.popleft().set_result(None)
        else:
            self._free += 1
