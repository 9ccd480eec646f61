"""Deadlines of a connection: for a request's headers, and between two requests."""

from __future__ import annotations

from support.controlled_loop import Loop, as_loop
from support.server_connection import NOW, Wire, connected, needs_connections

from app.server.timed_protocol import HEADER_SECONDS, KEEP_ALIVE_SECONDS

pytestmark = needs_connections


def test_a_connection_that_sends_nothing_is_closed() -> None:
    loop, wire = Loop(), Wire()
    connected(wire, as_loop(loop))
    loop.pass_to(HEADER_SECONDS - 0.1)
    assert not wire.closed
    loop.pass_to(HEADER_SECONDS)
    assert wire.closed


def test_a_byte_now_and_then_gives_no_more_time() -> None:
    loop, wire = Loop(), Wire()
    protocol = connected(wire, as_loop(loop))
    for second in range(HEADER_SECONDS):
        loop.pass_to(second)
        protocol.data_received(NOW[second : second + 1])
    assert not wire.closed
    loop.pass_to(HEADER_SECONDS)
    assert wire.closed


def test_many_requests_of_a_connection_have_one_timer() -> None:
    loop = Loop()
    protocol = connected(Wire(), as_loop(loop))
    for _ in range(5):
        protocol.data_received(NOW)
    assert len(loop.timers) == 1


def test_a_lost_connection_leaves_no_timer() -> None:
    loop = Loop()
    connected(Wire(), as_loop(loop)).connection_lost(None)
    assert loop.timers == []


def test_a_stored_response_restarts_the_keep_alive_time() -> None:
    loop, wire = Loop(), Wire()
    protocol = connected(wire, as_loop(loop))
    for _ in range(2):
        protocol.data_received(NOW)
    loop.pass_to(KEEP_ALIVE_SECONDS - 0.1)
    assert not wire.closed
    protocol.data_received(NOW)
    loop.pass_to(2 * KEEP_ALIVE_SECONDS - 0.2)
    assert (wire.closed, wire.written.count(b"page")) == (False, 3)
    loop.pass_to(2 * KEEP_ALIVE_SECONDS)
    assert wire.closed


def test_a_request_has_its_whole_time_however_long_its_connection_was_idle() -> None:
    loop, wire = Loop(), Wire()
    protocol = connected(wire, as_loop(loop))
    protocol.data_received(NOW)
    loop.pass_to(KEEP_ALIVE_SECONDS - 1)
    protocol.data_received(NOW[:9])
    loop.pass_to(KEEP_ALIVE_SECONDS - 1 + HEADER_SECONDS - 0.1)
    assert not wire.closed
    loop.pass_to(KEEP_ALIVE_SECONDS - 1 + HEADER_SECONDS)
    assert wire.closed
