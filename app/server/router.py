"""What a request's address says: under which query its response is stored, and which lane makes it."""

from __future__ import annotations

from collections.abc import Container, Mapping
from typing import NamedTuple
from urllib.parse import parse_qsl

from flask import Flask

from app.live.snapshot import Snapshot
from app.server.asgi_messages import AsgiRequest
from app.web import address_traits, static_files
from app.web.address_traits import NONE, AddressTraits
from app.web.request_context import BEARER
from app.web.request_policy import LONGEST_QUERY
from app.web.running_service import service_of
from app.web.security_headers import request_policy_of
from app.web.sign_in_cookie import signed_in_key

# The lanes in the traits of routes whose requests need a key, and the lane that makes the response if it is good.
GOOD_KEY_LANES = {"keys": "keys", "displays": "keys", "links": "console"}


class Target(NamedTuple):
    """What an address leads to: a route's traits, the values of its variables, and the part of its query that counts.

    ``query`` is None where the response is made for this request alone.
    """

    traits: AddressTraits
    names: Mapping[str, str]
    query: str | None


class Router:
    """Reads the addresses of an app."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._service = service_of(app)
        self._policy = request_policy_of(app)
        self._secret_key: str | bytes = app.config["SECRET_KEY"]
        self._known: tuple[Snapshot, Mapping[str, Container[str]]] | None = None

    def target_of(self, path: str, query: bytes, method: str = "GET") -> Target:
        """What a path and a query lead to."""
        traits, names = address_traits.match_path(self._app, path, method)
        given = _parsed(query)
        if given is None or not given.keys().isdisjoint({"at", *traits.asks}):
            return Target(traits, names, None)
        return Target(traits, names, address_traits.query_of(traits, given))

    def lane_of(self, request: AsgiRequest, target: Target) -> str:
        """The lane that makes the response, "loop" for none; one of `GOOD_KEY_LANES` before its key is checked."""
        lane = target.traits.lane
        if lane != "links" and f"{request.path}/".startswith("/organizer/"):
            return "console" if self.signed_in_key(request) else "no good key"
        if request.method == "OPTIONS":
            return "questions"
        if lane in GOOD_KEY_LANES or (lane == "loop" and target.query is not None):
            return lane
        return "pages" if self._will_be_kept(request, target) else "questions"

    def key_of(self, request: AsgiRequest, lane: str, target: Target) -> str:
        """The key that the view of a request looks up: in the address, Authorization or a cookie; "" without one."""
        if lane == "console":
            return self.signed_in_key(request)
        if lane not in GOOD_KEY_LANES:
            return ""
        in_header = request.headers.get("authorization", "").removeprefix(BEARER).strip()
        return "".join(target.names.values()) or in_header

    def signed_in_key(self, request: AsgiRequest) -> str:
        """The key of a browser that this service once signed in; whether it still is, the database says."""
        return signed_in_key(request.headers.get("cookie", ""), request.scheme, self._secret_key)

    def _will_be_kept(self, request: AsgiRequest, target: Target) -> bool:
        """Whether the response will be stored: of the few addresses that pages link to, and for the kept hosts."""
        traits, names, query = target
        if traits is NONE or query is None or not request.is_read:
            return False
        if not self._policy.knows(request.headers.get("host", "")):
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
    if not query:
        return {}
    if len(query) > LONGEST_QUERY:
        return None
    try:
        pairs = parse_qsl(query.decode(), keep_blank_values=True, errors="werkzeug.url_quote")
    except UnicodeDecodeError:
        return None
    return dict(reversed(pairs))
