"""Readers with an open page: each holds a stream of `/live`, and fetches its page anew when it hears of a revision.

As `app/static/js/core/refresh.js` does: a random part of the event's `spread` seconds after it heard. One loop does
all, the publish too, so that no thread waits for another.
"""

from __future__ import annotations

import heapq
import os
import random
import select
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from benchmarks.compared_servers import cpu_seconds, most_files, waited_seconds
from benchmarks.page_requests import Pages
from benchmarks.stream_clients import PATIENCE_SECONDS, Streams

PUBLISH = b"POST /bench HTTP/1.1\r\nHost: %s\r\nContent-Length: 0\r\n\r\n"
# Read at once, so that the publish's answer and due requests do not wait for a thousand others.
BATCH = 50
# Of the files that may be open these stay free: for connections that are being opened and closed.
SPARE_FILES = 500
RETRY_SECONDS = 0.005
FIRST_VISIT_SECONDS = 3.0


@dataclass
class Round:
    """One publish, and who heard and fetched when (monotonic seconds)."""

    asked: float = 0.0
    answered: float = 0.0
    revision: int = 0
    last_heard: float = 0.0
    last_had: float = 0.0
    # How many readers have no new page, and how often one asked again since its connection had been closed.
    without: int = 0
    asked_again: int = 0
    took: list[float] = field(default_factory=list)
    # From the publish's answer to the last page: shares of a core.
    server_share: float = 0.0
    server_waited_share: float = 0.0
    load_share: float = 0.0
    load_waited_share: float = 0.0


class Readers:
    """So many readers of the day's page."""

    def __init__(self, url: str, number: int, pid: int) -> None:
        host = urlsplit(url).netloc
        self._pid = pid
        self._address = (urlsplit(url).hostname or "", urlsplit(url).port or 80)
        self._publish = PUBLISH % host.encode()
        self._poll = select.epoll()
        self.streams = Streams(self._address, host, number, self._poll)
        self.pages = Pages(self._address, host, number, self._poll, most_files() - number - SPARE_FILES)
        self._number = number
        self._random = random.Random(number)
        self._due: list[tuple[float, int]] = []
        self._sent: dict[int, float] = {}

    def visit(self) -> None:
        """Each reader fetches the page for the first time, within some seconds."""
        now = time.monotonic()
        self._due = sorted((now + self._random.random() * FIRST_VISIT_SECONDS, place) for place in range(self._number))
        self._run(Round(), waiting=set(), follow=True)

    def round(self, *, follow: bool) -> Round:
        """Publish once; returns when all have heard of it and, where they follow, have the new page."""
        made, waiting = Round(), set(range(self._number))
        with socket.create_connection(self._address, timeout=PATIENCE_SECONDS) as publisher:
            self._poll.register(publisher, select.EPOLLIN)
            made.asked = time.monotonic()
            publisher.sendall(self._publish)
            self._run(made, waiting, follow, publisher)
        made.without = sum(self.pages.revision(place) < made.revision for place in range(self._number))
        return made

    def close(self) -> None:
        """End all streams and connections."""
        self.pages.close()
        self.streams.close()
        self._poll.close()

    def _run(self, made: Round, waiting: set[int], follow: bool, publisher: socket.socket | None = None) -> None:
        """Until nobody waits for news, for a page or for the publish's answer."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        costs = _Costs(self._pid)
        while waiting or self._due or self._sent or (publisher and not made.answered):
            now = time.monotonic()
            if now > deadline:
                raise RuntimeError(f"{len(waiting)} did not hear, {len(self._sent)} wait for their page")
            pause = max(0.0, self._due[0][0] - now) if self._due else 1.0
            for file, event in self._poll.poll(min(pause, 1.0), BATCH):
                if publisher and file == publisher.fileno():
                    costs = self._hear_answer(publisher, made) or costs
                elif self.streams.place(file) is not None:
                    self._hear(file, made, waiting, follow)
                else:
                    self._read_page(file, event, made)
            self._ask_who_is_due()
        costs.told(made)

    def _hear(self, file: int, made: Round, waiting: set[int], follow: bool) -> None:
        news, place = self.streams.read(file), self.streams.place(file)
        if news is None or place is None:
            return
        made.last_heard = now = time.monotonic()
        waiting.discard(place)
        if follow:
            heapq.heappush(self._due, (now + self._random.random() * news.spread, place))

    def _hear_answer(self, publisher: socket.socket, made: Round) -> _Costs | None:
        """The publish's answer is its revision, whose number comes after the head; from then on costs count."""
        _, _, number = publisher.recv(4096).rpartition(b"\r\n")
        if not number:
            return None
        made.revision, made.answered = int(number), time.monotonic()
        self._poll.unregister(publisher)
        return _Costs(self._pid)

    def _ask_who_is_due(self) -> None:
        now = time.monotonic()
        for _ in range(BATCH):
            if not self._due or self._due[0][0] > now:
                return
            due, place = heapq.heappop(self._due)
            if not self.pages.may_ask(place):
                heapq.heappush(self._due, (now + RETRY_SECONDS, place))
                continue
            # What a reader waits for a file of the load's counts.
            self._sent[place] = due
            self.pages.ask(place)

    def _read_page(self, file: int, event: int, made: Round) -> None:
        place = self.pages.place(file)
        if place is None:
            return
        whole = self.pages.read(file, event)
        if place not in self._sent:
            return
        if whole:
            made.last_had = time.monotonic()
            made.took.append(made.last_had - self._sent.pop(place))
        elif self.pages.place(file) is None:
            # The server closed the idle connection as the question came: a browser then asks over a new one.
            made.asked_again += 1
            self.pages.ask(place)


class _Costs:
    """What both sides use of their cores from here on, and for how long they wait for them."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self._begun = self._now()

    def told(self, made: Round) -> None:
        """Write the shares into a round."""
        wall, *used = (now - begun for now, begun in zip(self._now(), self._begun, strict=True))
        made.server_share, made.server_waited_share, made.load_share, made.load_waited_share = (
            part / wall for part in used
        )

    def _now(self) -> tuple[float, ...]:
        own = os.getpid()
        return (
            time.monotonic(),
            cpu_seconds(self._pid),
            waited_seconds(self._pid),
            time.process_time(),
            waited_seconds(own),
        )


@contextmanager
def reading(url: str, number: int, pid: int) -> Iterator[Readers]:
    """Readers until the end of the block."""
    readers = Readers(url, number, pid)
    try:
        yield readers
    finally:
        readers.close()
