"""A backup is all of a database as of one instant, and can be served from."""

from __future__ import annotations

import sqlite3
import stat
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import delete, select
from support.older_database import TO_VERSION_1
from support.postgres import PostgresServer
from support.publisher_processes import NOW, opened, publish
from support.waiting import wait_until

from app.domain.errors import AgendaError
from app.domain.rights import Editor
from app.store.backup import backup, restore
from app.store.database import Database, sqlite_url
from app.store.database_identity import claim_real
from app.store.displays import Display, Displays
from app.store.errors import DatabaseBroken, FileExists, NoDatabase
from app.store.revisions import Revision, Revisions
from app.store.room_state import RoomStates
from app.store.sign_ins import SignIns
from app.store.stars import StarStore
from app.store.tables import metadata, sign_in_links

Rows = dict[str, list[tuple[object, ...]]]


def contents(database: Database) -> Rows:
    with database.reading() as connection:
        return {
            table.name: [tuple(row) for row in connection.execute(select(table).order_by(*table.primary_key))]
            for table in metadata.sorted_tables
        }


@pytest.fixture
def full(database: Database, revisions: Revisions, first: Revision) -> Database:
    """A database with something of everything."""
    publish(revisions, "two")
    claim_real(database)
    SignIns(database).add("Ada", NOW)
    SignIns(database).redeem(SignIns(database).new_link("Ada", NOW), NOW, "Firefox")
    SignIns(database).new_link("Ada", NOW)
    Displays(database).report(Display("screen", None, "/display", 2, NOW))
    StarStore(database).star(StarStore(database).open(NOW).write, NOW, add=["panel"])
    return database


def test_a_backup_can_be_opened_as_it_is(full: Database, tmp_path: Path) -> None:
    path = tmp_path / "copies" / "monday.sqlite"
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
    with pytest.raises(DatabaseBroken, match="already exists"):
        restore(path, database_url)
    assert contents(full) == before


def test_there_must_be_a_backup_to_restore(tmp_path: Path, database_url: str) -> None:
    with pytest.raises(NoDatabase):
        restore(tmp_path / "nothing.sqlite", database_url)


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


def test_a_backup_of_version_1_is_restored_and_left_as_it_is(full: Database, tmp_path: Path) -> None:
    path, here = tmp_path / "monday.sqlite", sqlite_url(tmp_path / "restored.sqlite")
    with full.writing() as connection:
        # Version 1 kept no used links.
        connection.execute(delete(sign_in_links).where(sign_in_links.c.used_by.is_not(None)))
    backup(full, path)
    with closing(sqlite3.connect(path)) as older, older:
        for statement in TO_VERSION_1:
            older.execute(statement)
    as_it_was = path.read_bytes()
    restore(path, here)
    with opened(here) as restored:
        assert contents(restored) == contents(full)
    assert path.read_bytes() == as_it_was
