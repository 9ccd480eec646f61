"""From a view's bytes to a response: kept in the edition, conditional, compressed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from urllib.parse import urlencode

from flask import Response, request

from app.live.answer import Answer, reply
from app.web.look import the_look
from app.web.service import the_service

HTML = "text/html; charset=utf-8"
JSON = "application/json"
# What views of kept answers ask of a query, all of it checked against the program. The rest is not looked at:
# else strangers' queries would fill the memory with copies of one page.
ASKED = {
    "calendars.talk": ("alarm",),
    "codes.talk_code": ("scale", "margin"),
    "codes.path_code": ("for", "scale", "margin"),
    "pages.day": ("day",),
    "printing.page": ("what", "paper", "room", "day", "session"),
}


def kept(build: Callable[[], Answer]) -> Response:
    """Answer from the edition; built anew for an instant that the reader named."""
    look = the_look()
    if look.frozen:
        return send(build())
    service = the_service()
    return send(service.editions.answer(look.snapshot, look.now, address(), build))


def address() -> str:
    """What an answer is kept under: the path and what its view asks, and the host where links depend on it."""
    host = "" if the_service().public_url else request.host_url
    asked = [(name, request.args[name]) for name in ASKED.get(request.endpoint or "", ()) if name in request.args]
    return address_of(host, request.path, urlencode(asked, safe="/:"))


def address_of(host: str, path: str, query: str) -> str:
    """The same from its parts; ``host`` is "http://host/", or "" where all hosts get the same."""
    return f"{host}{path}?{query}" if query else f"{host}{path}"


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
