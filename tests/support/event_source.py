"""A reader of `/live` as a browser's EventSource is one: it comes back by itself with the last id that it had."""

from __future__ import annotations

import http.client
import threading
from collections.abc import Callable
from contextlib import suppress

from support.event_stream import Event, read_events
from support.waiting import wait_until

PATIENCE_SECONDS = 120


class EventSource:
    """A stream in a thread of its own.

    ``events`` is what it heard, ``opened`` how often it was opened, ``headers`` those of the last answer.
    """

    def __init__(self, port: int, path: str = "/live", **headers: str) -> None:
        self.opened = 0
        self.last_id = ""
        self.bytes = b""
        self.headers: dict[str, str] = {}
        self._address, self._path, self._sent = ("127.0.0.1", port), path, headers
        self._retry_seconds = 1.0
        self._events: list[Event] = []
        self._connection: http.client.HTTPConnection | None = None
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    @property
    def events(self) -> list[Event]:
        """What it heard, over all of its connections."""
        return [*self._events, *read_events(self.bytes)]

    @property
    def revisions(self) -> list[int]:
        """The revisions that it was told, in order."""
        return [event.data["revision"] for event in self.events if event.name == "revision"]

    def named(self, name: str) -> list[Event]:
        """The events of a name."""
        return [event for event in self.events if event.name == name]

    def wait_until_open(self, times: int = 1) -> EventSource:
        """Return once it was opened so often."""
        wait_until(lambda: self.opened >= times, PATIENCE_SECONDS)
        return self

    def wait_for(self, condition: Callable[[EventSource], object]) -> None:
        """Return once a condition holds."""
        wait_until(lambda: condition(self), PATIENCE_SECONDS)

    def close(self) -> None:
        """Go away."""
        self._closed.set()
        if self._connection is not None and self._connection.sock is not None:
            with suppress(OSError):
                self._connection.sock.shutdown(2)
        self._thread.join(PATIENCE_SECONDS)

    def _run(self) -> None:
        while not self._closed.is_set():
            with suppress(OSError, http.client.HTTPException):
                self._read()
            self._events, self.bytes = self.events, b""
            self._closed.wait(self._retry_seconds)

    def _read(self) -> None:
        self._connection = http.client.HTTPConnection(*self._address, timeout=PATIENCE_SECONDS * 2)
        sent = {"Accept": "text/event-stream", **self._sent}
        if self.last_id:
            sent["Last-Event-ID"] = self.last_id
        try:
            self._connection.request("GET", self._path, headers=sent)
            answer = self._connection.getresponse()
            self.headers = {name.lower(): value for name, value in answer.getheaders()}
            if answer.status != http.HTTPStatus.OK:
                return
            while line := answer.readline():
                self.bytes += line
                self._take(line)
        finally:
            self._connection.close()

    def _take(self, line: bytes) -> None:
        name, _, value = line.decode().rstrip("\n").partition(": ")
        if name == "retry":
            self._retry_seconds = int(value) / 1000
        elif name == "id":
            self.last_id = value
        elif not name and self.bytes.count(b"\n\n") == 1:
            self.opened += 1
