"""How long anybody waits for the database: a request in all, and a command for each answer."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from time import monotonic

from app.store.errors import DatabaseTimeout, DatabaseUnavailable

# A request, and a look for new revisions, wait for so long in all.
PATIENCE_SECONDS = 4.0
# Whose time is up waits this long for each answer: a request may have been busy elsewhere, and the database be well.
LEAST_SECONDS = 0.1
# A command waits for so long for each answer: many commands at once take turns.
COMMAND_SECONDS = 10.0

_ends: ContextVar[float | None] = ContextVar("ends", default=None)


def start() -> None:
    """Begin the time in which this thread may wait for the database."""
    _ends.set(monotonic() + PATIENCE_SECONDS)


def ensure() -> None:
    """Begin that time, unless it has begun: a request that waits for its turn has waited already."""
    if _ends.get() is None:
        start()


def clear(_error: BaseException | None = None) -> None:
    """End that time: from here on the thread waits as a command does."""
    _ends.set(None)


def seconds_left() -> float:
    """How long to wait for an answer that is needed now."""
    end = _ends.get()
    return COMMAND_SECONDS if end is None else max(end - monotonic(), LEAST_SECONDS)


class CircuitBreaker:
    """While the database does not answer, one caller at a time tries it; the others are refused instead of waiting."""

    def __init__(self) -> None:
        self._open = False
        self._trial = threading.Lock()

    @property
    def is_open(self) -> bool:
        """Whether the database did not answer when it was last asked."""
        return self._open

    @contextmanager
    def protecting(self) -> Iterator[None]:
        """Notice from the block whether the database answers; raises `DatabaseUnavailable` instead of entering it."""
        is_trial = self._open
        if is_trial and not self._trial.acquire(timeout=LEAST_SECONDS):
            raise DatabaseUnavailable("it is being tried again")
        opens = False
        try:
            yield
        except DatabaseUnavailable as error:
            opens = isinstance(error, DatabaseTimeout) or self._open
            raise
        finally:
            # Any other error is the caller's own: the database has answered.
            self._open = opens
            if is_trial:
                self._trial.release()
