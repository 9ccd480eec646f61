"""One connection: what it may cost, and the stored responses that need nothing but it.

A connection wraps the server's own protocol, which is made when a request comes that has no stored response, and knows
of it only what asyncio says (`asyncio.Protocol`). It has a parser of its own for where requests begin and end.
"""

from __future__ import annotations

import asyncio
import select
from collections.abc import Callable
from contextlib import suppress
from contextvars import ContextVar
from http import HTTPStatus
from typing import Any

import httptools

from app.server.response_cache import CachedResponse, CacheLookup, ParsedRequest
from app.server.shared_by_connections import Shared

# From the connection, or from the first byte of a request, to the end of its headers.
HEADER_SECONDS = 10
# Between two requests of one connection.
KEEP_ALIVE_SECONDS = 15
# From the first byte that the network did not take to the last one; longer responses are written in parts.
UNREAD_SECONDS = 30
LARGEST_HEADERS = 32 * 1024
# The most bytes written at once.
LARGEST_PART = 64 * 1024
# What a client still sends when its request was refused is read and dropped for a while: closing a connection that has
# unread data makes TCP send a reset, which can overtake the response on its way through a proxy (RFC 9112, 9.6).
DROP_SECONDS = 5
LARGEST_DROPPED = 16 * 1024 * 1024
# Requests that a client may send without waiting for their responses; browsers send one.
MOST_PIPELINED = 4
# The longest request, in bytes, that is remembered as parsed.
LONGEST_PARSED = 2048

_TOO_LARGE = b"HTTP/1.1 %d %s\r\ncontent-length: 0\r\nconnection: close\r\n\r\n" % (
    HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE.value,
    HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE.phrase.encode(),
)


# Whether an app has made a connection the event stream that it asked for; if not, the request goes the usual path.
TakesStream = Callable[[ParsedRequest, "Connection"], bool]


class Connection(asyncio.Protocol):
    """HTTP/1.1 with deadlines, limits on sizes, and responses from the cache.

    Connections that send nothing, or a byte now and then, are closed: ten thousand of them cost ten thousand open
    files for `HEADER_SECONDS` and do not slow down other requests. So are those that do not read.

    One that `hold` has made an event stream keeps its transport and what is in its own slots: thousands are open.
    """

    __slots__ = (
        "__weakref__",
        "_deadline",
        "_dropped_bytes",
        "_drops_input",
        "_ending",
        "_headers",
        "_in_headers",
        "_in_request",
        "_inner",
        "_is_lost",
        "_keeps_open",
        "_lookup",
        "_loop",
        "_lost",
        "_make_inner",
        "_parser",
        "_piece_bytes",
        "_received_bytes",
        "_requests",
        "_stream",
        "_streams",
        "_timer",
        "_too_large",
        "_transport",
        "_unanswered",
        "_unread_timer",
        "_url",
        "shared",
    )

    def __init__(
        self,
        make_inner: Callable[[], asyncio.Protocol],
        loop: asyncio.AbstractEventLoop,
        shared: Shared,
        lookup: CacheLookup | None,
        stream: TakesStream | None = None,
    ) -> None:
        self._make_inner, self._loop, self.shared, self._lookup = make_inner, loop, shared, lookup
        self._stream = stream
        # Of an event stream: those among whom it is.
        self._streams: set[Any] | None = None
        self._inner: asyncio.Protocol | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._unread_timer: asyncio.TimerHandle | None = None
        self._deadline: float | None = None
        self._received_bytes = self._piece_bytes = 0
        self._parser: httptools.HttpRequestParser | None = None
        self._url = b""
        self._headers: list[tuple[bytes, bytes]] = []
        self._in_headers = self._in_request = self._too_large = self._keeps_open = False
        # Of the bytes received last: the requests whose headers are complete.
        self._requests = 0
        # Requests that the server's protocol has, and whose response is not complete.
        self._unanswered = 0
        self._ending = False
        self._drops_input = False
        self._dropped_bytes = 0
        self._is_lost = False
        # Made for the first who waits for it.
        self._lost: asyncio.Event | None = None

    @property
    def reads(self) -> bool:
        """Whether the network has taken all that was written."""
        return self._unread_timer is None

    @property
    def is_lost(self) -> bool:
        """Whether the client has disconnected, or is told nothing more."""
        return self._is_lost

    @property
    def is_served(self) -> bool:
        """Whether the server's protocol has it."""
        return self._inner is not None

    @property
    def is_closing(self) -> bool:
        """Whether nothing more can be written."""
        return self._is_lost or self._transport.is_closing()

    async def wait_until_lost(self) -> None:
        """Return once the client has disconnected, or is told nothing more."""
        if not self._is_lost:
            self._lost = self._lost or asyncio.Event()
            await self._lost.wait()

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn's own
        """Start the deadline for a request."""
        self._transport = transport
        # Writing pauses as soon as the network does not take everything.
        transport.set_write_buffer_limits(high=0)
        self._start_deadline(HEADER_SECONDS)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - asyncio's signature
        """Drop the deadlines."""
        self._set_lost()
        self._stop_timer()
        self._all_read()
        self.shared.unfinished.release(self)
        self._release_inner()
        self._parser = None  # It refers to this object.
        if self._streams is not None:
            self._streams.discard(self)

    def data_received(self, data: bytes) -> None:
        """Replay the response to a known request; hand everything else to the server's protocol."""
        known = self.shared.parsed.get(data) if self._is_free else None
        if known is None or not self._replayed(known):
            self._receive(data)

    def hold(self, streams: set[Any], beginning: CachedResponse) -> None:
        """Be an event stream from here on, among others, until the client disconnects: `push` writes to it."""
        self._streams = streams
        streams.add(self)
        self._unanswered = 1
        self._stop_timer()
        self._release_inner()
        self._parser, self._url, self._headers = None, b"", []
        self._transport.write(self.shared.dated.response(beginning))

    def push(self, body: bytes, chunk: bytes) -> bool:
        """Write a part of an event stream, which is given as a chunk; an empty one is its end, and closes it."""
        written = self.write(chunk)
        if written and not body:
            self._transport.close()
        return written

    def _receive(self, data: bytes) -> None:
        if self._drops_input:
            self._drop(data)
            return
        if self._streams is not None:
            # Whoever has a stream has nothing to say, and could go on for ever.
            self.abort()
            return
        free = self._is_free
        self._parse(data)
        if self._refused() or (free and self._answered_at_once(data)):
            return
        if _has_left(self._transport):
            self.abort()
            return
        self._unanswered += self._requests
        self._continue_deadlines()
        if self._inner is None:
            self._inner = self.handed_over()
        # The task that handles the request inherits it; the transport's own context must not keep it.
        token = current_connection.set(self)
        self._inner.data_received(data)
        current_connection.reset(token)

    def handed_over(self) -> asyncio.Protocol:
        """The server's protocol, which has the connection from here on."""
        inner = self._make_inner()
        inner.connection_made(_InnerTransport(self._transport, self))  # type: ignore[arg-type]  # has all its methods
        if not self.reads:
            inner.pause_writing()
        return inner

    def pause_writing(self) -> None:
        """Give the client some time to read."""
        self._unread_timer = self._loop.call_later(UNREAD_SECONDS, self.abort)
        if self._inner is not None:
            self._inner.pause_writing()
        self.shared.unread.hold(self, self._transport.get_write_buffer_size())

    def resume_writing(self) -> None:
        """All was taken."""
        self._all_read()
        if self._inner is not None:
            self._inner.resume_writing()

    def answered(self) -> None:
        """Note that the app has responded to one request."""
        self._unanswered -= 1
        if not self.is_closing:
            self._continue_deadlines()
        if self._ending and not self._drops_input:
            self.end()

    def write(self, data: bytes) -> bool:
        """Write to a client that has read everything before; False, and nothing is written, to any other."""
        if not self.reads or self.is_closing:
            return False
        self._transport.write(data)
        return True

    def close(self) -> None:
        """Close once all is written; a client that is still sending its request has some time to read the response."""
        if self._in_request and not self.is_closing:
            self._start_dropping()
        elif not self._drops_input:
            self._transport.close()

    def abort(self) -> None:
        """Close the connection at once; what was not read is lost."""
        self._transport.abort()

    def end(self) -> None:
        """Close after the current request, if there is one; at once where input is dropped."""
        self._ending = True
        if self._drops_input or not (self._in_request or self._unanswered):
            self._transport.close()

    # The parser's callbacks (https://github.com/MagicStack/httptools)

    def on_message_begin(self) -> None:
        """Note that a request has begun."""
        # It ends the idle time; `_continue_deadlines` then starts the deadline for the headers.
        self._deadline = None
        # What was received before was a body.
        self._received_bytes = min(self._received_bytes, self._piece_bytes)
        self._in_request = self._in_headers = True
        self._url, self._headers = b"", []

    def on_url(self, url: bytes) -> None:
        """Note a part of the URL."""
        self._url += url

    def on_header(self, name: bytes, value: bytes) -> None:
        """Note a header field."""
        self._headers.append((name.lower(), value))

    def on_headers_complete(self) -> None:
        """Note that a request can be handled."""
        self._in_headers = False
        # The parser knows it until the request's end only.
        self._keeps_open = self._parser.should_keep_alive() if self._parser else False
        self.shared.unfinished.release(self)
        self._requests += 1
        # The bytes received may include the start of a body: only then are the headers measured.
        self._too_large |= self._received_bytes > LARGEST_HEADERS and self._header_bytes() > LARGEST_HEADERS
        self._received_bytes = 0

    def on_message_complete(self) -> None:
        """Note that a request has ended."""
        self._in_request = False

    @property
    def _is_free(self) -> bool:
        """Whether no request is being received or handled: responses go out in the order of their requests."""
        busy = self._in_request or self._unanswered or self._ending or self._drops_input
        return not busy and self._unread_timer is None

    def _parse(self, data: bytes) -> None:
        self._requests = 0
        self._piece_bytes = len(data)
        self._received_bytes += len(data)
        if self._parser is None:
            self._parser = httptools.HttpRequestParser(self)
        # The server's protocol has a parser, too, and responds to what is malformed.
        with suppress(httptools.HttpParserError, httptools.HttpParserUpgrade):
            self._parser.feed_data(data)
        if self._in_headers:
            self.shared.unfinished.hold(self, self._received_bytes)

    def _answered_at_once(self, data: bytes) -> bool:
        """Whether the request that was received last got a stored response, or is an event stream."""
        parser = self._parser
        if parser is None or self._requests != 1 or self._in_request or not self._keeps_open:
            return False
        if parser.get_method() != b"GET" or parser.get_http_version() != "1.1":
            return False
        request = ParsedRequest(self._url, self._headers)
        if not self._replayed(request):
            return self._stream is not None and self._stream(request, self)
        if len(data) <= LONGEST_PARSED:
            self.shared.parsed[data] = request
        return True

    def _replayed(self, request: ParsedRequest) -> bool:
        cached = self._lookup(request) if self._lookup is not None else None
        if cached is None:
            return False
        self._transport.write(self.shared.dated.response(cached))
        self._received_bytes = 0
        self._deadline = self._loop.time() + KEEP_ALIVE_SECONDS
        if self._timer is None:
            self._check_later(KEEP_ALIVE_SECONDS)
        return True

    def _refused(self) -> bool:
        """Whether what was received exceeds a limit; the connection is then closed, or will be."""
        if self._unanswered + self._requests > MOST_PIPELINED:
            self.abort()
        elif self._too_large or (self._in_headers and self._received_bytes > LARGEST_HEADERS):
            if self._unanswered:
                self._transport.close()
            else:
                self._transport.write(_TOO_LARGE)
                self.close()
        return self.is_closing

    def _start_dropping(self) -> None:
        """End what is written, and drop what comes, until the client closes or a limit is reached."""
        self._drops_input = True
        self._set_lost()
        with suppress(OSError):  # The client may have left.
            self._transport.write_eof()
        self._transport.resume_reading()
        self._release_inner()
        self._parser, self._url, self._headers = None, b"", []
        self.shared.unfinished.release(self)
        self._stop_timer()
        self._start_deadline(DROP_SECONDS)

    def _release_inner(self) -> None:
        """Tell the server's protocol that the connection is lost; it closes its transport then, which does nothing."""
        inner, self._inner = self._inner, None
        if inner is not None:
            # Without an error: after one uvicorn does not cancel its timer, which would keep the connection for a day.
            inner.connection_lost(None)

    def _set_lost(self) -> None:
        self._is_lost = True
        if self._lost is not None:
            self._lost.set()

    def _drop(self, data: bytes) -> None:
        """Count what is dropped, and abort beyond `LARGEST_DROPPED`."""
        self._dropped_bytes += len(data)
        if self._dropped_bytes > LARGEST_DROPPED:
            self.abort()

    def _header_bytes(self) -> int:
        return len(self._url) + sum(len(name) + len(value) for name, value in self._headers)

    def _continue_deadlines(self) -> None:
        if self._in_headers:
            self._start_deadline(HEADER_SECONDS)
        elif self._unanswered:
            # The front door has deadlines for bodies and for responses.
            self._deadline = None
        else:
            self._received_bytes = 0
            self._start_deadline(KEEP_ALIVE_SECONDS)

    def _start_deadline(self, seconds: float) -> None:
        """Set the deadline, unless one is running: bytes received meanwhile do not extend it."""
        if self._deadline is None and not self._transport.is_closing():
            self._deadline = self._loop.time() + seconds
            if self._timer is None:
                self._check_later(seconds)

    def _check_later(self, seconds: float) -> None:
        # One timer a connection, not one a request: at the latest when the shortest deadline set meanwhile would pass.
        self._timer = self._loop.call_later(min(seconds, HEADER_SECONDS), self._check_deadline)

    def _check_deadline(self) -> None:
        """Close the connection if its deadline has passed."""
        self._timer = None
        if self._deadline is None:
            return
        left = self._deadline - self._loop.time()
        if left > 0:
            self._check_later(left)
        else:
            self._transport.close()

    def _stop_timer(self) -> None:
        self._deadline = None
        if self._timer is not None:
            self._timer.cancel()
            # It may hold the context of a request, which holds this object.
            self._timer = None

    def _all_read(self) -> None:
        self.shared.unread.release(self)
        if self._unread_timer is not None:
            self._unread_timer.cancel()
            self._unread_timer = None


class _InnerTransport:
    """The transport as the server's protocol has it: the connection closes it, and nothing is written after that."""

    def __init__(self, transport: asyncio.Transport, connection: Connection) -> None:
        self._transport, self._connection = transport, connection

    def write(self, data: bytes) -> None:
        """Write; uvicorn tells only the latest of pipelined requests that nothing more can be written."""
        if not self._connection.is_closing:
            self._transport.write(data)

    def close(self) -> None:
        """Close once all is written, unless the connection goes on without the server's protocol."""
        if self._connection.is_served:
            self._connection.close()

    def is_closing(self) -> bool:
        """Whether it is closed, or will be."""
        return self._connection.is_closing

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)


# The connection of the request that is handled, None where the server runs without them.
current_connection: ContextVar[Connection | None] = ContextVar("connection", default=None)


def _has_left(transport: asyncio.Transport) -> bool:
    """Whether the client has closed its side already (poll(2), POLLRDHUP); asyncio tells it after the request."""
    socket = transport.get_extra_info("socket")
    if socket is None or not hasattr(select, "POLLRDHUP"):
        return False
    poll = select.poll()
    poll.register(socket, select.POLLRDHUP)
    return bool(poll.poll(0))
