"""Reads a request's body before one of Flask's few threads is used, since a sender may be slow."""

from __future__ import annotations

import asyncio
from collections import Counter

from werkzeug.exceptions import ClientDisconnected, RequestEntityTooLarge, RequestTimeout, ServiceUnavailable

from app.server.asgi_messages import Receive
from app.web.address_traits import FileBound
from app.web.request_policy import LARGEST_BODY

# From the first to the last part of a body.
BODY_SECONDS = 10
# Bodies that are received at the same time: 32 MiB at most. The oldest is given up then: honest ones are short.
MOST_BODIES = 256
# The same of bodies with a file; how many at once is a matter of what the file is (`FileBound`).
FILE_SECONDS = 120


class BodyReader:
    """Reads the bodies of a process; its methods are called on the event loop."""

    def __init__(self) -> None:
        self._deadlines: dict[asyncio.Timeout, None] = {}
        # How many with a file are being read, by the bound of the file.
        self._files: Counter[FileBound] = Counter()

    async def read(self, receive: Receive) -> bytes:
        """The whole body; raises `RequestEntityTooLarge`, `RequestTimeout` or `ClientDisconnected`."""
        deadline = asyncio.timeout(BODY_SECONDS)
        try:
            async with deadline:
                self._add(deadline)
                return await _whole(receive, LARGEST_BODY)
        except TimeoutError as error:
            raise RequestTimeout from error
        finally:
            self._deadlines.pop(deadline, None)

    async def read_with_file(self, receive: Receive, bound: FileBound) -> bytes:
        """The whole body of a form with a file; raises `ServiceUnavailable` for too many at once, and as `read`."""
        if self._files[bound] >= bound.most_at_once:
            raise ServiceUnavailable
        self._files[bound] += 1
        try:
            async with asyncio.timeout(FILE_SECONDS):
                return await _whole(receive, bound.largest + LARGEST_BODY)
        except TimeoutError as error:
            raise RequestTimeout from error
        finally:
            self._files[bound] -= 1

    def _add(self, deadline: asyncio.Timeout) -> None:
        self._deadlines[deadline] = None
        if len(self._deadlines) > MOST_BODIES:
            oldest = next(iter(self._deadlines))
            del self._deadlines[oldest]
            if not oldest.expired():
                oldest.reschedule(asyncio.get_running_loop().time())


async def _whole(receive: Receive, most: int) -> bytes:
    body = bytearray()
    more = True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnected
        body += message.get("body", b"")
        if len(body) > most:
            raise RequestEntityTooLarge
        more = message.get("more_body", False)
    return bytes(body)
