"""The fan-out: every client gets every revision once and in order, and none can delay the others."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from support.coroutine_thread import run_in_own_thread
from support.event_stream import read_events
from support.publisher_processes import publish

from app.live.snapshot import CurrentRevision
from app.server.fan_out import FanOut
from app.store.revisions import Revisions

WITHIN_SECONDS = 30


@pytest.fixture
def database_url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/agenda.sqlite"


class Connection:
    """One client's connection, as an ASGI server holds it."""

    def __init__(self) -> None:
        self.reads = True
        self.dropped = False
        self.messages: list[dict[str, Any]] = []
        self._gone = asyncio.Event()

    async def send(self, message: Any) -> None:
        if not self.reads:
            await asyncio.Event().wait()
        self.messages.append(message)
        if message["type"] == "http.response.body" and not message.get("more_body"):
            self._gone.set()

    async def receive(self) -> Any:
        try:
            await self._gone.wait()
        except asyncio.CancelledError:
            self.dropped = True
            raise
        return {"type": "http.disconnect"}

    def go(self) -> None:
        self._gone.set()

    @property
    def status(self) -> int:
        return self.messages[0]["status"]

    @property
    def body(self) -> bytes:
        return b"".join(message["body"] for message in self.messages[1:])

    @property
    def revisions(self) -> list[int]:
        return [event.data["revision"] for event in read_events(self.body) if event.name == "revision"]


class Room:
    """A fan-out with clients."""

    def __init__(self, fan_out: FanOut, tasks: asyncio.TaskGroup) -> None:
        self.fan_out = fan_out
        self.tasks = tasks

    async def join(self, last: int | None = None) -> Connection:
        """Connect a client and wait until it is accepted or refused."""
        connection = Connection()
        stream = self.tasks.create_task(self.fan_out.stream(last, connection.receive, connection.send))
        before = self.fan_out.readers
        await until(lambda: self.fan_out.readers > before or stream.done())
        return connection


@asynccontextmanager
async def a_room(current: CurrentRevision, most_readers: int = 1000) -> Any:
    async with asyncio.timeout(WITHIN_SECONDS), asyncio.TaskGroup() as tasks:
        fan_out = FanOut(current, most_readers=most_readers)
        fan_out.start()
        yield Room(fan_out, tasks)
        await fan_out.stop()


async def until(condition: Callable[[], object]) -> None:
    while not condition():  # noqa: ASYNC110 - what is waited for has no event
        # Threads that publish meanwhile need the interpreter, too.
        await asyncio.sleep(0.001)


def run(scenario: Callable[[Room], Awaitable[None]], current: CurrentRevision, **options: Any) -> None:
    async def within() -> None:
        async with a_room(current, **options) as room:
            await scenario(room)

    run_in_own_thread(within())


def news(current: CurrentRevision, revisions: Revisions, *marks: str) -> None:
    for mark in marks:
        publish(revisions, mark)
    current.refresh()


def test_a_reader_is_welcomed_with_what_is_current(current: CurrentRevision) -> None:
    async def scenario(room: Room) -> None:
        reader = await room.join()
        assert reader.messages[0]["status"] == 200
        assert (b"content-type", b"text/event-stream; charset=utf-8") in reader.messages[0]["headers"]
        assert reader.body.startswith(b"retry: 1000\nid: 1\n\nevent: time\n")

    run(scenario, current)


def test_every_reader_gets_a_revision_as_the_same_bytes(current: CurrentRevision, revisions: Revisions) -> None:
    async def scenario(room: Room) -> None:
        readers = [await room.join() for _ in range(30)]
        news(current, revisions, "two")
        await until(lambda: all(reader.revisions == [2] for reader in readers))
        assert len({id(reader.messages[-1]["body"]) for reader in readers}) == 1

    run(scenario, current)


class SlowLoop:
    """An event loop with the test's own time."""

    def __init__(self, loop: Any) -> None:
        self.loop, self.now = loop, 100.0

    def time(self) -> float:
        return self.now

    def __getattr__(self, name: str) -> Any:
        return getattr(self.loop, name)


def test_later_batches_are_told_what_is_left_of_the_spread(
    current: CurrentRevision, revisions: Revisions, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.server.fan_out.spread_seconds", lambda readers: 0.02 * readers)

    async def scenario(room: Room) -> None:
        # Each reader is a batch of its own here.
        readers = [await room.join() for _ in range(10)]
        send, loop = room.fan_out._send, SlowLoop(room.fan_out._loop)

        def slowly(*arguments: Any) -> None:
            send(*arguments)
            loop.now += 0.03

        monkeypatch.setattr(room.fan_out, "_send", slowly)
        monkeypatch.setattr(room.fan_out, "_loop", loop)
        news(current, revisions, "two")
        await until(lambda: all(reader.revisions == [2] for reader in readers))
        told = [read_events(reader.body)[-1].data["spread"] for reader in readers]
        assert told == [0.2, 0.17, 0.14, 0.11, 0.08, 0.05, 0.02, 0, 0, 0]

    run(scenario, current)


def test_revisions_come_in_order(current: CurrentRevision, revisions: Revisions) -> None:
    async def scenario(room: Room) -> None:
        reader = await room.join()
        news(current, revisions, "two", "three", "four")
        await until(lambda: len(reader.revisions) == 3)
        assert reader.revisions == [2, 3, 4]

    run(scenario, current)


@pytest.mark.parametrize("last", [0, 2, 3, 99, 10**8])
def test_who_comes_back_hears_of_the_newest_revision(current: CurrentRevision, revisions: Revisions, last: int) -> None:
    async def scenario(room: Room) -> None:
        news(current, revisions, "two", "three", "four")
        await until(lambda: room.fan_out.latest_sent == 4)
        assert (await room.join(last=last)).revisions == [4]
        assert (await room.join(last=4)).revisions == []

    run(scenario, current)


def test_who_comes_back_after_a_restart_hears_of_the_newest_revision(
    current: CurrentRevision, revisions: Revisions
) -> None:
    news(current, revisions, "two", "three", "four")

    async def scenario(room: Room) -> None:
        assert (await room.join(last=2)).revisions == [4]

    run(scenario, CurrentRevision(revisions, revisions.get(4)))


def test_who_does_not_read_is_dropped_and_costs_nobody(current: CurrentRevision, revisions: Revisions) -> None:
    async def scenario(room: Room) -> None:
        readers = [await room.join() for _ in range(10)]
        readers[3].reads = False
        news(current, revisions, "two")
        await until(lambda: room.fan_out.dropped == 1)
        news(current, revisions, "three")
        await until(lambda: all(reader.revisions == [2, 3] for reader in readers if reader is not readers[3]))
        assert [reader.dropped for reader in readers] == [reader is readers[3] for reader in readers]
        assert room.fan_out.readers == 9

    run(scenario, current)


def test_who_goes_is_counted_out(current: CurrentRevision) -> None:
    async def scenario(room: Room) -> None:
        readers = [await room.join() for _ in range(3)]
        readers[0].go()
        await until(lambda: room.fan_out.readers == 2)
        assert room.fan_out.dropped == 0

    run(scenario, current)


def test_at_the_end_every_stream_is_finished_and_no_other_is_begun(current: CurrentRevision) -> None:
    async def scenario(room: Room) -> None:
        reader = await room.join()
        room.fan_out.end()
        late = await room.join()
        assert (reader.messages[-1], room.fan_out.readers) == ({"type": "http.response.body", "body": b""}, 0)
        assert (late.status, late.body) == (503, b"")

    run(scenario, current)


def test_one_reader_too_many_is_asked_to_come_again(current: CurrentRevision) -> None:
    async def scenario(room: Room) -> None:
        first, second = await room.join(), await room.join()
        assert (first.status, second.status) == (200, 503)
        assert (b"retry-after", b"30") in second.messages[0]["headers"]

    run(scenario, current, most_readers=1)


def test_readers_do_not_all_come_back_at_once(current: CurrentRevision) -> None:
    async def scenario(room: Room) -> None:
        bodies = [(await room.join()).body for _ in range(50)]
        pauses = {int(body.partition(b"\n")[0].removeprefix(b"retry: ")) for body in bodies}
        assert len(pauses) == 50

    run(scenario, current)


def test_who_missed_nothing_gets_a_heartbeat_at_once_which_shows_that_nothing_holds_the_stream_back(
    current: CurrentRevision,
) -> None:
    async def scenario(room: Room) -> None:
        reader = await room.join()
        [beat] = read_events(reader.body)
        assert (beat.name, beat.id, beat.data["revision"], beat.data["speed"]) == ("time", "1", 1, 1.0)

    run(scenario, current)


def test_what_was_missed_comes_before_the_first_heartbeat(current: CurrentRevision, revisions: Revisions) -> None:
    async def scenario(room: Room) -> None:
        news(current, revisions, "two")
        await until(lambda: room.fan_out.latest_sent == 2)
        reader, held = await room.join(last=1), HeldStream()
        room.fan_out.hold(1, held, [])  # type: ignore[arg-type]  # it has what is asked of it
        for body in (reader.body, held.body):
            assert [(event.name, event.data["revision"]) for event in read_events(body)] == [
                ("revision", 2),
                ("time", 2),
            ]

    run(scenario, current)


class HeldStream:
    """A connection that holds its stream itself; it may be slow, or fail, at each part but the first."""

    def __init__(self, act: Callable[[], object] = lambda: None) -> None:
        self.body = b""
        self.aborted = False
        self._act = act

    def hold(self, streams: set[Any], beginning: Any) -> None:
        streams.add(self)
        self.body = beginning.body.partition(b"\r\n")[2].removesuffix(b"\r\n")

    def push(self, body: bytes, _chunk: bytes) -> bool:
        self.body += body
        self._act()
        return True

    def abort(self) -> None:
        self.aborted = True


def test_no_heartbeat_names_a_revision_before_its_event(
    current: CurrentRevision, revisions: Revisions, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.server.fan_out.HEARTBEAT_SECONDS", 1)
    monkeypatch.setattr("app.server.fan_out.BATCH", 1)

    async def scenario(room: Room) -> None:
        loop, written = asyncio.get_running_loop(), list[float]()
        as_it_is = loop.time
        monkeypatch.setattr(loop, "time", lambda: as_it_is() + sum(written))
        # Writing takes so long that a heartbeat is due when some have the revision.
        readers = [HeldStream(lambda: written.append(0.3)) for _ in range(10)]
        for reader in readers:
            room.fan_out.hold(None, reader, [])  # type: ignore[arg-type]  # it has what is asked of it
        news(current, revisions, "two")
        await until(lambda: all(b"event: revision" in reader.body for reader in readers))
        told = [[(event.name, event.data["revision"]) for event in read_events(reader.body)] for reader in readers]
        assert [one for one in told if ("time", 2) in one[: one.index(("revision", 2))]] == []
        assert [one for one in told if one[1] == ("time", 1)] != []

    run(scenario, current)


def fail() -> None:
    raise RuntimeError("no more")


def test_a_stream_that_fails_is_closed_and_the_others_go_on_hearing(
    current: CurrentRevision, revisions: Revisions
) -> None:
    async def scenario(room: Room) -> None:
        failing, others = HeldStream(fail), [await room.join() for _ in range(3)]
        room.fan_out.hold(None, failing, [])  # type: ignore[arg-type]  # it has what is asked of it
        others.append(await room.join())
        news(current, revisions, "two")
        await until(lambda: all(reader.revisions == [2] for reader in others))
        news(current, revisions, "three")
        await until(lambda: all(reader.revisions == [2, 3] for reader in others))
        assert (failing.aborted, room.fan_out.dropped, room.fan_out.readers) == (True, 1, 4)

    run(scenario, current)


def test_sending_goes_on_after_a_revision_that_could_not_be_written(
    current: CurrentRevision, revisions: Revisions, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def scenario(room: Room) -> None:
        reader = await room.join()
        with monkeypatch.context() as broken:
            broken.setattr("app.server.fan_out.BATCH", 0)
            news(current, revisions, "two")
            await until(lambda: room.fan_out.latest_sent == 2)
            await asyncio.sleep(0)
        news(current, revisions, "three")
        await until(lambda: reader.revisions == [3])

    run(scenario, current)


@pytest.mark.slow
def test_a_quiet_stream_gets_a_heartbeat(current: CurrentRevision, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.server.fan_out.HEARTBEAT_SECONDS", 1)

    async def scenario(room: Room) -> None:
        reader = await room.join()
        await until(lambda: [event.name for event in read_events(reader.body)] == ["time", "time"])
        beat = read_events(reader.body)[-1]
        assert (beat.data["revision"], beat.data["speed"]) == (1, 1.0)

    run(scenario, current)


def test_who_has_a_revision_that_is_not_sent_yet_hears_of_no_older_one(
    current: CurrentRevision, revisions: Revisions
) -> None:
    async def scenario(room: Room) -> None:
        news(current, revisions, "two")
        reader = Connection()
        room.tasks.create_task(room.fan_out.stream(2, reader.receive, reader.send))
        await until(lambda: room.fan_out.latest_sent == 2)
        await until(lambda: reader.revisions)
        assert reader.revisions == [2]

    run(scenario, current)


def test_who_has_a_revision_of_another_history_hears_of_the_newest(current: CurrentRevision) -> None:
    async def scenario(room: Room) -> None:
        reader = Connection()
        room.tasks.create_task(room.fan_out.stream(50, reader.receive, reader.send))
        await until(lambda: reader.revisions)
        assert reader.revisions == [1]

    run(scenario, current)


def test_whenever_somebody_joins_revisions_rise_to_the_newest(current: CurrentRevision, revisions: Revisions) -> None:
    """Law: a client gets rising revisions without gaps, up to the newest, and none before the one that it has."""
    lots = random.Random(2025)
    joined: list[tuple[int | None, int, Connection]] = []

    async def scenario(room: Room) -> None:
        async with asyncio.TaskGroup() as tasks:
            for number in range(2, 22):
                for _ in range(lots.randrange(6)):
                    last = lots.choice([None, current.snapshot.revision.number, 1])
                    connection = Connection()
                    joined.append((last, room.fan_out.latest_sent, connection))
                    room.tasks.create_task(room.fan_out.stream(last, connection.receive, connection.send))
                    if lots.random() < 0.5:
                        await asyncio.sleep(0)
                tasks.create_task(asyncio.to_thread(news, current, revisions, str(number)))
                for _ in range(lots.randrange(20)):
                    await asyncio.sleep(0)
        await until(lambda: room.fan_out.latest_sent == 21)
        await until(lambda: all(reader.revisions[-1:] in ([], [21]) for *_, reader in joined))

    run(scenario, current)
    for last, sent, reader in joined:
        known = reader.revisions[0] - 1 if reader.revisions else 21
        assert reader.revisions == list(range(known + 1, 22))
        # Who has a revision before it is sent hears of it again.
        assert last is None or known >= min(last, sent)
