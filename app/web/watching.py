"""Each request that Flask answers is named, timed, counted and logged; no reader's address is."""

from __future__ import annotations

import logging
from time import perf_counter

from flask import Flask, Response, g, request

from app.logs import name_of_request, request_id
from app.web.service import the_service

NAME = "X-Request-ID"
# Strangers must not fill a disk with addresses that there are not.
LONGEST_LOGGED = 300
log = logging.getLogger("agenda.requests")


def install(app: Flask) -> None:
    """Watch an app's requests; the first to see them and the last to see their answers."""

    @app.before_request
    def _begun() -> None:
        g.begun = perf_counter()
        g.request_id = name_of_request(request.headers.get(NAME, ""))
        request_id.set(g.request_id)

    @app.after_request
    def _ended(response: Response) -> Response:
        response.headers[NAME] = g.request_id
        seconds = perf_counter() - g.begun
        agent = request.headers.get("User-Agent", "")
        the_service().counts.made(response.status_code, request.path, agent, seconds, g.request_id)
        say(request.method, request.path, response.status_code, seconds * 1000, name=g.request_id)
        return response


def say(method: str, path: str, status: int, milliseconds: float, *, name: str, level: int = logging.INFO) -> None:
    """Log one request: neither who asked nor its query, which is nobody's business."""
    path = path[:LONGEST_LOGGED]
    facts = {"request": name, "method": method, "path": path, "status": status, "ms": round(milliseconds, 1)}
    log.log(level, "%s %s %d %.1f ms", method, path, status, milliseconds, extra={"facts": facts})
