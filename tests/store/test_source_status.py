"""What became of the sources that a program follows."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from app.store.database import Database
from app.store.source_status import LONGEST_REASON, SourceStatus, read_source_statuses, record_source_statuses

NOW = datetime(2025, 7, 18, 16, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def test_before_anything_is_followed_there_is_none(database: Database) -> None:
    assert read_source_statuses(database) == ()


def test_a_failure_leaves_when_the_source_was_read_and_a_reading_leaves_when_it_failed(database: Database) -> None:
    read = SourceStatus(name="sheet", read_at=NOW, changed_at=NOW - MINUTE)
    record_source_statuses(database, [read])
    record_source_statuses(database, [SourceStatus(name="sheet", failed_at=NOW + MINUTE, reason="404")])
    failed = SourceStatus(name="sheet", read_at=NOW, changed_at=NOW - MINUTE, failed_at=NOW + MINUTE, reason="404")
    assert read_source_statuses(database) == (failed,)
    record_source_statuses(database, [SourceStatus(name="sheet", read_at=NOW + 2 * MINUTE)])
    (now,) = read_source_statuses(database)
    assert (now.read_at, now.changed_at, now.failed_at, now.reason) == (
        NOW + 2 * MINUTE,
        NOW - MINUTE,
        NOW + MINUTE,
        "",
    )


def test_what_is_no_longer_followed_is_forgotten_and_long_reasons_are_cut(database: Database) -> None:
    record_source_statuses(database, [SourceStatus(name="sheet", read_at=NOW)])
    record_source_statuses(database, [SourceStatus(name="page", failed_at=NOW, reason="x" * 9999)])
    assert [(one.name, len(one.reason)) for one in read_source_statuses(database)] == [("page", LONGEST_REASON)]
