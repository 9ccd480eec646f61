"""What one connection may cost: bytes that its client does not read, requests at once, unfinished headers."""

from __future__ import annotations

import asyncio
import gc
import tracemalloc
import weakref

import pytest
from support.controlled_loop import Loop, as_loop
from support.coroutine_thread import run_in_own_thread
from support.server_connection import NOW, Stored, Wire, connected, needs_connections

from app.server.connection import DROP_SECONDS, LARGEST_DROPPED, MOST_PIPELINED
from app.server.request_reader import FIELD_BYTES, LARGEST_HEADERS, MOST_HEADERS
from app.server.shared_by_connections import HeldBytes
from app.server.timed_protocol import UNREAD_SECONDS

pytestmark = needs_connections
UNFINISHED = NOW[:-2] + b"X: " + b"x" * LARGEST_HEADERS
UNFINISHED_BODY = b"POST /other HTTP/1.1\r\nHost: agenda\r\nConnection: close\r\nContent-Length: 9\r\n\r\n{"
TOO_LARGE = UNFINISHED + b"\r\n\r\n"


def test_a_client_that_does_not_read_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.server.timed_protocol.HEADER_SECONDS", 2 * UNREAD_SECONDS)
    loop, wire = Loop(), Wire()
    connected(wire, as_loop(loop)).pause_writing()
    loop.pass_to(UNREAD_SECONDS - 0.1)
    assert not wire.closed
    loop.pass_to(UNREAD_SECONDS)
    assert wire.closed


def test_who_reads_everything_in_time_has_the_whole_time_again() -> None:
    loop, wire = Loop(), Wire()
    connection = connected(wire, as_loop(loop))
    connection.data_received(NOW[:9])
    for second in (0, 5):
        loop.pass_to(second)
        connection.pause_writing()
        connection.resume_writing()
    assert [timer.due for timer in loop.timers] == [10]


def test_nothing_more_is_written_to_who_has_something_to_read() -> None:
    wire = Wire()
    connection = connected(wire, as_loop(Loop()))
    assert connection.write(b"one")
    connection.pause_writing()
    assert not connection.write(b"two")
    connection.resume_writing()
    assert connection.write(b"three")
    assert wire.written == b"onethree"


def test_no_response_follows_a_stored_one_before_that_is_read() -> None:
    async def connect() -> tuple[bytes, bytes]:
        wire, app = Wire(), Stored()
        connection = connected(wire, asyncio.get_running_loop(), app)
        connection.data_received(NOW)
        connection.pause_writing()
        app.may_answer.set()
        connection.data_received(NOW.replace(b"now", b"other"))
        await asyncio.sleep(0)
        unread = wire.written
        connection.resume_writing()
        await asyncio.gather(*asyncio.all_tasks() - {asyncio.current_task()})
        return unread, wire.written

    unread, read = run_in_own_thread(connect())
    assert [unread.count(b"HTTP/1.1 "), read.count(b"HTTP/1.1 ")] == [1, 2]


@pytest.mark.parametrize(("requests", "closed"), [(MOST_PIPELINED, False), (MOST_PIPELINED + 1, True)])
def test_so_many_requests_may_wait_for_their_responses(requests: int, closed: bool) -> None:
    async def connect() -> bool:
        wire = Wire()
        connected(wire, asyncio.get_running_loop()).data_received(NOW.replace(b"now", b"other") * requests)
        for task in asyncio.all_tasks() - {asyncio.current_task()}:
            task.cancel()
        return wire.closed

    assert run_in_own_thread(connect()) is closed


@pytest.mark.parametrize("pieces", [1, 3])
def test_headers_that_are_too_large_are_refused(pieces: int) -> None:
    wire = Wire()
    connection = connected(wire, as_loop(Loop()))
    step = -(-len(TOO_LARGE) // pieces)
    for first in range(0, len(TOO_LARGE), step):
        connection.data_received(TOO_LARGE[first : first + step])
    assert wire.written.startswith(b"HTTP/1.1 431 ")


@pytest.mark.parametrize("before", [NOW, UNFINISHED_BODY.replace(b": close", b": keep-alive") + b"x" * 8])
def test_headers_that_are_too_large_are_refused_behind_another_request(before: bytes) -> None:
    wire = Wire()
    connected(wire, as_loop(Loop())).data_received(before + TOO_LARGE)
    assert wire.written.startswith(b"HTTP/1.1 431 ")


@pytest.mark.parametrize("pieces", [1, 3])
@pytest.mark.parametrize(("fields", "status"), [(MOST_HEADERS, b"200"), (MOST_HEADERS + 1, b"431")])
def test_a_request_has_so_many_header_fields_at_most(fields: int, status: bytes, pieces: int) -> None:
    wire = Wire()
    connection = connected(wire, as_loop(Loop()))
    request = NOW[:-2] + b"ab:\r\n" * (fields - 1) + b"\r\n"
    step = -(-len(request) // pieces)
    for first in range(0, len(request), step):
        connection.data_received(request[first : first + step])
    assert wire.written[9:12] == status


@pytest.mark.parametrize("trailer", [b"X: " + b"x" * 2 * LARGEST_HEADERS, b"ab:\r\n" * LARGEST_HEADERS])
def test_who_sends_too_large_headers_after_a_body_is_cut_off(trailer: bytes) -> None:
    async def connect() -> list[bool]:
        wire = Wire()
        connection = connected(wire, asyncio.get_running_loop())
        head = b"POST /other HTTP/1.1\r\nHost: agenda\r\nTransfer-Encoding: chunked\r\n\r\n"
        chunk = b"10000\r\n%s\r\n" % bytes(2**16)
        closed = []
        for data in (head, chunk, chunk[:9], chunk[9:], b"0\r\n", trailer[:100], trailer[100:]):
            connection.data_received(data)
            closed.append(wire.closed)
        for task in asyncio.all_tasks() - {asyncio.current_task()}:
            task.cancel()
        return closed

    assert run_in_own_thread(connect()) == [False] * 6 + [True]


def test_of_a_request_that_was_answered_no_headers_are_kept() -> None:
    wire = Wire()
    connection = connected(wire, as_loop(Loop()))
    request = NOW[:-2] + b"X: " + b"x" * (LARGEST_HEADERS - 100)
    tracemalloc.start()
    try:
        connection.data_received(b"".join([request, b"\r\n\r\n"]))
        assert (wire.written[:12], tracemalloc.get_traced_memory()[0] // LARGEST_HEADERS) == (b"HTTP/1.1 200", 0)
    finally:
        tracemalloc.stop()


def test_who_sends_too_large_headers_has_some_time_to_read_why() -> None:
    loop, wire = Loop(), Wire()
    connection = connected(wire, as_loop(loop))
    connection.data_received(UNFINISHED)
    connection.data_received(b"\r\n\r\n" + NOW)
    loop.pass_to(DROP_SECONDS - 0.1)
    assert (wire.written.count(b"HTTP/1.1 "), wire.closed) == (1, False)
    loop.pass_to(DROP_SECONDS)
    assert wire.closed


def test_who_sends_ever_more_after_a_refusal_is_cut_off() -> None:
    wire, megabyte = Wire(), bytes(2**20)
    connection = connected(wire, as_loop(Loop()))
    connection.data_received(UNFINISHED)
    for _ in range(LARGEST_DROPPED // len(megabyte)):
        connection.data_received(megabyte)
    assert not wire.closed
    connection.data_received(b"x")
    assert wire.closed


@pytest.mark.parametrize("begun", [UNFINISHED, b"GET /" + b"x" * LARGEST_HEADERS])
def test_who_was_refused_holds_no_unfinished_headers_any_more(begun: bytes) -> None:
    connection = connected(Wire(), as_loop(Loop()))
    tracemalloc.start()
    try:
        connection.data_received(b"".join([begun]))
        assert tracemalloc.get_traced_memory()[0] < LARGEST_HEADERS // 2
    finally:
        tracemalloc.stop()


def test_of_a_refused_request_nothing_is_left_once_its_connection_is_lost() -> None:
    async def connect() -> weakref.ref[object]:
        wire, app = Wire(), Stored()
        app.may_answer.set()
        connection = connected(wire, asyncio.get_running_loop(), app)
        connection.data_received(UNFINISHED_BODY)
        await asyncio.gather(*asyncio.all_tasks() - {asyncio.current_task()})
        assert (wire.written[:12], wire.closed) == (b"HTTP/1.1 204", False)
        connection.connection_lost(None)
        return weakref.ref(connection)

    gc.disable()
    try:
        assert run_in_own_thread(connect())() is None
    finally:
        gc.enable()


def test_after_a_refusal_no_response_to_an_earlier_request_is_written(caplog: pytest.LogCaptureFixture) -> None:
    async def connect() -> bytes:
        wire, app = Wire(), Stored()
        connection = connected(wire, asyncio.get_running_loop(), app)
        connection.data_received(NOW.replace(b"now", b"other") * 2 + b"ZZZ\r\n\r\n")
        app.may_answer.set()
        await asyncio.gather(*asyncio.all_tasks() - {asyncio.current_task()})
        return wire.written

    written = run_in_own_thread(connect())
    assert (written[:12], written.count(b"HTTP/1.1 ")) == (b"HTTP/1.1 400", 1)
    assert [record.message for record in caplog.records if record.exc_info] == []


def test_who_is_refused_by_a_service_that_stops_has_some_time_to_read_why() -> None:
    async def connect() -> bool:
        wire, app = Wire(), Stored()
        connection = connected(wire, asyncio.get_running_loop(), app)
        connection.data_received(UNFINISHED_BODY)
        connection.shutdown()
        app.may_answer.set()
        await asyncio.gather(*asyncio.all_tasks() - {asyncio.current_task()})
        was_closed = wire.closed
        connection.connection_lost(None)
        return was_closed

    assert run_in_own_thread(connect()) is False


def test_a_service_that_stops_does_not_wait_for_who_was_refused() -> None:
    wire = Wire()
    connection = connected(wire, as_loop(Loop()))
    connection.data_received(UNFINISHED)
    connection.shutdown()
    assert wire.closed


def test_a_body_does_not_count_as_headers_of_the_next_request() -> None:
    async def connect() -> bool:
        wire, app = Wire(), Stored()
        connection = connected(wire, asyncio.get_running_loop(), app)
        head = b"POST /organizer/edit HTTP/1.1\r\nHost: agenda\r\nContent-Length: 40000\r\n\r\n"
        for piece in (head, b"x" * 20_000, b"x" * 20_000, NOW[:9], NOW[9:]):
            connection.data_received(piece)
        for task in asyncio.all_tasks() - {asyncio.current_task()}:
            task.cancel()
        return wire.closed

    assert run_in_own_thread(connect()) is False


def test_of_too_many_unfinished_requests_the_oldest_is_cut_off() -> None:
    begun = NOW[:-2] + b"X: " + b"x" * 1000
    wires, unfinished = [Wire() for _ in range(4)], HeldBytes(2 * (len(begun) + FIELD_BYTES))
    for wire in wires:
        connection = connected(wire, as_loop(Loop()))
        connection.shared.unfinished = unfinished
        connection.data_received(begun)
        if wire is wires[0]:
            connection.connection_lost(ConnectionResetError())
    assert [wire.closed for wire in wires[1:]] == [True, False, False]


def test_header_fields_that_are_not_complete_count_as_what_they_take() -> None:
    begun = NOW[:-2] + b"ab:\r\n" * 50
    wires, unfinished = [Wire() for _ in range(2)], HeldBytes(4 * len(begun))
    for wire in wires:
        connection = connected(wire, as_loop(Loop()))
        connection.shared.unfinished = unfinished
        connection.data_received(begun)
    assert wires[0].closed


def test_of_too_many_bytes_that_are_not_read_those_that_wait_longest_are_dropped() -> None:
    wires, unread = [Wire() for _ in range(4)], HeldBytes(2 * len(b"page"))
    for wire in wires:
        connection = connected(wire, as_loop(Loop()))
        connection.shared.unread = unread
        connection.write(b"page")
        connection.pause_writing()
        if wire is wires[1]:
            connection.resume_writing()
    assert [wire.closed for wire in wires] == [True, False, False, False]
