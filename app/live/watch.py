"""Notices revisions that other processes publish, well within a second."""

from __future__ import annotations

import logging
import threading
from contextlib import suppress
from pathlib import Path
from time import monotonic

from app.live.clock import DatabaseClock
from app.live.current import Current
from app.store.errors import StoreError
from app.store.listening import Listening

Files = tuple[tuple[int, int] | None, ...]

log = logging.getLogger(__name__)

# SQLite says nothing by itself: its files are looked at, and its latest number asked for once they changed.
POLL_SECONDS = 0.15
# PostgreSQL says it; this is for when its word is lost, and for when files do not show what happened.
POLL_BEHIND_SECONDS = 0.6
# A rehearsal is seldom set anew.
CLOCK_SECONDS = 0.5
# No wait is longer, so that a stop is quick.
LISTEN_SECONDS = 0.25
LONGEST_PAUSE_SECONDS = 2.0


class Watch:
    """A thread that keeps the current revision, and the clock of a database, current until it is stopped."""

    def __init__(self, current: Current, clock: DatabaseClock | None = None) -> None:
        self._current = current
        self._clock = clock
        self._clock_due = monotonic()
        self._listening: Listening | None = None
        self._files: Files = ()
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
            if self._refreshed():
                self._wait()
                pause = POLL_SECONDS
            else:
                self._stop_listening()
                self._stopped.wait(pause)
                pause = min(2 * pause, LONGEST_PAUSE_SECONDS)
        self._stop_listening()

    def _refreshed(self) -> bool:
        # Looked at before: what is published while the database is asked shows afterwards.
        self._files = self._look_at_files()
        try:
            self._current.refresh()
            self._refresh_clock()
        except Exception:
            # A thread that ended would leave readers with old news for good.
            log.exception("the watch failed, and goes on")
            return False
        return self._current.trouble is None

    def _refresh_clock(self) -> None:
        # A real clock is nobody's to set (a database is real or a rehearsal from its first start).
        if self._clock is not None and self._clock.rehearsal and monotonic() >= self._clock_due:
            self._clock_due = monotonic() + CLOCK_SECONDS
            # Where it fails, the current revision has noticed the same.
            with suppress(StoreError):
                self._clock.refresh()

    def _wait(self) -> None:
        """Until there may be something new."""
        database = self._current.revisions.database
        if database.is_sqlite:
            deadline = monotonic() + POLL_BEHIND_SECONDS
            while not self._stopped.wait(POLL_SECONDS) and monotonic() < deadline:
                if self._look_at_files() != self._files:
                    return
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

    def _look_at_files(self) -> Files:
        """When SQLite's files were last written, and how large they are; nothing for another database."""
        database = self._current.revisions.database
        if not database.is_sqlite:
            return ()
        found: list[tuple[int, int] | None] = []
        for path in (database.place, f"{database.place}-wal"):
            try:
                status = Path(path).stat()
            except OSError:
                found.append(None)
            else:
                found.append((status.st_mtime_ns, status.st_size))
        return tuple(found)

    def _listen(self, listening: Listening) -> None:
        deadline = monotonic() + POLL_BEHIND_SECONDS
        while not self._stopped.is_set() and monotonic() < deadline:
            if listening.wait(LISTEN_SECONDS):
                return

    def _stop_listening(self) -> None:
        if self._listening is not None:
            self._listening.close()
            self._listening = None
