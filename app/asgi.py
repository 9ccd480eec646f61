"""The front door in production: what is rendered already is answered here, streams are held here.

All else goes to Flask, in worker threads. `flask run` serves the same without this door.
"""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qs

from a2wsgi import WSGIMiddleware
from flask import Flask

from app import create_app
from app.live.answer import Answer, reply
from app.live.hub import Hub
from app.live.stopping import before_stopping
from app.settings import Settings
from app.web.answering import address_of
from app.web.security import security_headers
from app.web.service import Service, service_of

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

# Flask's threads: enough that one slow view holds nobody up; cached answers need none.
WORKER_THREADS = 10
LONGEST_NUMBER = 9


class FrontDoor:
    """The ASGI application (ASGI 3.0, HTTP and lifespan)."""

    def __init__(self, app: Flask) -> None:
        self._service: Service = service_of(app)
        self._hub = Hub(self._service.current)
        self._flask = WSGIMiddleware(app, workers=WORKER_THREADS)  # type: ignore[arg-type]  # Flask types the environment looser

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or follow the server's start and stop."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] != "http":
            raise ValueError(f"this service does not speak {scope['type']}")
        else:
            await self._answer(scope, receive, send)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        if scope["path"] == "/live" and scope["method"] == "GET":
            secured = _encoded(security_headers(scope["scheme"]))
            await self._hub.stream(_last_seen(scope, headers), receive, send, secured)
            return
        kept = self._kept(scope, headers) if scope["method"] in {"GET", "HEAD"} else None
        if kept is None:
            await self._flask(scope, receive, send)  # type: ignore[arg-type]  # a2wsgi types ASGI by its own names
        else:
            await self._send(kept, scope, headers, send)

    def _kept(self, scope: Scope, headers: dict[str, str]) -> Answer | None:
        service = self._service
        host = "" if service.public_url else f"{scope['scheme']}://{headers.get('host', '')}/"
        key = address_of(host, scope["path"], scope["query_string"].decode("latin-1"))
        edition = service.editions.at(service.current.snapshot, service.clock.now())
        return edition.answers.get(key)

    async def _send(self, answer: Answer, scope: Scope, headers: dict[str, str], send: Send) -> None:
        clock = self._service.clock
        made = reply(answer, headers, clock.now(), clock.speed)
        encoded = _encoded([*made.headers, *security_headers(scope["scheme"])])
        await send({"type": "http.response.start", "status": made.status, "headers": encoded})
        body = b"" if scope["method"] == "HEAD" or made.status == HTTPStatus.NOT_MODIFIED else made.body
        await send({"type": "http.response.body", "body": body})

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        self._hub.start()
        before_stopping(self._hub.end)
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await self._hub.stop()
        self._service.close()
        await send({"type": "lifespan.shutdown.complete"})


def _encoded(headers: Iterable[tuple[str, str]]) -> list[tuple[bytes, bytes]]:
    return [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers]


def _last_seen(scope: Scope, headers: dict[str, str]) -> int | None:
    """The revision that a reader has: by its browser's word, else by its page's (`?since=`)."""
    since = parse_qs(scope["query_string"].decode("latin-1")).get("since", [""])[-1]
    text = headers.get("last-event-id", since)
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= LONGEST_NUMBER else None


def from_environment() -> FrontDoor:
    """The production application, set by the environment."""
    return FrontDoor(create_app(Settings.read(os.environ)))
