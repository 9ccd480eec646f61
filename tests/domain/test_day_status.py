"""How a room's day stands: behind, ahead or on time, and whether lunch is safe."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.codeml_day import at, codeml, published, slot, talk, two_rooms
from support.strategies import examples, instants_near, tidy_programs

from app.domain.day_status import (
    RoomStatus,
    delay_text,
    duration_text,
    room_status,
    rooms_text,
    sessions_on_day,
    status_text,
)
from app.domain.edits.edit_types import Absent, AddSession, Cancel, Delay, EndNow, Swap
from app.domain.program import Program
from app.domain.session import Session, Slot

MINUTE = timedelta(minutes=1)


def words(program: Program, now: str, room: str = "venue") -> str:
    return status_text(program, room_status(program, room, at(now)), at(now))


# In words


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("08:30", "begins at 09:00"),
        ("09:00", "on time · lunch safe"),
        ("10:20", "on time · lunch safe"),
        ("12:00", "on time · Closing remarks safe"),
        ("16:56", "on time"),
        ("17:00", "over"),
    ],
)
def test_a_day_that_goes_as_planned_is_on_time(now: str, expected: str) -> None:
    assert words(codeml(), now) == expected


def test_a_room_is_as_late_as_what_is_on_will_end() -> None:
    late = published(Delay("evan-shelhamer", 8, shorten=(("contributed-morning", 37),)), "10:20")
    assert words(late, "10:30") == "8 min behind · lunch safe"


def test_what_ended_early_puts_a_room_ahead_until_what_follows_begins_as_planned() -> None:
    program = two_rooms(talk("a", "10:00-10:30"), talk("b", "10:30-11:00"), talk("c", "11:00-11:30"))
    ended = published(EndNow("a"), "10:25", program)
    assert words(ended, "10:24", "hall") == "5 min ahead"
    assert words(ended, "10:26", "hall") == "on time"


def test_a_late_lunch_is_named_with_its_minutes() -> None:
    pushed = published(Delay("contributed-morning", 5, push=frozenset({"lunch", "closing"})), "11:20")
    assert words(pushed, "11:30") == "5 min behind · lunch 5 min late"


def test_a_break_counts_where_nothing_is_pinned() -> None:
    program = two_rooms(talk("a", "10:00-10:30"), talk("tea", "10:30-11:00", least=10))
    assert words(program, "10:10", "hall") == "on time · break safe"


def test_a_swap_is_no_delay() -> None:
    program = two_rooms(talk("a", "10:00-10:20"), talk("b", "10:20-11:00"), talk("c", "11:00-11:30"))
    swapped = published(Swap("a", "b"), "09:30", program)
    assert [words(swapped, now, "hall") for now in ("10:10", "10:50", "11:10")] == ["on time"] * 3


def test_a_speaker_who_is_not_here_is_no_delay() -> None:
    swapped = published(Absent("matt-johnson"), "12:30")
    assert [words(swapped, now) for now in ("13:10", "13:40")] == ["on time · Closing remarks safe"] * 2


def test_what_was_added_counts_by_what_it_delays() -> None:
    program = two_rooms(talk("a", "10:00-10:30"), talk("b", "10:30-11:00"))
    added = published(AddSession("Extra", 10, after="a"), "09:30", program)
    assert [words(added, now, "hall") for now in ("10:10", "10:35", "10:45")] == [
        "on time",
        "10 min behind",
        "10 min behind",
    ]


def test_what_is_cancelled_is_left_out() -> None:
    cancelled = published(Cancel("sara-hooker"), "10:20")
    assert words(cancelled, "11:00") == "on time · lunch safe"
    assert "sara-hooker" not in {one.id for one in sessions_on_day(cancelled, "venue", at("10:20"))}


def test_a_session_that_came_from_another_room_has_no_plan_here() -> None:
    moved = replace(talk("b", "10:30-11:00"), scheduled=slot("09:00", "09:30", "annex"))
    assert words(two_rooms(talk("a", "10:00-10:30"), moved), "10:40", "hall") == "on time"


def test_a_room_without_a_session_today_names_the_day_of_its_next_one() -> None:
    assert words(codeml(), "08:30").startswith("begins at")
    the_day_before = at("12:00") - timedelta(days=1)
    status = room_status(codeml(), "venue", the_day_before)
    assert status_text(codeml(), status, the_day_before) == "begins Fri 18 July at 09:00"
    assert words(two_rooms(talk("a", "10:00-10:30")), "10:10", "annex") == "over"


def test_several_rooms_are_counted() -> None:
    statuses = [RoomStatus(minutes_behind=minutes) for minutes in (5, 0, -3)]
    assert rooms_text(statuses) == "1 of 3 rooms behind"
    assert rooms_text(statuses[1:]) == "2 rooms, none behind"
    assert rooms_text([RoomStatus(over=True)]) == "over"


def test_durations_and_delays_are_in_hours_and_minutes() -> None:
    assert [duration_text(minutes * MINUTE) for minutes in (0, 1, 60, 95)] == ["0 min", "1 min", "1 h", "1 h 35 min"]
    assert duration_text(timedelta(seconds=61)) == "2 min"
    assert [delay_text(minutes) for minutes in (8, 0, -70)] == ["8 min behind", "on time", "1 h 10 min ahead"]


# Laws


def as_planned(program: Program) -> Program:
    """The program with each session where it was planned."""
    return replace(program, sessions=tuple(replace(one, scheduled=one.slot) for one in program.sessions))


def moved(session: Session, span: timedelta) -> Session:
    return replace(session, slot=replace(session.slot, start=session.start + span, end=session.end + span))


@examples(100)
@given(data=st.data())
def test_a_day_that_nobody_changed_is_on_time_at_any_instant(data: st.DataObject) -> None:
    program = as_planned(data.draw(tidy_programs()))
    now = data.draw(instants_near(program))
    for room in program.rooms:
        assert room_status(program, room.id, now).minutes_behind == 0


@examples(100)
@given(data=st.data(), minutes=st.integers(-30, 30))
def test_a_day_that_is_late_as_a_whole_is_late_by_as_much(data: st.DataObject, minutes: int) -> None:
    program = as_planned(data.draw(tidy_programs()))
    late = replace(program, sessions=tuple(moved(one, minutes * MINUTE) for one in program.sessions))
    now = data.draw(instants_near(late))
    for room in program.rooms:
        status = room_status(late, room.id, now)
        assert status.minutes_behind == (minutes if status.running else 0)
        assert status.fixed_point is None or status.fixed_point.minutes_late == minutes


@examples(100)
@given(lengths=st.lists(st.integers(1, 60), min_size=2, max_size=7), data=st.data())
def test_an_order_that_changed_is_no_delay_where_the_same_sessions_are_over(
    lengths: Sequence[int], data: st.DataObject
) -> None:
    """A run in another order ends when it was planned to end, and at its end the same sessions are over."""
    order = data.draw(st.permutations(range(len(lengths))))
    program = two_rooms(*(_in_order(lengths, list(range(len(lengths))), order)))
    starts = [one.start for one in program.sessions]
    now = data.draw(st.sampled_from(starts)) + data.draw(st.integers(0, 59)) * MINUTE
    status = room_status(program, "hall", now)
    assert status.minutes_behind == 0 or status.over


def _in_order(lengths: Sequence[int], planned: Sequence[int], actual: Sequence[int]) -> list[Session]:
    """Sessions one after the other in a planned and an actual order, by their positions in the list of lengths."""
    places = [_places(lengths, order) for order in (planned, actual)]
    return [
        replace(talk(f"s{number}", "10:00-10:30"), scheduled=places[0][number], slot=places[1][number])
        for number in range(len(lengths))
    ]


def _places(lengths: Sequence[int], order: Sequence[int]) -> dict[int, Slot]:
    found, start = {}, at("10:00")
    for number in order:
        found[number] = replace(slot("10:00", "10:30", "hall"), start=start, end=start + lengths[number] * MINUTE)
        start = found[number].end
    return found
