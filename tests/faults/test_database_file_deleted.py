"""The SQLite file is deleted under a running service: it is written again, and nothing that was published is lost."""

from __future__ import annotations

import shutil
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from threading import Event, Thread

import pytest
from support.server_processes import Organizer, Server, exchange, serving
from support.waiting import wait_until

from app.cli import main
from app.store.database import connect, open_database, sqlite_url
from app.store.errors import DatabaseUnavailable, FileGone
from app.store.revisions import Revisions
from app.store.tables import read_fact, write_fact

PROGRAM = "codeml-2025"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A database that one process made and has left."""
    path = tmp_path / "var" / "agenda.sqlite"
    open_database(sqlite_url(path), PROGRAM).close()
    return path


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Server]:
    with serving(sqlite_url(tmp_path / "var" / "agenda.sqlite"), tmp_path) as server:
        yield server


def numbers(file: Path) -> list[int]:
    """The revisions that a file holds, as another process finds them."""
    database = open_database(sqlite_url(file), PROGRAM, create=False)
    found = [one.number for one in Revisions(database).since(0)]
    database.close()
    return found


@pytest.mark.process
def test_a_deleted_folder_is_written_again_with_all_revisions_while_readers_read_on(
    served: Server, tmp_path: Path
) -> None:
    frank, var = Organizer(served), tmp_path / "var"
    assert frank.edit(served, 1, do="cancel", session="panel") == 2
    shutil.rmtree(var)
    asked = {path: exchange(served.port, "GET", path)[0] for path in ("/healthz", "/readyz", "/", "/api/now")}
    wait_until((var / "agenda.sqlite").exists)
    assert asked == dict.fromkeys(asked, 200)
    assert frank.edit(served, 2, do="reinstate", session="panel") == 3
    assert numbers(var / "agenda.sqlite") == [1, 2, 3]
    assert (var / "agenda.sqlite").stat().st_mode & 0o777 == 0o600
    # Whoever starts the service again finds the same.
    served.kill()
    served.start()
    assert served.get("/api/now")["revision"] == 3


def test_a_deleted_file_is_written_again_also_beside_what_was_left_of_it(file: Path) -> None:
    with_facts = open_database(sqlite_url(file), PROGRAM)
    with with_facts.writing() as connection:
        write_fact(connection, "tested", "before")
    file.unlink()
    assert file.with_name("agenda.sqlite-wal").exists()
    with with_facts.writing() as connection:
        write_fact(connection, "tested again", "after")
    with_facts.close()
    found = connect(sqlite_url(file), create=False)
    with found.reading() as connection:
        facts = [read_fact(connection, name) for name in ("tested", "tested again")]
    found.close()
    assert facts == ["before", "after"]


def test_an_edit_that_was_begun_when_the_file_was_deleted_is_in_the_new_one(file: Path) -> None:
    database = open_database(sqlite_url(file), PROGRAM)
    begun, deleted = Event(), Event()

    def edit() -> None:
        with database.writing() as connection:
            begun.set()
            deleted.wait(10)
            write_fact(connection, "tested", "in time")

    with database.reading():  # so that there is a connection that can write the file again
        editor = Thread(target=edit)
        editor.start()
        begun.wait(10)
    file.unlink()
    deleted.set()
    editor.join()
    with database.reading() as connection:
        assert read_fact(connection, "tested") == "in time"
    database.close()
    assert file.exists()


def test_a_file_that_cannot_be_written_again_yet_is_kept_in_memory_until_it_can(file: Path) -> None:
    database = open_database(sqlite_url(file), PROGRAM)
    var = file.parent
    shutil.rmtree(var)
    var.write_text("in its way")
    for _ in range(3):
        with pytest.raises(FileGone, match="put it back"), database.reading():
            pass
    var.unlink()
    with database.reading() as connection:
        assert read_fact(connection, "program") == PROGRAM
    database.close()
    assert numbers(file) == []


def test_a_file_that_was_moved_away_is_left_to_whoever_moved_it(file: Path) -> None:
    database = open_database(sqlite_url(file), PROGRAM)
    var, away = file.parent, file.parent.with_name("away")
    var.rename(away)
    with pytest.raises(FileGone, match="put it back"), database.reading():
        pass
    assert not var.exists()
    away.rename(var)
    with database.writing() as connection:
        write_fact(connection, "tested", "as before")
    database.close()


def test_a_backup_that_is_restored_in_its_place_is_not_mixed_with_what_is_in_memory(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = open_database(sqlite_url(file), PROGRAM)
    monkeypatch.setenv("DATABASE_URL", sqlite_url(file))
    main(["backup", str(tmp_path / "backup")], standalone_mode=False)
    file.parent.rename(tmp_path / "away")
    main(["restore", str(tmp_path / "backup")], standalone_mode=False)
    with pytest.raises(DatabaseUnavailable, match="was replaced; start the service again"), database.writing():
        pass
    database.close()


def test_a_deleted_file_is_written_again_under_the_lock_of_its_writers(file: Path) -> None:
    database = open_database(sqlite_url(file), PROGRAM)
    refused: list[str] = []
    with closing(sqlite3.connect(file, timeout=0, isolation_level=None)) as other:
        assert other.execute("SELECT count(*) FROM meta").fetchone() > (0,)
        deleted = [file]

        def try_to_write(event: str, _: object) -> None:
            if event == "os.link" and deleted and deleted.pop():
                try:
                    other.execute("BEGIN IMMEDIATE")
                except sqlite3.OperationalError as error:
                    refused.append(str(error))

        # Hears of each step of this process; no hook can be taken away, so it listens once.
        sys.addaudithook(try_to_write)
        shutil.rmtree(file.parent)
        with database.reading():
            assert file.exists()
    database.close()
    assert refused == ["database is locked"]
