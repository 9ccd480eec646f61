"""Thousands of streams through a Pushpin: each comes back by itself, with its last id, as an EventSource does.

Runs in a process of its own: `python -m benchmarks.grip_readers PORT NUMBER SOURCE SECONDS`. It prints a line of JSON
when all are open, when all have heard of a revision, and at the end what each heard.
"""

from __future__ import annotations

import heapq
import json
import random
import re
import select
import socket
import sys
import time
from collections import Counter
from typing import Any

from benchmarks.compared_servers import open_many_files

# Connections that are being opened at once.
AT_ONCE = 200
RETRY_SECONDS = (1.0, 2.5)
# A stream that has not begun by then is asked for again, and counted.
OPENS_WITHIN_SECONDS = 30
# Ports of one address of the loopback, with room for those that a kernel keeps for a while.
MOST_OF_A_SOURCE = 7_500
REVISION = re.compile(rb"event: revision\nid: (\d+)")
OPENING = re.compile(rb"retry: \d+\nid: (\d+)")


class Readers:
    """So many streams to a port; ``heard`` has the revisions that each was told."""

    def __init__(self, port: int, number: int, source: int, seconds: float) -> None:
        self._port, self._source = port, source
        self._end = time.monotonic() + seconds
        self._poll = select.epoll()
        self._places: dict[int, int] = {}
        self._sockets: dict[int, socket.socket] = {}
        # When each connection was opened whose stream has not begun, the oldest first.
        self._opening: dict[int, float] = {}
        self._due: list[tuple[float, int]] = [(0.0, place) for place in range(number)]
        self._last = [0] * number
        self.heard: list[list[int]] = [[] for _ in range(number)]
        # How many have a revision, whether from its event or from the beginning of a new stream.
        self.having: Counter[int] = Counter()
        self.lost = self.open = self.refused = 0
        self._poll.register(sys.stdin, select.EPOLLIN)

    def run(self) -> None:
        """Read until standard input ends, or the time is over."""
        was_open = False
        while time.monotonic() < self._end:
            self._connect_due()
            for file, _ in self._poll.poll(0.05):
                if file == sys.stdin.fileno():
                    return
                self._read(file)
            if (self.open == len(self.heard)) != was_open:
                was_open = not was_open
                say(open=self.open, at=time.monotonic())

    def _connect_due(self) -> None:
        while self._opening and next(iter(self._opening.values())) < time.monotonic() - OPENS_WITHIN_SECONDS:
            file = next(iter(self._opening))
            self._leave(file, self._places[file])
        while self._due and self._due[0][0] <= time.monotonic() and len(self._opening) < AT_ONCE:
            _, place = heapq.heappop(self._due)
            try:
                stream = self._connected(place)
            except OSError:
                self._again(place)
                continue
            self._places[stream.fileno()], self._sockets[stream.fileno()] = place, stream
            self._opening[stream.fileno()] = time.monotonic()
            self._poll.register(stream, select.EPOLLIN)

    def _connected(self, place: int) -> socket.socket:
        stream = socket.create_connection(
            ("127.0.0.1", self._port), 5, (f"127.0.{self._source}.{1 + place // MOST_OF_A_SOURCE}", 0)
        )
        last = f"Last-Event-ID: {self._last[place]}\r\n" if self._last[place] else ""
        stream.sendall(f"GET /live HTTP/1.1\r\nHost: 127.0.0.1\r\n{last}\r\n".encode())
        stream.setblocking(False)
        return stream

    def _read(self, file: int) -> None:
        place = self._places[file]
        try:
            data = self._sockets[file].recv(16384)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:
            self._leave(file, place)
            return
        if file in self._opening and (found := OPENING.search(data)):
            del self._opening[file]
            self.open += 1
            self._has(place, int(found[1]))
        for number in map(int, REVISION.findall(data)):
            self.heard[place].append(number)
            self._has(place, number)

    def _has(self, place: int, number: int) -> None:
        self._last[place] = number
        self.having[number] += 1
        if self.having[number] == len(self.heard):
            say(revision=number, at=time.monotonic())

    def _leave(self, file: int, place: int) -> None:
        if self._opening.pop(file, None) is not None:
            self.refused += 1
        else:
            self.open -= 1
            self.lost += 1
        self._poll.unregister(file)
        del self._places[file]
        self._sockets.pop(file).close()
        self._again(place)

    def _again(self, place: int) -> None:
        heapq.heappush(self._due, (time.monotonic() + random.uniform(*RETRY_SECONDS), place))


def say(**values: Any) -> None:
    print(json.dumps(values), flush=True)


def main(port: int, number: int, source: int, seconds: float) -> None:
    open_many_files()
    readers = Readers(port, number, source, seconds)
    readers.run()
    told = Counter(map(tuple, readers.heard))
    say(
        told=[[list(revisions), times] for revisions, times in told.most_common(20)],
        lost=readers.lost,
        refused=readers.refused,
    )


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), float(sys.argv[4]))
