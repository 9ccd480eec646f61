"""A request and a response in ASGI's terms (ASGI, "HTTP & WebSocket ASGI Message Format")."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from werkzeug.sansio.utils import get_host

from app.server.connection import LARGEST_PART
from app.web.request_policy import LONGEST_QUERY, RequestPolicy

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
MOST_DIGITS = 18
HeaderFields = list[tuple[bytes, bytes]]
END: Message = {"type": "http.response.body", "body": b""}


class AsgiRequest:
    """A request: ``query`` as it was sent, ``headers`` by name in lower case, ``scheme`` as the browser has it."""

    def __init__(self, scope: Message, policy: RequestPolicy) -> None:
        self.scope = scope
        self.method: str = scope["method"]
        self.path: str = scope["path"]
        self.query: bytes = scope["query_string"]
        self.headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        self.scheme = policy.scheme(scope["scheme"], self.headers)

    @property
    def origin(self) -> str:
        """The address that the client used, such as "http://host:8000", as Flask has it in links."""
        return f"{self.scheme}://{get_host(self.scheme, self.headers.get('host'))}"

    @property
    def parameters(self) -> dict[str, str]:
        """The parameters of its query."""
        return dict(parse_qsl(self.query[:LONGEST_QUERY].decode("latin-1")))

    @property
    def is_read(self) -> bool:
        """Whether it changes nothing and has no body that counts."""
        return self.method in {"GET", "HEAD"}

    @property
    def url(self) -> bytes:
        """Path and query, as they were sent."""
        path: bytes = self.scope["raw_path"]
        return path + (b"?" + self.query if self.query else b"")

    @property
    def content_length(self) -> int | None:
        """How long its body is said to be; None where that is not said, as of one in chunks."""
        said = self.headers.get("content-length", "")
        # More digits than any body has.
        return int(said[:MOST_DIGITS]) if said.isascii() and said.isdecimal() else None

    @property
    def hosts(self) -> int:
        """How many Host fields it has."""
        return sum(name == b"host" for name, _ in self.scope["headers"])


@dataclass(frozen=True, slots=True)
class AsgiResponse:
    """A complete response; header names are in lower case."""

    status: int
    headers: HeaderFields
    body: bytes = b""

    async def send(self, send: Send, method: str) -> None:
        """Send it in parts, so that no connection has more than one of them waiting."""
        await send({"type": "http.response.start", "status": self.status, "headers": self.headers})
        body = b"" if method == "HEAD" else self.body
        for first in range(0, max(1, len(body)), LARGEST_PART):
            part, more = body[first : first + LARGEST_PART], len(body) > first + LARGEST_PART
            await send({"type": "http.response.body", "body": part, "more_body": more})


def body_part(body: bytes) -> Message:
    """A part of a body, after which more come."""
    return {"type": "http.response.body", "body": body, "more_body": True}


def encoded(headers: Iterable[tuple[str, str]]) -> HeaderFields:
    """Header fields as ASGI has them."""
    return [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers]
