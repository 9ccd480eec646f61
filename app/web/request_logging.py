"""Gives each request that Flask handles an id, and times, counts and logs it, without the reader's address."""

from __future__ import annotations

import logging
from http import HTTPStatus
from time import perf_counter

from flask import Flask, Response, g, request

from app.logs import request_id, request_id_or_new
from app.web.request_policy import PROBES
from app.web.running_service import current_service

NAME = "X-Request-ID"
# Requests for made-up paths must not fill the disk.
LONGEST_LOGGED = 300
log = logging.getLogger("agenda.requests")


def install(app: Flask) -> None:
    """Log an app's requests; installed before all other request hooks, to measure them too."""

    @app.before_request
    def _start() -> None:
        g.started = perf_counter()
        g.request_id = request_id_or_new(request.headers.get(NAME, ""))
        request_id.set(g.request_id)

    @app.after_request
    def _end(response: Response) -> Response:
        response.headers[NAME] = g.request_id
        seconds = perf_counter() - g.started
        agent = request.headers.get("User-Agent", "")
        current_service().stats.count_rendered(response.status_code, request.path, agent, seconds, g.request_id)
        # A proxy asks each second; a probe that fails is still a line.
        usual_probe = request.path in PROBES and response.status_code == HTTPStatus.OK
        level = logging.DEBUG if usual_probe else logging.INFO
        log_request(request.method, request.path, response.status_code, seconds * 1000, name=g.request_id, level=level)
        return response


def log_request(
    method: str, path: str, status: int, milliseconds: float, *, name: str, level: int = logging.INFO
) -> None:
    """Log one request, without the reader's address and the query, which are private."""
    path = path[:LONGEST_LOGGED]
    facts = {"request": name, "method": method, "path": path, "status": status, "ms": round(milliseconds, 1)}
    log.log(level, "%s %s %d %.1f ms", method, path, status, milliseconds, extra={"facts": facts})
