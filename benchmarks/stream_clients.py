"""Thousands of open streams of `/live`: opens them, and notes what each of them hears."""

from __future__ import annotations

import re
import select
import socket
from dataclasses import dataclass

ASK = b"GET /live HTTP/1.1\r\nHost: %s\r\n\r\n"
HEARD = re.compile(rb'event: revision\nid: (\d+)\ndata: \{"revision": ?\d+, ?"spread": ?([\d.]+)')
PATIENCE_SECONDS = 60

Address = tuple[str, int]


@dataclass(frozen=True, slots=True)
class News:
    """A `revision` event: which, and over how many seconds the readers spread their requests."""

    revision: int
    spread: float


class Streams:
    """Open streams, each known by its place; ``heard`` has the revisions that each was told.

    ``octets`` is what the last event took on the wire, as one chunk of the stream's answer.
    """

    def __init__(self, address: Address, host: str, number: int, poll: select.epoll) -> None:
        self.heard: list[list[int]] = [[] for _ in range(number)]
        self.lost = self.octets = 0
        self._poll = poll
        self._places: dict[int, int] = {}
        self._sockets: dict[int, socket.socket] = {}
        for place in range(number):
            stream = _opened(address, ASK % host.encode())
            self._places[stream.fileno()] = place
            self._sockets[stream.fileno()] = stream
            poll.register(stream, select.EPOLLIN)

    def place(self, file: int) -> int | None:
        """Whose stream a file is; None: it is no stream."""
        return self._places.get(file)

    def read(self, file: int) -> News | None:
        """What a stream says; None for a heartbeat, and for the end, which is noted. An event comes as a whole."""
        data = self._sockets[file].recv(4096)
        if not data:
            self.lost += 1
            self._poll.unregister(file)
        found = HEARD.search(data)
        if found is None:
            return None
        self.octets = len(data)
        news = News(int(found[1]), float(found[2]))
        self.heard[self._places[file]].append(news.revision)
        return news

    def close(self) -> None:
        for stream in self._sockets.values():
            stream.close()


def _opened(address: Address, question: bytes) -> socket.socket:
    stream = socket.create_connection(address, timeout=PATIENCE_SECONDS)
    stream.sendall(question)
    head = b""
    while b"\r\n\r\n" not in head or b"retry: " not in head:
        part = stream.recv(4096)
        if not part:
            raise RuntimeError(f"a stream was refused: {head[:200]!r}")
        head += part
    stream.setblocking(False)
    return stream
