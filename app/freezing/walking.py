"""Walks the whole edition, from the service's addresses to the files of a frozen copy."""

from __future__ import annotations

import json
import warnings
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from flask import Flask, Response, request
from flask_frozen import Freezer, MissingURLGeneratorWarning
from werkzeug.exceptions import HTTPException

from app.domain.errors import AgendaError
from app.freezing.addresses import static_path
from app.freezing.pages import Rewriting, policy_of_a_page
from app.web import assets, traits
from app.web.answering import HTML
from app.web.present import hour, long_date
from app.web.security import security_headers
from app.web.service import service_of

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

MARK = "freeze.json"
NOT_FOUND = "404.html"


class CannotFreeze(AgendaError):
    """An address that does not answer as it should."""


@dataclass
class Walk:
    """The addresses of a copy, in the order in which they were found, by where they stand in it."""

    app: Flask
    sources: dict[str, tuple[str, str]] = field(default_factory=dict)
    _ahead: deque[str] = field(default_factory=deque)

    def want(self, path: str, query: str = "") -> None:
        """Take an address into the copy."""
        place = f"/{static_path(path, query)}"
        if place not in self.sources:
            self.sources[place] = (path, query)
            self._ahead.append(place)

    def goes_along(self, path: str) -> bool:
        """Whether an address is in the copy."""
        try:
            rule, _ = self.app.url_map.bind("").match(path, "GET", return_rule=True)
        except HTTPException:
            return False
        return traits.TABLE[rule.rule].frozen

    def places(self) -> Iterator[str]:
        """Where each answer stands, those that are found meanwhile too."""
        while self._ahead:
            yield self._ahead.popleft()


def freeze(app: Flask, folder: Path, *, remove_others: bool) -> Iterator[str]:
    """Write the copy of an app's edition into a folder; gives each file's name once it stands.

    The app is a new one, and of no use afterwards; its service knows its public address.
    Raises `CannotFreeze`. Files that stay the same are left alone; others of an earlier copy
    are removed where that is wanted.
    """
    walk = Walk(app)
    service = service_of(app)
    program = service.current.snapshot.revision.program
    for path in (*traits.paths(program, lambda one: one.frozen), *map(assets.address_of, assets.names())):
        walk.want(path)
    app.after_request(_rewrite(_rewriting(app, walk)))
    host = urlsplit(service.public_url).netloc
    app.wsgi_app = _Places(app.wsgi_app, walk.sources, host)  # type: ignore[method-assign]  # Flask's own way to wrap
    app.config.update(
        FREEZER_DESTINATION=str(folder.resolve()),
        FREEZER_DESTINATION_IGNORE=[".*", "CNAME", MARK],
        FREEZER_REMOVE_EXTRA_FILES=remove_others,
        FREEZER_IGNORE_MIMETYPE_WARNINGS=True,
        FREEZER_REDIRECT_POLICY="error",
    )
    freezer = Freezer(app, with_static_files=False, with_no_argument_rules=False, log_url_for=False)
    freezer.register_generator(walk.places)
    yield from _frozen(freezer, walk)
    # The last, so that phones hear of a copy that is whole.
    (folder / ".nojekyll").touch()
    (folder / MARK).write_text(json.dumps(_mark(app)))
    yield MARK


def _frozen(freezer: Freezer, walk: Walk) -> Iterator[str]:
    with warnings.catch_warnings():
        # Which views stand in a copy is decided here, and tested.
        warnings.simplefilter("ignore", MissingURLGeneratorWarning)
        walk.sources[f"/{NOT_FOUND}"] = ("/404", "")
        freezer.register_generator(lambda: [f"/{NOT_FOUND}"])
        try:
            for page in freezer.freeze_yield():
                yield str(page.path)
        except ValueError as error:
            raise CannotFreeze(f"{error}; a page links to it") from error
        except OSError as error:
            raise CannotFreeze(f"{error.filename}: {error.strerror}") from error


def _rewriting(app: Flask, walk: Walk) -> Rewriting:
    service = service_of(app)
    program, now = service.current.snapshot.revision.program, service.clock.now()
    as_of = f"As of {long_date(program.local(now).date())}, {hour(program, now)}."
    policy = policy_of_a_page(dict(security_headers("https"))["Content-Security-Policy"])
    prefix = urlsplit(service.public_url).path.rstrip("/")
    return Rewriting(walk.goes_along, walk.want, prefix, policy, as_of)


def _rewrite(rewriting: Rewriting) -> Any:
    others = {
        "/manifest.webmanifest": rewriting.manifest,
        "/sw.js": rewriting.worker,
        "/offline/pages": rewriting.bundle,
    }

    def rewrite(response: Response) -> Response:
        query = request.query_string.decode("latin-1")
        if response.content_type == HTML:
            text = response.get_data(as_text=True)
            found = response.status_code != HTTPStatus.NOT_FOUND
            response.set_data(rewriting.page(text, request.path, query) if found else rewriting.page_anywhere(text))
        elif request.path in others:
            response.set_data(others[request.path](response.get_data(as_text=True)))
        return response

    return rewrite


def _mark(app: Flask) -> dict[str, object]:
    """What tells phones which copy this is, and the next freeze that the folder is one."""
    service = service_of(app)
    return {
        "service": service.identity,
        "revision": service.current.snapshot.revision.number,
        "build": assets.build_hash(),
    }


class _Places:
    """Answers for where an answer stands in the copy by the address that gives it."""

    def __init__(self, app: WSGIApplication, sources: dict[str, tuple[str, str]], host: str) -> None:
        self._app, self._sources, self._host = app, sources, host

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        place = environ["PATH_INFO"]
        path, query = self._sources[place]
        environ |= {"PATH_INFO": path, "QUERY_STRING": query, "HTTP_HOST": self._host}
        if place != f"/{NOT_FOUND}":
            return self._app(environ, start_response)

        def found(_status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            return start_response("200 OK", headers, *rest)

        return self._app(environ, found)
