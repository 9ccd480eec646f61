"""What a request's address says: under which query its response is stored, and which lane makes it."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import parse_qsl

from flask import Flask

from app.server.asgi_messages import AsgiRequest
from app.web import address_traits, static_files
from app.web.address_traits import NONE
from app.web.request_policy import LONGEST_QUERY
from app.web.running_service import service_of
from app.web.sign_in_cookie import signed_in_key

SIGN_IN_LINKS = "/organizer/sign-in/"


class Router:
    """Reads the addresses of an app."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._current = service_of(app).current

    def query_of(self, path: str, query: bytes) -> str | None:
        """The part of a query that counts; None where the response is made for this request alone."""
        if not query:
            return ""
        given = _parsed(query)
        traits, _ = address_traits.match_path(self._app, path)
        if given is None or not given.keys().isdisjoint({"at", *traits.asks}):
            return None
        return address_traits.query_of(traits, given)

    def lane_of(self, request: AsgiRequest) -> str:
        """The lane that makes the response; "loop" is the event loop itself."""
        if request.path.startswith(SIGN_IN_LINKS):
            return "links"
        if request.path == "/organizer" or request.path.startswith("/organizer/"):
            return "console" if self._is_signed_in(request) else "keys"
        traits, names = address_traits.match_path(self._app, request.path, request.method)
        query = self.query_of(request.path, request.query)
        if traits.lane == "keys" or (traits.lane == "loop" and query is not None):
            return traits.lane
        return "pages" if traits is not NONE and query is not None and self._exists(names, query) else "questions"

    def key_of(self, request: AsgiRequest) -> str:
        """The key that the view of a request looks up: in the address, else in Authorization; "" without one."""
        traits, names = address_traits.match_path(self._app, request.path, request.method)
        in_header = request.headers.get("authorization", "") if traits.lane == "keys" else ""
        return "".join(names.values()) or in_header

    def _is_signed_in(self, request: AsgiRequest) -> bool:
        """Whether this service once signed the browser in; whether it still is, the database says."""
        return bool(signed_in_key(request.headers.get("cookie", ""), request.scheme, self._app.secret_key or ""))

    def _exists(self, names: Mapping[str, str], query: str) -> bool:
        """Whether it is one of the addresses that pages link to: they are few, and their responses are stored."""
        if "file" in names:
            return static_files.exists(**names)
        day = dict(parse_qsl(query))
        program = self._current.snapshot.revision.program
        return day.keys() <= {"day"} and address_traits.names_exist(program, {**names, **day})


def _parsed(query: bytes) -> dict[str, str] | None:
    """The parameters of a query, each with its first value, as Flask reads them; None where it refuses to."""
    if len(query) > LONGEST_QUERY:
        return None
    try:
        pairs = parse_qsl(query.decode(), keep_blank_values=True, errors="werkzeug.url_quote")
    except UnicodeDecodeError:
        return None
    return dict(reversed(pairs))
