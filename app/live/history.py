"""What each revision changed, in memory: told also while the database is away."""

from __future__ import annotations

import threading

from app.store.revisions import Entry, Revisions


class History:
    """All revisions up to the one that is served, without their programs."""

    def __init__(self, revisions: Revisions) -> None:
        self._revisions = revisions
        self._lock = threading.Lock()
        self._entries: tuple[Entry, ...] = ()

    def until(self, number: int) -> list[Entry]:
        """The story up to a revision, oldest first; raises `StoreError` only for one that is not known yet."""
        if not self._entries or self._entries[-1].number < number:
            self._catch_up()
        return [entry for entry in self._entries if entry.number <= number]

    def _catch_up(self) -> None:
        with self._lock:
            held = self._entries[-1].number if self._entries else 0
            self._entries += self._revisions.history(since=held)
