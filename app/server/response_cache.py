"""The responses that were sent so far, to be replayed to identical GET requests below ASGI.

A replayed response is byte for byte the one that the front door sent for the same request in the same edition. All
other requests (with a body, on a connection that is still sending, not seen before) take the usual path.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import formatdate
from http import HTTPStatus
from time import time
from typing import TypeVar

from app.live.clock import Clock
from app.live.http_response import SHARED_CACHE_SECONDS
from app.live.kept_memory import KeptMemory
from app.live.snapshot import CurrentRevision, Snapshot
from app.live.timed_body import Ending

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


# Not frozen, which would make each one three times as slow to make; nobody changes them.
@dataclass(slots=True, eq=False)
class CachedResponse:
    """A response as it is sent, without its Date; ``host`` where it is kept for one host only.

    Where ``body_at`` is given, each request gets the body of its instant: `at`. ``once``: it is such a one.
    """

    status: int
    path: str
    head: bytes
    body: bytes
    host: str = ""
    body_at: Ending | None = None
    once: bool = False

    def at(self, now: datetime) -> CachedResponse:
        """The response to a request at an instant."""
        if self.body_at is None:
            return self
        body = self.body_at(now)
        head = b"%bcontent-length: %d\r\n" % (self.head, len(body))
        return CachedResponse(self.status, self.path, head, body, self.host, once=True)


class ParsedRequest:
    """A GET request as the parser gave it (header names in lower case), and the key of the response to it."""

    __slots__ = ("agent", "headers", "key", "url")

    def __init__(self, url: bytes, headers: RawHeaders) -> None:
        self.url, self.headers = url, tuple(headers)
        self.key = cache_key(url, self.headers)
        self.agent = dict(self.headers).get(b"user-agent", b"").decode("latin-1")


# An app's look-up of the response to a request; None sends the request the usual path.
CacheLookup = Callable[[ParsedRequest], CachedResponse | None]


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
    return CachedResponse(status, path, _head(status, headers), body, host)


def timed_response(status: int, path: str, headers: RawHeaders, body_at: Ending, host: str = "") -> CachedResponse:
    """One whose body each request gets for its instant."""
    others = (header for header in headers if header[0] != b"content-length")
    return CachedResponse(status, path, _head(status, others), b"", host, body_at)


def begun_response(status: int, path: str, headers: RawHeaders, body: bytes) -> CachedResponse:
    """One that is sent once, with the part of its body that is there yet."""
    return CachedResponse(status, path, _head(status, headers), body, once=True)


def _head(status: int, headers: RawHeaders) -> bytes:
    line = b"HTTP/1.1 %d %s\r\n" % (status, HTTPStatus(status).phrase.encode())
    return line + b"".join(b"%s: %s\r\n" % header for header in headers)


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
        """The stored response, if it still holds; what tells the time tells the one at which it holds."""
        now = self._clock.now()
        cached = self._responses.get(key) if self._is_valid(now) else None
        return cached.at(now) if cached is not None else None

    def store(self, key: CacheKey, response: CachedResponse, snapshot: Snapshot, now: datetime) -> None:
        """Store the response to a request at an instant, if there is room for it; its body is the edition's own."""
        size = ENTRY_BYTES + len(response.head) + sum(len(part or b"") for part in key)
        holds = self._is_valid(now) and snapshot is self._snapshot
        if holds and key not in self._responses and self._memory.free_bytes > size:
            if len(self._responses) >= MOST_RESPONSES:
                self._clear()
            self._responses[key] = response
            self._kept_bytes += size

    def _is_valid(self, now: datetime) -> bool:
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
        second = int(time())
        if second != self._second:
            self._second = second
            self._date = f"date: {formatdate(second, usegmt=True)}\r\n\r\n".encode()
            self._responses.clear()
        if cached.once:
            return b"".join((cached.head, self._date, cached.body))
        complete = self._responses.get(cached)
        if complete is None:
            complete = self._responses[cached] = b"".join((cached.head, self._date, cached.body))
        return complete
