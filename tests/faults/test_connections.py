"""Idle and slow connections do not affect others."""

from __future__ import annotations

import gc
import http.client
import socket
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, closing

import pytest
from flask import Flask
from support.server_connection import needs_connections
from support.server_thread import RunningServer, served, served_by_a_clock
from support.waiting import wait_until

from app.server.connection import Connection
from app.server.process_tuning import raise_file_limit
from app.server.timed_protocol import HEADER_SECONDS, KEEP_ALIVE_SECONDS

pytestmark = pytest.mark.process
SILENT = 2000
# More than Flask has threads.
SLOW_SENDERS = 40
PATIENCE_SECONDS = 60
BEGUN = (
    b"POST /display/report HTTP/1.1\r\nHost: agenda\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"
)


@pytest.fixture
def port(app: Flask) -> Iterator[int]:
    with served(app) as url:
        yield int(url.rpartition(":")[2])


@pytest.fixture
def many_files() -> None:
    """As many open files as the system allows: each connection has two ends, and both are in this process."""
    raise_file_limit()


@pytest.fixture
def server(app: Flask) -> Iterator[RunningServer]:
    with served_by_a_clock(app) as server:
        yield server


def connected(port: int, say: bytes = b"") -> socket.socket:
    connection = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_SECONDS)
    connection.sendall(say)
    return connection


def statuses(port: int, paths: Iterable[str]) -> set[int]:
    """The statuses of some answers; one at a time."""
    found = set()
    for path in paths:
        with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_SECONDS)) as connection:
            connection.request("GET", path)
            found.add(connection.getresponse().status)
    return found


@needs_connections
@pytest.mark.usefixtures("many_files")
def test_thousands_of_silent_connections_stop_nobody_and_are_hung_up_on(
    port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.server.timed_protocol.HEADER_SECONDS", 5)
    with ExitStack() as stack:
        silent = [stack.enter_context(closing(connected(port))) for _ in range(SILENT)]
        assert statuses(port, ["/now", "/api/now", "/subscribe", "/calendar/talks.ics"]) == {200}
        assert {connection.recv(1) for connection in silent} == {b""}


def let_pass(server: RunningServer, seconds: float) -> None:
    """Let time pass for a server that has read what was sent to it so far: it reads what came first, first."""
    assert statuses(server.port, ["/healthz"]) == {200}
    server.let_pass(seconds)


def rest(connection: socket.socket) -> bytes:
    """What comes until the server hangs up."""
    parts = list[bytes]()
    while part := connection.recv(1 << 20):
        parts.append(part)
    return b"".join(parts)


@needs_connections
@pytest.mark.parametrize(
    "begun", [b"G", b"GET /now HTTP/1.1\r\nHost: ag", b"\r\n", b"GET /now HTTP/1.1\r\nHost: a\r\n"]
)
def test_headers_that_never_end_are_hung_up_on(server: RunningServer, begun: bytes) -> None:
    with closing(connected(server.port, begun)) as connection:
        let_pass(server, HEADER_SECONDS)
        assert rest(connection) == b""


QUESTION = b"GET /now HTTP/1.1\r\nHost: agenda\r\n\r\n"


def ask(connection: socket.socket) -> None:
    """Send a request, and read its response."""
    connection.sendall(QUESTION)
    answer = b""
    while b"</html>" not in answer:
        part = connection.recv(1 << 20)
        if not part:
            raise ConnectionError(f"the server hung up after {len(answer)} octets")
        answer += part


@needs_connections
def test_a_second_request_that_never_ends_is_hung_up_on_too(server: RunningServer) -> None:
    with closing(connected(server.port)) as connection:
        ask(connection)
        connection.sendall(b"GET /now HTTP/1.1\r\n")
        let_pass(server, HEADER_SECONDS)
        assert rest(connection) == b""


@needs_connections
def test_who_was_answered_at_once_is_hung_up_on_in_the_end(server: RunningServer) -> None:
    with closing(connected(server.port)) as connection:
        # The last of them from the cache.
        for _ in range(4):
            ask(connection)
        let_pass(server, KEEP_ALIVE_SECONDS)
        assert rest(connection) == b""


def hung_up_on(connection: socket.socket) -> bool:
    """Whether the server has hung up by the time that one more byte was sent."""
    try:
        connection.sendall(b"x")
        return connection.recv(1) == b""
    except TimeoutError:
        return False
    except OSError:
        return True


@needs_connections
def test_drop_by_drop_does_not_buy_time(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.server.timed_protocol.HEADER_SECONDS", 0.3)
    with closing(connected(port, b"GET /now HTTP/1.1\r\nX: ")) as connection:
        connection.settimeout(0.02)
        wait_until(lambda: hung_up_on(connection))


def test_bodies_that_do_not_come_hold_no_thread_and_are_given_up(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.server.request_body.BODY_SECONDS", 6)
    with ExitStack() as stack:
        slow = [stack.enter_context(closing(connected(port, BEGUN))) for _ in range(SLOW_SENDERS)]
        assert statuses(port, ["/organizer/sign-in", "/talks/panel", "/healthz"]) == {200}
        assert {connection.recv(65536)[:12] for connection in slow} == {b"HTTP/1.1 408"}


def test_nothing_is_left_of_a_connection_that_is_closed(port: int) -> None:
    assert statuses(port, ["/now", "/api/now", "/?q=compilers", "/now"]) == {200}

    def connections() -> list[Connection]:
        gc.collect()
        return [one for one in gc.get_objects() if isinstance(one, Connection)]

    wait_until(lambda: connections() == [])
