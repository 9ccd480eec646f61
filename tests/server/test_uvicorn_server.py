"""The service on a uvicorn whose inside is not the one that it knows: slower, not broken."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from support.other_uvicorn import RENAMED, environment_with
from support.repository import ROOT
from support.server_connection import needs_connections

from app.server.uvicorn_server import can_wrap_uvicorn

WRAPS = "from app.server.uvicorn_server import can_wrap_uvicorn; print(can_wrap_uvicorn())"
# What is about readers and organizers, and not about the connections that cannot be had.
SUITE = ("tests/server", "tests/faults", "tests/commands/test_serve.py", "tests/commands/test_two_servers.py")


@needs_connections
def test_the_installed_version_can_be_wrapped() -> None:
    assert can_wrap_uvicorn()


@needs_connections
@pytest.mark.process
@pytest.mark.parametrize("name", RENAMED)
def test_a_version_with_another_inside_is_noticed_before_the_start(tmp_path: Path, name: str) -> None:
    command = [sys.executable, "-c", WRAPS]
    trial = subprocess.run(command, env=environment_with(tmp_path, name), capture_output=True, text=True, check=True)
    assert trial.stdout == "False\n"


@pytest.mark.acceptance
@pytest.mark.timeout(900)
@pytest.mark.parametrize("name", ["connections", "HttpToolsProtocol"])
def test_the_suite_passes_on_such_a_version(tmp_path: Path, name: str) -> None:
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *SUITE]
    environment = environment_with(tmp_path, name)
    suite = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert suite.returncode == 0, suite.stdout[-4000:]
