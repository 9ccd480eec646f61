"""Errors become HTTP here and nowhere else."""

from __future__ import annotations

import json
from http import HTTPStatus

from flask import Flask, Response, render_template, request
from werkzeug.exceptions import HTTPException

from app.domain.errors import AgendaError, StaleBase, TimeError, UnknownName
from app.store.errors import DatabaseAway, SignInRefused
from app.web import traits
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
# Where nobody gave a reason of their own.
WORDS = {
    404: "There is nothing at this address.",
    405: "This address does not take that method.",
    413: "That is more than is taken here.",
    429: "Too often; try again in a minute.",
    500: "Something failed here, through no fault of yours. It is in the log.",
}
PROBLEM = "application/problem+json"
FOR_PROGRAMS = traits.first_parts(lambda one: one.for_programs)
# Unless it is back at once, a database takes some seconds.
RETRY_AFTER_SECONDS = "5"
READING = frozenset({"GET", "HEAD", "OPTIONS"})
NOT_SAVED = (
    "Readers go on with what is published. When it is back, look at the history before you try again: "
    "the change may have been taken in the last moment"
)


def install(app: Flask) -> None:
    """Answer every error in the form its reader understands."""
    app.register_error_handler(AgendaError, _on_agenda_error)
    app.register_error_handler(HTTPException, _on_http_error)


def _on_agenda_error(error: AgendaError) -> Response:
    status = next(status for kind, status in STATUS_OF if isinstance(error, kind))
    if not isinstance(error, DatabaseAway):
        return _answer(status, str(error))
    response = _answer(status, str(error) if request.method in READING else f"{error}. {NOT_SAVED}")
    response.headers["Retry-After"] = RETRY_AFTER_SECONDS
    return response


def _on_http_error(error: HTTPException) -> Response:
    status = HTTPStatus(error.code or 500)
    given = error.description if error.description != type(error).description else None
    # A limit's own words are its figures.
    said = None if status == HTTPStatus.TOO_MANY_REQUESTS else given
    response = _answer(status, said or WORDS.get(status, error.description or status.description))
    for name, value in error.get_headers(request.environ):
        if name in {"Allow", "Retry-After"}:
            response.headers[name] = value
    return response


def wants_a_problem() -> bool:
    """Whether who asks is a program: by where it asks, or because it would rather have JSON than a page."""
    if request.path.startswith(FOR_PROGRAMS):
        return True
    wanted = request.accept_mimetypes.best_match(["text/html", "application/json", PROBLEM])
    return wanted not in {None, "text/html"}


def _answer(status: HTTPStatus, detail: str) -> Response:
    """A problem detail (RFC 9457) for programs, a page for people."""
    if wants_a_problem():
        problem = {"type": "about:blank", "title": status.phrase, "status": status.value, "detail": detail}
        response = Response(json.dumps(problem, ensure_ascii=False), status, content_type=PROBLEM)
    else:
        look_at_now()
        page = render_template("error.html", status=status, detail=detail)
        response = Response(page, status, content_type="text/html; charset=utf-8")
    response.headers["Cache-Control"] = "no-store"
    return response
