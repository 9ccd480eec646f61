"""Error handlers: the one place where errors become HTTP responses."""

from __future__ import annotations

import json
from contextlib import suppress
from http import HTTPStatus

from flask import Flask, Response, current_app, render_template, request
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from app.domain.errors import AgendaError, NotAllowed, StaleBase, TimeError, UnknownName
from app.formats.api_answers import Problem
from app.store.errors import (
    NO_ANSWER,
    DatabaseBroken,
    DatabaseUnavailable,
    NoRights,
    SignedOut,
    SignInRefused,
    Unreadable,
)
from app.web import address_traits
from app.web.organizer.console import console_page
from app.web.organizer.signed_in_person import signed_in
from app.web.request_context import reset_to_now
from app.web.responses import PROBLEM
from app.web.sign_in_cookie import sent_key
from app.web.template_helpers import TEXTS, sentence

# The first class that matches decides.
STATUS_OF: tuple[tuple[type[AgendaError], HTTPStatus], ...] = (
    (UnknownName, HTTPStatus.NOT_FOUND),
    (SignInRefused, HTTPStatus.FORBIDDEN),
    (NotAllowed, HTTPStatus.FORBIDDEN),
    (TimeError, HTTPStatus.BAD_REQUEST),
    (StaleBase, HTTPStatus.CONFLICT),
    (DatabaseUnavailable, HTTPStatus.SERVICE_UNAVAILABLE),
    (DatabaseBroken, HTTPStatus.SERVICE_UNAVAILABLE),
    (NoRights, HTTPStatus.SERVICE_UNAVAILABLE),
    (Unreadable, HTTPStatus.SERVICE_UNAVAILABLE),
    (AgendaError, HTTPStatus.UNPROCESSABLE_ENTITY),
)
# A database that restarts takes a few seconds.
RETRY_AFTER_SECONDS = "5"
# What the console's errors are called; those of the service itself look as everywhere.
CONSOLE_TITLES = {
    HTTPStatus.BAD_REQUEST: "Not possible",
    HTTPStatus.FORBIDDEN: "Not for your role",
    HTTPStatus.NOT_FOUND: "Not found",
    HTTPStatus.METHOD_NOT_ALLOWED: "Not found",
    HTTPStatus.CONFLICT: "Not possible",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "Too much text",
    HTTPStatus.REQUEST_URI_TOO_LONG: "Too much text",
    HTTPStatus.UNPROCESSABLE_ENTITY: "Not possible",
}
READERS_TITLES = {
    HTTPStatus.BAD_REQUEST: "This address is not right",
    HTTPStatus.NOT_FOUND: "Not found",
}
# Of the first class that matches; of any other error by its status.
TITLE_OF: tuple[tuple[type[AgendaError], str], ...] = ((SignedOut, "Sign in"), (SignInRefused, "Link not valid"))
EXPIRED = "Nothing was published. Go back, copy what you typed, reload the page, and send the form again"
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
NOT_SAVED = (
    "Readers go on with what is published. When it is back, look at the history before you try again: "
    "the change may have been taken in the last moment"
)


def install(app: Flask) -> None:
    """Register the error handlers."""
    app.register_error_handler(AgendaError, _on_agenda_error)
    app.register_error_handler(HTTPException, _on_http_error)


def _on_agenda_error(error: AgendaError) -> Response:
    status = next(status for kind, status in STATUS_OF if isinstance(error, kind))
    if status != HTTPStatus.SERVICE_UNAVAILABLE:
        return _answer(status, str(error), next((title for kind, title in TITLE_OF if isinstance(error, kind)), ""))
    # The reason may name files and hosts.
    detail = str(error) if sent_key() else NO_ANSWER
    response = _answer(status, detail if request.method in SAFE_METHODS else f"{detail}. {NOT_SAVED}")
    response.headers["Retry-After"] = RETRY_AFTER_SECONDS
    return response


def _on_http_error(error: HTTPException) -> Response:
    status = HTTPStatus(error.code or 500)
    own_detail = error.description != type(error).description
    default = TEXTS["errors"].get(str(status.value), error.description or status.description)
    if isinstance(error, CSRFError):
        response = _answer(status, EXPIRED, "The form has expired: reload")
    else:
        response = _answer(status, (own_detail and error.description) or default)
    for name, value in error.get_headers(request.environ):
        if name in {"Allow", "Retry-After"}:
            response.headers[name] = value
    return response


def wants_problem_details() -> bool:
    """Whether the client is a program: by the path, or because it prefers JSON to HTML."""
    if request.path.startswith(address_traits.first_parts(current_app, lambda one: one.for_programs)):
        return True
    wanted = request.accept_mimetypes.best_match(["text/html", "application/json", PROBLEM])
    return wanted not in {None, "text/html"}


def _answer(status: HTTPStatus, detail: str, title: str = "") -> Response:
    """Problem details (RFC 9457) for programs, a page for people."""
    if wants_problem_details():
        problem = Problem(title=status.phrase, status=status.value, detail=detail)
        response = Response(json.dumps(vars(problem), ensure_ascii=False), status, content_type=PROBLEM)
    else:
        reset_to_now()
        response = Response(_page(status, sentence(detail), title), status)
    response.headers["Cache-Control"] = "no-store"
    return response


def _page(status: HTTPStatus, detail: str, title: str) -> str:
    """The page of an error; of the console's, in its frame for whoever is signed in."""
    if request.path.startswith("/organizer") and status in CONSOLE_TITLES:
        shown = {"status": status, "title": title or CONSOLE_TITLES[status], "detail": detail}
        with suppress(AgendaError):
            if signed_in():
                return console_page("error.html", **shown)
        if status == HTTPStatus.FORBIDDEN and not title:
            shown["title"] = "Sign in"
        return render_template("organizer/error.html", me=None, **shown)
    title = READERS_TITLES.get(status, status.phrase)
    return render_template("error.html", status=status, title=title, detail=detail)
