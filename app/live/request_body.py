"""A request's body, read whole before anybody works on it: small, and within a time.

Flask's threads are few. A body that comes drop by drop must not hold one of them.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from http import HTTPStatus
from typing import Any

LARGEST_BODY = 64 * 1024
BODY_SECONDS = 10

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]


class BodyRefused(Exception):
    """A body that is too large or too slow."""

    def __init__(self, status: HTTPStatus) -> None:
        super().__init__(status.phrase)
        self.status = status


class ReaderGone(Exception):
    """Who sent the request does not wait for its answer."""


async def whole_body(receive: Receive) -> bytes:
    """All of a body; raises `BodyRefused` or `ReaderGone`."""
    body = bytearray()
    try:
        async with asyncio.timeout(BODY_SECONDS):
            more = True
            while more:
                message = await receive()
                if message["type"] == "http.disconnect":
                    raise ReaderGone
                body += message.get("body", b"")
                if len(body) > LARGEST_BODY:
                    raise BodyRefused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
                more = message.get("more_body", False)
    except TimeoutError as error:
        raise BodyRefused(HTTPStatus.REQUEST_TIMEOUT) from error
    return bytes(body)


def given(body: bytes, receive: Receive) -> Receive:
    """A ``receive`` that gives a body that was read already, then goes on as before."""
    waiting = [body]

    async def again() -> Message:
        if waiting:
            return {"type": "http.request", "body": waiting.pop(), "more_body": False}
        return await receive()

    return again
