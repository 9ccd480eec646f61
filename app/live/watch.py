"""Notices revisions that other processes publish, well within a second."""

from __future__ import annotations

import threading

from app.live.current import Current

POLL_SECONDS = 0.15


class Watch:
    """A thread that refreshes the current revision until it is stopped."""

    def __init__(self, current: Current) -> None:
        self._current = current
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
        while not self._stopped.wait(POLL_SECONDS):
            self._current.refresh()
