"""A flood of made-up keys does not delay those that were good before."""

from __future__ import annotations

from contextlib import ExitStack

import pytest
from werkzeug.exceptions import TooManyRequests

from app.server.known_keys import MOST_AT_ONCE, MOST_KNOWN_KEYS, KnownKeys


def test_a_key_is_known_once_it_was_good() -> None:
    keys = KnownKeys()
    keys.add("one")
    assert ["one" in keys, "two" in keys] == [True, False]


def test_a_key_has_a_few_requests_at_once() -> None:
    keys = KnownKeys()
    with ExitStack() as stack:
        for _ in range(MOST_AT_ONCE):
            stack.enter_context(keys.using("one"))
        with pytest.raises(TooManyRequests), keys.using("one"):
            pass
        stack.enter_context(keys.using("two"))
    with keys.using("one"):
        pass


def test_what_is_remembered_of_keys_is_bounded() -> None:
    keys = KnownKeys()
    for number in range(MOST_KNOWN_KEYS + 1):
        keys.add(f"{number}")
    assert keys.kept_bytes == 150
