"""A database is real or a rehearsal from its first start."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from support.publisher_processes import NOW

from app.store.database import Database
from app.store.database_identity import Rehearsal, claim_real, claim_rehearsal, read_rehearsal
from app.store.errors import WrongClock

MORNING = Rehearsal(anchor=NOW + timedelta(days=500, microseconds=7), shown=NOW, speed=60.0)


def test_a_database_that_was_never_served_has_the_real_clock(database: Database) -> None:
    assert read_rehearsal(database) is None


def test_a_rehearsal_is_joined_by_whoever_starts_without_one(database: Database) -> None:
    claim_rehearsal(database, MORNING)
    claim_real(database)
    assert read_rehearsal(database) == MORNING


def test_a_real_database_stays_real(database: Database) -> None:
    claim_real(database)
    with pytest.raises(WrongClock, match="is a real day's database"):
        claim_rehearsal(database, MORNING)
    assert read_rehearsal(database) is None


def test_a_rehearsal_can_be_set_anew(database: Database) -> None:
    claim_rehearsal(database, MORNING)
    again = replace(MORNING, anchor=MORNING.anchor + timedelta(hours=1), speed=1.0)
    claim_rehearsal(database, again)
    assert read_rehearsal(database) == again
