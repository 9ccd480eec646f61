"""The ASGI front door in production: sends stored responses and holds the streams of `/live`.

All other requests go to Flask in worker threads. `flask run` serves the same pages without it.
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
from werkzeug.exceptions import ClientDisconnected, RequestEntityTooLarge, RequestTimeout

from app import create_app
from app.live.edition import ResponseKey
from app.live.http_response import StoredResponse, respond
from app.logs import configure, request_id_or_new
from app.server.fan_out import FanOut
from app.server.http_limits import read_body, replayed_body, tune_garbage_collector
from app.server.response_cache import CachedResponse, RawHeaders, ResponseCache, cache_key, cached_response
from app.settings import Settings
from app.web.prerender import Prerenderer
from app.web.request_logging import log, log_request
from app.web.running_service import Service, service_of
from app.web.security_headers import request_policy_of, response_headers, security_headers

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

# Flask's threads: enough that a slow view does not delay others; stored responses need none.
WORKER_THREADS = 10
LONGEST_NUMBER = 9


class FrontDoor:
    """The ASGI application (ASGI 3.0: HTTP and lifespan)."""

    def __init__(self, app: Flask) -> None:
        self._service: Service = service_of(app)
        self._fan_out = FanOut(self._service.current, self._service.clock)
        self._prerenderer = Prerenderer(app)
        self._policy = request_policy_of(app)
        self._response_cache = ResponseCache(self._service.current, self._service.clock)
        self._logs_all = log.isEnabledFor(logging.DEBUG)
        self._stats = self._service.stats
        self._stats.readers = lambda: self._fan_out.readers
        self._stats.dropped = lambda: self._fan_out.dropped
        self._flask = WSGIMiddleware(app, workers=WORKER_THREADS)  # type: ignore[arg-type]  # Flask types the environment looser

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request, or the server's start and stop."""
        if scope["type"] == "lifespan":
            await self._lifespan(receive, send)
        elif scope["type"] != "http":
            raise ValueError(f"unsupported scope type: {scope['type']}")
        else:
            await self._handle(scope, receive, send)

    def end_streams(self) -> None:
        """End all streams; `LimitedProtocol.shutdown` calls it, since the server waits for its connections."""
        self._fan_out.end()

    def lookup(self, url: bytes, headers: RawHeaders) -> CachedResponse | None:
        """The response that was sent to the same request in this edition; None where it must be handled."""
        key = None if self._logs_all else cache_key(url, headers)
        cached = self._response_cache.get(key) if key else None
        if cached is not None:
            agent = dict(headers).get(b"user-agent", b"") if cached.path.endswith(".ics") else b""
            self._stats.count_from_memory(cached.status, cached.path, agent.decode("latin-1"))
        return cached

    async def _handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        scheme = self._policy.scheme(scope["scheme"], headers)
        is_read = scope["method"] in {"GET", "HEAD"} and self._policy.knows(headers.get("host", ""))
        if is_read and scope["path"] == "/live":
            secured = _encoded(security_headers(scheme))
            if scope["method"] == "HEAD":
                await self._fan_out.head(send, secured)
            else:
                await self._fan_out.stream(_last_seen(scope, headers), receive, send, secured)
            return
        stored = self._stored(scope, scheme, headers) if is_read else None
        if stored is None:
            await self._call_flask(scope, receive, send)
        else:
            await self._send(stored, scope, scheme, headers, send)

    async def _call_flask(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            # Read here, so that a slow sender does not occupy one of Flask's threads.
            body = b"" if scope["method"] in {"GET", "HEAD"} else await read_body(receive)
        except ClientDisconnected:
            return
        except (RequestEntityTooLarge, RequestTimeout) as refused:
            secured = security_headers(self._policy.scheme(scope["scheme"], {}))
            headers = _encoded([*secured, ("Content-Length", "0"), ("Connection", "close")])
            await send({"type": "http.response.start", "status": refused.code, "headers": headers})
            await send({"type": "http.response.body", "body": b""})
            return
        # In CGI's names hyphens become underscores: a client's X_Forwarded_For would pass for the proxy's header.
        safe = [(name, value) for name, value in scope["headers"] if b"_" not in name]
        await self._flask({**scope, "headers": safe}, replayed_body(body, receive), send)  # type: ignore[arg-type]  # a2wsgi's own types

    def _stored(self, scope: Scope, scheme: str, headers: dict[str, str]) -> StoredResponse | None:
        service = self._service
        host = "" if service.public_url else f"{scheme}://{headers.get('host', '')}"
        key = ResponseKey(scope["path"], scope["query_string"].decode("latin-1"), host)
        edition = service.editions.at(service.current.snapshot, service.clock.now())
        return edition.responses.get(key)

    async def _send(
        self, stored: StoredResponse, scope: Scope, scheme: str, headers: dict[str, str], send: Send
    ) -> None:
        clock = self._service.clock
        response = respond(stored, headers, clock.now(), clock.speed)
        self._stats.count_from_memory(response.status, scope["path"], headers.get("user-agent", ""))
        encoded = _encoded([*response.headers, *response_headers(scheme, scope["path"])])
        if "x-request-id" in headers or self._logs_all:
            name = request_id_or_new(headers.get("x-request-id", ""))
            encoded.append((b"x-request-id", name.encode()))
            log_request(scope["method"], scope["path"], response.status, 0.0, name=name, level=logging.DEBUG)
        await send({"type": "http.response.start", "status": response.status, "headers": encoded})
        body = b"" if scope["method"] == "HEAD" or response.status == HTTPStatus.NOT_MODIFIED else response.body
        self._cache(scope, cached_response(response.status, scope["path"], encoded, body))
        await send({"type": "http.response.body", "body": body})

    def _cache(self, scope: Scope, response: CachedResponse) -> None:
        query = scope["query_string"]
        key = cache_key(scope["raw_path"] + (b"?" + query if query else b""), scope["headers"])
        if scope["method"] == "GET" and key is not None:
            self._response_cache.store(key, response)

    async def _lifespan(self, receive: Receive, send: Send) -> None:
        await receive()
        self._prerenderer.start()
        self._fan_out.start()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await self._fan_out.stop()
        self._prerenderer.stop()
        self._service.close()
        await send({"type": "lifespan.shutdown.complete"})


def _encoded(headers: Iterable[tuple[str, str]]) -> list[tuple[bytes, bytes]]:
    return [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers]


def _last_seen(scope: Scope, headers: dict[str, str]) -> int | None:
    """The revision that a client has: from Last-Event-ID, else from its page's `?since=`."""
    since = parse_qs(scope["query_string"].decode("latin-1")).get("since", [""])[-1]
    text = headers.get("last-event-id", since)
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= LONGEST_NUMBER else None


def from_environment() -> FrontDoor:
    """The production application, configured by the environment."""
    settings = Settings.read(os.environ)
    configure(settings.log)
    front_door = FrontDoor(create_app(settings))
    tune_garbage_collector()
    return front_door
