"""A browser behind a proxy, for tests: HTTPS with its certificates, cookies, a sign-in at the console, a stream."""

from __future__ import annotations

import http.client
import json
import re
import ssl
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urlencode

from support.console_browser import token_on

ANSWERS_WITHIN_SECONDS = 30


@dataclass(frozen=True)
class Answer:
    """A response, with its body."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode()


@dataclass
class HttpsBrowser:
    """A browser at ``https://localhost:port``; ``source`` is the address of the loopback that it has itself."""

    port: int
    trusted: ssl.SSLContext
    source: str = "127.0.0.1"
    seconds: float = ANSWERS_WITHIN_SECONDS
    cookies: dict[str, str] = field(default_factory=dict)
    # As they were set: "name=value; Secure; …".
    set_cookies: list[str] = field(default_factory=list)

    @property
    def address(self) -> str:
        """Where it is."""
        return f"https://localhost:{self.port}"

    def get(self, path: str, **headers: str) -> Answer:
        """An address; a header's name is written with underscores."""
        return self.ask("GET", path, None, {name.replace("_", "-"): value for name, value in headers.items()})

    def ask(self, method: str, path: str, body: bytes | None = None, headers: dict[str, str] | None = None) -> Answer:
        """One request on a connection of its own."""
        connection = self._connection()
        try:
            connection.request(method, path, body, {**self._cookie(), **(headers or {})})
            response = connection.getresponse()
            answer = Answer(response.status, response.headers, response.read())
        finally:
            connection.close()
        for line in answer.headers.get_all("Set-Cookie", []):
            self.set_cookies.append(line)
            self.cookies |= {name: one.value for name, one in SimpleCookie(line).items()}
        return answer

    def post(self, path: str, page: str, **form: str) -> Answer:
        """A form of a page, sent with the page's token."""
        body = urlencode({"csrf_token": token_on(self.get(page).text), **form}).encode()
        kind = {"Content-Type": "application/x-www-form-urlencoded", "Referer": f"{self.address}{page}"}
        return self.ask("POST", path, body, kind)

    def sign_in(self, link: str) -> None:
        """Use a one-time link, an address or a path; raises `PermissionError` where it does not sign in."""
        path = link.removeprefix(self.address)
        self.post(path, page=path, name="Frank")
        if self.get("/organizer").status != http.HTTPStatus.OK:
            raise PermissionError(f"{path} does not sign in")

    def edit(self, base: int, **form: str) -> int:
        """Publish an edit of a revision; returns the number that it got. Raises `ValueError` where it is refused."""
        answer = self.post("/organizer/edit", page="/organizer", base=str(base), **form)
        done = re.search(r"done=(\d+)", answer.headers.get("Location", ""))
        if done is None:
            raise ValueError(f"{answer.status} {answer.headers.get('Location')}: {answer.text[:500]}")
        return int(done[1])

    def stream(self, path: str = "/live") -> HttpsStream:
        """A stream of events, open."""
        connection = self._connection()
        connection.request("GET", path, None, {**self._cookie(), "Accept": "text/event-stream"})
        return HttpsStream(connection, connection.getresponse())

    def _connection(self) -> http.client.HTTPSConnection:
        return http.client.HTTPSConnection(
            "localhost", self.port, timeout=self.seconds, context=self.trusted, source_address=(self.source, 0)
        )

    def _cookie(self) -> dict[str, str]:
        return {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())} if self.cookies else {}


class HttpsStream:
    """A stream of events that is being read."""

    def __init__(self, connection: http.client.HTTPSConnection, response: http.client.HTTPResponse) -> None:
        self._connection, self._response = connection, response
        self.status = response.status

    def revision(self, number: int) -> dict[str, Any]:
        """The next event of this revision; raises `EOFError` where the stream ends, `TimeoutError` without one."""
        while True:
            event = self._event()
            if event.get("event") == "revision" and event.get("id") == str(number):
                return dict(json.loads(event["data"]))

    def ended(self) -> None:
        """Read to the end of the stream."""
        self._response.read()

    def close(self) -> None:
        """Go away."""
        self._response.close()
        self._connection.close()

    def _event(self) -> dict[str, str]:
        fields: dict[str, str] = {}
        while line := self._response.readline().decode():
            if line == "\n":
                return fields
            name, _, value = line.rstrip("\n").partition(": ")
            fields[name] = value
        raise EOFError("the stream ended")
