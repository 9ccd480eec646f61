"""Readers' personal calendars: from the database, and from memory while the database does not respond."""

from __future__ import annotations

import logging
import threading
from datetime import datetime

from app.store.errors import DatabaseUnavailable, StoreError
from app.store.stars import StarSet, StarStore

# The readers of a large conference; each set takes a few hundred bytes.
MOST_REMEMBERED = 10_000

log = logging.getLogger(__name__)


class PersonalFeeds:
    """The stars behind personal calendars. Thread-safe."""

    def __init__(self, store: StarStore) -> None:
        self._store = store
        self._remembered: dict[str, StarSet] = {}
        self._lock = threading.Lock()

    def of(self, read: str) -> StarSet:
        """The stars behind a read key; raises `UnknownName`, and `DatabaseUnavailable` where nothing is remembered."""
        try:
            stars = self._store.of_feed(read)
        except DatabaseUnavailable:
            remembered = self._remembered.get(read)
            if remembered is None:
                raise
            return remembered
        with self._lock:
            self._remembered.pop(read, None)
            self._remembered[read] = stars
            if len(self._remembered) > MOST_REMEMBERED:
                del self._remembered[next(iter(self._remembered))]
        return stars

    def fetched(self, read: str, got: StarSet, revision: int, now: datetime) -> None:
        """Record what a calendar program has now; a failure is logged and does not spoil the response."""
        try:
            self._store.fetched(read, got, revision, now)
        except StoreError as error:
            log.warning("a calendar's fetch was not noted: %s", error)
