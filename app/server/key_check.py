"""Which keys are good: asked for all requests that wait at once, so that a flood of made-up keys delays no good one."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Container, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import Context

from werkzeug.exceptions import ServiceUnavailable, TooManyRequests

# Different keys that wait for one question.
MOST_WAITING_KEYS = 1_000
# Requests that are handled or wait: a phone sends two or three.
MOST_AT_ONCE = 8
LONGEST_KEY = 200


class KeyCheck:
    """Asks which of some keys are good: ``good_among`` is called in a thread of its own, and raises nothing.

    Not thread-safe: it belongs to the event loop.
    """

    def __init__(self, good_among: Callable[[frozenset[str]], Container[str]]) -> None:
        self._good_among = good_among
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="key check")
        self._one_at_a_time = asyncio.Lock()
        self._next_keys = set[str]()
        self._next_answer: asyncio.Task[Container[str]] | None = None
        self._in_use: Counter[str] = Counter()

    async def is_good(self, key: str) -> bool:
        """Whether a key is good; raises `ServiceUnavailable` where too many wait to know that."""
        if not key or len(key) > LONGEST_KEY or not key.isascii():
            return False
        if key not in self._next_keys and len(self._next_keys) >= MOST_WAITING_KEYS:
            raise ServiceUnavailable
        self._next_keys.add(key)
        if self._next_answer is None:
            # Not in the request's context, which would keep its connection.
            self._next_answer = asyncio.create_task(self._ask(), context=Context())
        return key in await asyncio.shield(self._next_answer)

    @contextmanager
    def using(self, key: str) -> Iterator[None]:
        """Handle a request with a key, if not ""; raises `TooManyRequests` for too many with the same one at once."""
        if key and self._in_use[key] >= MOST_AT_ONCE:
            raise TooManyRequests
        self._in_use[key] += 1
        try:
            yield
        finally:
            self._in_use[key] -= 1
            if not self._in_use[key]:
                del self._in_use[key]

    def close(self) -> None:
        """Ask no more."""
        self._thread.shutdown(wait=False, cancel_futures=True)

    async def _ask(self) -> Container[str]:
        """Wait for the question before, and ask about all keys that have come meanwhile."""
        async with self._one_at_a_time:
            keys, self._next_keys, self._next_answer = frozenset(self._next_keys), set(), None
            return await asyncio.get_running_loop().run_in_executor(self._thread, self._good_among, keys)
