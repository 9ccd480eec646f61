"""The system clock, a rehearsal's clock, and the clock that a database names."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from support.publisher_processes import NOW

from app.live.clock import SYSTEM_CLOCK, Clock, DatabaseClock, FixedClock
from app.store.database import Database
from app.store.database_identity import Rehearsal, claim_real, claim_rehearsal


def test_the_real_clock_is_in_utc() -> None:
    before, now, after = datetime.now(UTC), SYSTEM_CLOCK.now(), datetime.now(UTC)
    assert (now.tzinfo, SYSTEM_CLOCK.speed, SYSTEM_CLOCK.rehearsal) == (UTC, 1.0, False)
    assert before <= now <= after


def test_a_rehearsal_goes_on_from_its_anchor_at_its_speed() -> None:
    clock = Clock(Rehearsal(anchor=datetime.now(UTC) - timedelta(minutes=1), shown=NOW, speed=60.0))
    shown = clock.now()
    assert (clock.speed, clock.rehearsal) == (60.0, True)
    assert timedelta(hours=1) <= shown - NOW < timedelta(hours=1, minutes=5)


def test_a_rehearsal_follows_a_machine_whose_clock_is_behind_its_anchor() -> None:
    clock = Clock(Rehearsal(anchor=datetime.now(UTC) + timedelta(hours=1), shown=NOW))
    assert timedelta(minutes=59) < NOW - clock.now() <= timedelta(hours=1)


def test_a_fixed_clock_stands_still() -> None:
    clock = FixedClock(NOW)
    assert (clock.now(), clock.now()) == (NOW, NOW)


def test_a_database_has_the_clock_it_was_given(database: Database) -> None:
    claim_real(database)
    assert DatabaseClock(database).rehearsal is False


def test_a_rehearsal_that_another_process_sets_anew_is_followed(database: Database) -> None:
    anchor = datetime.now(UTC)
    claim_rehearsal(database, Rehearsal(anchor, NOW, 60.0))
    clock = DatabaseClock(database)
    assert (clock.speed, clock.rehearsal, clock.now() >= NOW) == (60.0, True, True)
    claim_rehearsal(database, Rehearsal(anchor, NOW - timedelta(days=1), 2.0))
    clock.refresh()
    assert clock.speed == 2.0
    assert clock.now() < NOW
