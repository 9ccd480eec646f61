"""Thousands of readers of `/live` in one process: opens them, and notes what each of them hears."""

from __future__ import annotations

import re
import selectors
import socket
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

ASK = b"GET /live HTTP/1.1\r\nHost: %s\r\n\r\n"
HEARD = re.compile(rb"event: revision\nid: (\d+)\n")
PATIENCE_SECONDS = 60


class Streams:
    """Open streams; ``heard`` has the revisions that each was told."""

    def __init__(self, url: str, number: int) -> None:
        self._address = (urlsplit(url).hostname or "", urlsplit(url).port or 80)
        self._ask = ASK % urlsplit(url).netloc.encode()
        self._selector = selectors.DefaultSelector()
        self.heard: list[list[int]] = [[] for _ in range(number)]
        self.lost = 0
        self._sockets = [self._open(place) for place in range(number)]

    def _open(self, place: int) -> socket.socket:
        stream = socket.create_connection(self._address, timeout=PATIENCE_SECONDS)
        stream.sendall(self._ask)
        head = b""
        while b"\r\n\r\n" not in head or b"retry: " not in head:
            part = stream.recv(4096)
            if not part:
                raise RuntimeError(f"stream {place} was refused: {head[:200]!r}")
            head += part
        stream.setblocking(False)
        self._selector.register(stream, selectors.EVENT_READ, place)
        return stream

    def listen_until(self, revision: int) -> float:
        """Read until every stream has heard of a revision; returns when the last one did (monotonic)."""
        waiting = {place for place, heard in enumerate(self.heard) if revision not in heard}
        deadline = time.monotonic() + PATIENCE_SECONDS
        while waiting and time.monotonic() < deadline:
            for key, _ in self._selector.select(timeout=1):
                self._read(key.fileobj, key.data)  # type: ignore[arg-type]  # sockets were registered
                if revision in self.heard[key.data]:
                    waiting.discard(key.data)
        if waiting:
            raise RuntimeError(f"{len(waiting)} streams did not hear of revision {revision}")
        return time.monotonic()

    def _read(self, stream: socket.socket, place: int) -> None:
        data = stream.recv(65536)
        if not data:
            self.lost += 1
            self._selector.unregister(stream)
        self.heard[place] += map(int, HEARD.findall(data))

    def close(self) -> None:
        for stream in self._sockets:
            stream.close()
        self._selector.close()


class Publisher(threading.Thread):
    """Publishes once, and notes when it asked and when it was answered (monotonic)."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self._url = url
        self.asked = self.answered = self.seen = 0.0
        self.revision = 0

    def run(self) -> None:
        self.asked = time.monotonic()
        with urllib.request.urlopen(f"{self._url}/bench", data=b"", timeout=PATIENCE_SECONDS) as answer:
            self.revision = int(answer.read())
        self.answered = time.monotonic()


class Pages(threading.Thread):
    """A reader of the day's page, one request after the other; notes how long each took, in seconds."""

    PAUSE_SECONDS = 0.005

    def __init__(self, url: str) -> None:
        super().__init__(daemon=True)
        self._address = urlsplit(url)
        self.took: list[float] = []
        self.errors = 0
        self._done = threading.Event()

    def run(self) -> None:
        import http.client  # noqa: PLC0415 - only this thread needs it

        wire = http.client.HTTPConnection(self._address.netloc, timeout=PATIENCE_SECONDS)
        while not self._done.wait(self.PAUSE_SECONDS):
            begun = time.monotonic()
            wire.request("GET", "/", headers={"Accept-Encoding": "gzip"})
            answer = wire.getresponse()
            answer.read()
            self.took.append(time.monotonic() - begun)
            self.errors += answer.status != 200
        wire.close()

    def stop(self) -> None:
        self._done.set()
        self.join()


@contextmanager
def opened(url: str, number: int) -> Iterator[Streams]:
    streams = Streams(url, number)
    try:
        yield streams
    finally:
        streams.close()
