"""What was answered once is answered at once, and is the same answer."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import uvicorn
from flask import Flask
from moving_clock import MovableClock
from passing_time import Loop, as_loop
from serving import served
from uvicorn.server import ServerState

from app.domain.edits import Rename
from app.live.connections import HEADER_SECONDS, KEEP_ALIVE_SECONDS, server_options
from app.live.deadlines import STEP_SECONDS
from app.live.prompt import (
    LONGEST_PARSED,
    MOST_PARSED,
    MOST_READY,
    DatedAnswers,
    ParsedRequest,
    ParsedRequests,
    Ready,
    ReadyAnswers,
    question_of,
    ready,
)
from app.store.publishing import publish_edit
from app.web.service import Service

ANSWER = Ready(200, "/", b"HTTP/1.1 200 OK\r\n", b"page")
QUESTION = (b"/", b"host", b"", b"", b"")
Ask = Callable[..., list[bytes]]


@pytest.fixture
def ask(app: Flask) -> Iterator[Ask]:
    """Send requests over one connection, all in one go; gives the answers, each with a body as long as it says."""
    with served(app) as url, socket.create_connection(("127.0.0.1", int(url.rsplit(":", 1)[1])), timeout=10) as wire:

        def ask(*requests: str) -> list[bytes]:
            wire.sendall("".join(f"{request}\r\nHost: agenda\r\n\r\n" for request in requests).encode())
            return [answer_on(wire, "HEAD" in request) for request in requests]

        yield ask


def answer_on(wire: socket.socket, without_body: bool) -> bytes:
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


def test_the_second_answer_is_the_first(ask: Ask) -> None:
    ask("GET / HTTP/1.1")
    (usual,), (prompt,) = ask("GET / HTTP/1.1"), ask("GET / HTTP/1.1")
    assert usual == prompt
    assert usual.startswith(b"HTTP/1.1 200 OK\n")


def test_many_questions_in_one_go_are_answered_in_order(ask: Ask) -> None:
    page, now = ask("GET / HTTP/1.1"), ask("GET /now HTTP/1.1")
    ask("GET / HTTP/1.1", "GET /now HTTP/1.1")
    assert ask("GET / HTTP/1.1", "GET /api/now HTTP/1.1", "GET / HTTP/1.1", "GET /now HTTP/1.1")[2:] == [*page, *now]


def test_each_encoding_is_another_question(ask: Ask) -> None:
    ask("GET / HTTP/1.1", "GET / HTTP/1.1\r\nAccept-Encoding: br")
    plain, packed = ask("GET / HTTP/1.1", "GET / HTTP/1.1\r\nAccept-Encoding: br")
    assert (b"content-encoding: br" in plain, b"content-encoding: br" in packed) == (False, True)


def test_who_has_it_already_is_told_so_each_time(ask: Ask) -> None:
    (page,) = ask("GET / HTTP/1.1")
    conditional = f"GET / HTTP/1.1\r\nIf-None-Match: {tag(page)}"
    assert [answer.split(b"\n")[0] for answer in ask(*[conditional] * 3)] == [b"HTTP/1.1 304 Not Modified"] * 3
    assert ask("GET / HTTP/1.1") == [page]


def test_a_head_request_gets_no_body_after_one_that_did(ask: Ask) -> None:
    ask("GET / HTTP/1.1", "GET / HTTP/1.1")
    assert not ask("HEAD / HTTP/1.1")[0].endswith(b"</html>\n")


def test_a_new_revision_is_answered_at_once_too(ask: Ask, service: Service, clock: MovableClock) -> None:
    before = ask(*["GET /now HTTP/1.1"] * 3)
    edit = Rename(session="evan-shelhamer", title="On Caffe")
    publish_edit(service.current.revisions, edit, base=1, author="x", note="", now=clock.now())
    service.current.refresh()
    after = ask(*["GET /now HTTP/1.1"] * 3)
    assert ([b"On Caffe" in page for page in before], [b"On Caffe" in page for page in after]) == (
        [False] * 3,
        [True] * 3,
    )


class Wire:
    """The other end of a connection: what was written to it, and whether the server hung up."""

    def __init__(self) -> None:
        self.written, self.closed = b"", False

    def write(self, data: bytes) -> None:
        self.written += data

    def close(self) -> None:
        self.closed = True

    def __getattr__(self, _name: str) -> Callable[..., None]:
        return lambda *_arguments: None


class Stored:
    """An app that has one stored answer; all else it answers once it may, with nothing."""

    def __init__(self) -> None:
        self.may_answer = asyncio.Event()

    def at_once(self, url: bytes, headers: Sequence[tuple[bytes, bytes]]) -> Ready | None:
        return ready(200, "/now", [], b"page") if url == b"/now" and headers else None

    async def __call__(self, _scope: Any, _receive: Any, send: Any) -> None:
        await self.may_answer.wait()
        await send({"type": "http.response.start", "status": 204})
        await send({"type": "http.response.body"})


def connected(wire: Wire, loop: asyncio.AbstractEventLoop) -> Any:
    """The server's side of a new connection."""
    app = Stored()
    config = uvicorn.Config(app, lifespan="off", log_config=None, interface="asgi3", proxy_headers=False)
    config.load()
    config.loaded_app = app
    protocol = server_options()["http"](config=config, server_state=ServerState(), app_state={}, _loop=loop)
    protocol.connection_made(wire)
    return protocol


def answers_to(*pieces: bytes) -> int:
    """How many stored answers a connection gives to bytes that come in these pieces."""

    async def connect() -> int:
        wire = Wire()
        protocol = connected(wire, asyncio.get_running_loop())
        for piece in pieces:
            protocol.data_received(piece)
        answers = wire.written.count(b"page")
        protocol.app.may_answer.set()
        while tasks := protocol.server_state.tasks:
            await asyncio.gather(*tasks)
        return answers

    return asyncio.run(connect())


NOW = b"GET /now HTTP/1.1\r\nHost: agenda\r\n\r\n"


def test_a_request_that_was_answered_before_is_answered_again_whatever_pieces_it_comes_in() -> None:
    assert answers_to(NOW, NOW, NOW) == 3
    assert answers_to(NOW, NOW[:9], NOW[9:], NOW) == 3
    assert answers_to(NOW, NOW + NOW[:9], NOW[9:] + NOW, NOW) == 5


def test_its_bytes_within_a_body_are_no_request() -> None:
    head = f"POST /display/report HTTP/1.1\r\nHost: agenda\r\nContent-Length: {len(NOW)}\r\n\r\n".encode()
    assert answers_to(NOW, head, NOW) == 1


def test_while_another_request_is_being_answered_it_waits() -> None:
    assert answers_to(NOW, b"GET / HTTP/1.1\r\nHost: agenda\r\n\r\n", NOW) == 1


def test_a_connection_that_was_answered_stays_for_as_long_as_any_other() -> None:
    loop, wire = Loop(), Wire()
    protocol = connected(wire, as_loop(loop))
    for _ in range(2):
        protocol.data_received(NOW)
    loop.pass_to(KEEP_ALIVE_SECONDS - 0.1)
    assert not wire.closed
    protocol.data_received(NOW)
    loop.pass_to(2 * KEEP_ALIVE_SECONDS - 0.2)
    assert (wire.closed, wire.written.count(b"page")) == (False, 3)
    loop.pass_to(2 * KEEP_ALIVE_SECONDS + STEP_SECONDS)
    assert wire.closed


def test_a_request_has_its_whole_time_however_long_its_connection_was_idle() -> None:
    loop, wire = Loop(), Wire()
    protocol = connected(wire, as_loop(loop))
    protocol.data_received(NOW)
    loop.pass_to(KEEP_ALIVE_SECONDS - 1)
    protocol.data_received(NOW[:9])
    loop.pass_to(KEEP_ALIVE_SECONDS - 1 + HEADER_SECONDS - 0.1)
    assert not wire.closed
    protocol.data_received(NOW[9:])
    assert wire.written.count(b"page") == 2


def test_of_strangers_requests_few_and_short_ones_are_remembered() -> None:
    known, asked = ParsedRequests(), ParsedRequest(b"/", ())
    for number in range(MOST_PARSED + 1):
        known.add(b"%d" % number, asked)
    known.add(b"x" * (LONGEST_PARSED + 1), asked)
    found = [known.get(data) for data in (b"0", b"%d" % MOST_PARSED, b"x" * (LONGEST_PARSED + 1))]
    assert found == [None, asked, None]


def test_the_servers_own_headers_are_the_present_ones() -> None:
    wholes, answer = DatedAnswers(), ready(200, "/", [], b"page")
    whole = [wholes.response(answer, [(b"date", date)]) for date in (b"1", b"2")]
    assert whole == [b"HTTP/1.1 200 OK\r\ndate: %s\r\n\r\npage" % date for date in (b"1", b"2")]


def test_a_boundary_is_answered_as_the_clock_says(ask: Ask, clock: MovableClock) -> None:
    end = datetime(2025, 7, 18, 17, 30, tzinfo=UTC)
    cards = []
    for seconds in (-1, 0, -1, 3600):
        clock.set(end + timedelta(seconds=seconds))
        cards.append(ask(*["GET /now HTTP/1.1"] * 3))
    assert [len(set(same)) for same in cards] == [1, 1, 1, 1]
    assert cards[0] == cards[2]


def test_answers_are_ready_until_shared_caches_are_told_another_time(service: Service, clock: MovableClock) -> None:
    answers = ReadyAnswers(service.current, clock)
    end = service.current.snapshot.timeline.segment(clock.now()).end
    assert end is not None
    found = []
    for seconds in (-60, -2.1, -2, -0.1, 0):
        answers.keep(QUESTION, ANSWER)
        clock.set(end + timedelta(seconds=seconds))
        found.append(answers.get(QUESTION))
    assert found == [ANSWER, ANSWER, None, None, None]


def test_strangers_questions_do_not_fill_the_memory(service: Service, clock: MovableClock) -> None:
    answers = ReadyAnswers(service.current, clock)
    for number in range(MOST_READY + 1):
        answers.keep((b"/", b"host", b"", b"%d" % number, b""), ANSWER)
    assert answers.get((b"/", b"host", b"", b"0", b"")) is None
    assert answers.get((b"/", b"host", b"", b"%d" % MOST_READY, b"")) == ANSWER


@pytest.mark.parametrize("header", [b"content-length", b"transfer-encoding", b"expect", b"if-modified-since"])
def test_a_question_that_is_not_plain_takes_the_usual_way(header: bytes) -> None:
    assert question_of(b"/", [(b"host", b"x"), (header, b"1")]) is None


def test_a_question_is_what_its_answer_depends_on() -> None:
    headers = [(b"user-agent", b"x"), (b"host", b"h"), (b"accept-encoding", b"br"), (b"if-none-match", b'"1"')]
    assert question_of(b"/?a", headers) == (b"/?a", b"h", b"br", b'"1"', b"")


def test_an_answer_is_ready_as_it_goes_over_the_wire() -> None:
    made = ready(304, "/", [(b"etag", b'"1"')], b"")
    assert made == Ready(304, "/", b'HTTP/1.1 304 Not Modified\r\netag: "1"\r\n', b"")
