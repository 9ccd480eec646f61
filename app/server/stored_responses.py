"""The stored response to a request: replayed below ASGI where the same was sent before, else found in the edition."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import datetime
from http import HTTPStatus
from typing import NamedTuple

from app.live.edition import ResponseKey
from app.live.http_response import HttpResponse, StoredResponse, respond
from app.live.snapshot import Snapshot
from app.logs import request_id_or_new
from app.server.asgi_messages import AsgiRequest, AsgiResponse, HeaderFields, encoded
from app.server.connection import LARGEST_PART
from app.server.response_cache import (
    CachedResponse,
    CacheKey,
    ParsedRequest,
    ResponseCache,
    cache_key,
    cached_response,
    timed_response,
)
from app.server.router import Router
from app.web.request_logging import log, log_request
from app.web.running_service import Service
from app.web.security_headers import response_headers


class Lookup(NamedTuple):
    """By what a response is looked up: a request, the query of its address that counts, and what is current."""

    request: AsgiRequest
    query: str
    snapshot: Snapshot
    now: datetime


class StoredResponses:
    """The stored responses of a service, as its front door sends them."""

    def __init__(self, service: Service, router: Router) -> None:
        self._service, self._router = service, router
        self._cache = ResponseCache(service.current, service.clock, service.memory)
        self._logs_all = log.isEnabledFor(logging.DEBUG)

    def lookup(self, request: ParsedRequest) -> CachedResponse | None:
        """The response that was sent to the same request in this edition; None where it must be handled."""
        key = request.key
        if key is None or self._logs_all:
            return None
        cached = self._cache.get(key) or self._without_unknown(key)
        if cached is not None:
            self._service.stats.count_from_memory(cached.status, cached.path, request.agent)
            if cached.host:
                self._service.editions.use(cached.host)
        return cached

    def response_to(self, request: AsgiRequest, query: str | None) -> AsgiResponse | None:
        """The response to a request with this query that counts, which the next one that is the same gets replayed.

        None where none is stored; where the query is None none ever is.
        """
        if query is None:
            return None
        host = self._host(request)
        self._service.editions.use(host)
        lookup = Lookup(request, query, self._service.current.snapshot, self._service.clock.now())
        responses = self._service.editions.at(lookup.snapshot, lookup.now).responses
        stored = responses.get(ResponseKey(request.path, query, host))
        return self._response(stored, lookup) if stored is not None else None

    def _without_unknown(self, key: CacheKey) -> CachedResponse | None:
        """The response to the same request without the parameters of its query that do not count."""
        path, mark, query = (key[0] or b"").partition(b"?")
        if not mark or b"%" in path:
            return None
        counts = self._router.target_of(path.decode("latin-1"), query).query
        if counts is None:
            return None
        return self._cache.get((path + b"?" * bool(counts) + counts.encode(), *key[1:]))

    def _host(self, request: AsgiRequest) -> str:
        """The host that a stored response is for; "" where it is for all."""
        return "" if self._service.public_url else request.origin

    def _response(self, stored: StoredResponse, lookup: Lookup) -> AsgiResponse:
        """A stored response; it is replayed to the next request that is the same."""
        request = lookup.request
        response = respond(stored, request.headers, lookup.now, self._service.clock.speed)
        self._service.stats.count_from_memory(response.status, request.path, request.headers.get("user-agent", ""))
        secured = response_headers(request.scheme, request.path, response.headers)
        headers = encoded([*response.headers, *secured])
        body = b"" if response.status == HTTPStatus.NOT_MODIFIED else response.body
        # Made-up queries must not fill the cache, nor may a response go out at once that is larger than a part.
        if lookup.query.encode() == request.query and len(body) <= LARGEST_PART:
            self._keep(lookup, headers, replace(response, body=body))
        if "x-request-id" in request.headers or self._logs_all:
            name = request_id_or_new(request.headers.get("x-request-id", ""))
            headers.append((b"x-request-id", name.encode()))
            log_request(request.method, request.path, response.status, 0.0, name=name, level=logging.DEBUG)
        return AsgiResponse(response.status, headers, body)

    def _keep(self, lookup: Lookup, headers: HeaderFields, response: HttpResponse) -> None:
        request = lookup.request
        key = cache_key(request.url, request.scope["headers"])
        if request.method != "GET" or key is None:
            return
        status, path, host = response.status, request.path, self._host(request)
        if response.body_at is not None:
            kept = timed_response(status, path, headers, response.body_at, host)
        else:
            kept = cached_response(status, path, headers, response.body, host)
        self._cache.store(key, kept, lookup.snapshot, lookup.now)
