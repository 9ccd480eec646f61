"""On SIGTERM requests in progress are completed and streams end."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from support.repository import ROOT
from support.waiting import wait_until

pytestmark = pytest.mark.process

STARS = json.dumps({"add": ["panel"]}).encode()
HEAD = b"POST /my/picks HTTP/1.1\r\nHost: agenda\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"


class Running:
    """`agenda serve`, as an operator starts it."""

    def __init__(self, folder: Path, *options: str) -> None:
        with socket.create_server(("127.0.0.1", 0)) as probe:
            self.port = probe.getsockname()[1]
        command = [sys.executable, "-m", "app", "serve", "--host", "127.0.0.1", "--port", str(self.port), *options]
        self.log = folder / "log"
        with self.log.open("wb") as log:
            settings = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)}
            self.process = subprocess.Popen(command, cwd=folder, env=settings, stdout=log, stderr=log)
        wait_until(self.answers, 60)

    def answers(self) -> bool:
        try:
            with closing(self.connect(b"GET /readyz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")) as connection:
                return b"ready" in read_to_the_end(connection)
        except OSError:
            return False

    def connect(self, say: bytes) -> socket.socket:
        connection = socket.create_connection(("127.0.0.1", self.port), timeout=20)
        connection.sendall(say)
        return connection


def read_to_the_end(connection: socket.socket) -> bytes:
    said = b""
    while part := connection.recv(65536):
        said += part
    return said


@pytest.fixture(params=[(), ("--workers", "2")], ids=["one process", "two processes"])
def running(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Running]:
    service = Running(tmp_path, *request.param)
    yield service
    service.process.kill()
    service.process.wait()


def test_a_request_on_its_way_is_answered_a_stream_ends_and_the_service_is_gone(running: Running) -> None:
    begun = running.connect(HEAD % len(STARS) + STARS[:10])
    headers = running.connect(b"GET /now HTTP/1.1\r\nHost: age")
    stream = running.connect(b"GET /live HTTP/1.1\r\nHost: agenda\r\n\r\n")
    with closing(begun), closing(headers), closing(stream):
        assert b"200 OK" in stream.recv(65536)
        running.process.send_signal(signal.SIGTERM)
        # Its end says that the service has begun to stop.
        assert read_to_the_end(stream).endswith(b"0\r\n\r\n")
        begun.sendall(STARS[10:])
        headers.sendall(b"nda\r\n\r\n")
        assert read_to_the_end(begun)[:12] == b"HTTP/1.1 201"
        assert read_to_the_end(headers)[:12] == b"HTTP/1.1 200"
    assert running.process.wait(20) in {0, -signal.SIGTERM}
    assert "Traceback" not in running.log.read_text()
