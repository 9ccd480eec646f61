"""A browser of a service that runs, for tests: cookies, a sign-in at the console, edits, a stream of events."""

from __future__ import annotations

import http.client
import json
import re
import socket
import ssl
from collections.abc import Iterator
from contextlib import ExitStack, closing, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http import HTTPStatus
from http.cookies import SimpleCookie
from io import BytesIO
from typing import Any
from urllib.parse import urlencode, urlsplit

from lxml import html
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from support.console_browser import token_on

ANSWERS_WITHIN_SECONDS = 30
SIGN_IN_LINK = re.compile(r"/organizer/sign-in/[\w-]{43}")
REVISION = re.compile(r"\d+")


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

    @property
    def leads_to(self) -> str:
        """The path of its Location, with its query; "" without one."""
        place = urlsplit(self.headers.get("Location", ""))
        return f"{place.path}?{place.query}" if place.query else place.path


@dataclass
class Visitor:
    """A browser of an address, which keeps its cookies.

    ``at`` is the host and port at which the address really answers, where no name leads there; ``tls`` trusts its
    certificate; ``source`` is the address of the loopback that the browser has itself, "" for any; ``seconds`` is how
    long it waits for an answer.
    """

    address: str
    at: tuple[str, int] | None = None
    tls: ssl.SSLContext | None = None
    source: str = ""
    seconds: float = ANSWERS_WITHIN_SECONDS
    cookies: dict[str, str] = field(default_factory=dict)
    # As they were set: "name=value; Secure; …".
    set_cookies: list[str] = field(default_factory=list)
    token: str = ""

    def get(self, path: str, **headers: str) -> Answer:
        """A page; a header's name is written with underscores."""
        return self.ask("GET", path, None, {name.replace("_", "-"): value for name, value in headers.items()})

    def post(self, path: str, **form: str) -> Answer:
        """A form of the console, with the token that was taken last."""
        kind = {"Content-Type": "application/x-www-form-urlencoded", "Referer": f"{self.address}{path}"}
        return self.ask("POST", path, urlencode({"csrf_token": self.token, **form}).encode(), kind)

    def send_file(self, page: str, data: bytes, name: str, **form: str) -> Answer:
        """The form of a page, with a file."""
        self._take_token(page)
        file = FileStorage(BytesIO(data), name)
        boundary, body = encode_multipart({"csrf_token": self.token, "file": file, **form})
        kind = {"Content-Type": f"multipart/form-data; boundary={boundary}", "Referer": f"{self.address}{page}"}
        return self.ask("POST", page, body, kind)

    def ask(self, method: str, path: str, body: bytes | None = None, headers: dict[str, str] | None = None) -> Answer:
        """One request on a connection of its own."""
        connection = self._connected()
        try:
            connection.request(method, self._base + path, body, {**self._cookie(), **(headers or {})})
            response = connection.getresponse()
            answer = Answer(response.status, response.headers, response.read())
        finally:
            connection.close()
        for line in answer.headers.get_all("Set-Cookie", []):
            self.set_cookies.append(line)
            self.cookies |= {name: one.value for name, one in SimpleCookie(line).items()}
        return answer

    def answers(self) -> bool:
        """Whether the service is there and can serve."""
        with suppress(OSError, http.client.HTTPException):
            return self.get("/readyz").status == HTTPStatus.OK
        return False

    def revision(self) -> int:
        """The revision that the service shows."""
        found = REVISION.search(self.get("/readyz").text)
        assert found, "the service does not say its revision"
        return int(found[0])

    def start_of(self, session: str) -> datetime:
        """When a session begins by the day's page."""
        page = html.fromstring(self.get("/").text)
        starts = {element.get("data-start") for element in page.iterfind(f".//*[@data-session='{session}']")} - {None}
        assert len(starts) == 1, f"{session} has the starts {starts}"
        return datetime.fromisoformat(starts.pop())

    def sign_in(self, printed: str) -> None:
        """Sign in by the last one-time link in a text; raises `PermissionError` where it does not sign in."""
        link = SIGN_IN_LINK.findall(printed)[-1]
        self._take_token(link)
        self.post(link, name="Frank")
        if self._take_token("/organizer").status != HTTPStatus.OK:
            raise PermissionError(f"{link} does not sign in")

    def edit(self, base: int, **form: str) -> int:
        """Publish an edit of a revision; the number that it got. Raises `ValueError` where it is refused."""
        self._take_token("/organizer")
        answer = self.post("/organizer/edit", base=str(base), **form)
        done = re.search(r"done=(\d+)", answer.leads_to)
        if done is None:
            raise ValueError(f"{answer.status} {answer.leads_to}: {answer.text[:500]}")
        return int(done[1])

    def delay(self, session: str, by: timedelta) -> int:
        """Publish a delay of a session; the number of the revision that says so."""
        return self.edit(self.revision(), do="late", session=session, minutes=str(by // timedelta(minutes=1)))

    def stream(self, path: str = "/live") -> EventStream:
        """A stream of events, open; raises `ConnectionError` where there is none."""
        with ExitStack() as stack:
            connection = stack.enter_context(closing(self._connected()))
            connection.request("GET", self._base + path, None, {**self._cookie(), "Accept": "text/event-stream"})
            response = connection.getresponse()
            if response.status != HTTPStatus.OK:
                raise ConnectionError(f"{path}: {response.status}")
            stream = EventStream(connection, response)
            # Whoever reads it closes the connection.
            stack.pop_all()
            return stream

    @property
    def _base(self) -> str:
        return urlsplit(self.address).path.rstrip("/")

    def _take_token(self, path: str) -> Answer:
        page = self.get(path)
        self.token = token_on(page.text)
        return page

    def _connected(self) -> http.client.HTTPConnection:
        parts = urlsplit(self.address)
        secure = parts.scheme == "https"
        port = parts.port or (443 if secure else 80)
        name = parts.hostname or ""
        sort = http.client.HTTPSConnection if secure else http.client.HTTPConnection
        connection = sort(name, port, timeout=self.seconds)
        source = (self.source, 0) if self.source else None
        plain = socket.create_connection(self.at or (name, port), self.seconds, source)
        tls = (self.tls or ssl.create_default_context()) if secure else None
        connection.sock = tls.wrap_socket(plain, server_hostname=name) if tls else plain
        return connection

    def _cookie(self) -> dict[str, str]:
        return {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())} if self.cookies else {}


class EventStream:
    """A stream of events that is being read; an event is its fields by name."""

    def __init__(self, connection: http.client.HTTPConnection, response: http.client.HTTPResponse) -> None:
        self._connection, self._response = connection, response
        # Each stream begins with the revision that the reader has; from then on it hears of all.
        self.opening = self._event()

    def __iter__(self) -> Iterator[dict[str, str]]:
        """The events, with the opening one; raises `EOFError` where the stream ends, `TimeoutError` where it hangs."""
        yield self.opening
        while True:
            yield self._event()

    def revision(self, number: int) -> dict[str, Any]:
        """The next event of this revision; raises as the events do."""
        while True:
            event = self._event()
            if event.get("event") == "revision" and event.get("id") == str(number):
                return dict(json.loads(event["data"]))

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
