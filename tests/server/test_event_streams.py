"""The fan-out on the production server, with real connections."""

from __future__ import annotations

import re
import signal
import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack, closing
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from support.publisher_processes import NOW, opened, processes, publish, started
from support.server_connection import needs_connections
from support.waiting import wait_until

from app.domain.edits.edit_types import Announce
from app.domain.rights import Editor
from app.live.snapshot import CurrentRevision
from app.server.fan_out import FanOut
from app.server.uvicorn_server import server_options
from app.store.publishing import publish_edit
from app.store.revisions import Revisions

READERS = 200
ASK = b"GET /live HTTP/1.1\r\nHost: agenda\r\n\r\n"
# So little fits between the server and a reader who does not read.
SMALL_BUFFER_BYTES = 4096


@pytest.fixture
def database_url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/agenda.sqlite"


class Server:
    """The production server with nothing but the fan-out, on a free port of the loopback."""

    def __init__(self, current: CurrentRevision, *, by_asgi: bool) -> None:
        self.hub = FanOut(current, most_readers=2 * READERS)
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.listener.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SMALL_BUFFER_BYTES)
        self.end_streams = self.hub.end
        if not by_asgi:
            self.hold_stream = lambda _request, connection: self.hub.hold(None, connection, [])
        self._server = uvicorn.Server(uvicorn.Config(self, **server_options()))
        self._thread = threading.Thread(target=self.run)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            await self.hub.stream(None, receive, send)
            return
        await receive()
        self.hub.start()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await self.hub.stop()
        await send({"type": "lifespan.shutdown.complete"})

    def run(self) -> None:
        self._server.run(sockets=[self.listener])

    def start(self) -> None:
        self._thread.start()
        wait_until(lambda: self._server.started)

    def stop(self) -> None:
        self._server.should_exit = True
        self._thread.join()
        self.listener.close()

    def connect(self, receive_buffer: int | None = None) -> socket.socket:
        """A client that has requested the stream."""
        reader = socket.socket()
        if receive_buffer:
            reader.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        reader.settimeout(10)
        reader.connect(self.listener.getsockname())
        reader.sendall(ASK)
        return reader


# A connection holds a stream itself, or the app does.
WAYS = pytest.mark.parametrize("by_asgi", [False, True], ids=["held", "by ASGI"])


@pytest.fixture(params=[False, True], ids=["held", "by ASGI"])
def server(current: CurrentRevision, request: pytest.FixtureRequest) -> Iterator[Server]:
    server = Server(current, by_asgi=request.param)
    server.start()
    yield server
    server.stop()


def revisions_heard(reader: socket.socket, latest: int) -> list[int]:
    """The numbers of the revisions that a client receives, up to the latest."""
    stream, heard = b"", list[int]()
    while heard[-1:] != [latest]:
        stream += reader.recv(65536)
        heard = [int(number) for number in re.findall(rb"event: revision\nid: (\d+)\ndata: .*\n\n", stream)]
    return heard


def test_hundreds_of_readers_hear_of_each_revision(
    server: Server, current: CurrentRevision, revisions: Revisions
) -> None:
    with ExitStack() as stack:
        readers = [stack.enter_context(closing(server.connect())) for _ in range(READERS)]
        wait_until(lambda: server.hub.readers == READERS)
        for mark in ("two", "three"):
            publish(revisions, mark)
        current.refresh()
        assert [revisions_heard(reader, 3) for reader in readers] == [[2, 3]] * READERS
    wait_until(lambda: server.hub.readers == 0)
    assert server.hub.dropped == 0


def read_to_the_end(reader: socket.socket) -> bytes:
    stream = b""
    while part := reader.recv(65536):
        stream += part
    return stream


@needs_connections
def test_a_reader_who_never_reads_is_cut_and_the_others_hear_all(
    server: Server, current: CurrentRevision, revisions: Revisions
) -> None:
    with closing(server.connect(SMALL_BUFFER_BYTES)) as idle, closing(server.connect()) as busy:
        wait_until(lambda: server.hub.readers == 2)
        heard: list[int] = []
        thread = threading.Thread(target=lambda: heard.extend(revisions_heard(busy, 41)))
        thread.start()
        for number in range(1, 41):
            edit = Announce(f"{number} {'ü' * 490}")
            publish_edit(revisions, edit, base=number, by=Editor("Frank"), note="", now=NOW)
            current.refresh()
        thread.join()
        assert heard == list(range(2, 42))
        wait_until(lambda: (server.hub.dropped, server.hub.readers) == (1, 1))
        assert b"id: 41" not in read_to_the_end(idle)


def serve(url: str, port: Connection, by_asgi: bool) -> None:
    """Run the server in this process and send its port."""
    with opened(url) as database:
        revisions = Revisions(database)
        server = Server(CurrentRevision(revisions, revisions.get(1)), by_asgi=by_asgi)
        port.send(server.listener.getsockname()[1])
        server.run()
        server.listener.close()


@needs_connections
@WAYS
def test_a_process_that_is_told_to_stop_ends_its_streams_and_does_not_wait_for_them(
    database_url: str, revisions: Revisions, by_asgi: bool
) -> None:
    ours, theirs = processes.Pipe()
    process = started(serve, database_url, theirs, by_asgi)
    with closing(socket.create_connection(("127.0.0.1", ours.recv()), timeout=10)) as reader:
        reader.sendall(ASK)
        assert b"200 OK" in reader.recv(65536)
        process.terminate()
        stream = read_to_the_end(reader)
    process.join(10)
    assert stream.endswith(b"0\r\n\r\n")
    assert process.exitcode == -signal.SIGTERM
