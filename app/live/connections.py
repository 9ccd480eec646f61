"""How the server treats a connection: not for ever, and not for any size."""

from __future__ import annotations

import asyncio
import gc
import resource
from contextlib import suppress
from functools import partial
from http import HTTPStatus
from typing import Any

from uvicorn.protocols.http.httptools_impl import RequestResponseCycle

from app.live.deadlines import Deadlines, HasDeadline
from app.live.prompt import DatedAnswers, ParsedRequests, PromptProtocol, Ready

# From a connection, or from the first byte of a request, until its last header has come.
HEADER_SECONDS = 10
# Between two requests of one reader.
KEEP_ALIVE_SECONDS = 15
LARGEST_HEADERS = 32 * 1024
# How long a request may take to end once the service is told to stop.
DRAIN_SECONDS = 10
# A burst of readers waits here until it is accepted.
BACKLOG = 4096
# New objects, and rounds of the younger generations (https://docs.python.org/3/library/gc.html#gc.set_threshold).
COLLECT_EACH = (50_000, 20, 20)
TOO_LARGE = HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE


class BoundedProtocol(PromptProtocol):
    """HTTP/1.1 whose headers come soon and are small.

    Who sends nothing, or one byte now and then, is hung up on: ten thousand such cost ten
    thousand open files for `HEADER_SECONDS`, and nobody else a moment.
    """

    _deadline_group: set[HasDeadline] | None = None
    _deadline: float | None = None
    _head_bytes = 0
    _in_head = False
    _too_large = False

    def __init__(self, *arguments: Any, deadlines: Deadlines, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._deadlines = deadlines

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn's own
        """Begin to wait for a request."""
        super().connection_made(transport)
        self._wait(HEADER_SECONDS)

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait no longer."""
        if self._deadline_group is not None:
            self._deadline_group.discard(self)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take what came; what does not end a request's headers does not put off the end of patience."""
        self._head_bytes += len(data)
        super().data_received(data)
        if self._in_head and self._head_bytes > LARGEST_HEADERS:
            self._refuse_head()
        elif self._in_head:
            self._wait(HEADER_SECONDS)
        elif self._idle:
            self._wait(KEEP_ALIVE_SECONDS)
        else:
            self._head_bytes = 0

    def on_message_begin(self) -> None:
        """Note that a request has begun."""
        self._in_head = True
        # What was waited for has begun to come.
        self._wait_no_longer()
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """Let the request be answered, unless its headers are too large."""
        self._wait_no_longer()
        self._in_head = False
        # More came than is allowed: headers, or the beginning of a body that came with them?
        if self._head_bytes > LARGEST_HEADERS and self._size_of_head() > LARGEST_HEADERS:
            self._too_large = True
            raise ValueError("headers too large")
        self._head_bytes = 0
        super().on_headers_complete()
        if self._last:
            self.cycle.keep_alive = False

    def send_ready(self, answer: Ready) -> None:
        """Send a stored answer. Its request has come as a whole, also where it was not parsed."""
        self._wait_no_longer()
        self._head_bytes = 0
        super().send_ready(answer)

    def send_400_response(self, msg: str) -> None:
        """Say what is wrong with what cannot be understood, and hang up."""
        if self._too_large:
            self._refuse_head()
        else:
            super().send_400_response(msg)

    def shutdown(self) -> None:
        """End with the request that is on its way, if one is."""
        if self._in_head:
            self._last = True
        else:
            super().shutdown()

    @property
    def _idle(self) -> bool:
        cycle: RequestResponseCycle | None = self.cycle
        return cycle is None or cycle.response_complete

    def _size_of_head(self) -> int:
        return len(self.url) + sum(len(name) + len(value) for name, value in self.headers)

    def _refuse_head(self) -> None:
        line = f"HTTP/1.1 {TOO_LARGE.value} {TOO_LARGE.phrase}\r\n"
        self.transport.write(f"{line}content-length: 0\r\nconnection: close\r\n\r\n".encode())
        self.transport.close()

    def _wait(self, seconds: float) -> None:
        """Begin to wait, unless that has begun already: what came meanwhile does not put off the end."""
        if self._deadline is None:
            self._deadline = self.loop.time() + seconds
            if self._deadline_group is None:
                self._check_later(seconds)

    def _wait_no_longer(self) -> None:
        self._deadline = None

    def check_deadline(self) -> None:
        """Hang up if the deadline has passed; called by `Deadlines`."""
        self._deadline_group = None
        if self._deadline is None:
            return
        left = self._deadline - self.loop.time()
        if left > 0:
            self._check_later(left)
        else:
            self.transport.close()

    def _check_later(self, seconds: float) -> None:
        # Not later than the shortest wait that may begin meanwhile would end.
        self._deadline_group = self._deadlines.check_later(self, self.loop, min(seconds, HEADER_SECONDS))


def server_options() -> dict[str, Any]:
    """The production server's settings, for `agenda serve` and for tests of it (https://uvicorn.dev/settings/)."""
    return {
        "http": partial(BoundedProtocol, deadlines=Deadlines(), parsed=ParsedRequests(), dated=DatedAnswers()),
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


def collect_garbage_seldom() -> None:
    """Have Python look for garbage less often, and not among what is there already.

    Its defaults are for small programs: with 10,000 connections each burst of requests would stop for it again and
    again, and look at all that each of them holds. What is no cycle is freed at once as ever.
    """
    gc.freeze()
    gc.set_threshold(*COLLECT_EACH)


def open_many_files() -> None:
    """Allow as many connections as the system lets this process have; platforms begin with few."""
    with suppress(ValueError, OSError):
        _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
