"""On which day a session is: a conference day runs from 06:00 to 06:00."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.codeml_day import DAY, at, codeml, talk
from support.strategies import programs

from app.domain.conference_day import (
    by_day,
    conference_day,
    day_bounds,
    instant_on_day,
    outside_conference_days,
    today_span,
)
from app.domain.instants import MINUTE
from app.domain.program import Program

SATURDAY, SUNDAY = (DAY + timedelta(days=days) for days in (1, 2))
TWO_DAYS = replace(codeml(), days=(DAY, SATURDAY))


@pytest.mark.parametrize(
    ("clock", "day"),
    [("06:00", DAY), ("23:59", DAY), ("24:00", DAY), ("24:30", DAY), ("29:59", DAY), ("30:00", SATURDAY)],
)
def test_a_night_belongs_to_the_evening_before(clock: str, day: date) -> None:
    hours, minutes = map(int, clock.split(":"))
    assert conference_day(TWO_DAYS, at("00:00") + timedelta(hours=hours, minutes=minutes)) == day


def test_before_six_on_the_first_morning_is_on_the_first_day() -> None:
    assert conference_day(TWO_DAYS, at("05:30")) == DAY


def test_where_no_day_is_announced_the_night_still_belongs_to_the_evening_before() -> None:
    assert conference_day(replace(codeml(), days=()), at("05:30")) == DAY - timedelta(days=1)


def test_after_the_last_announced_day_a_night_belongs_to_it_and_a_morning_does_not() -> None:
    program = replace(codeml(), days=(DAY,))
    found = [conference_day(program, at(clock, SATURDAY)) for clock in ("05:59", "06:00")]
    assert found == [DAY, SATURDAY]


def test_what_is_in_a_run_of_days_of_the_program_is_put_off_to_its_end() -> None:
    before, first, second, after = at("05:59"), at("06:00"), at("06:00", SATURDAY), at("06:00", SUNDAY)
    found = [outside_conference_days(TWO_DAYS, one) for one in (before, first, second, after - MINUTE, after)]
    assert found == [before, after, after, after, after]


def test_a_day_of_the_program_has_the_hours_of_its_venue_where_clocks_change() -> None:
    program = replace(TWO_DAYS, timezone="America/New_York", days=(date(2025, 11, 1),), sessions=())
    # 06:00 on the 2nd is in standard time, at -05:00: an hour later than a day after 06:00 on the 1st.
    instants = [datetime(2025, 11, 1, 10, 0, tzinfo=UTC) + timedelta(hours=hours) for hours in (0, 25)]
    assert [outside_conference_days(program, one) for one in instants] == [instants[1]] * 2


def test_sessions_by_their_day_stand_in_the_order_of_the_program() -> None:
    night = talk("party", "10:00-11:00", "venue")
    slot = replace(night.slot, start=at("00:30", SATURDAY), end=at("01:30", SATURDAY))
    program = replace(TWO_DAYS, sessions=(*codeml().sessions, replace(night, slot=slot, scheduled=slot)))
    found = by_day(program, program.sessions)
    assert {day: [one.id for one in sessions][-1] for day, sessions in found.items()} == {DAY: "party"}


@given(programs())
def test_every_session_is_on_one_day_and_days_follow_each_other(program: Program) -> None:
    found = by_day(program, program.sessions)
    assert [one for sessions in found.values() for one in sessions] == list(program.sessions)
    assert list(found) == sorted(found)


@pytest.mark.parametrize(("clock", "day"), [("00:30", SATURDAY), ("05:59", SATURDAY), ("06:00", DAY), ("23:59", DAY)])
def test_a_time_of_a_conference_day_is_the_night_after_or_the_day_itself(clock: str, day: date) -> None:
    assert instant_on_day(TWO_DAYS, DAY, time.fromisoformat(clock)) == at(clock, day)


def test_a_conference_day_is_an_hour_shorter_or_longer_where_clocks_change() -> None:
    spring = replace(codeml(), timezone="Europe/Berlin", days=(date(2025, 3, 29),))
    start, end = day_bounds(spring, date(2025, 3, 29))
    assert (start, end - start) == (datetime(2025, 3, 29, 5, tzinfo=UTC), timedelta(hours=23))
    autumn = day_bounds(replace(spring, days=(date(2025, 10, 25),)), date(2025, 10, 25))
    assert autumn[1] - autumn[0] == timedelta(hours=25)


def test_in_january_2027_vancouver_has_its_days_at_seven_hours_from_utc() -> None:
    assert day_bounds(codeml(), date(2027, 1, 15))[0] == datetime(2027, 1, 15, 13, tzinfo=UTC)


@given(programs(), st.integers(-3, 3), st.integers(0, 47))
def test_a_day_is_the_present_one_in_its_span_and_at_no_other_time(
    program: Program, later: int, half_hours: int
) -> None:
    day = conference_day(program, program.sessions[0].start) if program.sessions else DAY
    start, end = today_span(program, day)
    instant = start + timedelta(days=later, minutes=30 * half_hours)
    assert (conference_day(program, instant) == day) == (start <= instant < end)
    assert [conference_day(program, edge) == day for edge in (start, end)] == [True, False]
