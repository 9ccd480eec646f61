"""SIGTERM, Ctrl-C and a closed terminal: requests in progress are completed, streams end, and no traceback is shown."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from functools import partial
from pathlib import Path

import pytest
from support.repository import ROOT
from support.server_processes import free_port
from support.waiting import wait_until

pytestmark = pytest.mark.process

STARS = json.dumps({"add": ["panel"]}).encode()
HEAD = b"POST /my/picks HTTP/1.1\r\nHost: agenda\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"


SETTINGS = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)}
INTERRUPT, HANGUP = signal.SIGINT, signal.SIGHUP
ONE_PROCESS = pytest.param((), id="one process")
TWO_PROCESSES = pytest.param(("--workers", "2"), id="two processes")


@contextmanager
def handled(number: signal.Signals, by: object) -> Iterator[None]:
    """What is started meanwhile inherits how a signal is handled, if it is ignored, as from `nohup`."""
    former = signal.signal(number, by)  # type: ignore[arg-type]
    try:
        yield
    finally:
        signal.signal(number, former)


def command(port: int, *options: str) -> list[str]:
    return [sys.executable, "-u", "-m", "app", "serve", "--host", "127.0.0.1", "--port", str(port), *options]


class Running:
    """`agenda serve`, as an operator starts it."""

    def __init__(self, folder: Path, *options: str, until: Callable[[Running], bool] | None = None) -> None:
        self.port = free_port()
        self.log = folder / "log"
        with self.log.open("wb") as log:
            started = command(self.port, *options)
            self.process = subprocess.Popen(
                started, cwd=folder, env=SETTINGS, stdout=log, stderr=log, start_new_session=True
            )
        wait_until(partial(until or Running.answers, self), 60)

    def send_as_terminal(self, number: signal.Signals) -> None:
        """Send a signal: SIGTERM to the process that was started, others to all, as a terminal does."""
        if number == signal.SIGTERM:
            self.process.terminate()
        else:
            os.killpg(self.process.pid, number)

    def kill(self) -> None:
        """End all processes at once."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def has_printed(self) -> bool:
        """Whether it has begun to say what it serves."""
        return self.log.read_text().startswith("CODEML")

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


@pytest.fixture(params=[ONE_PROCESS, TWO_PROCESSES])
def running(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Running]:
    # As from a terminal, wherever these tests run.
    with handled(INTERRUPT, signal.default_int_handler), handled(HANGUP, signal.SIG_DFL):
        service = Running(tmp_path, *request.param)
    yield service
    service.kill()


@pytest.mark.parametrize(
    ("number", "statuses"),
    [
        pytest.param(signal.SIGTERM, {0, -signal.SIGTERM}, id="SIGTERM"),
        pytest.param(INTERRUPT, {0}, id="Ctrl-C", marks=pytest.mark.acceptance),
        pytest.param(HANGUP, {0, -signal.SIGTERM}, id="a closed terminal", marks=pytest.mark.acceptance),
    ],
)
def test_a_request_on_its_way_is_answered_a_stream_ends_and_the_service_is_gone(
    running: Running, number: signal.Signals, statuses: set[int]
) -> None:
    begun = running.connect(HEAD % len(STARS) + STARS[:10])
    headers = running.connect(b"GET /now HTTP/1.1\r\nHost: age")
    stream = running.connect(b"GET /live HTTP/1.1\r\nHost: agenda\r\n\r\n")
    with closing(begun), closing(headers), closing(stream):
        assert b"200 OK" in stream.recv(65536)
        running.send_as_terminal(number)
        # Its end says that the service has begun to stop.
        assert read_to_the_end(stream).endswith(b"0\r\n\r\n")
        begun.sendall(STARS[10:])
        headers.sendall(b"nda\r\n\r\n")
        assert read_to_the_end(begun)[:12] == b"HTTP/1.1 201"
        assert read_to_the_end(headers)[:12] == b"HTTP/1.1 200"
    assert running.process.wait(20) in statuses
    assert "Traceback" not in running.log.read_text()


def test_an_impatient_operator_sees_no_traceback(running: Running) -> None:
    begun = running.connect(HEAD % len(STARS) + STARS[:10])
    stream = running.connect(b"GET /live HTTP/1.1\r\nHost: agenda\r\n\r\n")
    with closing(begun), closing(stream):
        assert b"200 OK" in stream.recv(65536)
        running.send_as_terminal(INTERRUPT)
        assert read_to_the_end(stream).endswith(b"0\r\n\r\n")
        running.send_as_terminal(INTERRUPT)
        assert (running.process.wait(20), "Traceback" in running.log.read_text()) == (0, False)


def ignores(process: int, number: signal.Signals) -> bool:
    """Whether a process ignores a signal (proc_pid_status(5)); Linux alone says so."""
    status = Path(f"/proc/{process}/status")
    if not status.exists():
        pytest.skip("this system does not say which signals a process ignores")
    ignored = next(line for line in status.read_text().splitlines() if line.startswith("SigIgn:"))
    return bool(int(ignored.split()[1], 16) >> (number - 1) & 1)


@pytest.mark.acceptance
@pytest.mark.parametrize("options", [ONE_PROCESS, TWO_PROCESSES])
def test_under_nohup_the_service_outlives_its_terminal(tmp_path: Path, options: tuple[str, ...]) -> None:
    with handled(HANGUP, signal.SIG_IGN):
        running = Running(tmp_path, *options)
    try:
        assert ignores(running.process.pid, HANGUP)
    finally:
        running.kill()


@pytest.mark.acceptance
@pytest.mark.parametrize("options", [ONE_PROCESS, TWO_PROCESSES])
def test_ctrl_c_while_the_service_starts_shows_no_traceback(tmp_path: Path, options: tuple[str, ...]) -> None:
    with handled(INTERRUPT, signal.default_int_handler):
        running = Running(tmp_path, *options, until=Running.has_printed)
    try:
        running.send_as_terminal(INTERRUPT)
        # The signal itself, or the end of a start that was just complete.
        assert running.process.wait(20) in {-INTERRUPT, 0}
        assert "Traceback" not in running.log.read_text()
    finally:
        running.kill()
