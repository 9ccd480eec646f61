"""A repeated request gets the stored response, byte for byte."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from support.controlled_loop import Loop, as_loop
from support.coroutine_thread import run_in_own_thread
from support.movable_clock import MovableClock
from support.server_connection import NOW, Stored, Wire, connected, needs_connections
from support.server_thread import served

from app.domain.edits.edit_types import Cancel, ChangeContent
from app.domain.rights import Editor
from app.server.connection import LONGEST_PARSED
from app.server.response_cache import (
    LONGEST_KEY,
    MOST_DATED,
    MOST_RESPONSES,
    BoundedDict,
    CachedResponse,
    DatedResponses,
    ResponseCache,
    cache_key,
    cached_response,
    timed_response,
)
from app.store.publishing import publish_edit
from app.web.running_service import Service

ANSWER = CachedResponse(200, "/", b"HTTP/1.1 200 OK\r\n", b"page")
KEY = (b"/", b"host", b"", b"", b"")
Ask = Callable[..., list[bytes]]


@pytest.fixture
def ask(app: Flask) -> Iterator[Ask]:
    """Send requests over one connection in one write; returns the responses."""
    with served(app) as url, socket.create_connection(("127.0.0.1", int(url.rsplit(":", 1)[1])), timeout=10) as wire:

        def ask(*requests: str) -> list[bytes]:
            wire.sendall("".join(f"{request}\r\nHost: agenda\r\n\r\n" for request in requests).encode())
            return [response_on(wire, "HEAD" in request) for request in requests]

        yield ask


def response_on(wire: socket.socket, without_body: bool) -> bytes:
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        head += wire.recv(1)
    lengths = [int(line[16:]) for line in head.split(b"\r\n") if line.startswith(b"content-length: ")]
    left = 0 if without_body or not lengths else lengths[0]
    body = b""
    while len(body) < left:
        body += wire.recv(left - len(body))
    lines = [line for line in head.split(b"\r\n") if not line.startswith((b"date: ", b"x-request-id: "))]
    return b"\n".join([lines[0], *sorted(lines[1:])]) + body


def tag(answer: bytes) -> str:
    return next(line for line in answer.split(b"\n") if line.startswith(b"etag: "))[6:].decode()


def test_the_second_response_equals_the_first(ask: Ask) -> None:
    ask("GET / HTTP/1.1")
    (usual,), (prompt,) = ask("GET / HTTP/1.1"), ask("GET / HTTP/1.1")
    assert usual == prompt
    assert usual.startswith(b"HTTP/1.1 200 OK\n")


def test_pipelined_requests_get_their_responses_in_order(ask: Ask) -> None:
    page, now = ask("GET / HTTP/1.1"), ask("GET /now HTTP/1.1")
    ask("GET / HTTP/1.1", "GET /now HTTP/1.1")
    assert ask("GET / HTTP/1.1", "GET /api/now HTTP/1.1", "GET / HTTP/1.1", "GET /now HTTP/1.1")[2:] == [*page, *now]


def test_each_encoding_has_its_own_response(ask: Ask) -> None:
    ask("GET / HTTP/1.1", "GET / HTTP/1.1\r\nAccept-Encoding: br")
    plain, packed = ask("GET / HTTP/1.1", "GET / HTTP/1.1\r\nAccept-Encoding: br")
    assert (b"content-encoding: br" in plain, b"content-encoding: br" in packed) == (False, True)


def test_a_conditional_request_gets_304_each_time(ask: Ask) -> None:
    (page,) = ask("GET / HTTP/1.1")
    conditional = f"GET / HTTP/1.1\r\nIf-None-Match: {tag(page)}"
    assert [answer.split(b"\n")[0] for answer in ask(*[conditional] * 3)] == [b"HTTP/1.1 304 Not Modified"] * 3
    assert ask("GET / HTTP/1.1") == [page]


def test_a_head_request_gets_no_body_after_one_that_did(ask: Ask) -> None:
    ask("GET / HTTP/1.1", "GET / HTTP/1.1")
    assert not ask("HEAD / HTTP/1.1")[0].endswith(b"</html>\n")


def test_a_new_revision_replaces_the_stored_responses(ask: Ask, service: Service, clock: MovableClock) -> None:
    before = ask(*["GET /now HTTP/1.1"] * 3)
    edit = ChangeContent(session="evan-shelhamer", title="On Caffe")
    publish_edit(service.current.revisions, edit, base=1, by=Editor("x"), note="", now=clock.now())
    service.current.refresh()
    after = ask(*["GET /now HTTP/1.1"] * 3)
    assert ([b"On Caffe" in page for page in before], [b"On Caffe" in page for page in after]) == (
        [False] * 3,
        [True] * 3,
    )


def stored_responses_to(*pieces: bytes) -> int:
    """How many stored responses a connection sends for bytes that arrive in these pieces."""

    async def connect() -> int:
        wire, app = Wire(), Stored()
        connection = connected(wire, asyncio.get_running_loop(), app)
        for piece in pieces:
            connection.data_received(piece)
        answers = wire.written.count(b"page")
        app.may_answer.set()
        await asyncio.gather(*asyncio.all_tasks() - {asyncio.current_task()})
        return answers

    return run_in_own_thread(connect())


@needs_connections
def test_a_request_that_arrives_alone_gets_the_stored_response_at_once() -> None:
    assert stored_responses_to(NOW, NOW, NOW) == 3
    assert stored_responses_to(NOW, NOW + NOW[:9], NOW[9:]) == 1


@needs_connections
@pytest.mark.parametrize("size", [1, 9, len(NOW) - 1])
def test_so_does_one_that_arrives_in_pieces(size: int) -> None:
    pieces = [NOW[first : first + size] for first in range(0, len(NOW), size)]
    assert stored_responses_to(*pieces, *pieces, NOW) == 3


@needs_connections
@pytest.mark.parametrize(
    ("pieces", "status"),
    [
        ([b"GET /other HTTP/1.1\r\nHo", b"st: agenda\r\n\r\n"], 204),
        ([b"POST /now HTTP/1.1\r\nHost: agenda\r\nContent-Le", b"ngth: 4\r\n\r\n{", b"   "], 204),
        ([b"GET /now HTTP/1.1\r\nHost: agenda", b"\r\n\r\n" + NOW], 204),
        ([b"GET /now HT", b"ZZ/1.1\r\n\r\n"], 400),
        ([b"GET /now HTTP/1.1\r\nHo", b" st: agenda\r\n\r\n"], 400),
    ],
)
def test_any_other_that_arrives_in_pieces_is_handed_over_whole(pieces: list[bytes], status: int) -> None:
    async def connect() -> bytes:
        wire, app = Wire(), Stored()
        app.may_answer.set()
        connection = connected(wire, asyncio.get_running_loop(), app)
        for piece in pieces:
            connection.data_received(piece)
        await asyncio.gather(*asyncio.all_tasks() - {asyncio.current_task()})
        return wire.written

    assert run_in_own_thread(connect())[:12] == b"HTTP/1.1 %d" % status


@needs_connections
def test_its_bytes_inside_a_body_are_not_a_request() -> None:
    head = f"POST /display/report HTTP/1.1\r\nHost: agenda\r\nContent-Length: {len(NOW)}\r\n\r\n".encode()
    assert stored_responses_to(NOW, head, NOW) == 1


@needs_connections
def test_it_waits_while_another_request_is_handled() -> None:
    assert stored_responses_to(NOW, b"GET / HTTP/1.1\r\nHost: agenda\r\n\r\n", NOW) == 1


@needs_connections
def test_a_request_that_ends_its_connection_is_left_to_the_server_which_closes_it() -> None:
    assert stored_responses_to(NOW, NOW[:-2] + b"Connection: close\r\n\r\n") == 1


@needs_connections
def test_a_long_request_is_not_remembered() -> None:
    connection = connected(Wire(), as_loop(Loop()))
    for spaces in (0, LONGEST_PARSED):
        connection.data_received(NOW.replace(b" agenda", b" agenda" + b" " * spaces))
    assert list(connection.shared.parsed) == [NOW]


def test_what_clients_choose_does_not_fill_the_memory() -> None:
    bounded: BoundedDict[int, str] = BoundedDict(3)
    for number in range(5):
        bounded[number] = "kept"
    assert list(bounded) == [3, 4]


def test_a_response_has_the_current_date() -> None:
    dated, response = DatedResponses(), cached_response(200, "/", [], b"page")
    for _ in range(2):
        lines = dated.response(response).decode().split("\r\n")
        date = datetime.strptime(lines[1], "date: %a, %d %b %Y %H:%M:%S GMT").replace(tzinfo=UTC)
        assert datetime.now(UTC) - date < timedelta(minutes=1)
        assert (lines[0], *lines[2:]) == ("HTTP/1.1 200 OK", "", "page")


def test_a_boundary_replaces_the_stored_responses_whenever_the_clock_crosses_it(ask: Ask, clock: MovableClock) -> None:
    end = datetime(2025, 7, 18, 17, 30, tzinfo=UTC)
    cards = []
    for seconds in (-1, 0, -1, 3600):
        clock.set(end + timedelta(seconds=seconds))
        cards.append(ask(*["GET /now HTTP/1.1"] * 3))
    assert [len(set(same)) for same in cards] == [1, 1, 1, 1]
    assert cards[0] == cards[2]


def test_responses_are_stored_until_their_s_maxage_begins_to_shrink(service: Service, clock: MovableClock) -> None:
    answers = ResponseCache(service.current, clock)
    end = service.current.snapshot.timeline.segment(clock.now()).end
    assert end is not None
    found = []
    for seconds in (-60, -2.1, -2, -0.1, 0):
        answers.store(KEY, ANSWER, service.current.snapshot, clock.now())
        clock.set(end + timedelta(seconds=seconds))
        found.append(answers.get(KEY))
    assert found == [ANSWER, ANSWER, None, None, None]


def test_what_was_chosen_before_a_boundary_or_a_revision_is_not_stored_after_it(
    service: Service, clock: MovableClock
) -> None:
    answers, before, asked_at = ResponseCache(service.current, clock), service.current.snapshot, clock.now()
    end = before.timeline.segment(asked_at).end
    assert end is not None
    clock.set(end)
    answers.store(KEY, ANSWER, before, asked_at)
    assert answers.get(KEY) is None
    publish_edit(service.current.revisions, Cancel("panel"), base=1, by=Editor("x"), note="", now=clock.now())
    service.current.refresh()
    answers.store(KEY, ANSWER, before, clock.now())
    assert answers.get(KEY) is None
    answers.store(KEY, ANSWER, service.current.snapshot, clock.now())
    assert answers.get(KEY) == ANSWER


def test_what_is_sent_once_displaces_none_that_is_sent_often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.server.response_cache.time", lambda: 1_752_859_200.5)
    dated, often = DatedResponses(), cached_response(200, "/", [], b"page")
    timed = timed_response(200, "/api/now", [(b"content-length", b"1")], lambda now: b"%d" % now.year)
    kept = dated.response(often)
    for year in range(2000, 2000 + 2 * MOST_DATED):
        head, _, body = dated.response(timed.at(datetime(year, 1, 1, tzinfo=UTC))).partition(b"\r\n\r\n")
        assert (head.count(b"content-length: 4"), body) == (1, b"%d" % year)
    assert dated.response(often) is kept


def test_many_different_requests_do_not_fill_the_memory(service: Service, clock: MovableClock) -> None:
    answers = ResponseCache(service.current, clock)
    for number in range(MOST_RESPONSES + 1):
        answers.store((b"/", b"host", b"", b"%d" % number, b""), ANSWER, service.current.snapshot, clock.now())
    assert answers.get((b"/", b"host", b"", b"0", b"")) is None
    assert answers.get((b"/", b"host", b"", b"%d" % MOST_RESPONSES, b"")) == ANSWER


@pytest.mark.parametrize("header", [b"content-length", b"transfer-encoding", b"expect", b"if-modified-since"])
def test_a_request_with_one_of_these_headers_bypasses_the_cache(header: bytes) -> None:
    assert cache_key(b"/", [(b"host", b"x"), (header, b"1")]) is None


def test_a_request_with_long_headers_bypasses_the_cache() -> None:
    longest = b"x" * (LONGEST_KEY - len(b"/host"))
    keys = [cache_key(b"/", [(b"host", b"host"), (b"if-none-match", tags)]) for tags in (longest, longest + b"x")]
    assert [key is None for key in keys] == [False, True]


def test_the_key_is_what_a_response_depends_on() -> None:
    headers = [(b"user-agent", b"x"), (b"host", b"h"), (b"accept-encoding", b"br"), (b"if-none-match", b'"1"')]
    assert cache_key(b"/?a", headers) == (b"/?a", b"h", b"br", b'"1"', None)


def test_a_stored_response_has_the_bytes_that_are_sent() -> None:
    made = cached_response(304, "/", [(b"etag", b'"1"')], b"")
    assert (made.status, made.path, made.body) == (304, "/", b"")
    assert made.head == b'HTTP/1.1 304 Not Modified\r\netag: "1"\r\n'
