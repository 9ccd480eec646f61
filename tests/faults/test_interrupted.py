"""Ctrl-C, once or impatiently, and a closed terminal: the service ends without a traceback."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from support.repository import ROOT
from support.server_processes import free_port

pytestmark = pytest.mark.process

INTERRUPT, HANGUP = signal.SIGINT, signal.SIGHUP
# What the service prints last before it listens, and the first line of all.
LISTENS, BEGINS = "sign-in/", "Revision"


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
    # A shell that starts this in the background lets its children ignore SIGINT.
    former = signal.signal(INTERRUPT, signal.default_int_handler)
    try:
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
        process = subprocess.Popen(command, cwd=tmp_path, env=settings, **pipes)
    finally:
        signal.signal(INTERRUPT, former)
    with process:
        assert process.stdout
        printed = ""
        while after not in printed:
            printed = process.stdout.readline()
            assert printed, "it ended by itself"
        for one in signals:
            process.send_signal(one)
        rest = process.stdout.read()
    assert ("Traceback" in rest, process.returncode in statuses) == (False, True), (rest, process.returncode)
