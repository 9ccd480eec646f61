"""A day of a few rooms as columns: sessions that start together are at one height, and none overlap."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import combinations, pairwise

from hypothesis import given
from support.strategies import examples, programs

from app.domain.program import Program, Room
from app.domain.session import Session, Slot
from app.web.day_columns import MOST_COLUMNS, columns_of

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
        sessions=sessions,
    )


def areas(day: Program) -> dict[str, str]:
    found = columns_of(day, day.sessions)
    assert found is not None
    return dict(found.areas)


def box(area: str) -> tuple[int, int, int, int]:
    top, left, bottom, right = (int(part) for part in area.split(" / "))
    return top, left, bottom, right


def test_what_begins_together_stands_at_one_height_and_what_lasts_longer_reaches_further() -> None:
    day = program(2, session("a", "r1", 0, 1), session("b", "r2", 0, 2), session("c", "r1", 1, 2))
    assert areas(day) == {"a": "1 / 1 / 2 / 2", "b": "1 / 2 / 3 / 3", "c": "2 / 1 / 3 / 2"}


def test_a_session_for_all_rooms_reaches_across_them() -> None:
    day = program(3, session("all", None, 0, 1), session("a", "r1", 1, 2), session("c", "r3", 1, 2))
    assert areas(day) == {"all": "1 / 1 / 2 / 3", "a": "2 / 1 / 3 / 2", "c": "2 / 2 / 3 / 3"}


def test_only_rooms_with_sessions_have_a_column() -> None:
    day = program(3, session("a", "r1", 0, 1), session("c", "r3", 0, 1))
    found = columns_of(day, day.sessions)
    assert found is not None
    assert [room.id for room in found.rooms] == ["r1", "r3"]


def test_of_two_that_overlap_in_a_room_the_later_one_stands_below() -> None:
    day = program(2, session("a", "r1", 0, 2), session("b", "r1", 1, 3), session("c", "r2", 0, 1))
    assert [areas(day)[name] for name in ("a", "b")] == ["1 / 1 / 3 / 2", "3 / 1 / 4 / 2"]


def test_one_room_and_too_many_rooms_have_no_columns() -> None:
    def with_rooms(number: int) -> bool:
        day = program(number, *(session(f"s{room}", f"r{room}", 0, 1) for room in range(1, number + 1)))
        return columns_of(day, day.sessions) is not None

    assert [with_rooms(number) for number in (1, 2, MOST_COLUMNS, MOST_COLUMNS + 1)] == [False, True, True, False]


@examples(200)
@given(programs())
def test_no_two_sessions_stand_on_each_other_and_each_column_is_in_order(day: Program) -> None:
    found = columns_of(day, day.sessions)
    if found is None:
        return
    boxes = [box(found.areas[one.id]) for one in day.sessions]
    for one, other in combinations(boxes, 2):
        assert one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]
    for column in range(1, len(found.rooms) + 1):
        tops = [top for top, left, _, right in boxes if left <= column < right]
        assert all(above < below for above, below in pairwise(tops))
