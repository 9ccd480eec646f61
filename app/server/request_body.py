"""Reads a request's body before one of Flask's few threads is used, since a sender may be slow."""

from __future__ import annotations

import asyncio

from werkzeug.exceptions import ClientDisconnected, RequestEntityTooLarge, RequestTimeout, ServiceUnavailable

from app.server.asgi_messages import Receive
from app.web.request_policy import LARGEST_BODY

# From the first to the last part of a body.
BODY_SECONDS = 10
# Bodies that are received at the same time: 32 MiB at most.
MOST_BODIES = 512


class BodyReader:
    """Reads the bodies of a process; its methods are called on the event loop."""

    def __init__(self) -> None:
        self._reading = 0

    async def read(self, receive: Receive) -> bytes:
        """The whole body.

        Raises `RequestEntityTooLarge`, `RequestTimeout`, `ClientDisconnected`, or `ServiceUnavailable` where too many
        are being received.
        """
        if self._reading >= MOST_BODIES:
            raise ServiceUnavailable
        self._reading += 1
        try:
            async with asyncio.timeout(BODY_SECONDS):
                return await _whole(receive)
        except TimeoutError as error:
            raise RequestTimeout from error
        finally:
            self._reading -= 1


async def _whole(receive: Receive) -> bytes:
    body = bytearray()
    more = True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnected
        body += message.get("body", b"")
        if len(body) > LARGEST_BODY:
            raise RequestEntityTooLarge
        more = message.get("more_body", False)
    return bytes(body)
