"""`agenda backup --every`: one file, replaced by a complete copy again and again, until it is stopped."""

from __future__ import annotations

import shlex
import signal
from pathlib import Path

import pytest
from click.testing import CliRunner
from support.codeml_day import codeml
from support.doc_commands import commands_under
from support.publisher_processes import append_revision, opened, publish
from support.repeated_backup import copying, latest_in
from support.waiting import wait_until

from app.cli import main
from app.store.backup import backup
from app.store.database import sqlite_url
from app.store.revisions import Revisions

STAYS = "{} stays as it was, and this goes on trying."


@pytest.fixture
def program_url(tmp_path: Path) -> str:
    """A file with the first program as revision 1."""
    url = sqlite_url(tmp_path / "agenda.sqlite")
    with opened(url) as database:
        append_revision(Revisions(database), codeml())
    return url


@pytest.mark.process
def test_each_revision_is_soon_in_the_file_and_told_once(
    database_url: str, revisions: Revisions, tmp_path: Path
) -> None:
    file = tmp_path / "agenda.backup"
    with copying(database_url, file) as copies:
        first = file.stat().st_ino
        # Its age says that it is alive, also where nothing changes.
        wait_until(lambda: file.stat().st_ino != first)
        publish(revisions, "two")
        copies.wait_for(2)
    assert latest_in(file) == 2
    assert copies.told[0].endswith(f" is copied to {file} each 1 s. Revision 1 is in it.")
    assert copies.told[1:] == ["Revision 2 is in it.", f"Stopped. Revision 2 is in {file}."]


@pytest.mark.process
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_with_status_0(tmp_path: Path, number: int, program_url: str) -> None:
    with copying(program_url, tmp_path / "agenda.backup") as copies:
        assert copies.end(number) == 0


@pytest.mark.process
def test_while_the_database_is_away_the_last_copy_stays_and_it_goes_on_later(tmp_path: Path, program_url: str) -> None:
    file, database, away = tmp_path / "agenda.backup", tmp_path / "agenda.sqlite", tmp_path / "away.sqlite"
    with copying(program_url, file) as copies:
        database.rename(away)
        wait_until(lambda: len(copies.told) >= 2)
        assert latest_in(file) == 1
        away.rename(database)
        wait_until(lambda: len(copies.told) >= 3)
    assert copies.told[1:] == [
        f"no database at {database}; `agenda serve` creates it, DATABASE_URL names another; {STAYS.format(file)}",
        "Copying again. Revision 1 is in it.",
        f"Stopped. Revision 1 is in {file}.",
    ]


@pytest.mark.parametrize("arguments", [["--every", "1m"], []])
def test_a_file_that_is_no_backup_is_refused_and_left(
    tmp_path: Path, program_url: str, monkeypatch: pytest.MonkeyPatch, arguments: list[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", program_url)
    file = tmp_path / "thesis.txt"
    file.write_text("precious")
    result = CliRunner().invoke(main, ["backup", *arguments, str(file)])
    assert (result.exit_code, len(result.output.splitlines()), file.read_text()) == (1, 1, "precious")


@pytest.mark.parametrize("arguments", [["--every", "1m"], []])
def test_a_folder_that_is_not_there_is_one_line(
    tmp_path: Path, program_url: str, monkeypatch: pytest.MonkeyPatch, arguments: list[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", program_url)
    file = tmp_path / "stick" / "agenda.backup"
    result = CliRunner().invoke(main, ["backup", *arguments, str(file)])
    assert (result.exit_code, result.output) == (
        1,
        f"agenda: no copy was made at {file}: there is no folder {file.parent}; make it, or connect its disk\n",
    )


@pytest.mark.parametrize("interval", ["", "1", "0s", "m", "-1m", "1.5m", "1d"])
def test_an_interval_that_is_none_is_wrong_use(tmp_path: Path, interval: str) -> None:
    result = CliRunner().invoke(main, ["backup", "--every", interval, str(tmp_path / "agenda.backup")])
    assert (result.exit_code, "is no time such as 30s, 1m or 2h" in result.output) == (2, True)


@pytest.mark.parametrize("interval", ["25h", "99999999999h"])
def test_an_interval_of_more_than_a_day_is_wrong_use(tmp_path: Path, interval: str) -> None:
    result = CliRunner().invoke(main, ["backup", "--every", interval, str(tmp_path / "agenda.backup")])
    assert (result.exit_code, f"{interval!r} is longer than 24h" in result.output) == (2, True)


def test_the_commands_of_the_upgrade_page_go_back_to_the_backup(
    tmp_path: Path, program_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATABASE_URL", program_url)
    assert run_below("Upgrade") == [0]
    with opened(program_url) as database:
        publish(Revisions(database), "since the upgrade")
    (tmp_path / "agenda.sqlite").rename(tmp_path / "newer.sqlite")
    assert run_below("Go back") == [0]
    assert latest_in(tmp_path / "agenda.sqlite") == 1


def run_below(heading: str) -> list[int]:
    commands = [shlex.split(command) for command in commands_under("docs/upgrades.md", heading)]
    return [CliRunner().invoke(main, words[1:]).exit_code for words in commands]


def test_a_used_database_is_not_restored_into(
    database_url: str, revisions: Revisions, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "agenda.backup"
    backup(revisions.database, file)
    monkeypatch.setenv("DATABASE_URL", database_url)
    result = CliRunner().invoke(main, ["restore", str(file)])
    place = revisions.database.place
    advice = (
        f"stop its service and move {place}* away, or name another file in DATABASE_URL"
        if revisions.database.is_sqlite
        else "restore into an empty one: `createdb` makes it, DATABASE_URL names it"
    )
    assert (result.exit_code, result.output) == (1, f"agenda: {place} is in use already; {advice}\n")
