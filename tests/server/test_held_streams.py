"""Event streams that connections hold themselves: the same streams as by ASGI, for a fraction of the memory."""

from __future__ import annotations

import asyncio
import http.client
import re
import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass, field

import pytest
from flask import Flask
from support.controlled_loop import Loop, as_loop
from support.movable_clock import MovableClock
from support.server_connection import Wire, connected, needs_connections
from support.server_thread import RunningServer, served, served_by_a_clock
from support.waiting import wait_until

from app.domain.edits.edit_types import Announce
from app.domain.rights import Editor
from app.server.connection import Connection
from app.server.front_door import FrontDoor
from app.server.response_cache import ParsedRequest, begun_response
from app.server.timed_protocol import KEEP_ALIVE_SECONDS, UNREAD_SECONDS
from app.store.publishing import publish_edit
from app.web.running_service import Service

pytestmark = needs_connections
# A request that came through a proxy which holds streams goes the usual path.
BY_ASGI = "Grip-Sig: made-up"
LIVE = b"GET /live HTTP/1.1\r\nHost: agenda\r\n\r\n"


@dataclass
class Handled:
    """The paths of the requests that came by ASGI, and how many tasks the event loop had at the last of them."""

    paths: list[str] = field(default_factory=list)
    tasks: int = 0


@pytest.fixture
def handled(monkeypatch: pytest.MonkeyPatch) -> Handled:
    noted, responds = Handled(), FrontDoor._respond

    async def note(self: FrontDoor, request: object, *others: object) -> None:
        noted.paths.append(request.path)  # type: ignore[attr-defined]  # it is an AsgiRequest
        noted.tasks = len(asyncio.all_tasks())
        await responds(self, request, *others)  # type: ignore[arg-type]  # as it was called

    monkeypatch.setattr(FrontDoor, "_respond", note)
    return noted


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


def asking(stack: ExitStack, port: int, *lines: str, target: str = "/live", version: str = "1.1") -> socket.socket:
    """A client that has asked for a stream."""
    client = stack.enter_context(closing(socket.create_connection(("127.0.0.1", port), timeout=20)))
    host = () if any(line.startswith("Host:") for line in lines) else ("Host: agenda",)
    client.sendall("\r\n".join([f"GET {target} HTTP/{version}", *host, *lines, "", ""]).encode())
    return client


def said(client: socket.socket) -> tuple[int, list[tuple[str, str]], str]:
    """The whole response, until its end; readers' times to reconnect differ."""
    response = http.client.HTTPResponse(client)
    response.begin()
    headers = sorted(header for header in response.getheaders() if header[0] not in {"date", "x-request-id"})
    return response.status, headers, re.sub(r"retry: \d+", "retry: 1", response.read().decode())


def port_of(url: str) -> int:
    return int(url.rpartition(":")[2])


def publish(service: Service, clock: MovableClock, text: str) -> int:
    base = service.current.snapshot.revision.number
    made = publish_edit(service.current.revisions, Announce(text), base=base, by=Editor("x"), note="", now=clock.now())
    service.current.refresh()
    return made.number


def heard(client: socket.socket, last: int) -> bytes:
    """What a client receives until it hears of a revision."""
    stream = b""
    while f"event: revision\nid: {last}\n".encode() not in stream:
        part = client.recv(65536)
        assert part, "the stream ended"
        stream += part
    return stream


@pytest.mark.parametrize(
    "asked",
    [
        ["/live"],
        ["/live?since=1"],
        ["/live?since=2"],
        ["/live?since=77"],
        ["/live?since=x&a=%ff"],
        ["/live", "Last-Event-ID: 1"],
        ["/live?since=2", "Last-Event-ID: 1"],
        ["/live", "Last-Event-ID: \xff"],
        ["/live", "Accept-Encoding: gzip, br", "Accept: text/event-stream", "Cookie: a=b"],
        ["/live", "Origin: https://other.example"],
        ["/live", "X-Forwarded-Proto: https"],
        ["/live", 'If-None-Match: "1"'],
        ["/live", "If-Modified-Since: Fri, 18 Jul 2025 17:00:00 GMT"],
        ["/live", "X-Request-ID: one-of-mine"],
    ],
)
def test_a_held_stream_says_what_one_by_asgi_does(
    app: Flask, service: Service, clock: MovableClock, handled: Handled, asked: list[str]
) -> None:
    target, *lines = asked
    publish(service, clock, "Two")
    with ExitStack() as stack:
        with served(app) as url:
            held = asking(stack, port_of(url), *lines, target=target)
            usual = asking(stack, port_of(url), *lines, BY_ASGI, target=target)
            wait_until(lambda: service.stats.readers() == 2)
            publish(service, clock, "Three")
            # The end of the service ends both.
        assert said(held) == said(usual)
    assert handled.paths == ["/live"]


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        (["/live", "1.1", "Host: agenda", "Host: agenda"], 400),
        (["/live", "1.1", "Host: not a host"], 400),
        (["/live", "1.1", "Connection: close"], 200),
        (["/live", "1.1", "Grip-Sig: made-up"], 200),
        (["/live", "1.1", "Content-Length: 0"], 200),
        (["/live", "1.1", "Expect: 100-continue"], 200),
        (["/live", "1.0"], 200),
        (["/%6cive", "1.1"], 200),
        (["/live/", "1.1"], 404),
    ],
)
def test_all_others_go_the_usual_path(
    app: Flask, stack: ExitStack, handled: Handled, asked: list[str], status: int
) -> None:
    target, version, *lines = asked
    with served(app) as url:
        client = asking(stack, port_of(url), *lines, target=target, version=version)
        assert client.recv(12)[9:] == b"%d" % status
        assert len(handled.paths) == 1


def test_a_stream_that_was_asked_for_in_pieces_is_held(
    app: Flask, service: Service, stack: ExitStack, handled: Handled
) -> None:
    with served(app) as url:
        client = stack.enter_context(closing(socket.create_connection(("127.0.0.1", port_of(url)), timeout=20)))
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for piece in (LIVE[:20], LIVE[20:-1], LIVE[-1:]):
            client.sendall(piece)
            # Another request is answered in between, so that each piece arrives alone.
            asking(stack, port_of(url), target="/healthz").recv(12)
        wait_until(lambda: service.stats.readers() == 1)
    assert "/live" not in handled.paths


def test_a_held_stream_has_no_task(app: Flask, service: Service, stack: ExitStack, handled: Handled) -> None:
    with served(app) as url:
        tasks = []
        for streams in (0, 20):
            for _ in range(streams):
                asking(stack, port_of(url))
            wait_until(lambda streams=streams: service.stats.readers() == streams)  # type: ignore[misc]
            asking(stack, port_of(url), target="/healthz").recv(12)
            tasks.append(handled.tasks)
        assert tasks[0] == tasks[1]


def test_a_connection_that_asked_for_other_things_before_becomes_a_stream(
    app: Flask, service: Service, clock: MovableClock, stack: ExitStack, handled: Handled
) -> None:
    with served(app) as url:
        connection = stack.enter_context(closing(http.client.HTTPConnection(url.removeprefix("http://"), timeout=20)))
        for path in ("/healthz", "/now", "/now", "/now"):
            connection.request("GET", path)
            assert connection.getresponse().read()
        connection.sock.sendall(LIVE)
        wait_until(lambda: service.stats.readers() == 1)
        assert b"Two" in heard(connection.sock, publish(service, clock, "Two"))
    assert "/live" not in handled.paths


def test_a_client_that_leaves_is_forgotten(app: Flask, service: Service, stack: ExitStack) -> None:
    with served(app) as url:
        first, second = (asking(stack, port_of(url)) for _ in range(2))
        wait_until(lambda: service.stats.readers() == 2)
        first.close()
        wait_until(lambda: service.stats.readers() == 1)
        second.shutdown(socket.SHUT_WR)
        wait_until(lambda: service.stats.readers() == 0)
    assert service.stats.dropped() == 0


@pytest.mark.parametrize("more", [b"x", LIVE, b"GET /now HTTP/1.1\r\nHost: agenda\r\n\r\n", bytes(100_000)])
def test_a_client_that_sends_more_on_its_stream_is_cut_off(
    app: Flask, service: Service, stack: ExitStack, more: bytes
) -> None:
    with served(app) as url:
        client = asking(stack, port_of(url))
        wait_until(lambda: service.stats.readers() == 1)
        client.sendall(more)
        wait_until(lambda: service.stats.readers() == 0)


def test_when_there_is_no_room_a_client_is_told_when_to_come_again(
    app: Flask, service: Service, stack: ExitStack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.server.fan_out._most_streams", lambda: 1)
    with served(app) as url:
        asking(stack, port_of(url))
        wait_until(lambda: service.stats.readers() == 1)
        second = asking(stack, port_of(url))
        status, headers, _ = said(second)
        assert (status, dict(headers)["retry-after"]) == (503, "30")
        assert service.stats.readers() == 1


def test_a_stream_outlives_every_deadline_of_its_connection(
    app: Flask, service: Service, clock: MovableClock, stack: ExitStack
) -> None:
    with served_by_a_clock(app) as server:
        clients = [asking(stack, server.port), asking(stack, server.port, BY_ASGI)]
        wait_until(lambda: service.stats.readers() == 2)
        let_pass_in_steps(server, 3 * KEEP_ALIVE_SECONDS)
        number = publish(service, clock, "Two")
        assert [b"Two" in heard(client, number) for client in clients] == [True, True]


def let_pass_in_steps(server: RunningServer, seconds: float) -> None:
    """Let time pass; each timer that is due has run before the next step."""
    for _ in range(int(seconds)):
        server.let_pass(1)
        done = threading.Event()
        server.loop.call_soon_threadsafe(done.set)
        assert done.wait(20)


def stream_on(wire: Wire, loop: Loop, streams: set[Connection]) -> Connection:
    """A connection that is a stream among others."""

    class App:
        """An app that holds every stream."""

        lookup = None

        def hold_stream(self, _request: ParsedRequest, connection: Connection) -> bool:
            connection.hold(streams, begun_response(200, "/live", [], b"begun"))
            return True

    connection: Connection = connected(wire, as_loop(loop), App())  # type: ignore[arg-type]  # what is asked of it
    connection.data_received(LIVE)
    return connection


def test_of_a_held_stream_only_its_transport_and_its_slots_are_kept() -> None:
    loop, wire, streams = Loop(), Wire(), set[Connection]()
    connection = stream_on(wire, loop, streams)
    assert wire.written.endswith(b"\r\n\r\nbegun")
    assert (connection._reader, connection._inner, connection._begun) == (None, None, None)
    assert (streams, loop.timers, hasattr(connection, "__dict__")) == ({connection}, [], False)


def test_a_held_stream_that_is_not_read_is_closed_after_a_while_and_written_no_more() -> None:
    loop, wire, streams = Loop(), Wire(), set[Connection]()
    connection = stream_on(wire, loop, streams)
    assert connection.push(b"one", b"<one>")
    connection.pause_writing()
    assert not connection.push(b"two", b"<two>")
    loop.pass_to(UNREAD_SECONDS)
    assert (wire.written[-5:], wire.closed) == (b"<one>", True)


def test_the_end_of_a_held_stream_closes_it_after_its_last_chunk() -> None:
    wire, streams = Wire(), set[Connection]()
    connection = stream_on(wire, Loop(), streams)
    connection.end()
    assert not wire.closed
    assert connection.push(b"", b"0\r\n\r\n")
    assert (wire.written[-5:], wire.closed) == (b"0\r\n\r\n", True)
    connection.connection_lost(None)
    assert streams == set()
