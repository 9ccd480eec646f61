"""The watch: what another process publishes is here within a second."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import psycopg
import pytest
from postgres import PostgresServer
from publishers import NOW, opened, processes, publish, publish_once, started
from sqlalchemy import insert, select
from waiting import wait_until

from app.domain.program import Program
from app.live.clock import DatabaseClock
from app.live.current import Current
from app.live.watch import Watch
from app.store.database import Database
from app.store.rehearsal import Rehearsal, claim_rehearsal
from app.store.revisions import Revisions
from app.store.tables import revisions as table

WITHIN_SECONDS = 1.0


@contextmanager
def watching(current: Current, clock: DatabaseClock | None = None) -> Iterator[Watch]:
    watch = Watch(current, clock)
    watch.start()
    try:
        yield watch
    finally:
        watch.stop()


def seen_at(current: Current) -> list[float]:
    """When each revision is taken up, in seconds since 1970."""
    seen: list[float] = []
    current.on_revision(lambda _before, _after: seen.append(time.time()))
    return seen


def test_another_processs_revision_is_seen_within_a_second(database_url: str, current: Current) -> None:
    seen = seen_at(current)
    ours, theirs = processes.Pipe()
    publisher = started(publish_once, database_url, theirs)
    with watching(current):
        assert ours.recv() == "ready"
        ours.send("go")
        published_at = ours.recv()
        wait_until(lambda: seen)
    publisher.join()
    assert seen[0] - published_at < WITHIN_SECONDS
    assert current.snapshot.revision.note == "from elsewhere"


def test_a_stop_is_quick_and_leaves_no_thread(current: Current) -> None:
    before = threading.active_count()
    with watching(current):
        pass
    assert threading.active_count() == before


def test_a_rehearsal_set_anew_is_followed_within_a_second(current: Current, database: Database) -> None:
    claim_rehearsal(database, Rehearsal(datetime.now(UTC), NOW, 60.0))
    clock = DatabaseClock(database)
    with watching(current, clock):
        claim_rehearsal(database, Rehearsal(datetime.now(UTC), NOW, 2.0))
        assert wait_until(lambda: clock.speed == 2.0) < WITHIN_SECONDS


@pytest.fixture
def on_postgresql(postgres_url: str, program: Program) -> Iterator[Current]:
    with opened(postgres_url) as database:
        revisions = Revisions(database)
        yield Current(revisions, revisions.append(program, base=0, author="", note="", kind="import", now=NOW))


def listeners(url: str) -> list[int]:
    """The process ids of the connections that listen."""
    query = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN%'"
    with psycopg.connect(url) as connection:
        return [row[0] for row in connection.execute(query)]


def test_postgresql_says_it_by_itself(
    postgres_url: str, on_postgresql: Current, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.live.watch.POLL_BEHIND_SECONDS", 60.0)
    with watching(on_postgresql):
        wait_until(lambda: listeners(postgres_url))
        publish(on_postgresql.revisions, "two")
        assert wait_until(lambda: on_postgresql.snapshot.revision.number == 2) < WITHIN_SECONDS


def test_a_revision_of_which_postgresqls_word_was_lost_is_seen_all_the_same(
    postgres_url: str, on_postgresql: Current
) -> None:
    with watching(on_postgresql):
        wait_until(lambda: listeners(postgres_url))
        append_in_silence(on_postgresql.revisions.database)
        assert wait_until(lambda: on_postgresql.snapshot.revision.number == 2) < WITHIN_SECONDS


def append_in_silence(database: Database) -> None:
    with database.writing() as connection:
        row = connection.execute(select(table)).one()._asdict()
        connection.execute(insert(table).values(row | {"number": 2, "base": 1}))


def test_a_lost_connection_is_made_again(postgres_url: str, on_postgresql: Current) -> None:
    with watching(on_postgresql):
        wait_until(lambda: listeners(postgres_url))
        former = listeners(postgres_url)[0]
        with psycopg.connect(postgres_url, autocommit=True) as connection:
            connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()")
        wait_until(lambda: listeners(postgres_url) not in ([], [former]))
        publish(on_postgresql.revisions, "two")
        assert wait_until(lambda: on_postgresql.snapshot.revision.number == 2) < WITHIN_SECONDS


def test_a_database_that_was_away_is_watched_again(program: Program) -> None:
    server = PostgresServer()
    try:
        url = server.new_database()
        with opened(url) as database:
            revisions = Revisions(database)
            current = Current(revisions, revisions.append(program, base=0, author="", note="", kind="import", now=NOW))
            with watching(current):
                wait_until(lambda: listeners(url))
                server.stop()
                wait_until(lambda: current.away_since)
                server.start()
                wait_until(lambda: current.away_since is None)
                wait_until(lambda: listeners(url))
                publish(revisions, "two")
                assert wait_until(lambda: current.snapshot.revision.number == 2) < WITHIN_SECONDS
    finally:
        server.remove()
