"""While which sessions stand on a departure board, and while which rooms are quiet."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from support import strategies

from app.domain.departures import SHOWN_BEFORE_START, departures, quiet_spells
from app.domain.program import Program, Room
from app.domain.session import Session, Slot
from app.domain.timeline import Timeline

HALL, ANNEX = Room("hall", "Hall"), Room("annex", "Annex")
NINE = datetime(2026, 12, 4, 9, 0, tzinfo=UTC)


def clock(text: str) -> datetime:
    hours, minutes = map(int, text.split(":"))
    return datetime(2026, 12, 4, tzinfo=UTC) + timedelta(hours=hours, minutes=minutes)


def session(name: str, start: str, end: str, room: str | None = "hall", *, cancelled: bool = False) -> Session:
    slot = Slot(start=clock(start), end=clock(end), room=room)
    return Session(id=name, title=name, slot=slot, scheduled=slot, cancelled=cancelled)


def day(*sessions: Session) -> Timeline:
    days = (NINE.date(),)
    parts = {"rooms": (HALL, ANNEX), "sessions": sessions, "days": days, "domain": "board.example"}
    return Timeline(Program(id="board", title="Board", timezone="UTC", **parts))


def shown_at(timeline: Timeline, time: str) -> list[str]:
    return [one.session.id for one in departures(timeline) if one.holds_at(clock(time))]


def quiet_at(timeline: Timeline, time: str) -> list[tuple[str, str | None]]:
    spells = [one for one in quiet_spells(timeline) if one.holds_at(clock(time))]
    return [(one.room.id, one.next.id if one.next else None) for one in spells]


LONG_DAY = day(
    session("talk", "09:00", "10:00"),
    session("late", "12:00", "13:00"),
    session("workshop", "09:00", "14:00", "annex"),
)


@pytest.mark.parametrize(
    ("time", "shown"),
    [
        ("09:00", ["talk", "workshop"]),
        ("09:59", ["talk", "workshop"]),
        ("10:00", ["workshop"]),
        ("10:59", ["workshop"]),
        ("11:00", ["workshop", "late"]),
        ("12:59", ["workshop", "late"]),
        ("13:00", ["workshop"]),
        ("14:00", []),
    ],
)
def test_a_session_stands_there_from_an_hour_before_its_start_until_its_end(time: str, shown: list[str]) -> None:
    assert shown_at(LONG_DAY, time) == shown


@pytest.mark.parametrize(
    ("time", "quiet"),
    [
        ("09:59", []),
        ("10:00", [("hall", "late")]),
        ("10:59", [("hall", "late")]),
        ("11:00", []),
        ("13:00", [("hall", None)]),
    ],
)
def test_a_room_with_nothing_on_the_board_is_quiet(time: str, quiet: list[tuple[str, str | None]]) -> None:
    assert quiet_at(LONG_DAY, time) == quiet


@pytest.mark.parametrize(("end", "shown"), [("15:00", ["desk", "talk"]), ("15:01", ["talk", "desk"])])
def test_what_lasts_more_than_six_hours_stands_below_the_others(end: str, shown: list[str]) -> None:
    fair = day(session("desk", "09:00", end, "annex"), session("talk", "10:00", "11:00"))
    assert shown_at(fair, "10:00") == shown


def test_the_quiet_room_that_opens_first_is_named_first() -> None:
    sessions = (
        session("all-day", "09:00", "17:00", "attic"),
        session("late", "16:00", "17:00"),
        session("early", "14:00", "15:00", "annex"),
    )
    three_rooms = replace(day().program, rooms=(HALL, ANNEX, Room("attic", "Attic")), sessions=sessions)
    assert quiet_at(Timeline(three_rooms), "10:00") == [("annex", "early"), ("hall", "late")]


def test_only_the_next_of_a_room_is_shown_beside_what_is_on() -> None:
    short = day(*(session(f"s{number}", f"09:{number:02}", f"09:{number + 10:02}") for number in (0, 10, 20)))
    assert [shown_at(short, time) for time in ("09:00", "09:10")] == [["s0", "s10"], ["s10", "s20"]]


def test_before_the_day_what_begins_within_two_hours_of_its_start_is_shown() -> None:
    morning = day(session("opening", "09:00", "09:10"), session("soon", "10:59", "11:30", "annex"))
    later = day(session("opening", "09:00", "09:10"), session("late", "11:00", "11:30", "annex"))
    assert [shown_at(one, "00:10") for one in (morning, later)] == [["opening", "soon"], ["opening"]]


def test_in_a_gap_of_all_rooms_what_comes_after_it_is_shown() -> None:
    gap = day(session("first", "09:00", "09:30"), session("second", "13:00", "14:00", "annex"))
    assert [shown_at(gap, time) for time in ("09:29", "09:30", "11:00")] == [["first"], ["second"], ["second"]]


def test_a_cancelled_session_stands_there_as_one_that_takes_place_would() -> None:
    cancelled = day(
        session("talk", "09:00", "10:00"),
        session("gone", "12:00", "13:00", cancelled=True),
        session("last", "13:30", "14:00"),
        session("workshop", "09:00", "14:00", "annex"),
    )
    assert [shown_at(cancelled, time) for time in ("10:59", "11:00", "12:59", "13:00")] == [
        ["workshop"],
        ["workshop", "gone"],
        ["workshop", "gone", "last"],
        ["workshop", "last"],
    ]


def test_a_session_for_all_rooms_is_one_row_and_no_room_is_quiet_in_it() -> None:
    lunch = day(session("lunch", "12:00", "13:00", None), session("talk", "09:00", "12:00"))
    assert (shown_at(lunch, "12:30"), quiet_at(lunch, "12:30")) == (["lunch"], [])


def test_a_program_without_sessions_has_neither_rows_nor_quiet_rooms() -> None:
    assert (departures(day()), quiet_spells(day())) == ((), [])


@given(strategies.programs())
def test_whatever_is_on_or_begins_within_the_hour_is_shown_and_its_room_not_quiet(program: Program) -> None:
    timeline = Timeline(program)
    rows, quiet = departures(timeline), quiet_spells(timeline)
    for instant in timeline.boundaries:
        moment = timeline.moment(instant)
        shown = {one.session.id for one in rows if one.holds_at(instant)}
        silent = {one.room.id for one in quiet if one.holds_at(instant)}
        for answer in moment.rooms:
            on = [one.id for one in (answer.now, answer.cancelled) if one]
            soon = [answer.next.id] if answer.next and answer.next.start - instant <= SHOWN_BEFORE_START else []
            assert shown.issuperset(on + soon)
            assert answer.room.id not in silent or not on + soon


def test_rows_are_in_the_order_of_their_starts_then_of_the_rooms() -> None:
    same = day(
        session("b", "09:00", "10:00", "annex"), session("z", "09:00", "10:00"), session("a", "08:00", "10:00", "annex")
    )
    rooms = replace(same.program, rooms=(ANNEX, HALL))
    assert [one.session.id for one in departures(Timeline(rooms))] == ["a", "b", "z"]
