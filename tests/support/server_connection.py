"""The server's side of a connection, without a network."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
import uvicorn

from app.server.response_cache import CachedResponse, ParsedRequest, cached_response
from app.server.uvicorn_server import ConnectionFactory, can_wrap_uvicorn

# For what plain uvicorn does not do.
needs_connections = pytest.mark.skipif(not can_wrap_uvicorn(), reason="this uvicorn cannot be wrapped in connections")
NOW = b"GET /now HTTP/1.1\r\nHost: agenda\r\n\r\n"


class Wire:
    """A transport that records what was written to it and whether it was closed."""

    def __init__(self) -> None:
        self.written, self.closed = b"", False

    def write(self, data: bytes) -> None:
        self.written += data

    def close(self) -> None:
        self.closed = True

    def is_closing(self) -> bool:
        return self.closed

    abort = close

    def get_write_buffer_size(self) -> int:
        return len(self.written)

    def __getattr__(self, _name: str) -> Callable[..., None]:
        return lambda *_values, **_options: None


class Stored:
    """An app with one stored response; to other requests it responds with 204 once it may."""

    def __init__(self) -> None:
        self.may_answer = asyncio.Event()

    def lookup(self, request: ParsedRequest) -> CachedResponse | None:
        return cached_response(200, "/now", [], b"page") if request.url == b"/now" and request.headers else None

    async def __call__(self, _scope: Any, _receive: Any, send: Any) -> None:
        await self.may_answer.wait()
        await send({"type": "http.response.start", "status": 204})
        await send({"type": "http.response.body"})


def connected(wire: Wire, loop: asyncio.AbstractEventLoop, app: Stored | None = None) -> Any:
    """The server's side of a new connection."""
    from uvicorn.server import ServerState  # noqa: PLC0415 - another version may not have it

    app = app or Stored()
    config = uvicorn.Config(app, lifespan="off", log_config=None, interface="asgi3", proxy_headers=False)
    config.load()
    config.loaded_app = app
    connection = ConnectionFactory()(config=config, server_state=ServerState(), app_state={}, _loop=loop)
    connection.connection_made(wire)
    return connection
