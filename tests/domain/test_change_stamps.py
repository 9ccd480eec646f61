from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.strategies import examples, programs

from app.domain.change_stamps import with_stamps
from app.domain.program import Announcement, ImportantDate, Person, Program, Room, Venue
from app.domain.revision_diff import SessionChange, changed_sessions
from app.domain.session import Item, Link, Session, Slot

NINE = datetime(2025, 7, 18, 16, tzinfo=UTC)
SECOND = timedelta(seconds=1)
HOUR = timedelta(hours=1)
PLACE = Slot(start=NINE, end=NINE + HOUR, room="east")
TALK = Session(id="talk", title="A talk", slot=PLACE, scheduled=PLACE, speakers=("ada",))
LATER = Slot(start=NINE + 2 * HOUR, end=NINE + 3 * HOUR, room="east")
OTHER = Session(id="other", title="Another", slot=LATER, scheduled=LATER)
DEADLINE = ImportantDate(id="cfp", title="Papers are due", day=date(2025, 5, 1))
DRAFT = Program(
    id="day",
    title="Day",
    timezone="America/Vancouver",
    domain="example.org",
    days=(date(2025, 7, 18),),
    rooms=(Room("east", "East"), Room("west", "West")),
    sessions=(TALK, OTHER),
    speakers=(Person(id="ada", name="Ada"),),
    dates=(DEADLINE,),
)
FIRST = with_stamps(None, DRAFT, NINE, 1)

PLACED = [
    {"slot": replace(PLACE, start=NINE + timedelta(minutes=5))},
    {"slot": replace(PLACE, end=NINE + 2 * HOUR)},
    {"slot": replace(PLACE, room="west")},
    {"slot": replace(PLACE, room=None)},
    {"cancelled": True},
    {"scheduled": replace(PLACE, room="west")},
]
ONLY_SEEN = [
    {"title": "A better talk"},
    {"abstract": "More about it"},
    {"kind": "keynote"},
    {"speakers": ()},
    {"items": (Item(title="A paper"),)},
    {"links": (Link("Slides", "https://example.org/slides"),)},
    {"scheduled": replace(PLACE, end=NINE + 2 * HOUR)},
]
UNSEEN = [{"pinned": True}, {"min_minutes": 20}, {"ended_by_hand": True}]


def edited(program: Program, **fields: Any) -> Program:
    """The program with other fields in its talk."""
    sessions = tuple(replace(one, **fields) if one.id == "talk" else one for one in program.sessions)
    return replace(program, sessions=sessions)


def stamps(program: Program, name: str = "talk") -> tuple[int, datetime | None, datetime | None]:
    """A session's sequence and when it was created and changed."""
    one = program.session(name)
    return one.sequence, one.created_at, one.changed_at


def test_a_first_publication_stamps_every_session_and_the_dates() -> None:
    assert [stamps(FIRST, name) for name in ("talk", "other")] == [(0, NINE, NINE)] * 2
    assert FIRST.dates_changed_at == NINE


def test_a_first_publication_keeps_the_stamps_that_it_is_given() -> None:
    given_stamps = edited(DRAFT, sequence=3, created_at=NINE - 2 * HOUR, changed_at=NINE - HOUR)
    assert stamps(with_stamps(None, given_stamps, NINE, 1)) == (3, NINE - 2 * HOUR, NINE - HOUR)


@pytest.mark.parametrize("fields", PLACED)
def test_the_sequence_rises_on_time_place_or_status(fields: dict[str, Any]) -> None:
    assert stamps(with_stamps(FIRST, edited(FIRST, **fields), NINE + HOUR, 2)) == (1, NINE, NINE + HOUR)


@pytest.mark.parametrize("fields", ONLY_SEEN)
def test_any_other_change_that_is_seen_is_stamped_with_the_same_sequence(fields: dict[str, Any]) -> None:
    assert stamps(with_stamps(FIRST, edited(FIRST, **fields), NINE + HOUR, 2)) == (0, NINE, NINE + HOUR)


@pytest.mark.parametrize("fields", UNSEEN)
def test_what_no_reader_sees_stamps_nothing(fields: dict[str, Any]) -> None:
    after = edited(FIRST, **fields)
    assert with_stamps(FIRST, after, NINE + HOUR, 2) == after


def test_unchanged_sessions_keep_their_stamps() -> None:
    after = with_stamps(FIRST, edited(FIRST, title="New"), NINE + HOUR, 2)
    assert after.session("other") == FIRST.session("other")


def test_a_program_read_again_without_stamps_gets_its_own_back() -> None:
    assert with_stamps(FIRST, DRAFT, NINE + HOUR, 2) == FIRST


def test_a_speakers_new_name_is_a_change_of_their_sessions() -> None:
    after = replace(FIRST, speakers=(Person(id="ada", name="Ada Lovelace"),))
    assert [change.session for change in changed_sessions(FIRST, after)] == ["talk"]
    assert stamps(with_stamps(FIRST, after, NINE + HOUR, 2)) == (0, NINE, NINE + HOUR)


def test_a_rooms_new_name_is_a_change_of_its_sessions() -> None:
    after = replace(FIRST, rooms=(Room("east", "East Hall"), Room("west", "West")))
    assert [change.session for change in changed_sessions(FIRST, after)] == ["talk", "other"]


def test_a_rooms_new_name_raises_the_sequence_as_a_change_of_place() -> None:
    after = replace(FIRST, rooms=(Room("east", "East Hall"), Room("west", "West")))
    assert stamps(with_stamps(FIRST, after, NINE + HOUR, 2)) == (1, NINE, NINE + HOUR)


def test_the_venues_new_address_raises_the_sequence_as_a_change_of_place() -> None:
    after = replace(FIRST, venue=Venue(name="West Building", address="1055 Canada Place"))
    assert stamps(with_stamps(FIRST, after, NINE + HOUR, 2)) == (1, NINE, NINE + HOUR)


def test_another_zone_for_the_same_instants_is_stamped_with_the_same_sequence() -> None:
    after = replace(FIRST, timezone="America/Toronto")
    assert stamps(with_stamps(FIRST, after, NINE + HOUR, 2)) == (0, NINE, NINE + HOUR)


def test_the_order_of_rooms_changes_no_session() -> None:
    assert changed_sessions(FIRST, replace(FIRST, rooms=FIRST.rooms[::-1])) == ()


def test_two_changes_in_one_second_are_told_apart() -> None:
    second = with_stamps(FIRST, edited(FIRST, title="New"), NINE + HOUR, 2)
    third = with_stamps(second, edited(second, title="Newer"), NINE + HOUR, 3)
    assert third.session("talk").changed_at == NINE + HOUR + SECOND


def test_a_change_after_the_clock_stepped_back_is_a_second_later() -> None:
    after = with_stamps(FIRST, edited(FIRST, title="New"), NINE - HOUR, 2)
    assert after.session("talk").changed_at == NINE + SECOND


def test_stamps_are_whole_seconds() -> None:
    after = with_stamps(FIRST, edited(FIRST, title="New"), NINE + HOUR + timedelta(microseconds=999_999), 2)
    assert after.session("talk").changed_at == NINE + HOUR


def test_a_new_session_is_created_now() -> None:
    before = replace(FIRST, sessions=(FIRST.session("other"),))
    fresh = replace(before, sessions=(*before.sessions, TALK))
    assert stamps(with_stamps(before, fresh, NINE + HOUR, 2)) == (0, NINE + HOUR, NINE + HOUR)


def test_a_session_that_comes_back_is_changed_later_than_before_it_went() -> None:
    gone = replace(FIRST, sessions=(FIRST.session("other"),))
    assert stamps(with_stamps(gone, FIRST, NINE + HOUR, 3)) == (0, NINE, NINE + HOUR)


def test_a_session_that_comes_back_in_the_same_second_is_a_second_later() -> None:
    gone = replace(FIRST, sessions=(FIRST.session("other"),))
    assert stamps(with_stamps(gone, FIRST, NINE, 3)) == (0, NINE, NINE + SECOND)


def test_an_added_and_a_dropped_session_are_changes() -> None:
    only_talk = replace(FIRST, sessions=(FIRST.session("talk"),))
    only_other = replace(FIRST, sessions=(FIRST.session("other"),))
    assert changed_sessions(only_talk, only_other) == (
        SessionChange("other", None, FIRST.session("other")),
        SessionChange("talk", FIRST.session("talk"), None),
    )


def test_new_announcements_get_the_revisions_number_and_old_ones_keep_theirs() -> None:
    old = Announcement(text="Lunch is late", until=NINE + HOUR, revision=2)
    new = Announcement(text="Lunch is served", until=NINE + HOUR)
    after = with_stamps(FIRST, replace(FIRST, announcements=(old, new)), NINE, 5)
    assert after.announcements == (old, replace(new, revision=5))


def test_the_dates_stamp_stands_while_no_date_changes() -> None:
    assert with_stamps(FIRST, edited(FIRST, title="New"), NINE + HOUR, 2).dates_changed_at == NINE


@pytest.mark.parametrize(
    ("now", "expected"), [(NINE + HOUR, NINE + HOUR), (NINE, NINE + SECOND), (NINE - HOUR, NINE + SECOND)]
)
def test_a_changed_date_raises_the_dates_stamp(now: datetime, expected: datetime) -> None:
    extended = replace(DEADLINE, day=date(2025, 5, 8), former_day=DEADLINE.day)
    assert with_stamps(FIRST, replace(FIRST, dates=(extended,)), now, 2).dates_changed_at == expected


def test_the_programs_new_title_raises_the_dates_stamp() -> None:
    assert with_stamps(FIRST, replace(FIRST, title="Another day"), NINE + HOUR, 2).dates_changed_at == NINE + HOUR


@given(programs(), st.integers(0, 7200))
@examples(40)
def test_stamping_the_same_program_again_changes_nothing(drawn: Program, seconds: int) -> None:
    """with_stamps(p, p) == p for a published p, at any time."""
    published = with_stamps(None, drawn, NINE, 1)
    assert with_stamps(published, published, NINE + seconds * SECOND, 2) == published


@given(programs(), st.data())
@examples(40)
def test_stamps_never_fall_and_rise_with_every_change(drawn: Program, data: st.DataObject) -> None:
    """A cancelled or reinstated session gets sequence + 1 and max(now, last + 1 s); the others keep their stamps."""
    before = with_stamps(None, drawn, NINE, 1)
    turned = (
        data.draw(st.sets(st.sampled_from(sorted(one.id for one in before.sessions)))) if before.sessions else set()
    )
    now = NINE + data.draw(st.integers(-5, 5)) * SECOND
    after = replace(
        before,
        sessions=tuple(replace(one, cancelled=one.cancelled ^ (one.id in turned)) for one in before.sessions),
    )
    expected = {
        one.id: (1, NINE, max(now, NINE + SECOND)) if one.id in turned else (0, NINE, NINE) for one in before.sessions
    }
    published = with_stamps(before, after, now, 2)
    assert {one.id: stamps(published, one.id) for one in before.sessions} == expected
    assert {change.session for change in changed_sessions(before, published)} == turned
