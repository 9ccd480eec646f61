"""Readers' personal calendars: from the database, and from memory while the database does not respond."""

from __future__ import annotations

import logging
import sys
import threading
from datetime import datetime

from app.store.errors import DatabaseUnavailable, StoreError
from app.store.stars import StarSet, StarStore

# The readers of a large conference, with a dozen stars each.
MOST_REMEMBERED_BYTES = 8_000_000
# Measured: what a set takes in memory beside its table, and the text of each star.
SET_BYTES, STAR_BYTES = 340, 58

log = logging.getLogger(__name__)


class PersonalFeeds:
    """The stars behind personal calendars; ``kept_bytes`` is what they take in memory. Thread-safe."""

    def __init__(self, store: StarStore) -> None:
        self._store = store
        self.kept_bytes = 0
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
            self._forget(read)
            self._remembered[read] = stars
            self.kept_bytes += _bytes(stars)
            while self.kept_bytes > MOST_REMEMBERED_BYTES:
                self._forget(next(iter(self._remembered)))
        return stars

    def _forget(self, read: str) -> None:
        stars = self._remembered.pop(read, None)
        self.kept_bytes -= _bytes(stars) if stars else 0

    def fetched(self, read: str, got: StarSet, revision: int, now: datetime) -> None:
        """Record what a calendar program has now; a failure is logged and does not spoil the response."""
        try:
            self._store.fetched(read, got, revision, now)
        except StoreError as error:
            log.warning("a calendar's fetch was not noted: %s", error)


def _bytes(stars: StarSet) -> int:
    return SET_BYTES + sys.getsizeof(stars.starred) + len(stars.starred) * STAR_BYTES
