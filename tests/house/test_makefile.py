"""`make run`, as a terminal or a supervisor uses it."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from support.checkout import environment
from support.journey import running
from support.repository import ROOT
from support.server_processes import free_port
from support.visitor import Visitor
from support.waiting import wait_until


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    """A folder that make takes for the virtual environment, with this checkout's service in it."""
    program = tmp_path / "venv" / "bin" / "agenda"
    program.parent.mkdir(parents=True)
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -m app "$@"\n')
    program.chmod(0o755)
    for made in ("pip", "installed"):
        (tmp_path / "venv" / made).touch()
    return tmp_path / "venv"


@pytest.mark.process
@pytest.mark.parametrize("target", ["run", "rehearse"])
def test_ending_make_ends_the_service(target: str, installed: Path, tmp_path: Path) -> None:
    port = free_port()
    settings = {"DATABASE_URL": f"sqlite:///{tmp_path / 'x.sqlite'}", "SECRET_KEY": "test", "PYTHONPATH": str(ROOT)}
    words = ["make", target, f"VENV={installed}", f"PORT={port}"]
    visitor = Visitor(f"http://127.0.0.1:{port}")
    with running(words, ROOT, environment(**settings), tmp_path / "printed") as make:
        wait_until(visitor.answers)
        make.stop()
        wait_until(lambda: not visitor.answers())
