"""The current revision: complete, in order, and available while the database is not."""

from __future__ import annotations

import logging
from datetime import timedelta

import pytest
from support.movable_clock import MovableClock
from support.postgres import PostgresServer
from support.publisher_processes import NOW, append_revision, opened, publish

from app.domain.program import Program
from app.live.snapshot import CurrentRevision
from app.store.revisions import Revision, Revisions

SECOND = timedelta(seconds=1)


def heard_by(current: CurrentRevision) -> list[tuple[int, int, int]]:
    """What a listener gets: the revisions before and after, and the number served at that time."""
    heard: list[tuple[int, int, int]] = []
    current.on_revision(
        lambda before, after: heard.append((before.number, after.number, current.snapshot.revision.number))
    )
    return heard


def test_a_published_revision_is_taken_up(current: CurrentRevision, revisions: Revisions) -> None:
    made = publish(revisions, "two")
    current.refresh()
    assert current.snapshot.revision == made
    assert current.snapshot.timeline.program == made.program


def test_listeners_hear_of_each_revision_in_order(current: CurrentRevision, revisions: Revisions) -> None:
    heard = heard_by(current)
    for mark in ("two", "three", "four"):
        publish(revisions, mark)
    current.refresh()
    assert heard == [(1, 2, 2), (2, 3, 3), (3, 4, 4)]


def test_nothing_new_is_no_news(current: CurrentRevision) -> None:
    heard, snapshot = heard_by(current), current.snapshot
    current.refresh()
    assert (heard, current.snapshot) == ([], snapshot)


def test_who_was_forgotten_hears_nothing(current: CurrentRevision, revisions: Revisions) -> None:
    heard: list[int] = []

    def listener(_before: Revision, after: Revision) -> None:
        heard.append(after.number)

    current.on_revision(listener)
    current.remove_listener(listener)
    publish(revisions, "two")
    current.refresh()
    assert heard == []


def test_a_listener_that_fails_keeps_nobody_from_the_news(
    current: CurrentRevision, revisions: Revisions, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(_before: Revision, _after: Revision) -> None:
        raise ZeroDivisionError

    current.on_revision(fail)
    heard = heard_by(current)
    publish(revisions, "two")
    with caplog.at_level(logging.ERROR):
        current.refresh()
    assert heard == [(1, 2, 2)]
    assert [record.getMessage() for record in caplog.records] == ["a callback for a new revision failed"]


def test_while_the_database_is_away_the_last_revision_is_served_and_then_it_recovers(
    own_postgres_server: PostgresServer, program: Program
) -> None:
    clock = MovableClock(NOW)
    with opened(own_postgres_server.new_database()) as database:
        revisions = Revisions(database)
        current = CurrentRevision(revisions, append_revision(revisions, program, author="", kind="import"), clock)
        heard = heard_by(current)
        publish(revisions, "two")
        own_postgres_server.stop()
        for _ in range(2):
            current.refresh()
            clock.set(NOW + SECOND)
        assert (current.snapshot.revision.number, current.away_since) == (1, NOW)
        assert "the database does not answer" in (current.database_error or "")
        own_postgres_server.start()
        current.refresh()
        assert (current.snapshot.revision.number, current.away_since, current.database_error) == (2, None, None)
        assert heard == [(1, 2, 2)]
        assert publish(revisions, "three").number == 3
