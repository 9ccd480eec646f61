"""Notices revisions that other processes publish, well within a second."""

from __future__ import annotations

import logging
import threading
from contextlib import suppress
from time import monotonic

from app.live.clock import DatabaseClock
from app.live.snapshot import CurrentRevision
from app.store import deadline
from app.store.errors import StoreError
from app.store.postgres_notify import NotifyListener

log = logging.getLogger(__name__)

# SQLite sends no notifications, so this often is looked whether its files have changed.
POLL_SECONDS = 0.15
# Databases are queried at least this often, in case a notification is lost or a change left no trace.
REQUERY_SECONDS = 0.6
# The longest wait for a notification, so that stopping is quick.
LISTEN_SECONDS = 0.25
# The longest pause while the database does not respond.
LONGEST_PAUSE_SECONDS = 2.0
# The process ends without a thread that waits for a database.
STOP_SECONDS = 1.0


class RevisionWatcher:
    """A thread that keeps the current revision and the database's clock up to date until it is stopped."""

    def __init__(self, current: CurrentRevision, clock: DatabaseClock | None = None) -> None:
        self._current = current
        self._clock = clock
        self._listener: NotifyListener | None = None
        # Of an SQLite database, before it was queried last.
        self._trace: object = None
        self._former_trace: object = None
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="watch", daemon=True)

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def stop(self) -> None:
        """Stop the thread and wait for its end, except where it waits for a database that hangs."""
        self._stopped.set()
        if self._thread.is_alive():
            self._thread.join(STOP_SECONDS)

    @property
    def is_running(self) -> bool:
        """Whether its thread runs, which may be so for a while after it was stopped."""
        return self._thread.is_alive()

    def renewed(self) -> RevisionWatcher:
        """One that watches the same, to be started where this one was stopped."""
        return RevisionWatcher(self._current, self._clock)

    def _run(self) -> None:
        pause = POLL_SECONDS
        while not self._stopped.is_set():
            if self._refreshed():
                self._wait()
                pause = POLL_SECONDS
            else:
                self._close_listener()
                self._stopped.wait(pause)
                pause = min(2 * pause, LONGEST_PAUSE_SECONDS)
        self._close_listener()

    def _refreshed(self) -> bool:
        deadline.start()
        try:
            self._former_trace, self._trace = self._trace, self._current.revisions.database.trace()
            self._current.refresh()
            # Only a rehearsal's clock can be reset: a database is real or a rehearsal from its first start.
            if self._clock is not None and self._clock.rehearsal:
                # `CurrentRevision.refresh` reports the same failure.
                with suppress(StoreError):
                    self._clock.refresh()
        except Exception:
            # If the thread ended, readers would never get another revision.
            log.exception("watching for revisions failed; it goes on")
            return False
        return self._current.database_error is None

    def _wait(self) -> None:
        """Wait until there may be a new revision."""
        database = self._current.revisions.database
        end = monotonic() + REQUERY_SECONDS
        if database.is_sqlite:
            # A transaction's last write to the files comes a moment before it can be read: one more query follows.
            settled = self._trace == self._former_trace
            while not self._stopped.wait(POLL_SECONDS) and settled and monotonic() < end:
                settled = database.trace() == self._trace
            return
        deadline.start()
        try:
            if self._listener is None:
                # Returns at once, to query again: a revision may have been published before LISTEN took effect.
                self._listener = NotifyListener(database)
            else:
                while not self._stopped.is_set() and monotonic() < end:
                    if self._listener.wait(LISTEN_SECONDS):
                        return
        except StoreError:
            self._listen_anew()
        except Exception:
            # As above: whatever it is, the next query tells what is new.
            log.exception("waiting for revisions failed; it goes on")
            self._listen_anew()

    def _listen_anew(self) -> None:
        with suppress(Exception):
            self._close_listener()
        self._listener = None
        self._stopped.wait(POLL_SECONDS)

    def _close_listener(self) -> None:
        if self._listener is not None:
            self._listener.close()
            self._listener = None
