"""A backup is all of a database as of one instant, and can be served from."""

from __future__ import annotations

import resource
import signal
import sqlite3
import stat
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from multiprocessing.connection import Connection
from pathlib import Path

import pytest
from sqlalchemy import select
from support.older_database import older_file
from support.postgres import PostgresServer
from support.publisher_processes import NOW, PROGRAM_ID, opened, processes, publish, started
from support.waiting import wait_until

from app.domain.errors import AgendaError
from app.domain.rights import Editor
from app.store.backup import backup, replace_backup, restore
from app.store.database import Database, open_database, sqlite_url
from app.store.database_identity import claim_real, history_of, identity_of
from app.store.displays import Display, Displays
from app.store.errors import BackupFailed, FileExists, NoBackup, NotEmpty, StoreError
from app.store.revisions import Revision, Revisions
from app.store.room_state import RoomStates
from app.store.sign_ins import SignIns
from app.store.stars import StarStore
from app.store.tables import meta, metadata

Rows = dict[str, list[tuple[object, ...]]]


def contents(database: Database) -> Rows:
    """All rows but the history, which each copy has of its own."""
    with database.reading() as connection:
        rows = {
            table.name: [tuple(row) for row in connection.execute(select(table).order_by(*table.primary_key))]
            for table in metadata.sorted_tables
        }
    return rows | {meta.name: [row for row in rows[meta.name] if row[0] != "history"]}


@pytest.fixture
def full(database: Database, revisions: Revisions, first: Revision) -> Database:
    """A database with something of everything."""
    publish(revisions, "two")
    claim_real(database)
    identity_of(database)
    SignIns(database).add("Ada", NOW)
    SignIns(database).redeem(SignIns(database).new_link("Ada", NOW), NOW, "Firefox")
    SignIns(database).new_link("Ada", NOW)
    Displays(database).report(Display("screen", None, "/display", 2, NOW))
    StarStore(database).star(StarStore(database).open(NOW).write, NOW, add=["panel"])
    return database


def test_a_backup_can_be_opened_as_it_is(full: Database, tmp_path: Path) -> None:
    path = tmp_path / "copies" / "monday.sqlite"
    path.parent.mkdir()
    backup(full, path)
    with opened(sqlite_url(path)) as copy:
        assert contents(copy) == contents(full)


def test_ticks_and_notes_of_a_room_are_restored(full: Database, revisions: Revisions, tmp_path: Path) -> None:
    path, here = tmp_path / "monday.sqlite", sqlite_url(tmp_path / "restored.sqlite")
    states = RoomStates(revisions)
    note = states.add_note("panel", "How to say the name", by=Editor("Ada"), now=NOW)
    states.set_tick("tri-dao", "tri-dao", "here", on=True, by=Editor("Ada"), now=NOW)
    backup(full, path)
    restore(path, here)
    with opened(here) as restored:
        found = RoomStates(Revisions(restored))
        assert (found.notes(["panel"]), found.ticks(["tri-dao"])) == ((note,), states.ticks(["tri-dao"]))
        assert found.version() == 2


def test_a_backup_is_one_file_of_its_owners(full: Database, tmp_path: Path) -> None:
    path = tmp_path / "copies" / "monday.sqlite"
    path.parent.mkdir()
    backup(full, path)
    assert [one.name for one in path.parent.iterdir()] == ["monday.sqlite"]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_backup_does_not_overwrite(full: Database, tmp_path: Path) -> None:
    path = tmp_path / "monday.sqlite"
    path.write_text("precious")
    with pytest.raises(FileExists, match=r"monday\.sqlite exists"):
        backup(full, path)
    assert path.read_text() == "precious"


def test_what_an_interrupted_backup_left_is_in_nobodys_way(full: Database, tmp_path: Path) -> None:
    (tmp_path / "monday.sqlite.unfinished").write_text("half")
    backup(full, tmp_path / "monday.sqlite")
    assert sorted(one.name for one in tmp_path.glob("monday*")) == ["monday.sqlite"]


def test_a_backup_is_restored_to_postgresql(full: Database, tmp_path: Path, postgres_server: PostgresServer) -> None:
    path, url = tmp_path / "monday.sqlite", postgres_server.new_database()
    backup(full, path)
    restore(path, url)
    with opened(url) as restored:
        assert contents(restored) == contents(full)
        assert publish(Revisions(restored), "three").number == 3


def test_only_an_empty_database_is_filled_from_a_backup(full: Database, database_url: str, tmp_path: Path) -> None:
    path = tmp_path / "monday.sqlite"
    backup(full, path)
    before = contents(full)
    with pytest.raises(NotEmpty, match="is in use already; "):
        restore(path, database_url)
    assert contents(full) == before


def test_there_must_be_a_backup_to_restore(tmp_path: Path, database_url: str) -> None:
    with pytest.raises(NoBackup):
        restore(tmp_path / "nothing.sqlite", database_url)


def test_a_database_that_was_moved_without_its_log_is_not_replaced(tmp_path: Path) -> None:
    file, log = tmp_path / "agenda.sqlite", tmp_path / "agenda.sqlite-wal"
    log.write_bytes(b"the last edits")
    with pytest.raises(FileExists) as error:
        open_database(sqlite_url(file), PROGRAM_ID)
    assert (str(error.value).partition(";")[0], log.read_bytes(), file.exists()) == (
        f"{log} exists",
        b"the last edits",
        False,
    )


def test_a_backup_taken_while_others_publish_is_whole(
    database: Database, revisions: Revisions, first: Revision, tmp_path: Path
) -> None:
    with publishing_all_the_time(revisions):
        for turn in range(3):
            begun = len(revisions.history())
            backup(database, tmp_path / f"{turn}.sqlite")
            wait_until(lambda begun=begun: len(revisions.history()) > begun + 1)
    for turn in range(3):
        with opened(sqlite_url(tmp_path / f"{turn}.sqlite")) as copy:
            kept = Revisions(copy).since(0)
            assert kept == revisions.since(0)[: len(kept)]
            assert len(kept) > 0


@contextmanager
def publishing_all_the_time(revisions: Revisions) -> Iterator[None]:
    enough, troubles = threading.Event(), list[AgendaError]()

    def run() -> None:
        try:
            while not enough.is_set():
                publish(revisions, "more")
        except AgendaError as error:
            troubles.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield
    finally:
        enough.set()
        thread.join()
    assert troubles == []


def test_a_backup_of_version_0_1_0_is_restored_and_left_as_it_is(database_url: str, tmp_path: Path) -> None:
    path = older_file(tmp_path / "monday.sqlite")
    as_it_was = path.read_bytes()
    restore(path, database_url)
    with opened(database_url) as restored:
        assert [one.number for one in Revisions(restored).since(0)] == list(range(1, 8))
    assert path.read_bytes() == as_it_was


def test_a_copy_goes_on_with_a_history_of_its_own(full: Database, tmp_path: Path) -> None:
    path, url = tmp_path / "monday.sqlite", sqlite_url(tmp_path / "restored.sqlite")
    backup(full, path)
    restore(path, url)
    with opened(sqlite_url(path)) as copy, opened(url) as restored:
        histories = [history_of(one) for one in (full, copy, restored)]
        assert [identity_of(one) for one in (copy, restored)] == [identity_of(full)] * 2
    assert histories[0] == ""
    assert len({*histories}) == 3


def test_a_backup_is_replaced_by_a_later_one(full: Database, revisions: Revisions, tmp_path: Path) -> None:
    path = tmp_path / "monday.sqlite"
    backup(full, path)
    publish(revisions, "three")
    replace_backup(full, path, PROGRAM_ID)
    with opened(sqlite_url(path)) as copy:
        assert contents(copy) == contents(full)
    assert [one.name for one in tmp_path.glob("monday*")] == ["monday.sqlite"]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def write_empty(path: Path) -> None:
    path.touch()


def write_text(path: Path) -> None:
    path.write_text("precious")


def write_photos(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE photos (name TEXT)")


def write_other_program(path: Path) -> None:
    open_database(sqlite_url(path), "other").close()


def serve_from_copy(database: Database, path: Path) -> None:
    """Open a copy as a service does on a second machine."""
    backup(database, path)
    open_database(sqlite_url(path), PROGRAM_ID).close()


def test_a_copy_that_a_service_has_used_since_is_never_replaced(full: Database, tmp_path: Path) -> None:
    path = tmp_path / "monday.sqlite"
    serve_from_copy(full, path)
    before = path.read_bytes()
    with pytest.raises(FileExists, match="it is the database of a service"):
        replace_backup(full, path, PROGRAM_ID)
    assert path.read_bytes() == before


def test_a_database_is_not_replaced_by_its_own_copy(tmp_path: Path) -> None:
    path = tmp_path / "agenda.sqlite"
    with opened(sqlite_url(path)) as database:
        identity_of(database)
        before = path.stat().st_ino
        with pytest.raises(FileExists, match="it is the database of a service"):
            replace_backup(database, path, PROGRAM_ID)
    assert path.stat().st_ino == before


def test_a_place_that_cannot_be_looked_at_is_said_as_a_failed_backup(full: Database, tmp_path: Path) -> None:
    # A name that no file system takes fails as a pulled stick does: with an error of the system.
    with pytest.raises(BackupFailed, match="File name too long"):
        replace_backup(full, tmp_path / ("x" * 300), PROGRAM_ID)


def write_other_day(path: Path) -> None:
    with opened(sqlite_url(path)) as database:
        identity_of(database)


@pytest.mark.parametrize(
    ("write", "said"),
    [
        (write_empty, "it is empty"),
        (write_text, "not a usable database"),
        (write_photos, "it holds something else"),
        (write_other_program, "holds the program 'other'"),
        (write_other_day, "it is a copy of another database"),
    ],
)
def test_what_is_no_backup_of_this_database_is_never_replaced(
    full: Database, tmp_path: Path, write: Callable[[Path], None], said: str
) -> None:
    path = tmp_path / "monday.sqlite"
    write(path)
    before = path.read_bytes()
    with pytest.raises(StoreError, match=said):
        replace_backup(full, path, PROGRAM_ID)
    assert path.read_bytes() == before


def test_a_backup_needs_its_folder(full: Database, tmp_path: Path) -> None:
    with pytest.raises(BackupFailed, match=r"there is no folder .*; make it, or connect its disk"):
        backup(full, tmp_path / "stick" / "monday.sqlite")
    assert not (tmp_path / "stick").exists()


@pytest.mark.process
def test_on_a_full_disk_the_former_backup_stays(full: Database, database_url: str, tmp_path: Path) -> None:
    path = tmp_path / "monday.sqlite"
    backup(full, path)
    before = path.read_bytes()
    telling, told = processes.Pipe()
    process = started(replace_on_a_full_disk, database_url, path, told)
    refusal = telling.recv()
    process.join()
    assert refusal.startswith(f"no copy was made at {path}: ")
    assert path.read_bytes() == before
    assert [one.name for one in tmp_path.glob("monday*")] == ["monday.sqlite"]


def replace_on_a_full_disk(url: str, path: Path, told: Connection) -> None:
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    with opened(url) as database:
        resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, resource.RLIM_INFINITY))
        try:
            replace_backup(database, path, PROGRAM_ID)
        except BackupFailed as failed:
            told.send(str(failed))
    told.close()
