"""Planned against actual: each session, each room and each day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from support.codeml_day import DAY, at, codeml, slot, talk, two_rooms

from app.domain.day_report import DayReport, SessionReport, Totals, day_named, day_reports, latest_day
from app.domain.errors import UnknownName
from app.domain.program import Program
from app.domain.session import Session, Slot

SATURDAY = DAY + timedelta(days=1)


def moved(session: Session, time: str, room: str | None = "hall") -> Session:
    """A session that was planned elsewhere and went at "10:00-10:30"."""
    return replace(session, slot=slot(*time.split("-"), room=room))


def planned(name: str, start: datetime, minutes: int = 30, room: str = "hall") -> Session:
    when = Slot(start=start, end=start + timedelta(minutes=minutes), room=room)
    return Session(id=name, title=name.title(), slot=when, scheduled=when)


def sessions_of(program: Program, now: datetime | None = None) -> dict[str, SessionReport]:
    days = day_reports(program, now=now)
    return {one.session.id: one for day in days for room in day.rooms for one in room.sessions}


def only_day(program: Program, now: datetime | None = None) -> DayReport:
    [day] = day_reports(program, now=now)
    return day


def differences(one: SessionReport) -> tuple[int | None, int | None, int | None, int | None]:
    return one.start_minutes_late, one.end_minutes_late, one.planned_minutes, one.actual_minutes


def listed(program: Program) -> list[tuple[date, str | None, list[str]]]:
    return [
        (day.date, room.room, [one.session.id for one in room.sessions])
        for day in day_reports(program)
        for room in day.rooms
    ]


# One session


def test_a_session_as_planned_differs_by_nothing() -> None:
    one = sessions_of(two_rooms(talk("a", "10:00-10:30")))["a"]
    assert (differences(one), one.status, one.as_planned) == ((0, 0, 30, 30), "confirmed", True)


def test_a_session_that_moved_is_late_at_both_ends() -> None:
    one = sessions_of(two_rooms(moved(talk("a", "10:00-10:30"), "10:08-10:38")))["a"]
    assert (differences(one), one.status, one.as_planned) == ((8, 8, 30, 30), "moved", False)


def test_a_session_that_moved_forward_is_early() -> None:
    one = sessions_of(two_rooms(moved(talk("a", "10:00-10:30"), "09:55-10:25")))["a"]
    assert differences(one) == (-5, -5, 30, 30)


def test_a_session_that_was_shortened_ends_early_and_is_no_longer_as_planned() -> None:
    one = sessions_of(two_rooms(moved(talk("a", "10:00-10:30"), "10:00-10:20")))["a"]
    assert (differences(one), one.status, one.as_planned) == ((0, -10, 30, 20), "confirmed", False)


def test_a_cancelled_session_has_a_plan_and_nothing_else() -> None:
    one = sessions_of(two_rooms(replace(talk("a", "10:00-10:30"), cancelled=True)), at("10:10"))["a"]
    assert (one.planned, one.actual, one.progress) == (slot("10:00", "10:30", "hall"), None, None)
    assert (differences(one), one.status) == ((None, None, 30, None), "cancelled")


def test_a_session_that_was_added_has_no_plan() -> None:
    one = sessions_of(two_rooms(replace(talk("a", "10:00-10:30"), added=True)))["a"]
    assert (one.planned, one.actual) == (None, slot("10:00", "10:30", "hall"))
    assert (differences(one), one.status, one.as_planned) == ((None, None, None, 30), "added", False)


def test_a_session_that_was_added_and_cancelled_is_cancelled() -> None:
    one = sessions_of(two_rooms(replace(talk("a", "10:00-10:30"), added=True, cancelled=True)))["a"]
    assert (differences(one), one.status) == ((None, None, None, None), "cancelled")


def test_a_session_in_another_room_is_not_as_planned_though_its_times_are() -> None:
    one = sessions_of(two_rooms(moved(talk("a", "10:00-10:30"), "10:00-10:30", "annex")))["a"]
    assert (one.in_other_room, differences(one), one.as_planned) == (True, (0, 0, 30, 30), False)


def test_seconds_are_cut_so_that_a_difference_is_that_of_the_times_shown() -> None:
    session = talk("a", "10:00-10:30")
    late = replace(session.slot, start=at("10:08:59"), end=at("10:30:59"))
    one = sessions_of(two_rooms(replace(session, slot=late)))["a"]
    assert differences(one) == (8, 0, 30, 22)


def test_seconds_of_the_plan_are_cut_as_well() -> None:
    session = talk("a", "10:00-10:30")
    plan = replace(session.slot, start=at("10:00:40"), end=at("10:30:40"))
    one = sessions_of(two_rooms(replace(session, scheduled=plan)))["a"]
    assert (differences(one), one.as_planned) == ((0, 0, 30, 30), True)


@pytest.mark.parametrize(
    ("clock", "progress"),
    [("09:59", "to come"), ("10:00", "on"), ("10:29", "on"), ("10:30", "ended"), ("18:00", "ended")],
)
def test_what_has_not_ended_is_marked(clock: str, progress: str) -> None:
    assert sessions_of(two_rooms(talk("a", "10:00-10:30")), at(clock))["a"].progress == progress


def test_without_an_instant_nothing_is_marked() -> None:
    assert sessions_of(two_rooms(talk("a", "10:00-10:30")))["a"].progress is None


def test_in_january_2027_vancouver_is_seven_hours_behind_utc() -> None:
    day = date(2027, 1, 15)
    session = planned("a", at("23:30", day))
    late = replace(session, slot=replace(session.slot, end=at("00:15", day + timedelta(days=1))))
    program = replace(two_rooms(late), days=(day,))
    one = sessions_of(program)["a"]
    assert program.local(one.slot.end).isoformat() == "2027-01-16T00:15:00-07:00"
    assert (differences(one), [each.date for each in day_reports(program)]) == ((0, 15, 30, 45), [day])


# Rooms and days


def test_sessions_are_listed_by_room_and_time_and_first_those_for_all_rooms() -> None:
    program = two_rooms(
        talk("late", "11:00-11:30"),
        talk("early", "10:00-10:30"),
        talk("annex", "09:00-09:30", "annex"),
        talk("lunch", "12:00-13:00", None),
    )
    assert listed(program) == [(DAY, None, ["lunch"]), (DAY, "hall", ["early", "late"]), (DAY, "annex", ["annex"])]


def test_a_session_is_listed_in_the_room_in_which_it_went() -> None:
    program = two_rooms(moved(talk("a", "10:00-10:30"), "10:00-10:30", "annex"))
    assert listed(program) == [(DAY, "hall", []), (DAY, "annex", ["a"])]


def test_a_cancelled_session_is_listed_in_its_planned_room() -> None:
    program = two_rooms(replace(moved(talk("a", "10:00-10:30"), "10:00-10:30", "annex"), cancelled=True))
    assert listed(program) == [(DAY, "hall", ["a"])]


def test_a_room_without_sessions_is_left_out() -> None:
    assert listed(two_rooms(talk("a", "10:00-10:30"))) == [(DAY, "hall", ["a"])]


def test_a_session_after_midnight_belongs_to_the_evening_before() -> None:
    program = two_rooms(talk("a", "10:00-10:30"), planned("party", at("00:30", SATURDAY), 60))
    assert listed(program) == [(DAY, "hall", ["a", "party"])]


def test_a_session_that_slipped_over_midnight_stays_on_its_day() -> None:
    session = planned("party", at("23:50"))
    late = Slot(start=at("00:05", SATURDAY), end=at("00:35", SATURDAY), room="hall")
    program = two_rooms(replace(session, slot=late))
    assert (listed(program), only_day(program).totals.end_minutes_late) == ([(DAY, "hall", ["party"])], 15)


def test_each_day_is_a_report_in_order() -> None:
    program = replace(two_rooms(planned("b", at("09:00", SATURDAY)), planned("a", at("09:00"))), days=(DAY, SATURDAY))
    assert listed(program) == [(DAY, "hall", ["a"]), (SATURDAY, "hall", ["b"])]


def test_a_program_without_sessions_has_no_day() -> None:
    assert day_reports(two_rooms()) == ()


# Totals


def test_a_day_as_planned_has_no_differences() -> None:
    totals = Totals(end_minutes_late=0, over=True, started_late=0, cancelled=0, added=0, as_planned=True)
    assert only_day(codeml()).totals == totals


def test_the_totals_of_a_day_that_slipped_and_is_over() -> None:
    program = two_rooms(
        talk("a", "10:00-10:30"),
        moved(talk("b", "10:30-11:00"), "10:38-11:08"),
        replace(talk("c", "11:00-11:30"), cancelled=True),
        moved(talk("d", "11:30-12:00"), "11:33-12:05"),
    )
    totals = Totals(end_minutes_late=5, over=True, started_late=2, cancelled=1, added=0, as_planned=False)
    assert only_day(program, at("12:05")).totals == totals


def test_what_is_still_to_come_has_not_started_late() -> None:
    program = two_rooms(
        moved(talk("a", "10:00-10:30"), "10:08-10:38"),
        moved(talk("b", "10:30-11:00"), "10:38-11:08"),
        moved(talk("c", "11:00-11:30"), "11:08-11:38"),
    )
    totals = Totals(end_minutes_late=8, over=False, started_late=2, cancelled=0, added=0, as_planned=False)
    assert only_day(program, at("10:40")).totals == totals


def test_a_day_whose_last_session_is_cancelled_ends_early() -> None:
    program = two_rooms(talk("a", "10:00-10:30"), replace(talk("b", "10:30-11:00"), cancelled=True))
    assert only_day(program).totals.end_minutes_late == -30


def test_a_day_on_which_all_is_cancelled_has_no_end() -> None:
    totals = only_day(two_rooms(replace(talk("a", "10:00-10:30"), cancelled=True))).totals
    assert (totals.end_minutes_late, totals.cancelled, totals.as_planned) == (None, 1, False)


def test_each_room_is_compared_with_what_was_planned_in_it() -> None:
    program = two_rooms(
        talk("a", "10:00-10:30"),
        moved(talk("b", "10:30-11:00"), "10:30-11:00", "annex"),
        talk("c", "10:00-10:30", "annex"),
    )
    found = {one.room: (one.totals.end_minutes_late, one.totals.as_planned) for one in only_day(program).rooms}
    assert found == {"hall": (-30, False), "annex": (30, False)}


def test_a_session_that_was_added_counts_as_added_and_makes_the_day_later() -> None:
    program = two_rooms(talk("a", "10:00-10:30"), replace(talk("b", "10:30-10:45"), added=True))
    [day] = day_reports(program)
    totals = Totals(end_minutes_late=15, over=True, started_late=0, cancelled=0, added=1, as_planned=False)
    assert day.totals == totals


# Choosing


@pytest.fixture
def two_days() -> Program:
    return replace(two_rooms(planned("a", at("09:00")), planned("b", at("09:00", SATURDAY))), days=(DAY, SATURDAY))


@pytest.mark.parametrize(
    ("now", "day"),
    [
        (at("09:00", DAY - timedelta(days=3)), DAY),
        (at("22:00"), DAY),
        (at("02:00", SATURDAY), DAY),
        (at("07:00", SATURDAY), SATURDAY),
        (at("09:00", SATURDAY + timedelta(days=30)), SATURDAY),
    ],
)
def test_the_latest_day_that_has_begun_is_shown(two_days: Program, now: datetime, day: date) -> None:
    found = latest_day(two_days, day_reports(two_days), now)
    assert found is not None
    assert found.date == day


def test_of_no_days_none_is_the_latest() -> None:
    assert latest_day(two_rooms(), (), at("09:00")) is None


def test_a_day_is_found_by_its_date(two_days: Program) -> None:
    assert day_named(day_reports(two_days), "2025-07-19").date == SATURDAY


@pytest.mark.parametrize("day", ["2025-07-20", "saturday", ""])
def test_another_day_is_no_day_of_the_program(two_days: Program, day: str) -> None:
    with pytest.raises(UnknownName, match="there is no day of the program"):
        day_named(day_reports(two_days), day)


def test_a_day_can_be_narrowed_to_a_room_and_its_totals() -> None:
    day = only_day(
        two_rooms(talk("a", "10:00-10:30"), moved(talk("b", "10:00-10:30", "annex"), "10:08-10:38", "annex"))
    )
    assert day.only("annex") == replace(day, rooms=day.rooms[1:], totals=day.rooms[1].totals)
    assert day.only("hall").totals.as_planned


def test_a_room_in_which_nothing_was_is_refused() -> None:
    day = only_day(two_rooms(talk("a", "10:00-10:30")))
    with pytest.raises(UnknownName, match="there is no session on 2025-07-18 in 'annex'"):
        day.only("annex")
