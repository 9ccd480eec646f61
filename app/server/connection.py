"""One connection: what it may cost, and the stored responses and event streams that need nothing but it.

A connection wraps the server's own protocol, which is made when a request comes that has no stored response, and knows
of it only what asyncio says (`asyncio.Protocol`).
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from contextvars import ContextVar
from http import HTTPStatus
from typing import Any

from app.server.request_reader import RequestReader
from app.server.response_cache import CachedResponse, CacheLookup, ParsedRequest
from app.server.shared_by_connections import Shared
from app.server.timed_protocol import TimedProtocol
from app.server.transports import InnerTransport, has_left

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


# An app's way to make a connection the event stream that a request asks for; where it returns False, the request goes
# the usual path.
TakesStream = Callable[[ParsedRequest, "Connection"], bool]


class Connection(TimedProtocol):
    """HTTP/1.1 with deadlines, limits on sizes, and responses from the cache.

    Connections that send nothing, or a byte now and then, are closed: ten thousand of them cost ten thousand open
    files for as long as headers may take and do not slow down other requests. So are those that do not read.

    Thousands are event streams: one that `hold` has made a stream keeps only its transport and what is in its slots.
    """

    __slots__ = (
        "__weakref__",
        "_begun",
        "_dropped_bytes",
        "_drops_input",
        "_ending",
        "_inner",
        "_is_lost",
        "_lookup",
        "_lost",
        "_make_inner",
        "_reader",
        "_stream",
        "_streams",
        "_unanswered",
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
        super().__init__(loop)
        self._make_inner, self.shared, self._lookup, self._stream = make_inner, shared, lookup, stream
        # The set that has this connection while it is an event stream.
        self._streams: set[Any] | None = None
        self._inner: asyncio.Protocol | None = None
        # Made for the first bytes that are no request known from before.
        self._reader: RequestReader | None = None
        # The start of a request whose headers are not complete, and that the server's protocol does not have.
        self._begun: bytearray | None = None
        # Requests that the server's protocol has, and whose response is not complete.
        self._unanswered = 0
        self._ending = False
        self._drops_input = False
        self._dropped_bytes = 0
        self._is_lost = False
        # Made for the first who waits for it.
        self._lost: asyncio.Event | None = None

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

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - asyncio's signature
        """Drop the deadlines."""
        self._set_lost()
        self._stop_timer()
        self.shared.unread.release(self)
        super().resume_writing()
        self._release_inner()
        self._release_reader()
        if self._streams is not None:
            self._streams.discard(self)

    def data_received(self, data: bytes) -> None:
        """Replay the response to a known request; hand everything else to the server's protocol."""
        known = self.shared.parsed.get(data) if self._is_free else None
        if known is None or not self._replayed(known):
            self._receive(data)

    def hold(self, streams: set[Any], beginning: CachedResponse) -> None:
        """Become an event stream until the client disconnects: join ``streams``, and send the beginning."""
        self._streams = streams
        streams.add(self)
        self._unanswered = 1
        self._stop_timer()
        self._release_inner()
        self._release_reader()
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
            # The client of a stream has nothing more to ask for, and its bytes would have to be read without end.
            self.abort()
            return
        # Headers that come in parts are kept until they are complete: the request may not need the server's protocol.
        free = self._is_free or (self._begun is not None and not self._ending)
        reader = self._read(data)
        if self._refused(reader):
            return
        if free and reader.is_waiting:
            self._begun = self._begun or bytearray()
            self._begun += data
            self._continue_deadlines()
            return
        if self._begun is not None:
            data, self._begun = bytes(self._begun + data), None
        if not (free and self._answered_at_once(reader, data)):
            self._hand_over(reader.requests, data)
        reader.forget()

    def _hand_over(self, requests: int, data: bytes) -> None:
        """Let the server's protocol handle what was received."""
        if has_left(self._transport):
            self.abort()
            return
        self._unanswered += requests
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
        inner.connection_made(InnerTransport(self._transport, self))  # type: ignore[arg-type]  # has all its methods
        if not self.reads:
            inner.pause_writing()
        return inner

    def pause_writing(self) -> None:
        """Give the client some time to read."""
        super().pause_writing()
        if self._inner is not None:
            self._inner.pause_writing()
        self.shared.unread.hold(self, self._transport.get_write_buffer_size())

    def resume_writing(self) -> None:
        """All was taken."""
        super().resume_writing()
        self.shared.unread.release(self)
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

    def end(self) -> None:
        """Close after the current request, if there is one; at once where input is dropped."""
        self._ending = True
        if self._drops_input or not (self._in_request or self._unanswered):
            self._transport.close()

    @property
    def _is_free(self) -> bool:
        """Whether no request is being received or handled: responses go out in the order of their requests."""
        # Without other properties: it is looked at for each request.
        reader = self._reader
        busy = self._unanswered or self._ending or self._drops_input or (reader is not None and reader.in_request)
        return not busy and self._unread_timer is None

    @property
    def _in_request(self) -> bool:
        return self._reader is not None and self._reader.in_request

    def _read(self, data: bytes) -> RequestReader:
        if self._reader is None:
            self._reader = RequestReader()
        reader = self._reader
        reader.feed(data)
        if reader.has_begun:
            # It ends the idle time; `_continue_deadlines` then starts the deadline for the headers.
            self._deadline = None
        if reader.requests:
            self.shared.unfinished.release(self)
        if reader.in_headers:
            self.shared.unfinished.hold(self, reader.kept_bytes)
        return reader

    def _answered_at_once(self, reader: RequestReader, data: bytes) -> bool:
        """Whether the request that was received last got a stored response, or is an event stream."""
        request = reader.plain_get()
        if request is None:
            return False
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
        self._expect_next_request()
        return True

    def _refused(self, reader: RequestReader) -> bool:
        """Whether what was received exceeds a limit; the connection is then closed, or will be."""
        if self._unanswered + reader.requests > MOST_PIPELINED:
            self.abort()
        elif reader.is_too_large:
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
        self._release_reader()
        self._stop_timer()
        self._start_deadline(DROP_SECONDS)

    def _release_inner(self) -> None:
        """Tell the server's protocol that the connection is lost; it closes its transport then, which does nothing."""
        inner, self._inner = self._inner, None
        if inner is not None:
            # Without an error: after one uvicorn does not cancel its timer, which would keep the connection for a day.
            inner.connection_lost(None)

    def _release_reader(self) -> None:
        """Forget what was received."""
        reader, self._reader, self._begun = self._reader, None, None
        if reader is not None:
            reader.close()
            self.shared.unfinished.release(self)

    def _set_lost(self) -> None:
        self._is_lost = True
        if self._lost is not None:
            self._lost.set()

    def _drop(self, data: bytes) -> None:
        """Count what is dropped, and abort beyond `LARGEST_DROPPED`."""
        self._dropped_bytes += len(data)
        if self._dropped_bytes > LARGEST_DROPPED:
            self.abort()

    def _continue_deadlines(self) -> None:
        if self._reader is not None and self._reader.in_headers:
            self._expect_headers()
        elif self._unanswered:
            # The front door has deadlines for bodies and for responses.
            self._deadline = None
        else:
            self._expect_request()


# The connection of the request that is handled, None where the server runs without them.
current_connection: ContextVar[Connection | None] = ContextVar("connection", default=None)
