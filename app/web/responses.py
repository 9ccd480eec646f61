"""Makes HTTP responses of what views render: cached in the edition, conditional, compressed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import partial, wraps
from typing import Any, ParamSpec

from flask import Flask, Response, current_app, g, render_template, request

from app.domain.program import Program
from app.live.edition import ResponseKey
from app.live.http_response import Headers, StoredResponse, respond
from app.web import address_traits, content_policy
from app.web.identity_sheet import sheet_of
from app.web.request_context import PageContext, page_context
from app.web.running_service import current_service, service_of
from app.web.static_files import inline_styles

HTML = "text/html; charset=utf-8"
JSON = "application/json"
PROBLEM = "application/problem+json"

P = ParamSpec("P")


def cached(view: Callable[P, StoredResponse]) -> Callable[P, Response]:
    """Respond from the edition's cache; the view is called on a miss."""

    @wraps(view)
    def respond_from_cache(*args: P.args, **kwargs: P.kwargs) -> Response:
        return from_cache(partial(view, *args, **kwargs))

    return respond_from_cache


def from_cache(build: Callable[[], StoredResponse], *, keep: bool = True) -> Response:
    """Respond from the edition's cache, which ``build`` fills on a miss.

    Without ``keep``, and for an instant that the reader named, the response is built for this request alone. What is
    kept under an address was built for exactly that address: a request with more in its query has it built so first.
    """
    context = page_context()
    if context.frozen or not keep:
        return conditional(build())
    editions, key = current_service().editions, response_key()
    if request.query_string == key.query.encode():
        return conditional(editions.get_or_render(context.snapshot, context.now, key, build))
    if key.host and not editions.keeps(key.host):
        return conditional(build())
    kept = editions.at(context.snapshot, context.now).responses
    if key not in kept:
        call_view(current_app, key, context)
    return conditional(kept.get(key) or build())


def response_key() -> ResponseKey:
    """The key of this request's response in the cache."""
    query = address_traits.query_of(address_traits.traits_of(request.url_rule), request.args)
    host = "" if current_service().public_url else request.host_url.rstrip("/")
    return ResponseKey(request.path, query, host)


def call_view(app: Flask, address: ResponseKey, context: PageContext) -> Response | None:
    """What a view returns for an address, neither counted nor logged; None where there is no view."""
    base_url = address.host or service_of(app).public_url or None
    with app.test_request_context(address.path, query_string=address.query, base_url=base_url):
        g.context = context
        if request.endpoint is None:
            return None
        response: Response = app.ensure_sync(app.view_functions[request.endpoint])(**(request.view_args or {}))
        return response


def conditional(stored: StoredResponse) -> Response:
    """Respond to this request, with 304 where the reader has the same bytes already."""
    clock = current_service().clock
    headers = {name.lower(): value for name, value in request.headers.items()}
    # What tells the time tells the one for which it was chosen.
    now = page_context().now if stored.timed else clock.now()
    response = respond(stored, headers, now, clock.speed)
    return Response(response.body, response.status, response.headers)


def rendered(template: str, **values: Any) -> StoredResponse:
    """A page from a template."""
    return with_styles(per_segment(render_template(template, **values)))


def per_segment(body: str, content_type: str = HTML) -> StoredResponse:
    """A response that is valid until the next boundary of the timeline."""
    return StoredResponse(body.encode(), content_type, turns=True, changes_at=page_context().moment.changes_at)


def with_styles(stored: StoredResponse) -> StoredResponse:
    """The response with the policy of its pages: phones keep them with the headers with which they came."""
    return replace(stored, headers=(*stored.headers, *policy_headers(page_context().program)))


def policy_headers(program: Program) -> Headers:
    """The policy that allows the style elements of pages; none where the program has no colours of its own."""
    sheet = sheet_of(program)
    return ((content_policy.HEADER, content_policy.content_policy(*inline_styles(), sheet.css)),) if sheet.css else ()


def per_revision(body: bytes, content_type: str, *, last_modified: datetime | None = None) -> StoredResponse:
    """A response that is valid until the next revision."""
    return StoredResponse(body, content_type, last_modified=last_modified)


def base_url() -> str:
    """The base of links in codes and feeds, without a trailing slash: the public address, else the request's host."""
    return current_service().public_url or request.host_url.rstrip("/")
