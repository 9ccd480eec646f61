"""The revision that is served now, in memory; reading goes on when the database does not."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass

from app.domain.timeline import Timeline
from app.store.errors import StoreError
from app.store.revisions import Revision, Revisions

Listener = Callable[[Revision, Revision], None]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One revision with its timeline: what a request works with from its first line to its last."""

    revision: Revision
    timeline: Timeline


class Current:
    """The latest snapshot. Listeners hear of each revision in order, none left out."""

    def __init__(self, revisions: Revisions, first: Revision) -> None:
        self.revisions = revisions
        self.snapshot = Snapshot(first, Timeline(first.program))
        self._listeners: list[Listener] = []
        self._lock = threading.Lock()
        self.trouble: str | None = None

    def on_revision(self, listener: Listener) -> None:
        """Call ``listener(before, after)`` for each new revision."""
        self._listeners.append(listener)

    def refresh(self) -> None:
        """Take up what was published since; `trouble` says why where the database does not answer."""
        with self._lock:
            try:
                fresh = self.revisions.since(self.snapshot.revision.number)
            except StoreError as error:
                self.trouble = str(error)
                return
            self.trouble = None
            for revision in fresh:
                before = self.snapshot.revision
                self.snapshot = Snapshot(revision, Timeline(revision.program))
                for listener in self._listeners:
                    listener(before, revision)
