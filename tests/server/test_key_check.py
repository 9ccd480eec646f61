"""A flood of made-up keys does not delay good ones: all that wait are looked up together."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Collection
from contextlib import ExitStack

import pytest
from werkzeug.exceptions import TooManyRequests

from app.server.key_check import LONGEST_KEY, MOST_AT_ONCE, MOST_KEYS_A_QUESTION, KeyCheck, KeysInUse

HELD_SECONDS = 20


class Questions:
    """What a check asks; a question is answered once it may be."""

    def __init__(self) -> None:
        self.asked = list[Collection[str]]()
        self.begun, self.may_be_answered = threading.Event(), threading.Event()

    def good_among(self, keys: frozenset[str]) -> frozenset[str]:
        self.asked.append(keys)
        self.begun.set()
        self.may_be_answered.wait(HELD_SECONDS)
        return keys & {"good"}


async def begun(questions: Questions, check: KeyCheck) -> asyncio.Task[bool]:
    """A first question, which is not answered yet."""
    first = asyncio.create_task(check.is_good("first"))
    await asyncio.to_thread(questions.begun.wait, HELD_SECONDS)
    return first


def test_keys_that_come_during_a_question_share_the_next() -> None:
    async def ask() -> list[bool]:
        questions = Questions()
        check = KeyCheck(questions.good_among)
        first = await begun(questions, check)
        others = [asyncio.create_task(check.is_good(key)) for key in ("made-up", "good", "good")]
        await asyncio.sleep(0)
        questions.may_be_answered.set()
        answers = await asyncio.gather(first, *others)
        check.close()
        assert questions.asked == [{"first"}, {"made-up", "good"}]
        return answers

    assert asyncio.run(ask()) == [False, False, True, True]


def test_a_request_that_is_given_up_does_not_take_the_answer_from_others() -> None:
    async def ask() -> bool:
        questions = Questions()
        check = KeyCheck(questions.good_among)
        first = await begun(questions, check)
        left, stays = (asyncio.create_task(check.is_good("good")) for _ in range(2))
        await asyncio.sleep(0)
        left.cancel()
        questions.may_be_answered.set()
        found = await stays
        await first
        check.close()
        return found

    assert asyncio.run(ask())


def test_a_question_is_about_a_bounded_number_of_keys_and_the_others_have_the_next() -> None:
    async def ask() -> list[bool]:
        questions = Questions()
        check = KeyCheck(questions.good_among)
        first = await begun(questions, check)
        keys = [*map(str, range(MOST_KEYS_A_QUESTION)), "good", "0"]
        waiting = [asyncio.create_task(check.is_good(key)) for key in keys]
        await asyncio.sleep(0)
        questions.may_be_answered.set()
        answers = await asyncio.gather(first, *waiting)
        check.close()
        assert questions.asked == [{"first"}, set(keys[:MOST_KEYS_A_QUESTION]), {"good", "0"}]
        return answers

    assert asyncio.run(ask()) == [*[False] * (MOST_KEYS_A_QUESTION + 1), True, False]


def test_all_who_wait_hear_of_an_error() -> None:
    async def ask() -> list[bool | BaseException]:
        def fail(_keys: frozenset[str]) -> frozenset[str]:
            raise ZeroDivisionError

        check = KeyCheck(fail)
        found = await asyncio.gather(check.is_good("one"), check.is_good("two"), return_exceptions=True)
        check.close()
        return found

    assert [type(error) for error in asyncio.run(ask())] == [ZeroDivisionError] * 2


@pytest.mark.parametrize("key", ["", "x" * (LONGEST_KEY + 1), "schlüssel", "\udce4"])
def test_what_cannot_be_a_key_is_not_looked_up(key: str) -> None:
    questions = Questions()
    check = KeyCheck(questions.good_among)
    assert (asyncio.run(check.is_good(key)), questions.asked) == (False, [])


def test_a_key_has_a_few_requests_at_once() -> None:
    keys = KeysInUse()
    with ExitStack() as stack:
        for _ in range(MOST_AT_ONCE):
            stack.enter_context(keys.using("one"))
        with pytest.raises(TooManyRequests), keys.using("one"):
            pass
        stack.enter_context(keys.using("two"))
    with keys.using("one"):
        pass


def test_requests_without_a_key_are_not_counted_as_one_key() -> None:
    keys = KeysInUse()
    with ExitStack() as stack:
        for _ in range(MOST_AT_ONCE + 1):
            stack.enter_context(keys.using(""))
