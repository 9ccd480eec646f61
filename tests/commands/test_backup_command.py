"""`agenda backup --every`: one file, replaced by a complete copy again and again, until it is stopped."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest
from click.testing import CliRunner
from support.codeml_day import codeml
from support.publisher_processes import append_revision, opened, publish
from support.repeated_backup import copying, latest_in
from support.waiting import wait_until

from app.cli import main
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
    with copying(database_url, file) as backup:
        first = file.stat().st_ino
        # Its age says that it is alive, also where nothing changes.
        wait_until(lambda: file.stat().st_ino != first)
        publish(revisions, "two")
        backup.wait_for(2)
    assert latest_in(file) == 2
    assert backup.told[0].endswith(f" is copied to {file} each 1 s. Revision 1 is in it.")
    assert backup.told[1:] == ["Revision 2 is in it."]


@pytest.mark.process
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_with_status_0(tmp_path: Path, number: int, program_url: str) -> None:
    with copying(program_url, tmp_path / "agenda.backup") as backup:
        assert backup.end(number) == 0


@pytest.mark.process
def test_while_the_database_is_away_the_last_copy_stays_and_it_goes_on_later(tmp_path: Path, program_url: str) -> None:
    file, database, away = tmp_path / "agenda.backup", tmp_path / "agenda.sqlite", tmp_path / "away.sqlite"
    with copying(program_url, file) as backup:
        database.rename(away)
        wait_until(lambda: len(backup.told) == 2)
        assert latest_in(file) == 1
        away.rename(database)
        wait_until(lambda: len(backup.told) == 3)
    assert backup.told[1:] == [
        f"no database at {database}; `agenda serve` creates it, DATABASE_URL names another; {STAYS.format(file)}",
        "Copying again. Revision 1 is in it.",
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
