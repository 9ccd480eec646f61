"""Holds the open streams of `/live` and gives each new revision to all of them.

One task sends to all readers; a reader costs a slot in a set, not a queue of its own. A reader
whose connection does not take an event in time is dropped, and comes back by itself with
Last-Event-ID.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from itertools import pairwise
from typing import Any

from app.live.current import Current
from app.live.events import HEARTBEAT, OPENING, reload_event, revision_events
from app.store.errors import StoreError
from app.store.revisions import Revision

Message = MutableMapping[str, Any]
Send = Callable[[Message], Awaitable[None]]
Receive = Callable[[], Awaitable[Message]]

HEARTBEAT_SECONDS = 15
SLOW_SECONDS = 10
# Readers served before page requests get their turn.
BATCH = 200
# Who missed more starts anew from the page.
MOST_MISSED = 200

HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
    (b"access-control-allow-origin", b"*"),
]


class Hub:
    """The readers of `/live` in this process."""

    def __init__(self, current: Current) -> None:
        self._current = current
        self._readers: set[Send] = set()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._events: asyncio.Queue[bytes | None] = asyncio.Queue()
        self._task: asyncio.Task[None] | None = None
        current.on_revision(self._published)

    @property
    def readers(self) -> int:
        """How many streams are open."""
        return len(self._readers)

    def start(self) -> None:
        """Begin to send; call it on the server's event loop."""
        self._loop = asyncio.get_running_loop()
        self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """End all streams."""
        if self._task is not None:
            self._events.put_nowait(None)
            await self._task

    async def stream(self, last: int | None, receive: Receive, send: Send) -> None:
        """Hold one stream until its reader goes; ``last`` is the revision it has, None: whichever is current."""
        await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
        await send(_chunk(OPENING))
        known = self._latest if last is None else last
        # A revision may come out while an earlier one is looked up: in order, and none twice or left out.
        while known != self._latest:
            known, missed = await asyncio.to_thread(self._missed, known)
            await send(_chunk(missed))
        self._readers.add(send)
        try:
            while (await receive())["type"] != "http.disconnect":
                pass
        finally:
            self._readers.discard(send)

    @property
    def _latest(self) -> int:
        return self._current.snapshot.revision.number

    def _missed(self, known: int) -> tuple[int, bytes]:
        """The latest revision's number, and the events since the one that a reader had."""
        latest = self._current.snapshot.revision
        if not latest.number - MOST_MISSED <= known < latest.number:
            return latest.number, reload_event(latest.number)
        try:
            seen = [self._current.revisions.get(known), *self._current.revisions.since(known)]
        except StoreError:
            return latest.number, reload_event(latest.number)
        return seen[-1].number, b"".join(revision_events(before, after) for before, after in pairwise(seen))

    def _published(self, before: Revision, after: Revision) -> None:
        """Hear of a revision, on whatever thread."""
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._events.put_nowait, revision_events(before, after))

    async def _run(self) -> None:
        while True:
            try:
                event = await asyncio.wait_for(self._events.get(), HEARTBEAT_SECONDS)
            except TimeoutError:
                event = HEARTBEAT
            if event is None:
                await self._to_all(None)
                return
            await self._to_all(event)

    async def _to_all(self, event: bytes | None) -> None:
        """Send to all readers, or end them all; each batch lets others have the loop."""
        message = _chunk(event) if event is not None else {"type": "http.response.body", "body": b""}
        for batch in _batches(list(self._readers)):
            await asyncio.gather(*(self._to_one(send, message) for send in batch))
            await asyncio.sleep(0)

    async def _to_one(self, send: Send, message: Message) -> None:
        try:
            await asyncio.wait_for(send(dict(message)), SLOW_SECONDS)
        except (TimeoutError, OSError):
            self._readers.discard(send)


def _chunk(body: bytes) -> Message:
    return {"type": "http.response.body", "body": body, "more_body": True}


def _batches(readers: list[Send]) -> Iterable[list[Send]]:
    return (readers[start : start + BATCH] for start in range(0, len(readers), BATCH))
