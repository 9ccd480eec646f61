"""Revisions that another process publishes are noticed."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import event, insert, select
from support.postgres import PostgresServer
from support.publisher_processes import NOW, append_revision, opened, processes, publish, publish_once, started
from support.waiting import wait_until

from app.domain.program import Program
from app.domain.rights import Editor
from app.live.clock import DatabaseClock
from app.live.revision_watcher import RevisionWatcher
from app.live.snapshot import CurrentRevision
from app.store.database import Database
from app.store.database_identity import Rehearsal, claim_rehearsal
from app.store.revisions import Revisions
from app.store.room_state import RoomStates
from app.store.tables import revisions as table


@contextmanager
def watching(current: CurrentRevision, clock: DatabaseClock | None = None) -> Iterator[RevisionWatcher]:
    watch = RevisionWatcher(current, clock)
    watch.start()
    try:
        yield watch
    finally:
        watch.stop()


def test_the_revision_of_another_process_is_taken_up(database_url: str, current: CurrentRevision) -> None:
    ours, theirs = processes.Pipe()
    publisher = started(publish_once, database_url, theirs)
    with watching(current):
        assert ours.recv() == "ready"
        ours.send("go")
        wait_until(lambda: current.snapshot.revision.note == "from elsewhere")
    publisher.join()


def test_a_stop_is_quick_and_leaves_no_thread(current: CurrentRevision) -> None:
    before = threading.active_count()
    with watching(current):
        pass
    assert threading.active_count() == before


def test_a_rehearsal_set_anew_is_followed(current: CurrentRevision, database: Database) -> None:
    claim_rehearsal(database, Rehearsal(datetime.now(UTC), NOW, 60.0))
    clock = DatabaseClock(database)
    with watching(current, clock):
        claim_rehearsal(database, Rehearsal(datetime.now(UTC), NOW, 2.0))
        wait_until(lambda: clock.speed == 2.0)


@pytest.fixture
def on_sqlite(tmp_path: Path, program: Program) -> Iterator[CurrentRevision]:
    with opened(f"sqlite:///{tmp_path}/agenda.sqlite") as database:
        revisions = Revisions(database)
        yield CurrentRevision(revisions, append_revision(revisions, program, author="", kind="import"))


def test_sqlites_files_say_that_something_was_written(
    on_sqlite: CurrentRevision, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.live.revision_watcher.REQUERY_SECONDS", 60.0)
    with watching(on_sqlite):
        for number in range(2, 6):
            publish(on_sqlite.revisions, str(number))
            wait_until(lambda number=number: on_sqlite.snapshot.revision.number == number)  # type: ignore[misc]
        RoomStates(on_sqlite.revisions).add_note("panel", "x", by=Editor("Frank"), now=NOW)
        wait_until(lambda: on_sqlite.room_state == 1)


def test_a_revision_of_which_sqlites_files_do_not_tell_is_seen_all_the_same(
    on_sqlite: CurrentRevision, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.store.sqlite_file.trace_of", lambda _path: "always the same")
    with watching(on_sqlite):
        publish(on_sqlite.revisions, "two")
        wait_until(lambda: on_sqlite.snapshot.revision.number == 2)


def test_while_nothing_is_written_sqlite_is_seldom_asked(
    on_sqlite: CurrentRevision, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.live.revision_watcher.REQUERY_SECONDS", 60.0)
    monkeypatch.setattr("app.live.revision_watcher.POLL_SECONDS", 0.001)
    looks, queries = [], []
    monkeypatch.setattr("app.store.sqlite_file.trace_of", looks.append)
    event.listen(
        on_sqlite.revisions.database.engine,
        "before_cursor_execute",
        lambda _connection, _cursor, statement, *_: queries.append(statement) if "revisions" in statement else None,
    )
    with watching(on_sqlite):
        wait_until(lambda: len(looks) > 50)
    assert len(queries) == 1


@pytest.fixture
def on_postgresql(postgres_url: str, program: Program) -> Iterator[CurrentRevision]:
    with opened(postgres_url) as database:
        revisions = Revisions(database)
        yield CurrentRevision(revisions, append_revision(revisions, program, author="", kind="import"))


def listeners(url: str) -> list[int]:
    """The process ids of the connections that listen."""
    query = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN%'"
    with psycopg.connect(url) as connection:
        return [row[0] for row in connection.execute(query)]


def test_postgresql_says_it_by_itself(
    postgres_url: str, on_postgresql: CurrentRevision, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.live.revision_watcher.REQUERY_SECONDS", 60.0)
    with watching(on_postgresql):
        wait_until(lambda: listeners(postgres_url))
        publish(on_postgresql.revisions, "two")
        wait_until(lambda: on_postgresql.snapshot.revision.number == 2)


def test_postgresql_says_it_of_the_room_state_too(
    postgres_url: str, on_postgresql: CurrentRevision, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.live.revision_watcher.REQUERY_SECONDS", 60.0)
    with watching(on_postgresql):
        wait_until(lambda: listeners(postgres_url))
        RoomStates(on_postgresql.revisions).add_note("panel", "x", by=Editor("Frank"), now=NOW)
        wait_until(lambda: on_postgresql.room_state == 1)


def test_a_revision_of_which_postgresqls_word_was_lost_is_seen_all_the_same(
    postgres_url: str, on_postgresql: CurrentRevision
) -> None:
    with watching(on_postgresql):
        wait_until(lambda: listeners(postgres_url))
        append_in_silence(on_postgresql.revisions.database)
        wait_until(lambda: on_postgresql.snapshot.revision.number == 2)


def append_in_silence(database: Database) -> None:
    with database.writing() as connection:
        row = connection.execute(select(table)).one()._asdict()
        connection.execute(insert(table).values(row | {"number": 2, "base": 1}))


def test_a_lost_connection_is_made_again(postgres_url: str, on_postgresql: CurrentRevision) -> None:
    with watching(on_postgresql):
        wait_until(lambda: listeners(postgres_url))
        former = listeners(postgres_url)[0]
        with psycopg.connect(postgres_url, autocommit=True) as connection:
            connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()")
        wait_until(lambda: listeners(postgres_url) not in ([], [former]))
        publish(on_postgresql.revisions, "two")
        wait_until(lambda: on_postgresql.snapshot.revision.number == 2)


@pytest.mark.parametrize(
    ("leave", "return_"),
    [
        pytest.param(PostgresServer.stop, PostgresServer.start, id="stopped"),
        pytest.param(PostgresServer.hang, PostgresServer.resume, id="hanging"),
    ],
)
def test_a_database_that_was_away_is_watched_again(
    own_postgres_server: PostgresServer,
    program: Program,
    leave: Callable[[PostgresServer], None],
    return_: Callable[[PostgresServer], None],
) -> None:
    url = own_postgres_server.new_database()
    with opened(url) as database:
        revisions = Revisions(database)
        current = CurrentRevision(revisions, append_revision(revisions, program, author="", kind="import"))
        with watching(current):
            wait_until(lambda: listeners(url))
            leave(own_postgres_server)
            wait_until(lambda: current.away_since)
            return_(own_postgres_server)
            wait_until(lambda: current.away_since is None)
            wait_until(lambda: listeners(url))
            publish(revisions, "two")
            wait_until(lambda: current.snapshot.revision.number == 2)
