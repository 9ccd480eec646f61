"""Connections that do nothing, or little by little, cost nobody else anything."""

from __future__ import annotations

import http.client
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing

import pytest
from flask import Flask
from serving import served
from waiting import wait_until

SILENT = 2000
# More than Flask has threads.
SLOW_SENDERS = 40
SOON_SECONDS = 4.0
BEGUN = (
    b"POST /display/report HTTP/1.1\r\nHost: agenda\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"
)


@pytest.fixture
def port(app: Flask) -> Iterator[int]:
    with served(app) as url:
        yield int(url.rpartition(":")[2])


def connected(port: int, say: bytes = b"") -> socket.socket:
    connection = socket.create_connection(("127.0.0.1", port), timeout=20)
    connection.sendall(say)
    return connection


def asked(port: int, path: str) -> tuple[int, float]:
    """The status of an answer, and after how many seconds it was there."""
    begun = time.monotonic()
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=20)) as connection:
        connection.request("GET", path)
        answer = connection.getresponse()
        answer.read()
        return answer.status, time.monotonic() - begun


def slowest(port: int, paths: list[str]) -> float:
    answers = [asked(port, path) for path in paths]
    assert {status for status, _ in answers} == {200}
    return max(seconds for _, seconds in answers)


def test_thousands_of_silent_connections_stop_nobody_and_are_hung_up_on(
    port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.live.connections.HEADER_SECONDS", 5)
    with ExitStack() as stack:
        silent = [stack.enter_context(closing(connected(port))) for _ in range(SILENT)]
        assert slowest(port, ["/now", "/api/now", "/subscribe", "/calendar/talks.ics"] * 5) < SOON_SECONDS
        assert {connection.recv(1) for connection in silent} == {b""}


@pytest.mark.parametrize(
    "begun", [b"G", b"GET /now HTTP/1.1\r\nHost: ag", b"\r\n", b"GET /now HTTP/1.1\r\nHost: a\r\n"]
)
def test_headers_that_never_end_are_hung_up_on(port: int, monkeypatch: pytest.MonkeyPatch, begun: bytes) -> None:
    monkeypatch.setattr("app.live.connections.HEADER_SECONDS", 0.2)
    with closing(connected(port, begun)) as connection:
        assert connection.recv(65536) == b""


def test_a_second_request_that_never_ends_is_hung_up_on_too(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.live.connections.HEADER_SECONDS", 0.2)
    with closing(connected(port, b"GET /healthz HTTP/1.1\r\nHost: agenda\r\n\r\n")) as connection:
        assert connection.recv(65536)[:15] == b"HTTP/1.1 200 OK"
        connection.sendall(b"GET /now HTTP/1.1\r\n")
        while connection.recv(65536):
            pass


QUESTION = b"GET /now HTTP/1.1\r\nHost: agenda\r\n\r\n"


def ask_often(connection: socket.socket) -> None:
    """Ask until answers are given from the stored ones."""
    for _ in range(4):
        connection.sendall(QUESTION)
        answer = connection.recv(1 << 20)
        while b"</html>" not in answer:
            answer += connection.recv(1 << 20)


def test_who_was_answered_at_once_is_hung_up_on_in_the_end(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.live.connections.KEEP_ALIVE_SECONDS", 0.2)
    with closing(connected(port)) as connection:
        ask_often(connection)
        assert connection.recv(1) == b""


def hung_up_on(connection: socket.socket) -> bool:
    """Whether the server has hung up by the time that one more byte was sent."""
    try:
        connection.sendall(b"x")
        return connection.recv(1) == b""
    except TimeoutError:
        return False
    except OSError:
        return True


def test_drop_by_drop_does_not_buy_time(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.live.connections.HEADER_SECONDS", 0.3)
    with closing(connected(port, b"GET /now HTTP/1.1\r\nX: ")) as connection:
        connection.settimeout(0.02)
        wait_until(lambda: hung_up_on(connection))


def test_bodies_that_do_not_come_hold_no_thread_and_are_given_up(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.live.request_body.BODY_SECONDS", 6)
    with ExitStack() as stack:
        slow = [stack.enter_context(closing(connected(port, BEGUN))) for _ in range(SLOW_SENDERS)]
        assert slowest(port, ["/organizer/sign-in", "/talks/panel", "/healthz"]) < SOON_SECONDS
        assert {connection.recv(65536)[:12] for connection in slow} == {b"HTTP/1.1 408"}
