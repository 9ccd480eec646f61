"""How long callers wait for the database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

import pytest
from support.publisher_processes import opened

from app.store import deadline
from app.store.deadline import CircuitBreaker
from app.store.errors import DatabaseTimeout, DatabaseUnavailable, SignInRefused
from app.store.revisions import Revisions


def test_while_one_caller_tries_a_database_that_hangs_others_are_refused_until_it_answers() -> None:
    breaker = CircuitBreaker()
    with suppress(DatabaseTimeout), breaker.protecting():
        raise DatabaseTimeout("no answer in time")
    assert breaker.is_open
    with breaker.protecting(), pytest.raises(DatabaseUnavailable, match="being tried again"), breaker.protecting():
        raise AssertionError("a second caller was let in")
    with breaker.protecting(), breaker.protecting():
        answered = True
    assert (answered, breaker.is_open) == (True, False)


def test_a_database_that_refuses_has_answered() -> None:
    breaker = CircuitBreaker()
    with suppress(DatabaseTimeout), breaker.protecting():
        raise DatabaseTimeout("no answer in time")
    with suppress(SignInRefused), breaker.protecting():
        raise SignInRefused
    with breaker.protecting(), breaker.protecting():
        answered = True
    assert answered


@pytest.fixture
def time_is_up(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr("app.store.deadline.PATIENCE_SECONDS", 0.0)
    deadline.start()
    yield
    deadline.clear()


def test_a_request_that_was_busy_elsewhere_is_still_served(database_url: str, time_is_up: None) -> None:
    with opened(database_url) as database:
        assert Revisions(database).history() == ()
