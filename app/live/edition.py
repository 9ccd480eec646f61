"""The edition: all responses of one revision in one segment, each rendered once."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from http import HTTPStatus
from time import monotonic
from typing import NamedTuple

from app.live.http_response import StoredResponse
from app.live.kept_memory import KeptHosts, KeptMemory
from app.live.snapshot import Snapshot

# The current revision and the one before, each in the current segment and the next.
MOST_EDITIONS = 4
# Measured: what a response takes in one edition, and in all, beside its bytes.
PLACE_BYTES = 50
RESPONSE_BYTES = 590
# Room is made for more than one response at a time: this part of the pages goes.
EVICTED_PART = 8

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
    """The responses of one revision in one segment."""

    revision: int
    segment: int
    responses: dict[ResponseKey, StoredResponse] = field(default_factory=dict)


class Editions:
    """The current edition and the next one; responses that time does not change are in both. Thread-safe.

    Where ``memory`` is used up, the oldest responses are evicted, those with a query first: clients can ask for any
    number of them.
    """

    def __init__(self, memory: KeptMemory | None = None) -> None:
        self.memory = memory or KeptMemory()
        self.memory.keepers["pages"] = lambda: self._kept_bytes
        self._kept_bytes = 0
        self._hosts = KeptHosts()
        self._editions: dict[EditionKey, Edition] = {}
        self._lock = threading.Lock()
        self._building: dict[tuple[EditionKey, ResponseKey], threading.Lock] = {}

    def at(self, snapshot: Snapshot, now: datetime) -> Edition:
        """The edition at an instant, created where there is none yet."""
        key = (snapshot.revision.number, snapshot.timeline.segment(now).index)
        return self._editions.get(key) or self._create(key)

    def get_or_render(
        self,
        snapshot: Snapshot,
        now: datetime,
        key: ResponseKey,
        build: Callable[[], StoredResponse],
    ) -> StoredResponse:
        """The stored response; built on the first request, while concurrent requests for the same one wait.

        For a host that has no place (`KeptHosts`) it is built each time.
        """
        if key.host and not self._admit(key.host):
            return build()
        edition = self.at(snapshot, now)
        return edition.responses.get(key) or self._build(edition, key, build)

    def keeps(self, host: str) -> bool:
        """Whether pages for a host are kept, or would be."""
        return self._hosts.has_place(host, monotonic())

    def use(self, host: str) -> None:
        """Note that a host's pages are sent."""
        self._hosts.use(host, monotonic())

    def _admit(self, host: str) -> bool:
        with self._lock:
            admitted, displaced = self._hosts.admit(host, monotonic())
            if displaced is not None:
                for edition in self._editions.values():
                    for key in [key for key in edition.responses if key.host == displaced]:
                        del edition.responses[key]
                self._recount()
                self.memory.evictions += 1
            return admitted

    def _create(self, key: EditionKey) -> Edition:
        with self._lock:
            edition = self._editions.get(key)
            if edition is None:
                edition = Edition(*key, responses=self._unaffected_by_time(key[0]))
                self._editions[key] = edition
                while len(self._editions) > MOST_EDITIONS:
                    del self._editions[next(iter(self._editions))]
                self._recount()
            return edition

    def _unaffected_by_time(self, revision: int) -> dict[ResponseKey, StoredResponse]:
        """The responses of a revision that hold in all segments."""
        same = [edition.responses for edition in self._editions.values() if edition.revision == revision]
        return {key: response for key, response in (same[-1] if same else {}).items() if not response.turns}

    def _build(self, edition: Edition, key: ResponseKey, build: Callable[[], StoredResponse]) -> StoredResponse:
        building_key = ((edition.revision, edition.segment), key)
        with self._lock:
            building = self._building.setdefault(building_key, threading.Lock())
        try:
            with building:
                return edition.responses.get(key) or self._keep(edition, key, build())
        finally:
            with self._lock:
                self._building.pop(building_key, None)

    def _keep(self, edition: Edition, key: ResponseKey, built: StoredResponse) -> StoredResponse:
        if built.status != HTTPStatus.OK or len(built.body) > self.memory.largest_response_bytes:
            return built
        response = replace(built, on_encoded=self._grow)
        with self._lock:
            everywhere = () if response.turns else self._editions.values()
            others = [one for one in everywhere if one.revision == edition.revision and one is not edition]
            for one in (edition, *others):
                one.responses[key] = response
        self._grow(_size(key, response) + (1 + len(others)) * PLACE_BYTES)
        return response

    def _grow(self, added_bytes: int) -> None:
        """Count what was added, and make room where it is too much."""
        with self._lock:
            self._kept_bytes += added_bytes
            if self.memory.free_bytes < 0:
                self._make_room()

    def _recount(self) -> Counter[int]:
        """Count what is kept; returns how often each is there: in several editions, files also for several hosts."""
        places: Counter[int] = Counter()
        self._kept_bytes = 0
        for edition in self._editions.values():
            for key, response in edition.responses.items():
                self._kept_bytes += PLACE_BYTES + (0 if id(response.variants) in places else _size(key, response))
                places[id(response.variants)] += 1
        return places

    def _make_room(self) -> None:
        places = self._recount()
        if self.memory.free_bytes >= 0:
            return
        allowed = self._kept_bytes + self.memory.free_bytes
        # Editions and their responses are in the order in which they were made.
        kept = [(edition, key) for edition in self._editions.values() for key in edition.responses]
        for edition, key in sorted(kept, key=lambda one: not one[1].query):
            if self._kept_bytes <= allowed - allowed // EVICTED_PART:
                break
            response = edition.responses.pop(key)
            places[id(response.variants)] -= 1
            self._kept_bytes -= PLACE_BYTES + (0 if places[id(response.variants)] else _size(key, response))
        self.memory.evictions += 1


def _size(key: ResponseKey, response: StoredResponse) -> int:
    return RESPONSE_BYTES + sum(map(len, key)) + response.kept_bytes
