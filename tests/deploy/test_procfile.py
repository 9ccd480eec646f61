"""The Procfile starts the service where only requirements.txt was installed, as platforms do."""

from __future__ import annotations

import os
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest
from support.repository import ROOT
from support.server_processes import free_port
from support.waiting import wait_until

INSTALLS_WITHIN_SECONDS = 150
STARTS_WITHIN_SECONDS = 60


@pytest.mark.acceptance
@pytest.mark.process
@pytest.mark.timeout(INSTALLS_WITHIN_SECONDS + STARTS_WITHIN_SECONDS)
def test_the_procfile_needs_what_requirements_install_and_nothing_else(tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-m", "venv", tmp_path / "venv"], check=True)
    install = [
        tmp_path / "venv/bin/python",
        "-m",
        "pip",
        "install",
        "--quiet",
        "--requirement",
        ROOT / "requirements.txt",
    ]
    subprocess.run(install, check=True, capture_output=True, timeout=INSTALLS_WITHIN_SECONDS)
    name, _, line = (ROOT / "Procfile").read_text().strip().partition(": ")
    assert name == "web"
    port = free_port()
    environment = {
        "PATH": f"{tmp_path / 'venv/bin'}{os.pathsep}{os.defpath}",
        "PORT": str(port),
        "DATABASE_URL": f"sqlite:///{tmp_path / 'agenda.sqlite'}",
        "SECRET_KEY": "for tests",
    }
    with subprocess.Popen(line.split(), cwd=ROOT, env=environment, stdout=subprocess.DEVNULL) as service:
        try:
            wait_until(lambda: service.poll() is not None or answers(port), STARTS_WITHIN_SECONDS)
            assert service.poll() is None
        finally:
            service.terminate()


def answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False
