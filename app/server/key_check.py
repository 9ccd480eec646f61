"""Which keys are good: asked for all requests that wait at once, so that a flood of made-up keys delays no good one."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Container, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import Context

from werkzeug.exceptions import TooManyRequests

MOST_KEYS_A_QUESTION = 1_000
LONGEST_KEY = 200
# Requests that are handled or wait: a phone sends two or three.
MOST_AT_ONCE = 8
# Open consoles of one browser: where it has no locks, each tab in view has a stream.
MOST_CONSOLES_A_SIGN_IN = 20
# A speaker has one page, on one device.
MOST_STREAMS_A_SPEAKER = 3


class KeyCheck:
    """Asks which of some keys are good: ``good_among`` is called in a thread of its own, one question at a time.

    Not thread-safe: it belongs to the event loop.
    """

    def __init__(self, good_among: Callable[[frozenset[str]], Container[str]]) -> None:
        self._good_among = good_among
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="key check")
        self._one_at_a_time = asyncio.Lock()
        # The last question that waits for its turn, and its answer to come.
        self._keys = set[str]()
        self._answer: asyncio.Task[Container[str]] | None = None

    async def is_good(self, key: str) -> bool:
        """Whether a key is good; raises what ``good_among`` raises."""
        if not key or len(key) > LONGEST_KEY or not key.isascii():
            return False
        if self._answer is None or len(self._keys) >= MOST_KEYS_A_QUESTION:
            self._keys = set()
            # Not in the request's context, which would keep its connection.
            self._answer = asyncio.create_task(self._ask(self._keys), context=Context())
        self._keys.add(key)
        return key in await asyncio.shield(self._answer)

    def close(self) -> None:
        """Ask no more."""
        self._thread.shutdown(wait=False, cancel_futures=True)

    async def _ask(self, keys: set[str]) -> Container[str]:
        async with self._one_at_a_time:
            if keys is self._keys:
                self._answer = None
            return await asyncio.get_running_loop().run_in_executor(self._thread, self._good_among, frozenset(keys))


class KeysInUse:
    """How many requests with each key are handled, or wait; at most ``most``."""

    def __init__(self, most: int = MOST_AT_ONCE) -> None:
        self._most = most
        self._requests: Counter[str] = Counter()

    @contextmanager
    def using(self, key: str) -> Iterator[None]:
        """Handle a request with a key, if not ""; raises `TooManyRequests` for too many with the same one at once."""
        if key and self._requests[key] >= self._most:
            raise TooManyRequests
        self._requests[key] += 1
        try:
            yield
        finally:
            self._requests[key] -= 1
            if not self._requests[key]:
                del self._requests[key]
