"""Limits on connections: deadlines for headers, bodies and idle time, sizes, and how many may be open."""

from __future__ import annotations

import asyncio
import gc
import resource
from collections.abc import Awaitable, Callable, MutableMapping
from contextlib import suppress
from functools import partial
from http import HTTPStatus
from typing import Any

from werkzeug.exceptions import ClientDisconnected, RequestEntityTooLarge, RequestTimeout

from app.server.response_cache import MOST_PARSED, BoundedDict, CachedResponse, CachingProtocol, DatedResponses
from app.web.request_policy import LARGEST_BODY

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]

# From the connection, or from the first byte of a request, to the end of its headers.
HEADER_SECONDS = 10
# Between two requests of one connection.
KEEP_ALIVE_SECONDS = 15
LARGEST_HEADERS = 32 * 1024
# From the first to the last part of a body.
BODY_SECONDS = 10
# How long requests in progress may take once the service is told to stop.
DRAIN_SECONDS = 10
# Connections that wait to be accepted.
BACKLOG = 4096
# Allocations, and collections of the younger generations (https://docs.python.org/3/library/gc.html#gc.set_threshold).
COLLECT_EACH = (50_000, 20, 20)
TOO_LARGE = HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE


class LimitedProtocol(CachingProtocol):
    """HTTP/1.1 with limits on the size of headers and on the time until they are complete.

    Connections that send nothing, or a byte now and then, are closed: ten thousand of them cost ten thousand open
    files for `HEADER_SECONDS` and do not slow down other requests.
    """

    _timer: asyncio.TimerHandle | None = None
    _deadline: float | None = None
    _received_bytes = 0
    _in_headers = False
    _too_large = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn's own
        """Start the deadline for a request."""
        super().connection_made(transport)
        self._start_deadline(HEADER_SECONDS)

    def connection_lost(self, exc: Exception | None) -> None:
        """Drop the deadline."""
        if self._timer is not None:
            self._timer.cancel()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Handle received bytes; partial headers do not extend the deadline."""
        self._received_bytes += len(data)
        super().data_received(data)
        if self._in_headers and self._received_bytes > LARGEST_HEADERS:
            self._send_431()
        elif self._in_headers:
            self._start_deadline(HEADER_SECONDS)
        elif self.has_responded:
            self._start_deadline(KEEP_ALIVE_SECONDS)
        else:
            self._received_bytes = 0

    def on_message_begin(self) -> None:
        """Note that a request has begun."""
        self._in_headers = True
        # It ends the idle time; `data_received` then starts the deadline for the headers.
        self._deadline = None
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """Let the request be handled, unless its headers are too large."""
        self._deadline = None
        self._in_headers = False
        # The bytes received may include the start of a body: only then are the headers measured.
        if self._received_bytes > LARGEST_HEADERS and self._header_bytes() > LARGEST_HEADERS:
            self._too_large = True
            raise ValueError("headers too large")
        self._received_bytes = 0
        super().on_headers_complete()
        if self._shutting_down:
            self.cycle.keep_alive = False

    def send_cached(self, cached: CachedResponse) -> None:
        """Send a cached response; its request is complete, even where it was not parsed."""
        self._deadline = None
        self._received_bytes = 0
        super().send_cached(cached)

    def send_400_response(self, msg: str) -> None:
        """Respond to a malformed request, and close the connection."""
        if self._too_large:
            self._send_431()
        else:
            super().send_400_response(msg)

    def shutdown(self) -> None:
        """Close after the current request, if there is one; end the app's streams, which would go on for ever."""
        if self._in_headers:
            self._shutting_down = True
        else:
            super().shutdown()
        if hasattr(self.app, "end_streams"):
            self.app.end_streams()

    def _header_bytes(self) -> int:
        return len(self.url) + sum(len(name) + len(value) for name, value in self.headers)

    def _send_431(self) -> None:
        line = f"HTTP/1.1 {TOO_LARGE.value} {TOO_LARGE.phrase}\r\n"
        self.transport.write(f"{line}content-length: 0\r\nconnection: close\r\n\r\n".encode())
        self.transport.close()

    def _start_deadline(self, seconds: float) -> None:
        """Set the deadline, unless one is running: bytes received meanwhile do not extend it."""
        if self._deadline is None:
            self._deadline = self.loop.time() + seconds
            if self._timer is None:
                self._check_later(seconds)

    def _check_later(self, seconds: float) -> None:
        # One timer a connection, not one a request: at the latest when the shortest deadline set meanwhile would pass.
        self._timer = self.loop.call_later(min(seconds, HEADER_SECONDS), self._check_deadline)

    def _check_deadline(self) -> None:
        """Close the connection if its deadline has passed."""
        self._timer = None
        if self._deadline is None:
            return
        left = self._deadline - self.loop.time()
        if left > 0:
            self._check_later(left)
        else:
            self.transport.close()


async def read_body(receive: Receive) -> bytes:
    """The whole body, read before one of Flask's few threads is used, since a sender may be slow.

    Raises `RequestEntityTooLarge`, `RequestTimeout` or `ClientDisconnected`.
    """
    body = bytearray()
    try:
        async with asyncio.timeout(BODY_SECONDS):
            more = True
            while more:
                message = await receive()
                if message["type"] == "http.disconnect":
                    raise ClientDisconnected
                body += message.get("body", b"")
                if len(body) > LARGEST_BODY:
                    raise RequestEntityTooLarge
                more = message.get("more_body", False)
    except TimeoutError as error:
        raise RequestTimeout from error
    return bytes(body)


def replayed_body(body: bytes, receive: Receive) -> Receive:
    """A ``receive`` that first returns a body that was read already."""
    unread = [body]

    async def replay() -> Message:
        if unread:
            return {"type": "http.request", "body": unread.pop(), "more_body": False}
        return await receive()

    return replay


def server_options() -> dict[str, Any]:
    """The production server's settings, for `agenda serve` and for tests of it (https://uvicorn.dev/settings/)."""
    return {
        "http": partial(LimitedProtocol, parsed=BoundedDict(MOST_PARSED), dated=DatedResponses()),
        "ws": "none",
        "interface": "asgi3",
        "lifespan": "on",
        "log_config": None,
        "access_log": False,
        "server_header": False,
        "proxy_headers": False,
        "backlog": BACKLOG,
        "timeout_keep_alive": KEEP_ALIVE_SECONDS,
        "timeout_graceful_shutdown": DRAIN_SECONDS,
    }


def tune_garbage_collector() -> None:
    """Run Python's cyclic garbage collector less often, and not on objects that exist already.

    With its defaults, made for small programs, each burst of requests would pause several times to examine the
    objects of 10,000 connections. Objects outside of cycles are freed at once as before.
    """
    gc.freeze()
    gc.set_threshold(*COLLECT_EACH)


def raise_file_limit() -> None:
    """Raise the limit on open files as far as the system allows; its default permits few connections."""
    with suppress(ValueError, OSError):
        _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
