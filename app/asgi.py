"""The front door in production: what is rendered already is answered here, streams are held here.

All else goes to Flask, in worker threads. `flask run` serves the same without this door.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qs

from a2wsgi import WSGIMiddleware
from flask import Flask

from app import create_app
from app.live.answer import Answer, reply
from app.live.connections import collect_garbage_seldom
from app.live.edition import Address
from app.live.hub import Hub
from app.live.prompt import Raw, Ready, ReadyAnswers, question_of, ready
from app.live.request_body import BodyRefused, ReaderGone, given, whole_body
from app.live.stopping import before_stopping
from app.logs import configure, name_of_request
from app.settings import Settings
from app.web.ahead import Ahead
from app.web.security import gate_of, headers_of_every, security_headers
from app.web.service import Service, service_of
from app.web.watching import log, say

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
        self._hub = Hub(self._service.current, self._service.clock)
        self._ahead = Ahead(app)
        self._gate = gate_of(app)
        self._ready = ReadyAnswers(self._service.current, self._service.clock)
        self._says_all = log.isEnabledFor(logging.DEBUG)
        self._counts = self._service.counts
        self._counts.readers = lambda: self._hub.readers
        self._counts.dropped = lambda: self._hub.dropped
        self._flask = WSGIMiddleware(app, workers=WORKER_THREADS)  # type: ignore[arg-type]  # Flask types the environment looser

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or follow the server's start and stop."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] != "http":
            raise ValueError(f"this service does not speak {scope['type']}")
        else:
            await self._answer(scope, receive, send)

    def end_streams(self) -> None:
        """End all streams, from the server's own thread: it waits for its connections before it stops."""
        self._hub.end()

    def at_once(self, url: bytes, headers: Raw) -> Ready | None:
        """What was answered to the same question in this edition; None: it is to be asked the usual way."""
        question = None if self._says_all else question_of(url, headers)
        found = self._ready.get(question) if question else None
        if found is not None:
            agent = dict(headers).get(b"user-agent", b"") if found.path.endswith(".ics") else b""
            self._counts.answered(found.status, found.path, agent.decode("latin-1"))
        return found

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        scheme = self._gate.scheme(scope["scheme"], headers)
        reads = scope["method"] in {"GET", "HEAD"} and self._gate.knows(headers.get("host", ""))
        if reads and scope["path"] == "/live":
            await self._hold(scope, headers, receive, send)
            return
        kept = self._kept(scope, scheme, headers) if reads else None
        if kept is None:
            await self._ask_flask(scope, receive, send)
        else:
            await self._send(kept, scope, scheme, headers, send)

    async def _hold(self, scope: Scope, headers: dict[str, str], receive: Receive, send: Send) -> None:
        secured = _encoded(security_headers(self._gate.scheme(scope["scheme"], headers)))
        if scope["method"] == "HEAD":
            await self._hub.head(send, secured)
        else:
            await self._hub.stream(_last_seen(scope, headers), receive, send, secured)

    async def _ask_flask(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            # Read here, so that a slow sender holds none of Flask's threads.
            body = b"" if scope["method"] in {"GET", "HEAD"} else await whole_body(receive)
        except ReaderGone:
            return
        except BodyRefused as refused:
            headers = [
                *security_headers(self._gate.scheme(scope["scheme"], {})),
                ("Content-Length", "0"),
                ("Connection", "close"),
            ]
            await send({"type": "http.response.start", "status": refused.status, "headers": _encoded(headers)})
            await send({"type": "http.response.body", "body": b""})
            return
        # CGI's names have no hyphen: a stranger's X_Forwarded_For would pass for a proxy's word.
        named = [(name, value) for name, value in scope["headers"] if b"_" not in name]
        await self._flask({**scope, "headers": named}, given(body, receive), send)  # type: ignore[arg-type]  # a2wsgi's own types

    def _kept(self, scope: Scope, scheme: str, headers: dict[str, str]) -> Answer | None:
        service = self._service
        host = "" if service.public_url else f"{scheme}://{headers.get('host', '')}"
        address = Address(scope["path"], scope["query_string"].decode("latin-1"), host)
        edition = service.editions.at(service.current.snapshot, service.clock.now())
        return edition.answers.get(address)

    async def _send(self, answer: Answer, scope: Scope, scheme: str, headers: dict[str, str], send: Send) -> None:
        clock = self._service.clock
        made = reply(answer, headers, clock.now(), clock.speed)
        self._counts.answered(made.status, scope["path"], headers.get("user-agent", ""))
        encoded = _encoded([*made.headers, *headers_of_every(scheme, scope["path"])])
        if "x-request-id" in headers or self._says_all:
            name = name_of_request(headers.get("x-request-id", ""))
            encoded.append((b"x-request-id", name.encode()))
            say(scope["method"], scope["path"], made.status, 0.0, name=name, level=logging.DEBUG)
        await send({"type": "http.response.start", "status": made.status, "headers": encoded})
        body = b"" if scope["method"] == "HEAD" or made.status == HTTPStatus.NOT_MODIFIED else made.body
        self._have_ready(scope, ready(made.status, scope["path"], encoded, body))
        await send({"type": "http.response.body", "body": body})

    def _have_ready(self, scope: Scope, answer: Ready) -> None:
        query = scope["query_string"]
        question = question_of(scope["raw_path"] + (b"?" + query if query else b""), scope["headers"])
        if scope["method"] == "GET" and question is not None:
            self._ready.keep(question, answer)

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        self._ahead.start()
        self._hub.start()
        before_stopping(self.end_streams)
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await self._hub.stop()
        self._ahead.stop()
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
    settings = Settings.read(os.environ)
    configure(settings.log)
    door = FrontDoor(create_app(settings))
    collect_garbage_seldom()
    return door
