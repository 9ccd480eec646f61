"""Holds the open streams of `/live` and gives each new revision to all of them.

A reader costs a place in a set: no queue, no task and no bytes of its own. One loop hands the
same bytes to so many connections in turn and lets page requests in between. A connection that would
have to wait for its reader is dropped; readers come back by themselves with Last-Event-ID.
"""

from __future__ import annotations

import asyncio
import logging
import resource
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from itertools import count, cycle
from typing import Any

from uvicorn.protocols.http.httptools_impl import RequestResponseCycle

from app.live.clock import SYSTEM_CLOCK, Clock
from app.live.current import Current
from app.live.events import announcement_events, opening, revision_event, spread_seconds, time_event
from app.store.revisions import Revision

Message = MutableMapping[str, Any]
Send = Callable[[Message], Awaitable[None]]
Receive = Callable[[], Awaitable[Message]]
Readers = set[Send]

log = logging.getLogger(__name__)

# Each second one of so many groups of readers gets its heartbeat, so that it is no burst.
HEARTBEAT_SECONDS = 50
# Readers served before page requests get their turn: a millisecond or two.
BATCH = 200
# Files that are kept free for page requests and the database.
SPARE_FILES = 200
RETRY_MILLISECONDS = range(1000, 4000, 37)

HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
    (b"access-control-allow-origin", b"*"),
]
END: Message = {"type": "http.response.body", "body": b""}


class Hub:
    """The readers of `/live` in this process; its methods belong to the event loop.

    ``given`` is the revision that all readers have or are being given, ``dropped`` how many did not read.
    """

    def __init__(self, current: Current, clock: Clock = SYSTEM_CLOCK, most_readers: int | None = None) -> None:
        self.dropped = 0
        self.given = 0
        self._current = current
        self._clock = clock
        self._most_readers = _room_for_readers() if most_readers is None else most_readers
        self._groups: tuple[Readers, ...] = tuple(set() for _ in range(HEARTBEAT_SECONDS))
        self._arrivals = count()
        self._ending = False
        self._tasks: tuple[asyncio.Task[None], ...] = ()
        self._news: asyncio.Queue[Revision] = asyncio.Queue()

    @property
    def readers(self) -> int:
        """How many streams are open."""
        return sum(map(len, self._groups))

    def start(self) -> None:
        """Begin to give out news; call it on the server's event loop."""
        self._loop = asyncio.get_running_loop()
        self._current.on_revision(self._published)
        self.given = self._current.snapshot.revision.number
        self._tasks = (self._loop.create_task(self._give_news()), self._loop.create_task(self._beat()))

    def end(self) -> None:
        """End all streams, and each that is asked for from now on; their readers go elsewhere."""
        self._ending = True
        for group in self._groups:
            self._give(group, tuple(group), END)
            group.clear()

    async def stop(self) -> None:
        """End all streams and give out nothing more."""
        self.end()
        self._current.forget(self._published)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    @staticmethod
    async def head(send: Send, headers: Iterable[tuple[bytes, bytes]]) -> None:
        """What a stream would say of itself."""
        await send({"type": "http.response.start", "status": 200, "headers": [*HEADERS, *headers]})
        await send(END)

    async def stream(
        self, last: int | None, receive: Receive, send: Send, headers: Iterable[tuple[bytes, bytes]] = ()
    ) -> None:
        """Hold one stream until its reader goes; ``last`` is the revision it has, None: whichever is current."""
        if self._ending or self.readers >= self._most_readers:
            await _refuse(send)
            return
        await send({"type": "http.response.start", "status": 200, "headers": [*HEADERS, *headers]})
        arrival = next(self._arrivals)
        await self._catch_up(last, arrival, send)
        group = self._join(arrival, send)
        try:
            while (await receive())["type"] != "http.disconnect":
                pass
        finally:
            group.discard(send)

    async def _catch_up(self, last: int | None, arrival: int, send: Send) -> None:
        known = self.given if last is None else last
        # Not all at once when the service comes back.
        retry = RETRY_MILLISECONDS[arrival % len(RETRY_MILLISECONDS)]
        await send(_chunk(opening(known, retry)))
        while known != self.given:
            known = self.given
            await send(_chunk(revision_event(known, spread_seconds(self.readers))))

    def _join(self, arrival: int, send: Send) -> Readers:
        group = self._groups[arrival % HEARTBEAT_SECONDS]
        group.add(send)
        if self._ending:
            self._give(group, (send,), END)
        return group

    def _published(self, _before: Revision, revision: Revision) -> None:
        """Hear of a revision, on whatever thread."""
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._news.put_nowait, revision)

    async def _give_news(self) -> None:
        while True:
            revision = await self._news.get()
            if revision.number <= self.given:
                continue
            # From here to the copies nothing waits: who arrives later has caught up with this one.
            self.given = revision.number
            await self._tell(revision, [(group, tuple(group)) for group in self._groups])

    async def _tell(self, revision: Revision, copies: list[tuple[Readers, tuple[Send, ...]]]) -> None:
        """Send one revision to all readers.

        Page requests are answered between the batches, so the last ones are sent late. They get a shorter spread,
        0 when it is over, so that all ask for their page by the same moment.
        """
        announcements = announcement_events(revision)
        ends = self._loop.time() + spread_seconds(sum(len(readers) for _, readers in copies))
        told, message = None, END
        for group, readers in copies:
            for first in range(0, len(readers), BATCH):
                left = round(max(0, ends - self._loop.time()), 3)
                if left != told:
                    # The id comes last: who was cut off between the events gets the revision again.
                    told, message = left, _chunk(announcements + revision_event(revision.number, left))
                self._give(group, readers[first : first + BATCH], message)
                await asyncio.sleep(0)

    async def _beat(self) -> None:
        for group in cycle(self._groups):
            await asyncio.sleep(1)
            revision = self._current.snapshot.revision
            beat = time_event(revision.program, self._clock.now(), self.given, self._clock.speed)
            self._give(group, tuple(group), _chunk(beat))

    def _give(self, group: Readers, readers: Iterable[Send], message: Message) -> None:
        """Hand one message to many connections; none of them can hold up the others."""
        framed = _framed(message)
        for send in readers:
            if send in group and not (_written(send, framed) or _taken_at_once(send, message)):
                self.dropped += 1
                group.discard(send)
                _abort(send)


def _written(send: Send, framed: bytes) -> bool:
    """Whether a connection of the production server took bytes that are framed for all of them already.

    It is what the server itself would do, in half the time.
    """
    cycle = getattr(send, "__self__", None)
    if not framed or type(cycle) is not RequestResponseCycle or not cycle.chunked_encoding:
        return False
    if cycle.disconnected or cycle.flow.write_paused or cycle.transport.is_closing():
        return False
    cycle.transport.write(framed)
    return True


def _framed(message: Message) -> bytes:
    """A part of a stream as a chunk (RFC 9112, 7.1); nothing for its end."""
    body: bytes = message["body"]
    return b"%x\r\n%s\r\n" % (len(body), body) if message.get("more_body") else b""


def _taken_at_once(send: Send, message: Message) -> bool:
    """Whether a connection took a message without waiting for its reader.

    The step is made by hand: awaited, one reader who does not read would hold up all the others.
    """
    step = send(message).__await__()
    try:
        next(step)
    except StopIteration:
        return True
    except Exception:
        # Whatever is wrong with one connection concerns no other.
        log.debug("a stream failed", exc_info=True)
        return False
    step.close()
    return False


def _abort(send: Send) -> None:
    """Cut a connection. ASGI has no word for it, so the server's transport is asked, where it is at hand."""
    transport = getattr(getattr(send, "__self__", None), "transport", None)
    if transport is not None:
        transport.abort()


def _room_for_readers() -> int:
    """How many streams the limit on open files allows."""
    limit, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return max(1, limit - SPARE_FILES) if limit != resource.RLIM_INFINITY else 1_000_000


async def _refuse(send: Send) -> None:
    headers = [(b"retry-after", b"30"), (b"cache-control", b"no-store"), (b"content-length", b"0")]
    await send({"type": "http.response.start", "status": 503, "headers": headers})
    await send(END)


def _chunk(body: bytes) -> Message:
    return {"type": "http.response.body", "body": body, "more_body": True}
