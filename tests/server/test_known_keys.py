"""A flood of made-up keys does not delay those that were good before."""

from __future__ import annotations

from contextlib import ExitStack

import pytest
from werkzeug.exceptions import TooManyRequests

from app.server.known_keys import KNOWN_KEY_BYTES, MOST_AT_ONCE, MOST_KNOWN_KEYS, KnownKeys


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


def test_the_keys_that_were_used_last_are_known() -> None:
    keys = KnownKeys()
    for number in (*range(MOST_KNOWN_KEYS), 0, MOST_KNOWN_KEYS):
        keys.add(f"{number}")
    assert ["0" in keys, "1" in keys, keys.kept_bytes] == [True, False, MOST_KNOWN_KEYS * KNOWN_KEY_BYTES]
