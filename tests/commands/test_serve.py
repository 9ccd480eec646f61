"""`agenda serve`, as a process of its own."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from click.testing import CliRunner
from support.processes import end
from support.repository import ROOT
from support.server_processes import ENDS_WITHIN_SECONDS, free_port
from support.waiting import wait_until

from app.cli import MODULE_OF, main

pytestmark = pytest.mark.process


@contextmanager
def serving(folder: Path, *options: str, **environment: str) -> Iterator[tuple[str, list[str]]]:
    """A service started from a folder; gives its address and what it printed until it was ready."""
    port = free_port()
    command = [sys.executable, "-u", "-m", "app", "serve", "--host", "127.0.0.1", "--port", str(port), *options]
    settings = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), **environment}
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
    with subprocess.Popen(command, cwd=folder, env=settings, start_new_session=True, **pipes) as process:
        try:
            printed = wait_until_it_answers(process, port)
            yield f"http://127.0.0.1:{port}", printed
        finally:
            end(process, ENDS_WITHIN_SECONDS)


def wait_until_it_answers(process: subprocess.Popen[bytes], port: int) -> list[str]:
    printed: list[str] = []
    os.set_blocking(process.stdout.fileno(), False)  # type: ignore[union-attr]

    def answers_or_ended() -> bool:
        printed.extend((process.stdout.read() or b"").decode().splitlines())  # type: ignore[union-attr]
        if process.poll() is not None:
            raise AssertionError("\n".join(printed))
        with suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5):
            return True
        return False

    wait_until(answers_or_ended)
    printed.extend((process.stdout.read() or b"").decode().splitlines())  # type: ignore[union-attr]
    return printed


def asked(url: str) -> dict[str, object]:
    with urllib.request.urlopen(url) as answer:
        return dict(json.load(answer))


def test_it_serves_from_any_folder_and_keeps_its_database_there(tmp_path: Path) -> None:
    with serving(tmp_path) as (url, printed):
        assert asked(f"{url}/api/now")["revision"] == 1
        assert printed[0] == "CODEML, Friday 18 July 2025. Revision 1."
    assert sorted(path.name for path in (tmp_path / "var").glob("*") if path.suffix != ".sqlite-wal") == [
        "codeml-2025.sqlite",
        "secret-key",
    ]


def test_a_rehearsal_has_a_clock_and_a_database_of_its_own(tmp_path: Path) -> None:
    with serving(tmp_path, "--at", "2025-07-18 10:20", "--speed", "60") as (url, printed):
        now = asked(f"{url}/api/now")
        assert (now["speed"], str(now["now"])[:13]) == (60, "2025-07-18T10")
        assert "Friday 18 July 2025, 10:20 and runs at 60 times" in "\n".join(printed)
        command = "DATABASE_URL=sqlite:///var/codeml-2025-rehearsal.sqlite agenda late 5"
        assert command in "\n".join(printed)
    assert (tmp_path / "var" / "codeml-2025-rehearsal.sqlite").exists()


def test_a_rehearsal_on_a_real_database_is_refused(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/real.sqlite"
    with serving(tmp_path, DATABASE_URL=url):
        pass
    result = CliRunner().invoke(
        main, ["serve", "--at", "2025-07-18 10:20", "--port", str(free_port())], env={"DATABASE_URL": url}
    )
    assert result.exit_code == 1
    assert "is a real day's database" in result.output


def test_serving_a_rehearsals_database_joins_its_clock(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/rehearsal.sqlite"
    with serving(tmp_path, "--at", "2025-07-18 10:20", DATABASE_URL=url):
        pass
    with serving(tmp_path, DATABASE_URL=url) as (address, _):
        assert str(asked(f"{address}/api/now")["now"])[:13] == "2025-07-18T10"


def test_two_processes_serve_one_day(tmp_path: Path) -> None:
    with serving(tmp_path, "--workers", "2") as (url, printed):
        assert "  Processes             2 on one SQLite file; several are meant for PostgreSQL" in printed
        assert {str(asked(f"{url}/api/now")["revision"]) for _ in range(8)} == {"1"}


def served_wrongly(**environment: str) -> tuple[int, list[str]]:
    """The status and the lines of a service that cannot start."""
    environment = {"PORT": str(free_port()), **environment}
    result = CliRunner().invoke(main, ["serve", "--host", "127.0.0.1"], env=environment)
    return result.exit_code, result.output.splitlines()


def test_a_program_that_is_not_there_is_one_clear_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    status, lines = served_wrongly(AGENDA_PROGRAM="nowhere")
    assert (status, lines) == (1, ["agenda: nowhere: no such folder: `agenda new FOLDER` makes one"])


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("PORT", "many", "a whole number, 1 to 65535"),
        ("AGENDA_MEMORY", "2 GB", "a whole number, 32 or more"),
        (
            "AGENDA_OUTGOING_ALLOW",
            "10.0.0.0/33",
            "addresses, networks and host names such as 10.0.0.0/8,sheet.internal, which 10.0.0.0/33 is not",
        ),
        ("AGENDA_PUBLIC_URL", "agenda.example", "an address such as https://agenda.example.org"),
    ],
)
def test_a_setting_that_says_nonsense_is_wrong_use(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str, expected: str
) -> None:
    monkeypatch.chdir(tmp_path)
    assert served_wrongly(**{name: value}) == (2, [f"agenda: {name}={value!r}: expected {expected}"])


@pytest.mark.parametrize(("at", "said"), [("noon", "'noon' is not a time"), ("2025-03-09 02:30", "the clocks skip it")])
def test_a_rehearsal_at_no_time_is_wrong_use(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at: str, said: str
) -> None:
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(main, ["serve", "--at", at], env={"PORT": str(free_port())})
    assert (result.exit_code, said in result.output) == (2, True)


def test_a_taken_port_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        result = CliRunner().invoke(main, ["serve", "--host", "127.0.0.1", "--port", port])
    assert result.exit_code == 1
    assert "choose another port with --port" in result.output


def test_speed_without_at_is_wrong_use() -> None:
    assert CliRunner().invoke(main, ["serve", "--speed", "60"]).exit_code == 2


def test_every_command_has_help() -> None:
    for name in MODULE_OF:
        assert CliRunner().invoke(main, [name, "--help"]).exit_code == 0
