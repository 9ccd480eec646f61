"""The revision that is served now, in memory; reading goes on when the database does not."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from app.domain.timeline import Timeline
from app.live.clock import SYSTEM_CLOCK, Clock
from app.live.history import History
from app.live.notes import notes_of, reasons_of
from app.store.errors import StoreError
from app.store.revisions import Revision, Revisions

Listener = Callable[[Revision, Revision], None]
Preparation = Callable[["Snapshot"], None]

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One revision with its timeline: what a request works with from its first line to its last.

    ``reasons`` says why sessions are moved or cancelled, by id, where a public note did.
    """

    revision: Revision
    timeline: Timeline
    reasons: Mapping[str, str]


class Current:
    """The latest snapshot. Listeners hear of each revision in order, none left out.

    While the database does not answer, ``trouble`` says why and ``away_since`` since when;
    both are None otherwise.
    """

    def __init__(self, revisions: Revisions, first: Revision, clock: Clock = SYSTEM_CLOCK) -> None:
        self.revisions = revisions
        self.history = History(revisions)
        self.snapshot = self._snapshot(first)
        self.trouble: str | None = None
        self.away_since: datetime | None = None
        self._clock = clock
        self._listeners: list[Listener] = []
        self._preparations: list[Preparation] = []
        self._lock = threading.Lock()

    def on_revision(self, listener: Listener) -> None:
        """Call ``listener(before, after)`` for each new revision, once it is the current one."""
        self._listeners.append(listener)

    def before_revision(self, preparation: Preparation) -> None:
        """Call ``preparation(snapshot)`` with what is about to become the current one; nobody is served it yet."""
        self._preparations.append(preparation)

    def forget(self, listener: Listener) -> None:
        """Do not call a listener any more."""
        self._listeners.remove(listener)

    def refresh(self) -> None:
        """Take up what was published since, in one thread at a time."""
        with self._lock:
            try:
                # With their story: nobody is served a revision without it.
                fresh = [self._snapshot(revision) for revision in self._newer()]
            except StoreError as error:
                if self.trouble is None:
                    log.warning("%s; readers go on with revision %d", error, self.snapshot.revision.number)
                self.trouble = str(error)
                self.away_since = self.away_since or self._clock.now()
                return
            if self.trouble is not None:
                log.warning("the database answers again")
            self.trouble = self.away_since = None
            for coming in fresh:
                if coming is fresh[-1]:
                    self._prepare(coming)
                self._take_up(coming)

    def _newer(self) -> tuple[Revision, ...]:
        held = self.snapshot.revision.number
        return self.revisions.since(held) if self.revisions.latest_number() > held else ()

    def _snapshot(self, revision: Revision) -> Snapshot:
        entries = self.history.until(revision.number)
        timeline = Timeline(revision.program, notes_of(entries))
        return Snapshot(revision, timeline, reasons_of(revision.program, entries))

    def _prepare(self, coming: Snapshot) -> None:
        for preparation in tuple(self._preparations):
            try:
                preparation(coming)
            except Exception:
                # It is only later then, not wrong.
                log.exception("revision %d: a preparation failed", coming.revision.number)

    def _take_up(self, coming: Snapshot) -> None:
        before, revision = self.snapshot.revision, coming.revision
        self.snapshot = coming
        log.info("revision %d is shown", revision.number)
        for listener in tuple(self._listeners):
            try:
                listener(before, revision)
            except Exception:
                # One that fails must not keep the others from the news.
                log.exception("revision %d: a listener failed", revision.number)
