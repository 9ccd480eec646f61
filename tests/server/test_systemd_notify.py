"""systemd learns when a service answers (sd_notify(3))."""

from __future__ import annotations

import os
import secrets
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest
from support.processes import end
from support.repository import ROOT
from support.server_processes import ENDS_WITHIN_SECONDS, STARTS_WITHIN_SECONDS, free_port

from app.server.systemd_notify import notify_ready


def test_systemd_is_told_that_requests_are_answered(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    # Relative: an address of such a socket has at most 107 letters.
    monkeypatch.chdir(tmp_path)
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        systemd.bind("notify")
        monkeypatch.setenv("NOTIFY_SOCKET", "notify")
        notify_ready()
        assert systemd.recv(100) == b"READY=1"


def test_an_abstract_address_of_systemd_is_understood(monkeypatch: pytest.MonkeyPatch) -> None:
    name = f"agenda-{secrets.token_hex(8)}"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        systemd.bind(f"\0{name}")
        monkeypatch.setenv("NOTIFY_SOCKET", f"@{name}")
        notify_ready()
        assert systemd.recv(100) == b"READY=1"


def test_where_systemd_is_gone_the_service_starts_nevertheless(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "gone"))
    notify_ready()


@pytest.mark.process
@pytest.mark.parametrize("workers", ["1", "2"])
def test_who_comes_once_systemd_has_been_told_is_answered(tmp_path: Path, workers: str) -> None:
    name, port = f"agenda-{secrets.token_hex(8)}", free_port()
    command = [sys.executable, "-m", "app", "serve", "--host", "127.0.0.1", "--port", str(port), "--workers", workers]
    settings = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "NOTIFY_SOCKET": f"@{name}"}
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        systemd.bind(f"\0{name}")
        systemd.settimeout(STARTS_WITHIN_SECONDS)
        service = subprocess.Popen(command, cwd=tmp_path, env=settings, start_new_session=True)
        try:
            assert systemd.recv(100) == b"READY=1"
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz") as answer:
                assert answer.status == 200
        finally:
            end(service, ENDS_WITHIN_SECONDS)
