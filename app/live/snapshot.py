"""The revision that is served now, in memory; reading works while the database does not respond."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from app.domain.cues import Cue
from app.domain.search_index import ItemIndex, SearchIndex
from app.domain.timeline import Timeline
from app.formats.markdown import to_text
from app.live.clock import SYSTEM_CLOCK, Clock
from app.live.history import History, Outline, notes_of, reasons_of
from app.store.deadline import seconds_left
from app.store.errors import DatabaseReplaced, StoreError
from app.store.revisions import Revision, Revisions
from app.store.room_state import RoomStates

Listener = Callable[[Revision, Revision], None]
Preparation = Callable[["Snapshot"], None]

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Snapshot:
    """One revision with its timeline; a request uses one snapshot throughout.

    ``reasons`` holds the public notes on why sessions are moved or cancelled, by session id. ``told`` is the latest
    revision of which readers are told: feeds and exports are of that one, so that no step of a line-up changes them.
    """

    revision: Revision
    timeline: Timeline
    reasons: Mapping[str, str]
    told: Outline

    @cached_property
    def search_index(self) -> SearchIndex:
        """The words of the program, for searches; made when the revision is first searched."""
        return SearchIndex(self.revision.program, to_text)

    @cached_property
    def item_index(self) -> ItemIndex:
        """The words of the program's items, as of its sessions."""
        return ItemIndex(self.revision.program, to_text)


class CurrentRevision:
    """The latest snapshot, and the version of the room state. Listeners are called for every revision, in order.

    ``cues`` are the last ones of rooms, by room, as of that version.
    While the database does not respond, ``database_error`` is the reason and ``away_since`` the time it began;
    otherwise both are None. ``is_replaced`` is then whether another file has its place, which a new start would read.
    """

    def __init__(self, revisions: Revisions, first: Revision, clock: Clock = SYSTEM_CLOCK) -> None:
        self.revisions = revisions
        self.history = History(revisions, first.program)
        self.snapshot = self._snapshot(first)
        self.room_state = 0
        self.cues: Mapping[str, Cue] = {}
        self.database_error: str | None = None
        self.away_since: datetime | None = None
        self.is_replaced = False
        self._clock = clock
        self._listeners: list[Listener] = []
        self._preparations: list[Preparation] = []
        self._room_state_listeners: list[Callable[[], None]] = []
        self._lock = threading.Lock()

    def on_revision(self, listener: Listener) -> None:
        """Call ``listener(before, after)`` for each new revision, after it has become the current one."""
        self._listeners.append(listener)

    def before_revision(self, preparation: Preparation) -> None:
        """Call ``preparation(snapshot)`` before a snapshot becomes the current one and is served."""
        self._preparations.append(preparation)

    def on_room_state(self, listener: Callable[[], None]) -> None:
        """Call a listener after ``room_state`` has changed."""
        self._room_state_listeners.append(listener)

    def remove_room_state_listener(self, listener: Callable[[], None]) -> None:
        """Stop calling a listener of the room state."""
        self._room_state_listeners.remove(listener)

    def remove_listener(self, listener: Listener) -> None:
        """Stop calling a listener."""
        self._listeners.remove(listener)

    def refresh(self) -> None:
        """Load revisions published since, in one thread at a time; one that takes long is left to it by the others."""
        if self._lock.acquire(timeout=seconds_left()):
            try:
                self._refresh()
            finally:
                self._lock.release()

    @contextmanager
    def held(self) -> Iterator[None]:
        """Meanwhile no revision is loaded."""
        with self._lock:
            yield

    def _refresh(self) -> None:
        try:
            # All are loaded with their history before the first is served.
            found, room_state = self.revisions.news(self.snapshot.revision.number)
            fresh = [self._snapshot(one, self.snapshot.timeline) for one in found]
            cues = RoomStates(self.revisions).cues() if room_state != self.room_state else ()
        except StoreError as error:
            if self.database_error is None:
                log.warning("%s; readers go on with revision %d", error, self.snapshot.revision.number)
            self.database_error, self.is_replaced = str(error), isinstance(error, DatabaseReplaced)
            self.away_since = self.away_since or self._clock.now()
            return
        if self.database_error is not None:
            log.warning("the database answers again")
        self.database_error, self.away_since, self.is_replaced = None, None, False
        for snapshot in fresh:
            if snapshot is fresh[-1]:
                # One that fails is logged: its pages are then rendered on their first request.
                _call_all(self._preparations, snapshot)
            before, self.snapshot = self.snapshot, snapshot
            log.info("revision %d is shown", snapshot.revision.number)
            _call_all(self._listeners, before.revision, snapshot.revision)
        if room_state != self.room_state:
            self.room_state, self.cues = room_state, {cue.room: cue for cue in cues}
            _call_all(self._room_state_listeners)

    def _snapshot(self, revision: Revision, former: Timeline | None = None) -> Snapshot:
        history = self.history.until(revision.number)
        timeline = Timeline(revision.program, notes_of(history.outlines), former)
        return Snapshot(revision, timeline, reasons_of(revision.program, history.outlines), history.latest_told)


def _call_all(callbacks: Iterable[Callable[..., None]], *arguments: object) -> None:
    """Call each; one that fails is logged, and the others are still called."""
    for callback in tuple(callbacks):
        try:
            callback(*arguments)
        except Exception:
            log.exception("a callback for a new revision failed")
