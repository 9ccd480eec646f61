"""The edition: all responses of one revision in one segment, each rendered once."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from http import HTTPStatus
from typing import NamedTuple

from app.live.http_response import StoredResponse
from app.live.snapshot import Snapshot

# Only existing addresses are stored, but queries and host names can multiply one: then the oldest is evicted.
MAX_BYTES = 128 * 1024 * 1024
# The current revision and the one before, each in the current segment and the next.
MOST_EDITIONS = 4

EditionKey = tuple[int, int]


class ResponseKey(NamedTuple):
    """What a response is stored under: its path, the query parameters that its view reads, and the host.

    ``host`` is "http://host" where links depend on it, "" where all hosts get the same response.
    """

    path: str
    query: str = ""
    host: str = ""


@dataclass
class Edition:
    """The responses of one revision in one segment; ``size_bytes`` is the size of their uncompressed bodies."""

    revision: int
    segment: int
    responses: dict[ResponseKey, StoredResponse] = field(default_factory=dict)
    size_bytes: int = 0

    def store(self, key: ResponseKey, response: StoredResponse) -> None:
        """Store a response; evicts the oldest ones where it would be too much."""
        self.size_bytes += len(response.body) - len(self.responses[key].body if key in self.responses else b"")
        self.responses[key] = response
        while self.size_bytes > MAX_BYTES:
            self.size_bytes -= len(self.responses.pop(next(iter(self.responses))).body)


class Editions:
    """The current edition and the next one; responses that time does not change are in both. Thread-safe."""

    def __init__(self) -> None:
        self._editions: dict[EditionKey, Edition] = {}
        self._lock = threading.Lock()
        self._building: dict[tuple[EditionKey, ResponseKey], threading.Lock] = {}

    def at(self, snapshot: Snapshot, now: datetime) -> Edition:
        """The edition at an instant, created where there is none yet."""
        key = (snapshot.revision.number, snapshot.timeline.segment(now).index)
        return self._editions.get(key) or self._create(key)

    def get_or_render(
        self, snapshot: Snapshot, now: datetime, key: ResponseKey, build: Callable[[], StoredResponse]
    ) -> StoredResponse:
        """The stored response; built on the first request, while concurrent requests for the same one wait."""
        edition = self.at(snapshot, now)
        return edition.responses.get(key) or self._build(edition, key, build)

    def _create(self, key: EditionKey) -> Edition:
        with self._lock:
            edition = self._editions.get(key)
            if edition is None:
                edition = Edition(*key)
                for response_key, response in self._unaffected_by_time(edition.revision).items():
                    edition.store(response_key, response)
                self._editions[key] = edition
                while len(self._editions) > MOST_EDITIONS:
                    del self._editions[next(iter(self._editions))]
            return edition

    def _unaffected_by_time(self, revision: int) -> dict[ResponseKey, StoredResponse]:
        """The responses of a revision that hold in all segments."""
        same = [edition.responses for edition in self._editions.values() if edition.revision == revision]
        return {key: response for key, response in list((same[-1] if same else {}).items()) if not response.turns}

    def _build(self, edition: Edition, key: ResponseKey, build: Callable[[], StoredResponse]) -> StoredResponse:
        building_key = ((edition.revision, edition.segment), key)
        with self._lock:
            building = self._building.setdefault(building_key, threading.Lock())
        try:
            with building:
                response = edition.responses.get(key)
                if response is None:
                    response = build()
                    self._keep(edition, key, response)
                return response
        finally:
            with self._lock:
                self._building.pop(building_key, None)

    def _keep(self, edition: Edition, key: ResponseKey, response: StoredResponse) -> None:
        if response.status != HTTPStatus.OK:
            return
        with self._lock:
            edition.store(key, response)
            if not response.turns:
                for other in self._editions.values():
                    if other.revision == edition.revision:
                        other.store(key, response)
