"""The requests by which thousands of readers fetch one page anew, over plain non-blocking sockets.

A request is what a browser's `fetch` sends; an answer is taken to its last byte. What an answer holds is looked at
once for each ETag, so that the load costs less than the server.
"""

from __future__ import annotations

import re
import select
import socket
from dataclasses import dataclass

import brotli

from benchmarks.stream_clients import Address

ASK = (
    "GET / HTTP/1.1\r\nHost: {host}\r\nConnection: keep-alive\r\n{condition}"
    "User-Agent: Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile"
    " Safari/537.36\r\nAccept: */*\r\nSec-Fetch-Site: same-origin\r\nSec-Fetch-Mode: cors\r\nSec-Fetch-Dest: empty\r\n"
    "Referer: http://{host}/\r\nAccept-Encoding: br\r\nAccept-Language: en-GB,en;q=0.9\r\n\r\n"
)
REVISION = re.compile(rb'<html[^>]* data-revision="(\d+)"')
# One client address has 28,000 ports, and a closed connection holds its own for a minute.
CLIENTS = 100
# Connections beyond those that stay open: on their way, or about to be closed.
SPARE_FILES = 450
LARGEST_READ = 65536


@dataclass(frozen=True, slots=True)
class Head:
    """The start of an answer: how many octets the answer has in all."""

    status: int
    etag: bytes
    octets: int


class Pages:
    """A reader's page each: its connection, where one is open, and the ETag of the page that it has.

    ``octets`` is what the last answer took on the wire; ``revisions`` has the revision of each ETag that came.
    At most ``most_open`` connections stay open when their answer is there: both sides have a limit on open files.
    """

    def __init__(self, address: Address, host: str, number: int, poll: select.epoll, most_open: int) -> None:
        self.revisions: dict[bytes, int] = {}
        self.octets = 0
        self._address, self._host, self._poll, self._most_open = address, host, poll, most_open
        self._sockets: list[socket.socket | None] = [None] * number
        self._etags: list[bytes] = [b""] * number
        self._places: dict[int, int] = {}
        self._parts: dict[int, bytes] = {}
        self._heads: dict[bytes, Head] = {}
        self._questions: dict[bytes, bytes] = {}
        self._turn = 0

    def revision(self, place: int) -> int:
        """The revision that a reader's page has; 0: it has none."""
        return self.revisions.get(self._etags[place], 0)

    def place(self, file: int) -> int | None:
        """Whose connection a file is; None: it is none of these."""
        return self._places.get(file)

    @property
    def open(self) -> int:
        """How many connections are open."""
        return len(self._places)

    def may_ask(self, place: int) -> bool:
        """Whether there is a connection for a reader, or a file free for one."""
        return self._sockets[place] is not None or self.open < self._most_open + SPARE_FILES

    def ask(self, place: int) -> None:
        """Ask for the page, over a new connection where none is open."""
        question = self._question(self._etags[place])
        connection = self._sockets[place]
        if connection is None:
            connection = self._open(place)
        try:
            connection.send(question)
        except BlockingIOError:
            # Where many wait to be accepted, a handshake takes its time: then once it is through.
            self._poll.modify(connection, select.EPOLLOUT)

    def read(self, file: int, event: int) -> bool:
        """Go on with a connection; whether its answer is there as a whole."""
        place = self._places[file]
        connection = self._sockets[place]
        if connection is None:
            raise RuntimeError("a connection that is closed was read")
        if event & select.EPOLLOUT:
            self._poll.modify(connection, select.EPOLLIN)
            self.ask(place)
            return False
        try:
            data = connection.recv(LARGEST_READ)
        except ConnectionError:
            data = b""
        if not data:
            self._close(place)
            return False
        return self._took(place, data)

    def close(self) -> None:
        """Close all connections; as a browser does that was idle for long."""
        self._turn += 1
        for place in tuple(self._places.values()):
            self._close(place)

    def _open(self, place: int) -> socket.socket:
        connection = socket.socket()
        connection.setblocking(False)
        connection.setsockopt(socket.IPPROTO_IP, _BIND_ADDRESS_NO_PORT, 1)
        connection.bind((f"127.0.1.{1 + self._turn % CLIENTS}", 0))
        connection.connect_ex(self._address)
        self._sockets[place] = connection
        self._places[connection.fileno()] = place
        self._poll.register(connection, select.EPOLLIN)
        return connection

    def _close(self, place: int) -> None:
        connection = self._sockets[place]
        if connection is not None:
            del self._places[connection.fileno()]
            connection.close()
        self._sockets[place] = None
        self._parts.pop(place, None)

    def _took(self, place: int, data: bytes) -> bool:
        if place in self._parts:
            data = self._parts.pop(place) + data
        end = data.find(b"\r\n\r\n") + 4
        head = self._head(data[:end]) if end > 3 else None
        if head is None or len(data) < head.octets:
            self._parts[place] = data
            return False
        if head.etag not in self.revisions:
            self.revisions[head.etag] = _revision(brotli.decompress(data[end:]))
        if head.status == 200:
            self.octets = head.octets
            self._etags[place] = head.etag
        if self.open > self._most_open:
            self._close(place)
        return True

    def _head(self, head: bytes) -> Head:
        """What a head says; they differ by their date only."""
        found = self._heads.get(head)
        if found is None:
            lines = (line.partition(b": ") for line in head.split(b"\r\n")[1:])
            fields = {name.lower(): value for name, _, value in lines}
            status = int(head.split(b" ", 2)[1])
            if status not in {200, 304}:
                raise RuntimeError(f"a reader was refused: {head!r}")
            found = Head(status, fields[b"etag"], len(head) + int(fields.get(b"content-length", 0)))
            self._heads[head] = found
        return found

    def _question(self, etag: bytes) -> bytes:
        if etag not in self._questions:
            condition = f"If-None-Match: {etag.decode()}\r\nCache-Control: max-age=0\r\n" if etag else ""
            self._questions[etag] = ASK.format(host=self._host, condition=condition).encode()
        return self._questions[etag]


# Linux's number; Python has a name for it since 3.12. The port is then chosen with the other end in sight.
_BIND_ADDRESS_NO_PORT = 24


def _revision(page: bytes) -> int:
    found = REVISION.search(page)
    if found is None:
        raise RuntimeError("a page without a revision came")
    return int(found[1])
