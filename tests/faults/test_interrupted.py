"""Ctrl-C, once or impatiently, and a closed terminal: the service ends without a traceback."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from support.repository import ROOT
from support.server_processes import free_port

pytestmark = pytest.mark.process

INTERRUPT, HANGUP = signal.SIGINT, signal.SIGHUP
# What the service prints last before it listens, and the first line of all.
LISTENS, BEGINS = "sign-in/", "Revision"


@contextmanager
def heard(*numbers: signal.Signals) -> Iterator[None]:
    """Let children hear signals that they would inherit as ignored, as from `nohup` or a shell's background job."""
    former = [signal.signal(number, lambda *_: None) for number in numbers]
    try:
        yield
    finally:
        for number, handler in zip(numbers, former, strict=True):
            signal.signal(number, handler)


def said_after(process: subprocess.Popen[str], signals: list[signal.Signals], line: str) -> str:
    """What a process prints until its end, sent signals once it has printed a line."""
    assert process.stdout
    printed = ""
    while line not in printed:
        printed = process.stdout.readline()
        assert printed, "it ended by itself"
    for one in signals:
        process.send_signal(one)
    return process.stdout.read()


@pytest.mark.parametrize(
    ("signals", "after", "statuses"),
    [
        pytest.param([INTERRUPT], LISTENS, {0, 1, 130}, id="Ctrl-C"),
        pytest.param([INTERRUPT, INTERRUPT], LISTENS, {0, 1, 130}, id="Ctrl-C twice"),
        pytest.param([INTERRUPT], BEGINS, {0, 1, 130}, id="Ctrl-C while it starts"),
        pytest.param([HANGUP], LISTENS, {0, -signal.SIGTERM, -HANGUP}, id="the terminal is closed"),
    ],
)
def test_an_impatient_operator_sees_no_traceback(
    tmp_path: Path, signals: list[signal.Signals], after: str, statuses: set[int]
) -> None:
    command = [sys.executable, "-u", "-m", "app", "serve", "--host", "127.0.0.1", "--port", str(free_port())]
    settings = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)}
    with heard(INTERRUPT, HANGUP):
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
        process = subprocess.Popen(command, cwd=tmp_path, env=settings, **pipes)
    with process:
        try:
            rest = said_after(process, signals, after)
        except BaseException:
            process.kill()
            raise
    assert ("Traceback" in rest, process.returncode in statuses) == (False, True), (rest, process.returncode)
