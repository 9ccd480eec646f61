"""Deadlines of a connection: for a request's headers, between two requests, and for a client to read."""

from __future__ import annotations

import asyncio

# From the connection, or from the first byte of a request, to the end of its headers.
HEADER_SECONDS = 10
# Between two requests of one connection.
KEEP_ALIVE_SECONDS = 15
# From the first byte that the network did not take to the last one; longer responses are written in parts.
UNREAD_SECONDS = 30


class TimedProtocol(asyncio.Protocol):
    """A connection that is closed when its deadline has passed, and aborted when its client does not read."""

    __slots__ = ("_deadline", "_loop", "_timer", "_transport", "_unread_timer")

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._deadline: float | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._unread_timer: asyncio.TimerHandle | None = None

    @property
    def reads(self) -> bool:
        """Whether the network has taken all that was written."""
        return self._unread_timer is None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn's own
        """Start the deadline for a request."""
        self._transport = transport
        # Writing pauses as soon as the network does not take everything.
        transport.set_write_buffer_limits(high=0)
        self._expect_headers()

    def pause_writing(self) -> None:
        """Give the client some time to read."""
        self._unread_timer = self._loop.call_later(UNREAD_SECONDS, self.abort)

    def resume_writing(self) -> None:
        """All was taken."""
        if self._unread_timer is not None:
            self._unread_timer.cancel()
            self._unread_timer = None

    def abort(self) -> None:
        """Close the connection at once; what was not read is lost."""
        self._transport.abort()

    def _expect_headers(self) -> None:
        self._start_deadline(HEADER_SECONDS)

    def _expect_request(self) -> None:
        self._start_deadline(KEEP_ALIVE_SECONDS)

    def _expect_next_request(self) -> None:
        """Start the time between two requests anew, after one that was answered at once."""
        self._deadline = self._loop.time() + KEEP_ALIVE_SECONDS
        if self._timer is None:
            self._check_later(KEEP_ALIVE_SECONDS)

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
