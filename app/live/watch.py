"""Notices revisions that other processes publish, well within a second."""

from __future__ import annotations

import threading
from contextlib import suppress
from time import monotonic

from app.live.clock import DatabaseClock
from app.live.current import Current
from app.store.errors import StoreError
from app.store.listening import Listening

# SQLite says nothing by itself: its latest number is asked for.
POLL_SECONDS = 0.15
# PostgreSQL says it; this is for when its word is lost.
POLL_BEHIND_SECONDS = 0.75
# No wait is longer, so that a stop is quick.
LISTEN_SECONDS = 0.25
LONGEST_PAUSE_SECONDS = 2.0


class Watch:
    """A thread that keeps the current revision, and the clock of a database, current until it is stopped."""

    def __init__(self, current: Current, clock: DatabaseClock | None = None) -> None:
        self._current = current
        self._clock = clock
        self._listening: Listening | None = None
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="watch", daemon=True)

    def start(self) -> None:
        """Begin to watch."""
        self._thread.start()

    def stop(self) -> None:
        """End, and wait for it."""
        self._stopped.set()
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        pause = POLL_SECONDS
        while not self._stopped.is_set():
            self._refresh()
            if self._current.trouble:
                self._stop_listening()
                self._stopped.wait(pause)
                pause = min(2 * pause, LONGEST_PAUSE_SECONDS)
            else:
                self._wait()
                pause = POLL_SECONDS
        self._stop_listening()

    def _refresh(self) -> None:
        self._current.refresh()
        # Where it fails, the current revision has noticed the same.
        with suppress(StoreError):
            if self._clock is not None:
                self._clock.refresh()

    def _wait(self) -> None:
        """Until there may be something new."""
        database = self._current.revisions.database
        if database.is_sqlite:
            self._stopped.wait(POLL_SECONDS)
            return
        try:
            if self._listening is None:
                # What was published before is asked for once more: nothing falls between asking and hearing.
                self._listening = Listening(database)
            else:
                self._listen(self._listening)
        except StoreError:
            self._stop_listening()
            self._stopped.wait(POLL_SECONDS)

    def _listen(self, listening: Listening) -> None:
        deadline = monotonic() + POLL_BEHIND_SECONDS
        while not self._stopped.is_set() and monotonic() < deadline:
            if listening.wait(LISTEN_SECONDS):
                return

    def _stop_listening(self) -> None:
        if self._listening is not None:
            self._listening.close()
            self._listening = None
