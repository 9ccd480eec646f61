"""The JSON of what is on, in two parts, is that of the whole model."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st
from support.movable_clock import AT_TEN_TWENTY
from support.strategies import examples

from app.domain.program import Program
from app.domain.timeline import Timeline
from app.formats.api_answers import Now
from app.formats.api_fields import to_bytes
from app.formats.now_answer import NowEnding, now_start

ZONES = ["America/Vancouver", "UTC", "Asia/Kolkata", "Australia/Lord_Howe", "Africa/Monrovia"]
# From 1971 to 2099.
INSTANTS = st.integers(31_536_000_000_000, 4_070_908_800_000_000).map(
    lambda microseconds: datetime.fromtimestamp(0, UTC) + timedelta(microseconds=microseconds)
)


def model(program: Program, now: datetime, speed: float = 1.0) -> Now:
    moment = Timeline(program).moment(now)
    parts = {"service": "a", "history": "", "build": "b", "revision": 1}
    return Now.from_parts(program, now=now, speed=speed, moment=moment, **parts)


@pytest.mark.parametrize("zone", ZONES)
@examples(60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(instants=st.lists(INSTANTS, min_size=1, max_size=4), speed=st.sampled_from([1, 1.0, 0.5, 60, 1000.25]))
def test_both_parts_are_the_whole(first_program: Program, zone: str, instants: list[datetime], speed: float) -> None:
    program = replace(first_program, timezone=zone)
    ending = NowEnding(program, lambda: speed)
    for now in (one + step for one in instants for step in (timedelta(), timedelta(microseconds=1))):
        whole = model(program, now, speed)
        assert now_start(whole) + ending(now) == to_bytes(whole)


def test_an_end_follows_the_clocks_of_the_place(first_program: Program) -> None:
    ending = NowEnding(first_program, lambda: 1.0)
    change = datetime(2025, 11, 2, 9, tzinfo=UTC)
    ends = [ending(change + timedelta(microseconds=off)) for off in (-1, 0, -1)]
    before, after = b'"2025-11-02T01:59:59.999999-07:00"}', b'"2025-11-02T01:00:00-08:00"}'
    assert [end.partition(b'"now":')[2] for end in ends] == [before, after, before]


def test_an_end_has_the_speed_that_the_clock_has(first_program: Program) -> None:
    speeds = [1.0, 60.0]
    ending = NowEnding(first_program, lambda: speeds.pop(0))
    ends = [ending(AT_TEN_TWENTY) for _ in range(2)]
    assert [end.split(b",")[1] for end in ends] == [b'"speed":1.0', b'"speed":60.0']
