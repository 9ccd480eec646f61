"""Errors become HTTP here and nowhere else."""

from __future__ import annotations

import json
from http import HTTPStatus

from flask import Flask, Response, render_template, request
from werkzeug.exceptions import HTTPException

from app.domain.errors import AgendaError, StaleBase, TimeError, UnknownName
from app.store.errors import DatabaseAway, SignInRefused
from app.web.look import look_at_now


class NotAllowed(AgendaError):
    """Something that who asks for it has no right to."""


# The first that fits counts.
STATUS_OF: tuple[tuple[type[AgendaError], HTTPStatus], ...] = (
    (UnknownName, HTTPStatus.NOT_FOUND),
    (SignInRefused, HTTPStatus.FORBIDDEN),
    (NotAllowed, HTTPStatus.FORBIDDEN),
    (TimeError, HTTPStatus.BAD_REQUEST),
    (StaleBase, HTTPStatus.CONFLICT),
    (DatabaseAway, HTTPStatus.SERVICE_UNAVAILABLE),
    (AgendaError, HTTPStatus.UNPROCESSABLE_ENTITY),
)
FOR_PROGRAMS = ("/api/", "/export/", "/live", "/healthz", "/readyz", "/metrics")


def install(app: Flask) -> None:
    """Answer every error in the form its reader understands."""
    app.register_error_handler(AgendaError, _on_agenda_error)
    app.register_error_handler(HTTPException, _on_http_error)


def _on_agenda_error(error: AgendaError) -> Response:
    status = next(status for kind, status in STATUS_OF if isinstance(error, kind))
    return _answer(status, str(error))


def _on_http_error(error: HTTPException) -> Response:
    status = HTTPStatus(error.code or 500)
    response = _answer(status, error.description or status.description)
    for name, value in error.get_headers(request.environ):
        if name in {"Allow", "Retry-After"}:
            response.headers[name] = value
    return response


def _answer(status: HTTPStatus, detail: str) -> Response:
    """A problem detail (RFC 9457) for programs, a page for people."""
    if request.path.startswith(FOR_PROGRAMS):
        problem = {"type": "about:blank", "title": status.phrase, "status": status.value, "detail": detail}
        response = Response(json.dumps(problem), status, content_type="application/problem+json")
    else:
        look_at_now()
        page = render_template("error.html", status=status, detail=detail)
        response = Response(page, status, content_type="text/html; charset=utf-8")
    response.headers["Cache-Control"] = "no-store"
    return response
