"""The responses that were sent so far, to be replayed to identical GET requests below ASGI.

A replayed response is byte for byte the one that the front door sent for the same request in the same edition. All
other requests (with a body, on a connection that is still sending, not seen before) take the usual path.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http import HTTPStatus
from typing import TypeVar

from app.live.clock import SYSTEM_CLOCK, Clock
from app.live.http_response import SHARED_CACHE_SECONDS
from app.live.kept_memory import KeptMemory
from app.live.snapshot import CurrentRevision, Snapshot

RawHeaders = Iterable[tuple[bytes, bytes]]
CacheKey = tuple[bytes | None, ...]
Key = TypeVar("Key")
Value = TypeVar("Value")

# Beside its URL a response depends on these request headers.
KEY_HEADERS = (b"host", b"accept-encoding", b"if-none-match", b"x-forwarded-proto")
# Requests that carry one of these headers bypass the cache.
BYPASS_HEADERS = frozenset(
    {b"content-length", b"transfer-encoding", b"expect", b"upgrade", b"if-modified-since", b"x-request-id"}
)
MOST_RESPONSES = 4096
# The longest URL and headers, in bytes, under which a response is stored.
LONGEST_KEY = 2048
# Measured: what an entry takes beside its bytes.
ENTRY_BYTES = 500
# Responses kept with the current Date; each is as large as a page.
MOST_DATED = 32
ALWAYS = (datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC))


class BoundedDict(dict[Key, Value]):
    """A dictionary that is emptied before it would exceed ``most`` entries: clients choose the keys."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self._most = most

    def __setitem__(self, key: Key, value: Value) -> None:
        if len(self) >= self._most:
            self.clear()
        super().__setitem__(key, value)


@dataclass(frozen=True, slots=True)
class CachedResponse:
    """A response as it is sent, without its Date; ``host`` where it is kept for one host only."""

    status: int
    path: str
    head: bytes
    body: bytes
    host: str = ""


# An app's look-up: from URL and headers (names in lower case) to a response; None sends the request the usual path.
CacheLookup = Callable[[bytes, RawHeaders], CachedResponse | None]


def cache_key(url: bytes, headers: RawHeaders) -> CacheKey | None:
    """All that a response depends on; None for a request that bypasses the cache."""
    given = dict(headers)
    if [name for name, _ in headers].count(b"host") != 1:
        return None
    key = (url, *map(given.get, KEY_HEADERS))
    short = sum(len(part or b"") for part in key) <= LONGEST_KEY
    return key if short and BYPASS_HEADERS.isdisjoint(given) else None


def cached_response(status: int, path: str, headers: RawHeaders, body: bytes, host: str = "") -> CachedResponse:
    """A response in the form in which it can be replayed."""
    line = b"HTTP/1.1 %d %s\r\n" % (status, HTTPStatus(status).phrase.encode())
    return CachedResponse(status, path, line + b"".join(b"%s: %s\r\n" % header for header in headers), body, host)


class ResponseCache:
    """The responses sent so far in the current edition; cleared when the edition changes, or ``memory`` runs short.

    It is empty during the last seconds before a boundary, because `s-maxage` then shrinks with each second. Not
    thread-safe: it belongs to the event loop.
    """

    def __init__(self, current: CurrentRevision, clock: Clock, memory: KeptMemory | None = None) -> None:
        self._current, self._clock = current, clock
        self._memory = memory or KeptMemory()
        self._memory.keepers["sent"] = lambda: self._kept_bytes
        self._kept_bytes = 0
        self._evictions = 0
        self._snapshot: Snapshot | None = None
        self._from, self._until = ALWAYS
        self._responses: dict[CacheKey, CachedResponse] = {}

    def get(self, key: CacheKey) -> CachedResponse | None:
        """The stored response, if it still holds."""
        return self._responses.get(key) if self._is_valid() else None

    def store(self, key: CacheKey, response: CachedResponse) -> None:
        """Store a response, if there is room for it; its body is the edition's own."""
        size = ENTRY_BYTES + len(response.head) + sum(len(part or b"") for part in key)
        if self._is_valid() and key not in self._responses and self._memory.free_bytes > size:
            if len(self._responses) >= MOST_RESPONSES:
                self._clear()
            self._responses[key] = response
            self._kept_bytes += size

    def _is_valid(self) -> bool:
        now = self._clock.now()
        changed = self._current.snapshot is not self._snapshot or self._memory.evictions != self._evictions
        if changed or not self._from <= now < self._until:
            self._reset(now)
        return now < self._until

    def _reset(self, now: datetime) -> None:
        self._clear()
        self._evictions = self._memory.evictions
        self._snapshot = self._current.snapshot
        segment = self._snapshot.timeline.segment(now)
        self._from = segment.start or ALWAYS[0]
        margin = timedelta(seconds=SHARED_CACHE_SECONDS) * self._clock.speed
        self._until = segment.end - margin if segment.end else ALWAYS[1]

    def _clear(self) -> None:
        self._responses.clear()
        self._kept_bytes = 0


class DatedResponses:
    """Cached responses with the current Date (RFC 9110, 6.6.1); joined once a second for all clients."""

    def __init__(self) -> None:
        self._second = 0
        self._date = b""
        self._responses: BoundedDict[CachedResponse, bytes] = BoundedDict(MOST_DATED)

    def response(self, cached: CachedResponse) -> bytes:
        """All bytes of a response."""
        now = SYSTEM_CLOCK.now()
        if int(now.timestamp()) != self._second:
            self._second = int(now.timestamp())
            self._date = f"date: {format_datetime(now, usegmt=True)}\r\n\r\n".encode()
            self._responses.clear()
        complete = self._responses.get(cached)
        if complete is None:
            complete = self._responses[cached] = b"".join((cached.head, self._date, cached.body))
        return complete
