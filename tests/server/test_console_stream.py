"""`/organizer/live`: open consoles alone hear of the room state, and a good sign-in is needed to listen."""

from __future__ import annotations

import asyncio
import http.client
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from typing import Any

import pytest
from flask import Flask
from support.console_browser import Console
from support.coroutine_thread import run_in_own_thread
from support.event_stream import Event, read_news
from support.publisher_processes import NOW, opened, publish
from support.server_processes import exchange
from support.server_thread import served
from support.waiting import wait_until

from app.domain.rights import Editor
from app.live.clock import SYSTEM_CLOCK
from app.live.snapshot import CurrentRevision
from app.server.fan_out import ConsoleFanOut, FanOut
from app.server.front_door import LANES
from app.server.key_check import MOST_CONSOLES_A_SIGN_IN, MOST_STREAMS_A_SPEAKER
from app.store.revisions import Revisions
from app.store.room_state import RoomStates
from app.store.sign_ins import SignIns
from app.web.running_service import Service, service_of

WITHIN_SECONDS = 30
LIVE = "/organizer/live"


def tick(revisions: Revisions, on: bool = True) -> None:
    RoomStates(revisions).set_tick("tri-dao", "tri-dao", "here", on=on, by=Editor("Frank"), now=NOW)


class Client:
    """One client's connection, as an ASGI server holds it."""

    def __init__(self) -> None:
        self.body = b""
        self._gone = asyncio.Event()

    async def send(self, message: Any) -> None:
        self.body += message.get("body", b"")
        if message["type"] == "http.response.body" and not message.get("more_body"):
            self._gone.set()

    async def receive(self) -> Any:
        await self._gone.wait()
        return {"type": "http.disconnect"}

    @property
    def events(self) -> list[tuple[str, dict[str, Any]]]:
        return [(event.name, event.data) for event in read_news(self.body)]


async def until(condition: Callable[[], object]) -> None:
    while not condition():  # noqa: ASYNC110 - what is waited for has no event
        await asyncio.sleep(0.001)


async def joined(fan_out: FanOut, tasks: asyncio.TaskGroup, last: int | None = None) -> Client:
    client, before = Client(), fan_out.readers
    tasks.create_task(fan_out.stream(last, client.receive, client.send))
    await until(lambda: fan_out.readers > before)
    return client


@pytest.fixture
def database_url(tmp_path: Any) -> str:
    return f"sqlite:///{tmp_path}/agenda.sqlite"


def state(version: int) -> tuple[str, dict[str, Any]]:
    return ("state", {"version": version})


def revision(number: int) -> tuple[str, dict[str, Any]]:
    return ("revision", {"revision": number, "spread": 0})


def test_a_console_hears_the_present_version_then_each_change_and_each_revision(
    current: CurrentRevision, revisions: Revisions
) -> None:
    async def scenario() -> None:
        async with asyncio.timeout(WITHIN_SECONDS), asyncio.TaskGroup() as tasks:
            consoles = ConsoleFanOut(current)
            consoles.start()
            client = await joined(consoles, tasks)
            tick(revisions)
            current.refresh()
            await until(lambda: len(client.events) == 2)
            publish(revisions, "two")
            current.refresh()
            await until(lambda: len(client.events) == 3)
            late = await joined(consoles, tasks, last=1)
            assert client.events == [state(0), state(1), revision(2)]
            assert sorted(late.events) == [revision(2), state(1)]
            assert client.body.startswith(b"retry: 1000\nid: 1\n\nevent: state\n")
            await consoles.stop()

    run_in_own_thread(scenario())


def test_readers_never_hear_of_the_room_state(current: CurrentRevision, revisions: Revisions) -> None:
    async def scenario() -> None:
        async with asyncio.timeout(WITHIN_SECONDS), asyncio.TaskGroup() as tasks:
            readers, consoles = FanOut(current), ConsoleFanOut(current)
            for one in (readers, consoles):
                one.start()
            reader, console = await joined(readers, tasks), await joined(consoles, tasks)
            tick(revisions)
            publish(revisions, "two")
            current.refresh()
            await until(lambda: len(console.events) == 3 and reader.events)
            assert reader.events == [revision(2)]
            for one in (readers, consoles):
                await one.stop()

    run_in_own_thread(scenario())


@pytest.fixture
def port(app: Flask) -> Iterator[int]:
    with served(app) as url:
        yield int(url.rpartition(":")[2])


def cookie_of(console: Console) -> str:
    cookie = console.client.get_cookie("agenda-organizer", path="/organizer")
    return f"agenda-organizer={cookie.value}" if cookie else ""


class Listener:
    """A browser that listens to a stream."""

    def __init__(self, stack: ExitStack, port: int, cookie: str, path: str = LIVE) -> None:
        self._connection = stack.enter_context(
            closing(http.client.HTTPConnection("127.0.0.1", port, timeout=WITHIN_SECONDS))
        )
        self._connection.request("GET", path, headers={"Cookie": cookie})
        self._response = stack.enter_context(self._connection.getresponse())
        self.status = self._response.status
        self.headers = self._response.headers
        self._stream = b""

    def heard(self, count: int) -> list[Event]:
        """The first news of the stream, once they are there."""
        while len(found := read_news(self._stream)) < count:
            self._stream += self._response.read1(65536)
        return found


def test_an_open_console_hears_within_its_stream_that_a_tick_was_set(app: Flask, service: Service, port: int) -> None:
    with ExitStack() as stack:
        listener = Listener(stack, port, cookie_of(Console(app)))
        assert [(one.name, one.data) for one in listener.heard(1)] == [state(0)]
        tick(service.current.revisions)
        assert [(one.name, one.data) for one in listener.heard(2)] == [state(0), state(1)]
        assert listener.headers["Content-Type"] == "text/event-stream; charset=utf-8"
        assert "Access-Control-Allow-Origin" not in listener.headers


def test_a_tick_that_another_process_sets_is_heard_too(app: Flask, service: Service, port: int) -> None:
    with ExitStack() as stack, opened(str(service.database.engine.url)) as elsewhere:
        listener = Listener(stack, port, cookie_of(Console(app)))
        tick(Revisions(elsewhere))
        assert [one.data["version"] for one in listener.heard(2)] == [0, 1]


@pytest.mark.parametrize("role", ["chair", "operator"])
def test_chairs_and_operators_may_listen(app: Flask, port: int, role: Any) -> None:
    with ExitStack() as stack:
        console = Console(app, "Ada", "venue" if role == "chair" else None, role=role)
        assert Listener(stack, port, cookie_of(console)).status == 200


@pytest.mark.parametrize("cookie", ["", "agenda-organizer=made-up", "agenda-organizer=made.up"])
def test_a_reader_is_led_to_the_sign_in_page(port: int, cookie: str) -> None:
    with ExitStack() as stack:
        answer = Listener(stack, port, cookie)
        assert (answer.status, answer.headers["Location"]) == (302, "/organizer/sign-in")


def test_who_was_removed_is_led_to_the_sign_in_page_though_their_ticket_is_good(app: Flask, port: int) -> None:
    console = Console(app, "Ada", "venue")
    SignIns(service_of(app).database).remove("Ada")
    with ExitStack() as stack:
        assert Listener(stack, port, cookie_of(console)).status == 302


def test_a_sign_in_that_has_ended_does_not_listen(service: Service) -> None:
    sign_ins, now = SignIns(service.database), SYSTEM_CLOCK.now()
    program = service.current.snapshot.revision.program
    sign_ins.add("Ada", now)
    key = sign_ins.redeem(sign_ins.new_link("Ada", now), now, "")
    later = now.replace(year=now.year + 1)
    found = [sign_ins.keys_among([key, "x"], at, program, ["organizer"]) for at in (now, later)]
    assert (found, sign_ins.keys_among([key], now, program, ["chair"])) == ([{key}, set()], set())


def test_head_gets_the_headers_alone(app: Flask, port: int) -> None:
    status, headers, body = exchange(port, "HEAD", LIVE, headers={"Cookie": cookie_of(Console(app))})
    assert (status, headers["Content-Type"], body) == (200, "text/event-stream; charset=utf-8", b"")


def test_one_sign_in_holds_at_most_twenty_streams_and_takes_none_from_others(app: Flask, port: int) -> None:
    greedy, other = cookie_of(Console(app)), cookie_of(Console(app, "Ada", "venue"))
    with ExitStack() as stack:
        held = [Listener(stack, port, greedy) for _ in range(MOST_CONSOLES_A_SIGN_IN)]
        assert [one.status for one in held] == [200] * 20
        assert [Listener(stack, port, one).status for one in (greedy, other)] == [429, 200]
    with ExitStack() as stack:
        wait_until(lambda: Listener(stack, port, greedy).status == 200)


def test_the_streams_of_speakers_are_counted_apart_from_those_of_consoles(app: Flask, port: int) -> None:
    speaker = cookie_of(Console(app, "Tri Dao", session="tri-dao"))
    with ExitStack() as stack:
        held = [Listener(stack, port, speaker).status for _ in range(MOST_STREAMS_A_SPEAKER + 1)]
        assert held == [200] * MOST_STREAMS_A_SPEAKER + [429]
        assert Listener(stack, port, cookie_of(Console(app))).status == 200


@pytest.mark.slow
def test_a_flood_of_made_up_cookies_leaves_the_consoles_lane_free(app: Flask, port: int) -> None:
    console = cookie_of(Console(app))
    sizes = LANES["no good key"]
    with ExitStack() as stack:
        for number in range(2 * (sizes["threads"] + sizes["most_waiting"])):
            flood = stack.enter_context(closing(http.client.HTTPConnection("127.0.0.1", port, timeout=WITHIN_SECONDS)))
            flood.request("GET", LIVE, headers={"Cookie": f"agenda-organizer={number}.made-up"})
        assert Listener(stack, port, console).status == 200
        assert exchange(port, "GET", "/organizer", headers={"Cookie": console})[0] == 200


def test_without_the_production_server_there_is_no_stream(app: Flask) -> None:
    answer = Console(app).get(LIVE)
    assert (answer.status_code, "live streams need `agenda serve`" in answer.text.lower()) == (503, True)
