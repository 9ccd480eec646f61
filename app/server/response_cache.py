"""Replays stored responses to identical GET requests, below ASGI and without a task of its own.

A replayed response is byte for byte the one that the front door sent for the same request in the same edition. All
other requests (with a body, on a connection that is still sending, not seen before) take the usual path.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Any, TypeVar

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from app.live.clock import Clock
from app.live.http_response import SHARED_CACHE_SECONDS
from app.live.snapshot import CurrentRevision, Snapshot

RawHeaders = Iterable[tuple[bytes, bytes]]
# A request's URL and headers, as the parser gave them.
ParsedRequest = tuple[bytes, RawHeaders]
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
MOST_PARSED = 1024
# The longest request, in bytes, that is remembered as parsed.
LONGEST_PARSED = 2048
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
    """A response as it is sent, without its Date."""

    status: int
    path: str
    head: bytes
    body: bytes


# An app's look-up: from URL and headers (names in lower case) to a response; None sends the request the usual path.
CacheLookup = Callable[[bytes, RawHeaders], CachedResponse | None]


def cache_key(url: bytes, headers: RawHeaders) -> CacheKey | None:
    """All that a response depends on; None for a request that bypasses the cache."""
    given = dict(headers)
    return (url, *map(given.get, KEY_HEADERS)) if BYPASS_HEADERS.isdisjoint(given) else None


def cached_response(status: int, path: str, headers: RawHeaders, body: bytes) -> CachedResponse:
    """A response in the form in which it can be replayed."""
    line = b"HTTP/1.1 %d %s\r\n" % (status, HTTPStatus(status).phrase.encode())
    return CachedResponse(status, path, line + b"".join(b"%s: %s\r\n" % header for header in headers), body)


class ResponseCache:
    """The responses sent so far in the current edition; cleared when the edition changes.

    It is empty during the last seconds before a boundary, because `s-maxage` then shrinks with each second. Not
    thread-safe: it belongs to the event loop.
    """

    def __init__(self, current: CurrentRevision, clock: Clock) -> None:
        self._current, self._clock = current, clock
        self._snapshot: Snapshot | None = None
        self._from, self._until = ALWAYS
        self._responses: BoundedDict[CacheKey, CachedResponse] = BoundedDict(MOST_RESPONSES)

    def get(self, key: CacheKey) -> CachedResponse | None:
        """The stored response, if it still holds."""
        return self._responses.get(key) if self._is_valid() else None

    def store(self, key: CacheKey, response: CachedResponse) -> None:
        """Store a response."""
        if self._is_valid():
            self._responses[key] = response

    def _is_valid(self) -> bool:
        now = self._clock.now()
        if self._current.snapshot is not self._snapshot or not self._from <= now < self._until:
            self._reset(now)
        return now < self._until

    def _reset(self, now: datetime) -> None:
        self._responses.clear()
        self._snapshot = self._current.snapshot
        segment = self._snapshot.timeline.segment(now)
        self._from = segment.start or ALWAYS[0]
        margin = timedelta(seconds=SHARED_CACHE_SECONDS) * self._clock.speed
        self._until = segment.end - margin if segment.end else ALWAYS[1]


class DatedResponses:
    """Cached responses with the server's own headers, Date among them; joined once a second for all clients."""

    def __init__(self) -> None:
        self._headers: RawHeaders = ()
        self._responses: BoundedDict[CachedResponse, bytes] = BoundedDict(MOST_DATED)

    def response(self, cached: CachedResponse, headers: RawHeaders) -> bytes:
        """All bytes of a response; uvicorn makes a new list of its headers each second."""
        if headers is not self._headers:
            self._headers = headers
            self._responses.clear()
        complete = self._responses.get(cached)
        if complete is None:
            lines = b"".join(b"%s: %s\r\n" % header for header in headers)
            complete = self._responses[cached] = b"".join((cached.head, lines, b"\r\n", cached.body))
        return complete


class CachingProtocol(HttpToolsProtocol):
    """HTTP/1.1 that first asks the app's `lookup`, where it has one, before uvicorn sets anything up for a request.

    ``parsed`` maps the bytes of requests that were served from the cache to what the parser made of them: browsers
    of one kind send the same bytes for a page, which are then not parsed again.
    """

    _shutting_down = False
    _in_request = False
    # Of the bytes received last: the requests that began, and those served from the cache.
    _requests = _cache_hits = 0

    def __init__(
        self, *arguments: Any, parsed: dict[bytes, ParsedRequest], dated: DatedResponses, **options: Any
    ) -> None:
        super().__init__(*arguments, **options)
        self.parsed, self._dated = parsed, dated
        self._lookup: CacheLookup | None = getattr(self.app, "lookup", None)

    def data_received(self, data: bytes) -> None:
        """Replay the response to a known request; hand everything else to the parser."""
        if self._in_request:
            super().data_received(data)
        elif not self._replay(data):
            self._requests = self._cache_hits = 0
            super().data_received(data)
            if self._requests == self._cache_hits == 1 and len(data) <= LONGEST_PARSED and not self._in_request:
                self.parsed[data] = (self.url, tuple(self.headers))

    def on_message_begin(self) -> None:
        """Note that a request has begun."""
        self._in_request = True
        self._requests += 1
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """Respond from the cache, or let uvicorn call the app."""
        cached = self._cached()
        if cached is None:
            super().on_headers_complete()
            return
        self._cache_hits += 1
        self.send_cached(cached)

    def on_message_complete(self) -> None:
        """Note that a request has ended."""
        self._in_request = False
        # There is none if all requests so far were served from the cache.
        if self.cycle is not None:
            super().on_message_complete()

    def send_cached(self, cached: CachedResponse) -> None:
        """Send a cached response."""
        self.transport.write(self._dated.response(cached, self.server_state.default_headers))
        self.server_state.total_requests += 1

    def _replay(self, data: bytes) -> bool:
        request = self.parsed.get(data)
        if request is None or self._lookup is None or not self._is_free():
            return False
        cached = self._lookup(*request)
        if cached is None:
            return False
        self._unset_keepalive_if_required()
        self.send_cached(cached)
        return True

    def _is_free(self) -> bool:
        """Whether no earlier response is still being sent: responses go out in the order of their requests."""
        return self.has_responded and not (self._shutting_down or self.flow.write_paused or self.pipeline)

    @property
    def has_responded(self) -> bool:
        """Whether the app's latest response, if there was one, is complete."""
        cycle: RequestResponseCycle | None = self.cycle
        return cycle is None or cycle.response_complete

    def _cached(self) -> CachedResponse | None:
        if self._lookup is None or not self._is_free():
            return None
        if self.parser.get_method() != b"GET" or not self.parser.should_keep_alive():
            return None
        return self._lookup(self.url, self.headers) if self.parser.get_http_version() == "1.1" else None
