"""When a talk of some length is warned, and how much of it is for questions."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.strategies import examples

from app.domain.warning_times import MOST_WARNINGS, questions_of, warning_faults, warnings_before_end

MINUTE = timedelta(minutes=1)
LENGTHS = st.timedeltas(min_value=timedelta(0), max_value=timedelta(hours=8))
WARNINGS = st.lists(st.integers(1, 120), max_size=MOST_WARNINGS)


@pytest.mark.parametrize(
    ("minutes", "seconds"),
    [(60, [300, 120]), (15, [300, 120]), (14, [240, 60]), (10, [180, 60]), (5, [60, 30]), (2, [30, 15]), (1, [15, 5])],
)
def test_shorter_talks_are_warned_later_in_proportion(minutes: int, seconds: list[int]) -> None:
    warnings = warnings_before_end(minutes * MINUTE, (5, 2))
    assert [one.total_seconds() for one in warnings] == seconds


def test_warnings_come_in_order_whatever_order_they_are_given_in() -> None:
    assert warnings_before_end(60 * MINUTE, (2, 10, 5, 2)) == (10 * MINUTE, 5 * MINUTE, 2 * MINUTE)


@pytest.mark.parametrize(("length", "given"), [(60, ()), (0, (5, 2))])
def test_a_talk_without_warnings_or_without_time_has_none(length: int, given: tuple[int, ...]) -> None:
    assert warnings_before_end(length * MINUTE, given) == ()


@examples(100)
@given(LENGTHS, WARNINGS)
def test_the_first_warning_leaves_at_most_a_third_and_each_later_one_less(length: timedelta, given: list[int]) -> None:
    warnings = warnings_before_end(length, given)
    assert list(warnings) == sorted(set(warnings), reverse=True)
    assert all(timedelta(0) < one <= length / 3 for one in warnings)


@pytest.mark.parametrize(
    ("length", "minutes", "questions"), [(30, 5, 5), (30, 0, 0), (15, 10, 7), (1, 5, 0), (0, 5, 0)]
)
def test_questions_take_at_most_half_of_a_talk(length: int, minutes: int, questions: int) -> None:
    assert questions_of(length * MINUTE, minutes) == questions * MINUTE


@pytest.mark.parametrize(
    ("warn", "questions", "faulty"),
    [
        ((5, 2), 0, []),
        ((), 120, []),
        ((0,), 0, ["stage.warn_minutes"]),
        ((1, 2, 3, 4, 5), 0, ["stage.warn_minutes"]),
        ((121,), -1, ["stage.warn_minutes", "stage.questions_minutes"]),
    ],
)
def test_what_cannot_be_is_a_fault(warn: tuple[int, ...], questions: int, faulty: list[str]) -> None:
    assert [fault.where for fault in warning_faults("stage.", warn, questions)] == faulty
