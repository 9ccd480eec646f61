"""systemd learns when a service answers (sd_notify(3))."""

from __future__ import annotations

import secrets
import socket
from pathlib import Path

import pytest

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
