"""A connection's transport: as the server's protocol has it, and whether its client is still there."""

from __future__ import annotations

import asyncio
import select
from typing import Any, Protocol


class WrappingConnection(Protocol):
    """A connection that wraps the server's protocol."""

    @property
    def is_served(self) -> bool:
        """Whether the server's protocol has it."""

    @property
    def is_closing(self) -> bool:
        """Whether nothing more can be written."""

    def close(self) -> None:
        """Close once all is written."""


class InnerTransport:
    """The transport as the server's protocol has it: the connection closes it, and nothing is written after that."""

    def __init__(self, transport: asyncio.Transport, connection: WrappingConnection) -> None:
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


def has_left(transport: asyncio.Transport) -> bool:
    """Whether the client has closed its side already (poll(2), POLLRDHUP); asyncio tells it after the request."""
    socket = transport.get_extra_info("socket")
    if socket is None or not hasattr(select, "POLLRDHUP"):
        return False
    poll = select.poll()
    poll.register(socket, select.POLLRDHUP)
    return bool(poll.poll(0))
