"""A day of several rooms as a grid: a column for each room, more where sessions overlap, and hours downwards."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import combinations

from hypothesis import given
from support.strategies import examples, programs

from app.domain.program import Person, Program, Room
from app.domain.session import Session, Slot
from app.web.room_grid import MOST_COLUMNS, PACES, RoomGrid, grid_of, hour_of_day, place_rules

NINE = datetime(2025, 7, 18, 16, 0, tzinfo=UTC)
HALF_HOUR = timedelta(minutes=30)


def session(name: str, room: str | None, start: int, end: int) -> Session:
    """A session from and to so many half hours after nine."""
    slot = Slot(start=NINE + start * HALF_HOUR, end=NINE + end * HALF_HOUR, room=room)
    return Session(id=name, title=name, slot=slot, scheduled=slot)


def program(rooms: int, *sessions: Session) -> Program:
    return Program(
        id="day",
        title="Day",
        timezone="America/Vancouver",
        domain="day.example",
        days=(NINE.date(),),
        rooms=tuple(Room(f"r{number}", f"Room {number}") for number in range(1, rooms + 1)),
        sessions=tuple(sorted(sessions, key=Session.order)),
    )


def grid(day: Program) -> RoomGrid:
    found = grid_of(day, day.sessions)
    assert found is not None
    return found


def heads(day: Program) -> dict[str, str]:
    return {room.id if room else "all": place for room, place in grid(day).heads}


def test_each_room_with_sessions_has_a_column() -> None:
    day = program(3, session("a", "r1", 0, 1), session("c", "r3", 0, 1))
    assert (heads(day), grid(day).places) == ({"r1": "c1", "r3": "c2"}, {"a": "c1", "c": "c2"})


def test_sessions_that_overlap_in_a_room_stand_side_by_side_below_its_name() -> None:
    day = program(
        2, session("a", "r1", 0, 2), session("b", "r1", 1, 3), session("c", "r1", 2, 3), session("d", "r2", 0, 1)
    )
    assert heads(day) == {"r1": "c1 w2", "r2": "c3"}
    assert grid(day).places == {"a": "c1", "b": "c2", "c": "c1", "d": "c3"}


def test_sessions_that_follow_each_other_share_a_column() -> None:
    day = program(2, session("a", "r1", 0, 1), session("b", "r1", 1, 2), session("c", "r2", 0, 1))
    assert grid(day).places == {"a": "c1", "b": "c1", "c": "c2"}


def test_a_session_for_all_rooms_reaches_across_them() -> None:
    day = program(3, session("all", None, 0, 1), session("a", "r1", 1, 2), session("c", "r3", 1, 2))
    assert grid(day).places == {"all": "c1 w2", "a": "c1", "c": "c2"}


def test_a_session_for_all_rooms_beside_another_one_has_a_column_of_its_own() -> None:
    day = program(2, session("all", None, 0, 2), session("a", "r1", 1, 2), session("c", "r2", 2, 3))
    assert heads(day) == {"all": "c1", "r1": "c2", "r2": "c3"}
    assert grid(day).places == {"all": "c1", "a": "c2", "c": "c3"}


def test_two_sessions_without_length_at_one_time_do_not_cover_each_other() -> None:
    day = program(2, session("a", "r1", 0, 0), session("b", "r1", 0, 0), session("c", "r2", 0, 1))
    assert grid(day).places == {"a": "c1 brief", "b": "c2 brief", "c": "c3"}


def test_one_room_has_no_grid() -> None:
    day = program(2, session("a", "r1", 0, 1))
    assert grid_of(day, day.sessions) is None


def test_so_many_columns_are_shown_and_no_more() -> None:
    most, more = (
        program(number, *(session(f"s{room}", f"r{room}", 0, 1) for room in range(1, number + 1)))
        for number in (MOST_COLUMNS, MOST_COLUMNS + 1)
    )
    assert (grid(most).columns, grid_of(more, more.sessions)) == (MOST_COLUMNS, None)


def test_the_hours_are_those_from_the_first_start_to_the_last_end() -> None:
    day = program(2, session("a", "r1", 1, 2), session("b", "r2", 2, 4))
    assert grid(day).hours == range(9, 11)


def test_what_is_after_midnight_stands_below_the_evening() -> None:
    day = program(2, session("a", "r1", 26, 28), session("b", "r2", 30, 33))
    assert grid(day).hours == range(22, 26)
    assert hour_of_day(day, NINE + 30 * HALF_HOUR) == 24


def test_a_day_that_begins_before_six_has_no_grid() -> None:
    day = program(2, session("run", "r1", -7, -6), session("a", "r2", 0, 1))
    assert grid_of(day, day.sessions) is None


def test_ten_minutes_are_brief_and_eleven_are_not() -> None:
    ten = lasting(session("ten", "r1", 0, 1), 10)
    eleven = lasting(session("eleven", "r2", 0, 1), 11)
    assert grid(program(2, ten, eleven)).places == {"ten": "c1 brief", "eleven": "c2"}


def lasting(one: Session, minutes: int) -> Session:
    slot = replace(one.slot, end=one.start + timedelta(minutes=minutes))
    return replace(one, slot=slot, scheduled=slot)


def test_a_minute_is_as_high_as_three_of_four_sessions_need() -> None:
    halves = [session(f"s{room}", f"r{room}", 0, 1) for room in range(1, 5)]
    with_long_title = [replace(one, title="A title of more than forty letters, three lines") for one in halves]
    minutes = [lasting(one, 1) for one in halves]
    assert grid(program(4, *halves[:3], minutes[3])).pace == 3
    assert grid(program(4, *halves[:2], *minutes[2:])).pace == PACES[-1]
    assert grid(program(4, *with_long_title)).pace == 4
    assert grid(program(4, *(lasting(one, 240) for one in halves))).pace == PACES[0]


def test_the_names_of_brief_sessions_which_are_not_shown_do_not_count() -> None:
    people = tuple(Person(id=f"p{number}", name="A Name Of Twenty Signs") for number in range(8))
    day = program(2, *(lasting(session(f"s{room}", f"r{room}", 0, 1), 10) for room in (1, 2)))
    held = tuple(replace(one, speakers=tuple(person.id for person in people)) for one in day.sessions)
    assert grid(replace(day, speakers=people, sessions=held)).pace == grid(day).pace == 7


def test_the_style_sheet_has_a_place_for_each_column_hour_and_minute() -> None:
    rules = place_rules()
    wanted = (
        *(f".c{MOST_COLUMNS}{{", f".w{MOST_COLUMNS}{{", f".of{MOST_COLUMNS}{{", f".pace-{PACES[-1]}{{"),
        *('[data-start*="T06:"]{--sh:6}', '[data-end*="T00:"]{--eh:24}', '[data-end*=":59:00"]{--em:59}'),
    )
    assert [one for one in wanted if one not in rules] == []


@given(programs())
@examples(100)
def test_no_session_covers_another_one(day: Program) -> None:
    found = grid_of(day, day.sessions)
    if found is None:
        return
    overlapping = [
        (one, other)
        for one, other in combinations(day.sessions, 2)
        if one.start < max(other.end, other.start + timedelta(minutes=1))
        and other.start < max(one.end, one.start + timedelta(minutes=1))
        and columns(found, one) & columns(found, other)
    ]
    assert overlapping == []


def columns(found: RoomGrid, one: Session) -> set[int]:
    column, *width = (int(name[1:]) for name in found.places[one.id].removesuffix(" brief").split())
    return set(range(column, column + (width or [1])[0]))
