"""Opening a database, and the errors where that fails."""

from __future__ import annotations

import resource
import signal
import sqlite3
import stat
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from multiprocessing.connection import Connection
from pathlib import Path

import pytest
from sqlalchemy import select, text, update
from support.postgres import PostgresServer
from support.publisher_processes import NOW, PROGRAM_ID, append_revision, opened, processes, publish, started

from app.domain.program import Program
from app.domain.rights import Editor
from app.release import VERSION
from app.store.database import open_database, sqlite_url
from app.store.errors import (
    BadDatabaseUrl,
    DatabaseBroken,
    DatabaseUnavailable,
    NoDatabase,
    StoreError,
    WrongDatabase,
)
from app.store.hand_over import HandOvers
from app.store.revisions import Revisions
from app.store.sign_ins import SignIns
from app.store.tables import meta, write_fact

FULL_AT_BYTES = 300_000


def test_a_database_is_opened_again_as_it_was(database_url: str) -> None:
    with opened(database_url) as database, database.reading() as connection:
        facts = {row.key: row.value for row in connection.execute(select(meta))}
    assert facts == {"schema": "9", "program": PROGRAM_ID, "written by": VERSION}
    with opened(database_url) as database, database.reading() as connection:
        assert {row.key: row.value for row in connection.execute(select(meta))} == facts


def test_the_database_of_another_program_is_refused_by_name(database_url: str) -> None:
    open_database(database_url, PROGRAM_ID).close()
    with pytest.raises(WrongDatabase, match="holds the program 'codeml-2025', not 'other'"):
        open_database(database_url, "other")


def test_an_edit_command_creates_no_database(database_url: str) -> None:
    with pytest.raises(NoDatabase, match="`agenda serve` creates it"):
        open_database(database_url, PROGRAM_ID, create=False)


def test_not_even_a_file_or_a_folder(tmp_path: Path) -> None:
    path = tmp_path / "var" / "agenda.sqlite"
    with pytest.raises(NoDatabase) as refusal:
        open_database(sqlite_url(path), PROGRAM_ID, create=False)
    assert str(path) in str(refusal.value)
    assert list(tmp_path.iterdir()) == []


def test_a_room_that_was_handed_over_under_version_3_stays_so(database_url: str) -> None:
    with opened(database_url) as database:
        SignIns(database).add("Grace", NOW, "operator")
        with database.writing() as connection:
            added = {"sign_in_links": "used_by", "merged_files": "imported", "displays": "cue", "organizers": "speaker"}
            for table, column in added.items():
                connection.execute(text(f"ALTER TABLE {table} DROP COLUMN {column}"))
            values = {"hash": "a" * 64, "at": "2025-07-18T17:20:00.000000+00:00"}
            row = ":hash, 'Grace', :at, NULL, 'venue'"
            connection.execute(text(f"INSERT INTO sign_in_links VALUES ({row})"), values)
            write_fact(connection, "schema", "3")
    with opened(database_url) as database:
        assert HandOvers(database).taken_over_by("a" * 16) == Editor("Grace", "chair", "venue")


@pytest.mark.parametrize("schema", ["", "0", "one"])
def test_a_database_that_does_not_say_its_version_is_refused(database_url: str, schema: str) -> None:
    with opened(database_url) as database, database.writing() as connection:
        connection.execute(update(meta).where(meta.c.key == "schema").values(value=schema))
    with pytest.raises(DatabaseBroken, match="it does not say what it holds"):
        open_database(database_url, PROGRAM_ID)


def test_many_who_open_a_new_database_at_once_make_one(database_url: str) -> None:
    with ThreadPoolExecutor(10) as pool:
        databases = list(pool.map(lambda _: open_database(database_url, PROGRAM_ID), range(10)))
    for database in databases:
        database.close()
    with opened(database_url) as database:
        assert len(Revisions(database).history()) == 0


@pytest.mark.process
def test_processes_that_open_a_new_database_at_once_make_one(database_url: str) -> None:
    openers = [started(open_and_close, database_url) for _ in range(8)]
    for opener in openers:
        opener.join()
    assert [opener.exitcode for opener in openers] == [0] * 8


def open_and_close(url: str) -> None:
    open_database(url, PROGRAM_ID).close()


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_an_address_may_be_written_as_platforms_give_it(postgres_server: PostgresServer, scheme: str) -> None:
    name = postgres_server.new_database().rpartition("/")[2]
    with opened(postgres_server.url(name, scheme)) as database:
        assert len(Revisions(database).history()) == 0


@pytest.mark.parametrize(
    "url",
    ["", "agenda.sqlite", "mysql://root:secret@host/agenda", "sqlite://", "sqlite:///:memory:", "postgres:secret"],
)
def test_an_address_of_nothing_usable_is_refused_and_not_repeated(url: str) -> None:
    with pytest.raises(BadDatabaseUrl) as refusal:
        open_database(url, PROGRAM_ID)
    assert str(refusal.value) == "DATABASE_URL: expected sqlite:///FILE or postgresql://USER:PASSWORD@HOST/NAME"


def test_a_password_is_not_shown() -> None:
    with pytest.raises(DatabaseUnavailable) as refusal:
        open_database("postgresql://agenda:secret@127.0.0.1:1/agenda", PROGRAM_ID)
    assert "secret" not in str(refusal.value)


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(lambda _: b"hello" * 1000, id="something else"),
        pytest.param(lambda whole: whole[:2000], id="cut off"),
        pytest.param(lambda whole: whole[:100] + bytes(len(whole) - 100), id="overwritten"),
        pytest.param(lambda whole: whole[:4096] + b"\xff" * 4096 + whole[8192:], id="a page overwritten"),
    ],
)
def test_a_half_written_file_gives_one_clear_error(tmp_path: Path, spoil: Callable[[bytes], bytes]) -> None:
    path = tmp_path / "agenda.sqlite"
    open_database(sqlite_url(path), PROGRAM_ID).close()
    path.write_bytes(spoil(path.read_bytes()))
    with pytest.raises(DatabaseBroken, match=r"agenda\.sqlite is not a usable database"):
        open_database(sqlite_url(path), PROGRAM_ID)


def test_an_empty_file_is_a_new_database(tmp_path: Path) -> None:
    path = tmp_path / "agenda.sqlite"
    path.touch()
    with opened(sqlite_url(path)) as database:
        assert len(Revisions(database).history()) == 0


def test_a_file_of_another_program_of_the_machine_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "photos.sqlite"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE photos (name TEXT)")
    with pytest.raises(DatabaseBroken, match="it holds something else"):
        open_database(sqlite_url(path), PROGRAM_ID)
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT name FROM sqlite_master").fetchall() == [("photos",)]


def test_a_new_file_is_its_owners_alone(tmp_path: Path) -> None:
    path = tmp_path / "var" / "agenda.sqlite"
    open_database(sqlite_url(path), PROGRAM_ID).close()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "var").write_text("a file, not a folder")
    with pytest.raises(DatabaseUnavailable, match="var"):
        open_database(sqlite_url(tmp_path / "var" / "agenda.sqlite"), PROGRAM_ID)


def test_a_dropped_table_is_a_broken_database(database_url: str) -> None:
    with opened(database_url) as database:
        with database.writing() as connection:
            pointing = ("import_jobs", "published_forms", "merged_files", "proposed_pictures", "proposals")
            for table in (*pointing, "revisions"):
                connection.execute(text(f"DROP TABLE {table}"))
        with pytest.raises(DatabaseBroken, match="revisions"):
            Revisions(database).latest()


@pytest.mark.slow
def test_a_full_disk_refuses_an_edit_and_leaves_the_history_whole(tmp_path: Path, program: Program) -> None:
    url = sqlite_url(tmp_path / "agenda.sqlite")
    telling, told = processes.Pipe()
    filler = started(fill_up, url, program, told)
    acknowledged, refusal = telling.recv()
    filler.join()
    assert refusal == "DatabaseUnavailable"
    with opened(url) as database:
        numbers = [revision.number for revision in Revisions(database).since(0)]
    # The last one was published when there was room again.
    assert numbers == list(range(1, acknowledged + 2))


def fill_up(url: str, program: Program, told: Connection) -> None:
    """Publish until the disk is full, then once more with free space; sends the last success and the error."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    with opened(url) as database:
        revisions = Revisions(database)
        append_revision(revisions, program, author="files", kind="import")
        resource.setrlimit(resource.RLIMIT_FSIZE, (FULL_AT_BYTES, resource.RLIM_INFINITY))
        acknowledged = 1
        try:
            while True:
                acknowledged = publish(revisions, "more").number
        except StoreError as error:
            refusal = type(error).__name__
        resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        publish(revisions, "with room again")
        told.send((acknowledged, refusal))
