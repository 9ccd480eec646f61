"""Readers' own calendars: read from the database, and from memory while that is away."""

from __future__ import annotations

import logging
import threading
from datetime import datetime

from app.store.errors import DatabaseAway, StoreError
from app.store.picks import PickBook, Picks

# The calendars of a large conference; each is a few hundred bytes.
MOST_REMEMBERED = 10_000

log = logging.getLogger(__name__)


class PersonalFeeds:
    """What stands in readers' own calendars. Safe to use from any thread."""

    def __init__(self, book: PickBook) -> None:
        self._book = book
        self._remembered: dict[str, Picks] = {}
        self._lock = threading.Lock()

    def of(self, read: str) -> Picks:
        """The stars behind a feed's key; raises `UnknownName`, and `DatabaseAway` for one not asked for before."""
        try:
            picks = self._book.of_feed(read)
        except DatabaseAway:
            with self._lock:
                remembered = self._remembered.get(read)
            if remembered is None:
                raise
            return remembered
        with self._lock:
            self._remembered.pop(read, None)
            self._remembered[read] = picks
            if len(self._remembered) > MOST_REMEMBERED:
                del self._remembered[next(iter(self._remembered))]
        return picks

    def fetched(self, read: str, got: Picks, revision: int, now: datetime) -> None:
        """Note what a calendar has now; where that cannot be noted, the calendar still gets its answer."""
        try:
            self._book.fetched(read, got, revision, now)
        except StoreError as error:
            log.warning("a calendar's fetch was not noted: %s", error)
