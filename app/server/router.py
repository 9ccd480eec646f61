"""What a request's address says: under which query its response is stored, and which lane makes it."""

from __future__ import annotations

from collections.abc import Container, Mapping
from urllib.parse import parse_qsl

from flask import Flask

from app.live.snapshot import Snapshot
from app.server.asgi_messages import AsgiRequest
from app.web import address_traits, static_files
from app.web.address_traits import NONE
from app.web.request_policy import LONGEST_QUERY
from app.web.running_service import service_of
from app.web.security_headers import request_policy_of
from app.web.sign_in_cookie import signed_in_key

SIGN_IN_LINKS = "/organizer/sign-in/"


class Router:
    """Reads the addresses of an app."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._service = service_of(app)
        self._policy = request_policy_of(app)
        self._secret_key: str | bytes = app.config["SECRET_KEY"]
        self._known: tuple[Snapshot, Mapping[str, Container[str]]] | None = None

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
            return "console" if self._signed_in_key(request) else "keys"
        if request.method == "OPTIONS":
            return "questions"
        traits, names = address_traits.match_path(self._app, request.path, request.method)
        query = self.query_of(request.path, request.query)
        if traits.lane == "keys" or (traits.lane == "loop" and query is not None):
            return traits.lane
        will_be_kept = traits is not NONE and query is not None and self._will_be_kept(request, names, query)
        return "pages" if will_be_kept else "questions"

    def key_of(self, request: AsgiRequest, lane: str) -> str:
        """The key that the view of a request looks up: in the address, Authorization or a cookie; "" without one."""
        if lane == "console":
            return self._signed_in_key(request)
        traits, names = address_traits.match_path(self._app, request.path, request.method)
        return ("".join(names.values()) or request.headers.get("authorization", "")) if traits.lane == "keys" else ""

    def _signed_in_key(self, request: AsgiRequest) -> str:
        """The key of a browser that this service once signed in; whether it still is, the database says."""
        return signed_in_key(request.headers.get("cookie", ""), request.scheme, self._secret_key)

    def _will_be_kept(self, request: AsgiRequest, names: Mapping[str, str], query: str) -> bool:
        """Whether the response will be stored: of the few addresses that pages link to, and for the kept hosts."""
        if not request.is_read or not self._policy.knows(request.headers.get("host", "")):
            return False
        if not self._service.public_url and not self._service.editions.keeps(request.origin):
            return False
        if "file" in names:
            return static_files.exists(**names)
        day = dict(parse_qsl(query))
        return day.keys() <= {"day"} and address_traits.names_exist(self._known_names(), {**names, **day})

    def _known_names(self) -> Mapping[str, Container[str]]:
        """The names of the current program, made once for each revision."""
        snapshot = self._service.current.snapshot
        if self._known is None or self._known[0] is not snapshot:
            known = address_traits.known_names(snapshot.revision.program)
            self._known = (snapshot, {name: frozenset(values) for name, values in known.items()})
        return self._known[1]


def _parsed(query: bytes) -> dict[str, str] | None:
    """The parameters of a query, each with its first value, as Flask reads them; None where it refuses to."""
    if len(query) > LONGEST_QUERY:
        return None
    try:
        pairs = parse_qsl(query.decode(), keep_blank_values=True, errors="werkzeug.url_quote")
    except UnicodeDecodeError:
        return None
    return dict(reversed(pairs))
