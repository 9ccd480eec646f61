"""From a view's bytes to a response: kept in the edition, conditional, compressed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from urllib.parse import urlencode

from flask import Flask, Response, g, request

from app.live.answer import Answer, reply
from app.live.edition import Address
from app.web import traits
from app.web.look import Look, the_look
from app.web.service import service_of, the_service

HTML = "text/html; charset=utf-8"
JSON = "application/json"


def kept(build: Callable[[], Answer]) -> Response:
    """Answer from the edition; built anew for an instant that the reader named."""
    look = the_look()
    if look.frozen:
        return send(build())
    service = the_service()
    return send(service.editions.answer(look.snapshot, look.now, address(), build))


def address() -> Address:
    """What an answer to this request is kept under."""
    rule = request.url_rule.rule if request.url_rule else ""
    asked = [(name, request.args[name]) for name in traits.TABLE[rule].query if name in request.args]
    host = "" if the_service().public_url else request.host_url.rstrip("/")
    return Address(request.path, urlencode(asked, safe="/:"), host)


def view(app: Flask, address: Address, look: Look) -> Response | None:
    """What a view gives at an address, asked by no reader: not counted, not logged; None where there is no view."""
    base_url = address.host or service_of(app).public_url or None
    with app.test_request_context(address.path, query_string=address.query, base_url=base_url):
        g.look = look
        if request.endpoint is None:
            return None
        answer: Response = app.ensure_sync(app.view_functions[request.endpoint])(**(request.view_args or {}))
        return answer


def send(answer: Answer) -> Response:
    """Answer this request, with 304 where the reader has it already."""
    service = the_service()
    headers = {name.lower(): value for name, value in request.headers.items()}
    made = reply(answer, headers, service.clock.now(), service.clock.speed)
    return Response(made.body, made.status, made.headers)


def turning(body: str, content_type: str = HTML) -> Answer:
    """An answer that time changes: good until the moment's next change."""
    return Answer(body.encode(), content_type, turns=True, changes_at=the_look().moment.changes_at)


def lasting(body: bytes, content_type: str, *, last_modified: datetime | None = None) -> Answer:
    """An answer that only a new revision changes."""
    return Answer(body, content_type, last_modified=last_modified)


def base_url() -> str:
    """What codes and feeds point to, without a slash at its end: as set, else as the reader asked."""
    return the_service().public_url or request.host_url.rstrip("/")
