"""Incomplete, missing or wrong files at the start: one clear line and exit status 1, or they are repaired."""

from __future__ import annotations

import shutil
import socket
import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from support.console_browser import Console

from app import create_app
from app.cli import main
from app.domain.program import Program
from app.formats.program_folder.reader import read_program
from app.live.clock import SYSTEM_CLOCK
from app.service_factory import serve_from
from app.settings import Settings, first_program, stored_secret
from app.store.database import open_database, sqlite_url
from app.store.revisions import Revisions


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working directory: a copy of the program, and no database yet."""
    shutil.copytree(first_program(), tmp_path / "program")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("AGENDA_PROGRAM", "program")
    return tmp_path


def agenda(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments)


def serve() -> Result:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    return agenda("serve", "--host", "127.0.0.1", "--port", str(port))


def published(program: Program, file: Path) -> None:
    file.parent.mkdir(exist_ok=True)
    database = open_database(sqlite_url(file), program.id)
    serve_from(database, program, SYSTEM_CLOCK).close()


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        pytest.param(lambda whole: whole[:5000], "not a usable database", id="cut off"),
        pytest.param(lambda whole: whole[:100] + bytes(len(whole) - 100), "not a usable database", id="zeros"),
        pytest.param(lambda _: b"<html>404</html>" * 100, "not a usable database", id="something else"),
    ],
)
def test_a_half_written_database_is_one_clear_line(folder: Path, spoil: Callable[[bytes], bytes], said: str) -> None:
    file = folder / "var" / "codeml-2025.sqlite"
    published(read_program(folder / "program"), file)
    file.write_bytes(spoil(file.read_bytes()))
    result = serve()
    assert (result.exit_code, len(result.output.splitlines())) == (1, 1)
    assert said in result.output


def test_a_var_that_cannot_be_is_one_clear_line(folder: Path) -> None:
    (folder / "var").write_text("a file")
    result = serve()
    assert (result.exit_code, len(result.output.splitlines())) == (1, 1)
    assert "var" in result.output


@pytest.mark.parametrize("left", [b"", b"\n", b"0a1b", b"\xff\xfe\x00"])
def test_a_half_written_key_is_made_anew(tmp_path: Path, left: bytes) -> None:
    (tmp_path / "secret-key").write_bytes(left)
    key = stored_secret(tmp_path)
    assert len(key) == 64
    assert stored_secret(tmp_path) == key
    assert stat.S_IMODE((tmp_path / "secret-key").stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["secret-key"]


def test_a_key_that_cannot_be_kept_is_said(tmp_path: Path) -> None:
    (tmp_path / "var").write_text("a file")
    with pytest.raises(Exception, match="SECRET_KEY") as refusal:
        stored_secret(tmp_path / "var")
    assert "secret-key (File exists)" in str(refusal.value)


@pytest.mark.parametrize("text", ["", "title = ", "title = 'A'\n", "\x00\xff"])
def test_a_wrong_program_at_the_start_is_said_with_its_file(folder: Path, text: str) -> None:
    (folder / "program" / "program.toml").write_text(text)
    result = serve()
    assert result.exit_code == 1
    assert "program.toml" in result.output
    assert "Traceback" not in result.output
    assert not (folder / "var").exists()


def test_a_wrong_program_at_a_reload_leaves_the_old_one(folder: Path) -> None:
    file = folder / "var" / "codeml-2025.sqlite"
    program = read_program(folder / "program")
    published(program, file)
    (folder / "program" / "program.toml").write_text("title = ")
    result = agenda("publish")
    assert (result.exit_code, "program.toml" in result.output, "Traceback" in result.output) == (1, True, False)
    database = open_database(sqlite_url(file), program.id)
    latest = Revisions(database).latest()
    database.close()
    assert latest is not None
    assert (latest.number, latest.program.title) == (1, "CODEML")


def test_a_backup_taken_while_it_runs_is_restored_and_goes_on(folder: Path) -> None:
    program = read_program(folder / "program")
    file = folder / "var" / "codeml-2025.sqlite"
    file.parent.mkdir()
    running = serve_from(open_database(sqlite_url(file), program.id), program, SYSTEM_CLOCK)
    settings = Settings(program=folder / "program", secret_key="for tests")
    console = Console(create_app(settings, running))
    console.edit("content", "panel", title="Who pays?")
    assert agenda("backup", "monday.sqlite").exit_code == 0
    console.edit("content", "panel", title="After the backup")

    assert "move var/codeml-2025.sqlite* away" in agenda("restore", "monday.sqlite").output
    running.close()
    shutil.move(file, folder / "broken.sqlite")
    assert agenda("restore", "monday.sqlite").exit_code == 0

    again = serve_from(open_database(sqlite_url(file), program.id), program, SYSTEM_CLOCK)
    assert again.current.snapshot.revision.program.session("panel").title == "Who pays?"
    # The browser that was signed in is so still.
    client = create_app(settings, again).test_client()
    cookie = console.client.get_cookie("agenda-organizer", path="/organizer")
    assert cookie is not None
    client.set_cookie("agenda-organizer", cookie.value, path="/organizer")
    assert client.get("/organizer").status_code == 200
    again.close()


@pytest.mark.parametrize("content", [None, b"", b"hello" * 100])
def test_only_a_backup_can_be_restored(folder: Path, content: bytes | None) -> None:
    if content is not None:
        (folder / "monday.sqlite").write_bytes(content)
    result = agenda("restore", "monday.sqlite")
    assert (result.exit_code, len(result.output.splitlines())) == (1, 1)
    assert not (folder / "var").exists()
