"""Fan-out: holds the open streams of `/live` and of `/organizer/live`, and sends each new revision to all of them.

Those of stages (`/live?stage=`) also get the cues of their room, those of consoles each change of the room state.

A stream costs its connection and an entry in a set, and no task, queue or buffer of its own. The same bytes are
written to one batch of connections after another, and page requests are served in between. A connection whose client
does not read is aborted; clients reconnect by themselves with Last-Event-ID. Streams that come by ASGI, as on a server
without connections, cost a task each.
"""

from __future__ import annotations

import asyncio
import logging
import resource
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable, Mapping
from contextlib import suppress
from itertools import count, cycle
from typing import Protocol
from weakref import WeakSet

from app.domain.cues import Cue
from app.domain.program import Program
from app.live.clock import SYSTEM_CLOCK, Clock
from app.live.snapshot import CurrentRevision
from app.server.asgi_messages import END, AsgiResponse, Receive, Send, body_part
from app.server.asgi_reader import AsgiReader
from app.server.connection import Connection, current_connection
from app.server.event_format import (
    announcement_events,
    beginning,
    cue_event,
    known_here,
    missed_revision,
    revision_event,
    spread_seconds,
    state_event,
    time_event,
)
from app.server.response_cache import begun_response
from app.store.revisions import Revision

log = logging.getLogger(__name__)

# How often a stream gets a heartbeat: streams are in as many groups, one of which is served each second.
HEARTBEAT_SECONDS = 50
# Streams written to before page requests are served: a millisecond or two.
BATCH = 200
# File descriptors reserved for page requests, the database and the streams of consoles.
SPARE_FILES = 500
# The streams of all consoles together, and of all stages.
MOST_CONSOLES = 200
# Beside them, those of speakers' pages: they take none of the others' place.
MOST_SPEAKERS_STREAMS = 100
MOST_STAGES = 1_000

NO_ROOM = AsgiResponse(503, [(b"retry-after", b"30"), (b"cache-control", b"no-store"), (b"content-length", b"0")])
HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
]
FROM_OTHER_ORIGINS = (b"access-control-allow-origin", b"*")
CHUNKED = (b"transfer-encoding", b"chunked")


class Reader(Protocol):
    """One open stream: a `Connection`, or one by ASGI."""

    def push(self, body: bytes, chunk: bytes) -> bool:
        """Send a part, which is also given as a chunk, without waiting; False where that is not possible.

        An empty part is the end.
        """

    def abort(self) -> None:
        """Close the connection at once."""


Readers = set[Reader]
# What the service, its history and its build are called with a program, by the names of the fields of `/api/now`.
Names = Callable[[Program], Mapping[str, str]]


class FanOut:
    """The streams of this process for readers; its methods are called on the event loop.

    ``latest_sent`` is the revision that all streams have got or are being sent, ``dropped`` how many were aborted.
    """

    headers = (*HEADERS, FROM_OTHER_ORIGINS)

    def __init__(
        self,
        current: CurrentRevision,
        clock: Clock = SYSTEM_CLOCK,
        most_readers: int | None = None,
        names: Names = lambda _: {},
    ) -> None:
        self.dropped = 0
        self.latest_sent = 0
        # The revision that no stream has still to be sent.
        self._sent_to_all = 0
        self._names = names
        self._current = current
        self._clock = clock
        self._most_readers = _most_streams() if most_readers is None else most_readers
        self._groups: tuple[Readers, ...] = tuple(set() for _ in range(HEARTBEAT_SECONDS))
        # Those streams that are of the stage of a room, by room; one that ended may still be there.
        self._stages: defaultdict[str, WeakSet[Reader]] = defaultdict(WeakSet)
        # The cues when they were last sent, by room.
        self._cues: Mapping[str, Cue] = {}
        self._arrivals = count()
        self._ending = False
        self._tasks: tuple[asyncio.Task[None], ...] = ()
        self._queue: asyncio.Queue[Revision] = asyncio.Queue()

    @property
    def readers(self) -> int:
        """How many streams are open."""
        return sum(map(len, self._groups))

    def start(self) -> None:
        """Start sending revisions and heartbeats; call it on the server's event loop."""
        self._loop = asyncio.get_running_loop()
        self._current.on_revision(self._published)
        self._current.on_room_state(self._room_state_changed)
        self.latest_sent = self._sent_to_all = self._current.snapshot.revision.number
        groups = cycle(self._groups)
        steps = (self._send_next_revision, lambda: self._send_next_heartbeat(next(groups)))
        self._tasks = tuple(self._loop.create_task(_repeated(step)) for step in steps)

    def end(self) -> None:
        """End all streams and refuse new ones; clients reconnect, to another process where there is one."""
        if self._ending:
            return
        self._ending = True
        for group in self._groups:
            self._send(group, tuple(group), b"")
            group.clear()

    async def stop(self) -> None:
        """End all streams and send nothing more."""
        self.end()
        self._current.remove_listener(self._published)
        self._current.remove_room_state_listener(self._room_state_changed)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    @classmethod
    async def head(cls, send: Send, headers: Iterable[tuple[bytes, bytes]]) -> None:
        """Respond to HEAD with a stream's headers."""
        await send({"type": "http.response.start", "status": 200, "headers": [*cls.headers, *headers]})
        await send(END)

    def hold(
        self,
        last: int | None,
        connection: Connection,
        headers: Iterable[tuple[bytes, bytes]],
        *,
        stage: str | None = None,
    ) -> bool:
        """Make a connection a stream, as `stream`; False where there is no room, which that one says to the client."""
        if not self._has_room_for(stage):
            return False
        arrival = next(self._arrivals)
        fields, body = (*self.headers, *headers, CHUNKED), self._beginning(last, arrival, stage)
        connection.hold(self._group(arrival), begun_response(200, "/live", fields, _chunk_of(body)))
        if stage is not None:
            self._stages[stage].add(connection)
        return True

    async def stream(
        self,
        last: int | None,
        receive: Receive,
        send: Send,
        headers: Iterable[tuple[bytes, bytes]] = (),
        *,
        stage: str | None = None,
    ) -> None:
        """Hold one stream until its client disconnects; ``last`` is the revision it has, None for the current one.

        One of the ``stage`` of a room gets the cue of that room, and each later one.
        """
        if not self._has_room_for(stage):
            await NO_ROOM.send(send, "GET")
            return
        await send({"type": "http.response.start", "status": 200, "headers": [*self.headers, *headers]})
        arrival = next(self._arrivals)
        await self._catch_up(last, arrival, send, stage)
        reader = AsgiReader(send, current_connection.get(), asyncio.current_task())
        group = self._join(arrival, reader, stage)
        # It is cancelled where a reader without a connection is dropped.
        with suppress(asyncio.CancelledError):
            while (await receive())["type"] != "http.disconnect":
                pass
        group.discard(reader)

    def _has_room_for(self, stage: str | None) -> bool:
        is_full = stage is not None and sum(map(len, self._stages.values())) >= MOST_STAGES
        return not self._ending and not is_full and self.readers < self._most_readers

    def _beginning(self, last: int | None, arrival: int, stage: str | None = None) -> bytes:
        """The first part of the stream of a client that has the ``last`` revision."""
        known = self.latest_sent if last is None else last
        missed = self._missed(known_here(known, self._current.snapshot.revision.number), b"", stage)
        return beginning(known, arrival, missed, self._heartbeat(self.latest_sent))

    def _missed(self, known: int, told_state: bytes, stage: str | None) -> bytes:
        """What is new to a client that knows a revision, and that was told some room state."""
        news = self._room_state(stage)
        missed = missed_revision(known, self.latest_sent, spread_seconds(self.readers))
        return missed if news == told_state else news + missed

    async def _catch_up(self, last: int | None, arrival: int, send: Send, stage: str | None) -> None:
        body = self._beginning(last, arrival, stage)
        # No await after the last look for news: what comes later is sent to this stream with the others.
        while body:
            told = self.latest_sent, self._room_state(stage)
            await send(body_part(body))
            body = self._missed(*told, stage)

    def _room_state(self, stage: str | None) -> bytes:
        """What a stream is told of the room state: that of a stage the cue of its room, any other nothing."""
        if stage is None:
            return b""
        cue = self._current.cues.get(stage)
        stands = cue is not None and cue.stands_at(self._clock.now())
        return cue_event(self._current.snapshot.revision.program, stage, cue if stands else None)

    def _join(self, arrival: int, reader: Reader, stage: str | None) -> Readers:
        group = self._group(arrival)
        group.add(reader)
        if stage is not None:
            self._stages[stage].add(reader)
        if self._ending:
            self._send(group, (reader,), b"")
        return group

    def _group(self, arrival: int) -> Readers:
        return self._groups[arrival % HEARTBEAT_SECONDS]

    def _room_state_changed(self) -> None:
        """Send the room state, from any thread."""
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._send_room_state)

    def _send_room_state(self) -> None:
        """Send each stage the cue of its room, where that is another one; one that came meanwhile has it already."""
        before, self._cues = self._cues, self._current.cues
        for stage in [one for one in self._stages if before.get(one) != self._cues.get(one)]:
            body, readers = self._room_state(stage), frozenset(self._stages[stage])
            for group in self._groups:
                if here := group & readers:
                    self._send(group, here, body)

    def _published(self, _before: Revision, revision: Revision) -> None:
        """Queue a revision, from any thread."""
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._queue.put_nowait, revision)

    async def _send_next_revision(self) -> None:
        revision = await self._queue.get()
        if revision.number <= self.latest_sent:
            return
        # No await until the groups are copied: a stream that joins later has caught up with this revision.
        self.latest_sent = revision.number
        try:
            await self._send_revision(revision, [(group, tuple(group)) for group in self._groups])
        finally:
            self._sent_to_all = revision.number

    async def _send_revision(self, revision: Revision, copies: list[tuple[Readers, tuple[Reader, ...]]]) -> None:
        """Send one revision to all streams.

        Page requests are served between the batches, so the last batches are sent late. They get a shorter spread,
        at least 0, so that all clients have requested their page by the same time.
        """
        announcements = announcement_events(revision)
        ends = self._loop.time() + spread_seconds(sum(len(readers) for _, readers in copies))
        sent_spread, body = None, b""
        for group, readers in copies:
            for first in range(0, len(readers), BATCH):
                left = round(max(0, ends - self._loop.time()), 3)
                if left != sent_spread:
                    # The id comes last: a client that was cut off between the events gets the revision again.
                    sent_spread, body = left, announcements + revision_event(revision.number, left)
                self._send(group, readers[first : first + BATCH], body)
                await asyncio.sleep(0)

    async def _send_next_heartbeat(self, group: Readers) -> None:
        await asyncio.sleep(1)
        # One that named a revision before its event came would make the pages refresh at once.
        self._send(group, tuple(group), self._heartbeat(self._sent_to_all))

    def _heartbeat(self, number: int) -> bytes:
        """A heartbeat of streams that were told of a revision."""
        program, clock = self._current.snapshot.revision.program, self._clock
        return time_event(program, clock.now(), number, clock.speed, self._names(program))

    def _send(self, group: Readers, readers: Iterable[Reader], body: bytes) -> None:
        """Send one part to many streams, without waiting for any of them; one that fails affects no other."""
        chunk = _chunk_of(body)
        failures = list[Exception]()
        for reader in readers:
            try:
                is_taken = reader not in group or reader.push(body, chunk)
            except Exception as error:  # noqa: BLE001 - logged below, once for all that fail alike
                failures.append(error)
                is_taken = False
            if not is_taken:
                self.dropped += 1
                group.discard(reader)
                with suppress(Exception):
                    reader.abort()
        if failures:
            log.error("%d streams failed, and are closed", len(failures), exc_info=failures[-1])


class ConsoleFanOut(FanOut):
    """The streams of open consoles, or of speakers' pages, which also hear of each change of the room state."""

    headers = tuple(HEADERS)

    def __init__(
        self,
        current: CurrentRevision,
        clock: Clock = SYSTEM_CLOCK,
        most_readers: int = MOST_CONSOLES,
        names: Names = lambda _: {},
    ) -> None:
        super().__init__(current, clock, most_readers, names)

    def _room_state(self, stage: str | None) -> bytes:  # noqa: ARG002 - that of readers' streams needs it
        return state_event(self._current.room_state)

    def _send_room_state(self) -> None:
        body = self._room_state(None)
        for group in self._groups:
            self._send(group, tuple(group), body)


async def _repeated(step: Callable[[], Awaitable[None]]) -> None:
    """Run a step, which waits for what is due, again and again."""
    while True:
        try:
            await step()
        except Exception:
            # If the task ended, no stream would ever hear of another revision.
            log.exception("sending to the streams failed; it goes on")


def _chunk_of(body: bytes) -> bytes:
    """A part of a stream as a chunk (RFC 9112, 7.1); an empty one is the last."""
    return b"%x\r\n%s\r\n" % (len(body), body)


def _most_streams() -> int:
    """How many streams the limit on open files allows."""
    limit, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return max(1, limit - SPARE_FILES) if limit != resource.RLIM_INFINITY else 1_000_000
