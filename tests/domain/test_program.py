from __future__ import annotations

from dataclasses import FrozenInstanceError, replace
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from support.strategies import examples, programs

from app.domain.errors import Fault, InvalidProgram, UnknownName
from app.domain.program import Announcement, ImportantDate, Page, Person, Program, Room, Venue
from app.domain.program_warnings import program_warnings
from app.domain.session import Session, Slot

NINE = datetime(2025, 7, 18, 16, tzinfo=UTC)
EAST = Room("east", "East")
WEST = Room("west", "West")
ADA = Person(id="ada", name="Ada")


def slot(start: int, end: int, room: str | None = "east") -> Slot:
    """A slot in minutes after nine in Vancouver."""
    return Slot(start=NINE + timedelta(minutes=start), end=NINE + timedelta(minutes=end), room=room)


def session(name: str, when: Slot, **fields: Any) -> Session:
    return Session(**{"id": name, "title": name, "slot": when, "scheduled": when, **fields})


def program(*sessions: Session, **fields: Any) -> Program:
    basics = {
        "id": "day",
        "title": "Day",
        "timezone": "America/Vancouver",
        "domain": "example.org",
        "days": (date(2025, 7, 18),),
        "rooms": (EAST, WEST),
        "speakers": (ADA,),
    }
    return Program(**{**basics, **fields}, sessions=sessions)


def faults_of(*sessions: Session, **fields: Any) -> list[str]:
    """The places of the faults of an invalid program."""
    with pytest.raises(InvalidProgram) as refusal:
        program(*sessions, **fields)
    return [fault.where for fault in refusal.value.faults]


def warnings_of(*sessions: Session, **fields: Any) -> list[str]:
    return [f"{fault.where} {fault.value}" for fault in program_warnings(program(*sessions, **fields))]


def test_an_invalid_program_is_refused_with_all_its_faults_at_once() -> None:
    bad = session("Bad id", slot(30, 0, "attic"), title=" ", speakers=("nobody",), min_minutes=-1)
    assert faults_of(bad, id="No Slug", timezone="Mars/Olympus", rooms=(EAST, EAST)) == [
        "timezone",
        "id",
        "rooms[east]",
        "sessions[Bad id].id",
        "sessions[Bad id].title",
        "sessions[Bad id].min_minutes",
        "sessions[Bad id].speakers",
        "sessions[Bad id].end",
        "sessions[Bad id].room",
    ]


def test_a_refusal_says_where_what_and_what_was_expected() -> None:
    with pytest.raises(InvalidProgram) as refusal:
        program(session("talk", slot(0, 30, "attic"), speakers=("bob",)))
    assert str(refusal.value) == (
        "sessions[talk].speakers: 'bob': the id of a speaker of this program\n"
        "sessions[talk].room: 'attic': the id of a room of this program"
    )


def test_a_fault_without_a_value_is_told_without_one() -> None:
    assert str(Fault("timezone", "", "a zone name")) == "timezone: a zone name"


def test_two_sessions_with_one_id_are_refused() -> None:
    assert faults_of(session("talk", slot(0, 30)), session("talk", slot(30, 60))) == ["sessions[talk]"]


@pytest.mark.parametrize(
    ("field", "twins", "where"),
    [
        ("speakers", (ADA, ADA), "speakers[ada]"),
        ("pages", (Page(slug="venue", title="A"), Page(slug="venue", title="B")), "pages[venue]"),
        ("dates", (ImportantDate(id="cfp", title="CFP", day=date(2025, 5, 1)),) * 2, "dates[cfp]"),
    ],
)
def test_two_things_with_one_id_are_refused(field: str, twins: tuple[object, ...], where: str) -> None:
    assert faults_of(**{field: twins}) == [where]


@pytest.mark.parametrize("name", ["", "Tri", "tri_dao", "tri dao", "a" * 25, "é", "talk\n"])
def test_a_sessions_id_is_short_and_plain(name: str) -> None:
    assert faults_of(session(name, slot(0, 30), title="A talk")) == [f"sessions[{name}].id"]


def test_a_sessions_id_may_have_24_characters() -> None:
    assert program(session("a" * 24, slot(0, 30))).sessions[0].id == "a" * 24


def test_the_scheduled_slot_is_checked_too() -> None:
    assert faults_of(session("talk", slot(0, 30), scheduled=slot(30, 0, "attic"))) == [
        "sessions[talk].scheduled_end",
        "sessions[talk].scheduled_room",
    ]


def test_a_session_may_last_seven_days() -> None:
    talk = session("talk", slot(0, 7 * 24 * 60))
    assert program(talk).sessions == (talk,)


def test_a_session_may_not_last_longer_than_seven_days() -> None:
    assert faults_of(session("talk", slot(0, 7 * 24 * 60 + 1))) == ["sessions[talk].end"]


def test_an_announcement_needs_a_text_and_a_room_of_the_program() -> None:
    word = Announcement(text=" ", until=NINE, room="attic")
    assert faults_of(announcements=(word,)) == ["announcements[0].room", "announcements[0].text"]


def test_a_program_without_rooms_has_its_venue_as_the_one_room() -> None:
    built = program(session("talk", slot(0, 30, None)), rooms=(), venue=Venue(name="West Building"))
    assert built.rooms == (Room("venue", "West Building"),)
    assert (built.session("talk").room, built.session("talk").scheduled.room) == ("venue", "venue")


def test_a_program_without_rooms_and_venue_happens_in_a_room_of_its_title() -> None:
    assert program(rooms=()).rooms == (Room("venue", "Day"),)


def test_a_session_in_an_unknown_room_of_a_program_without_rooms_is_refused() -> None:
    assert faults_of(session("talk", slot(0, 30)), rooms=()) == ["sessions[talk].room"]


def test_a_session_without_a_room_in_a_program_with_rooms_is_for_all() -> None:
    built = program(session("lunch", slot(0, 30, None)), session("talk", slot(30, 60, "west")))
    assert [one.id for one in built.sessions_in("east")] == ["lunch"]
    assert [one.id for one in built.sessions_in("west")] == ["lunch", "talk"]


@given(programs())
@examples(40)
def test_sessions_stand_in_the_order_of_start_end_and_id(drawn: Program) -> None:
    """Whatever order they came in, sessions are sorted by start, then end, then id."""
    keys = [(one.start, one.end, one.id) for one in drawn.sessions]
    assert keys == sorted(keys)


@given(programs())
@examples(40)
def test_a_session_is_moved_only_by_its_start_or_its_room(drawn: Program) -> None:
    """Status: cancelled first; moved where start or room differs from the scheduled; else confirmed."""
    for one in drawn.sessions:
        stays = one.start == one.scheduled.start and one.room == one.scheduled.room
        assert one.status == ("cancelled" if one.cancelled else "confirmed" if stays else "moved")


@pytest.mark.parametrize(
    ("now", "status"),
    [
        (slot(0, 30), "confirmed"),
        (slot(0, 45), "confirmed"),
        (slot(5, 30), "moved"),
        (slot(0, 30, "west"), "moved"),
        (slot(0, 30, None), "moved"),
    ],
)
def test_a_sessions_status_compares_it_with_the_schedule(now: Slot, status: str) -> None:
    assert session("talk", now, scheduled=slot(0, 30)).status == status


def test_a_cancelled_session_that_was_moved_is_cancelled() -> None:
    assert session("talk", slot(5, 30), scheduled=slot(0, 30), cancelled=True).status == "cancelled"


def test_a_session_put_back_to_its_schedule_is_confirmed() -> None:
    moved = session("talk", slot(5, 35), scheduled=slot(0, 30))
    assert replace(moved, slot=moved.scheduled).status == "confirmed"


def test_a_slot_is_kept_in_utc() -> None:
    pacific = timezone(timedelta(hours=-7))
    kept = Slot(start=NINE.astimezone(pacific), end=NINE.astimezone(pacific))
    assert (kept.start.tzinfo, kept.end.tzinfo, kept) == (UTC, UTC, slot(0, 0, None))


def test_a_naive_slot_cannot_be_built() -> None:
    with pytest.raises(ValueError, match="naive datetime"):
        Slot(start=NINE.replace(tzinfo=None), end=NINE)


def test_a_naive_announcement_cannot_be_built() -> None:
    with pytest.raises(ValueError, match="naive datetime"):
        Announcement(text="Lunch", until=NINE.replace(tzinfo=None))


def test_a_naive_deadline_cannot_be_built() -> None:
    with pytest.raises(ValueError, match="naive datetime"):
        ImportantDate(id="cfp", title="CFP", day=date(2025, 5, 1), at=NINE.replace(tzinfo=None))


def test_a_program_is_frozen() -> None:
    with pytest.raises(FrozenInstanceError, match="title"):
        program().title = "Another"  # type: ignore[misc]


@pytest.mark.parametrize("sort", ["session", "room", "speaker", "page"])
def test_looking_up_an_unknown_name_says_what_there_is_none_of(sort: str) -> None:
    with pytest.raises(UnknownName) as refusal:
        getattr(program(), sort)("nobody")
    assert str(refusal.value) == f"there is no {sort} 'nobody'"


def test_things_are_found_by_their_id() -> None:
    talk, page = session("talk", slot(0, 30)), Page(slug="venue", title="Venue")
    built = program(talk, pages=(page,))
    found = (built.session("talk"), built.room("west"), built.speaker("ada"), built.page("venue"))
    assert found == (talk, WEST, ADA, page)


def test_a_sessions_speakers_stand_in_its_own_order() -> None:
    bob = Person(id="bob", name="Bob")
    talk = session("talk", slot(0, 30), speakers=("bob", "ada"))
    assert program(talk, speakers=(ADA, bob)).speakers_of(talk) == (bob, ADA)


def test_a_speakers_sessions_stand_in_time_order() -> None:
    built = program(
        session("late", slot(60, 90), speakers=("ada",)),
        session("other", slot(30, 60)),
        session("early", slot(0, 30), speakers=("ada",)),
    )
    assert [one.id for one in built.sessions_of("ada")] == ["early", "late"]


def test_local_shows_the_venues_clock() -> None:
    assert program().local(NINE).isoformat() == "2025-07-18T09:00:00-07:00"


def test_a_program_in_order_has_no_warnings() -> None:
    assert warnings_of(session("a", slot(0, 30)), session("b", slot(30, 60)), session("c", slot(0, 60, "west"))) == []


def test_an_overlap_in_a_room_is_a_warning() -> None:
    assert warnings_of(session("a", slot(0, 31)), session("b", slot(30, 60))) == ["sessions[b] East"]


def test_an_overlap_with_a_session_that_began_before_the_last_one_is_a_warning() -> None:
    found = warnings_of(session("long", slot(0, 90)), session("short", slot(10, 20)), session("c", slot(30, 40)))
    assert found == ["sessions[short] East", "sessions[c] East"]


def test_a_session_for_all_overlaps_in_the_room_where_something_is_on() -> None:
    assert warnings_of(session("talk", slot(0, 60, "west")), session("lunch", slot(30, 90, None))) == [
        "sessions[lunch] West"
    ]


def test_a_cancelled_session_overlaps_with_nothing() -> None:
    assert warnings_of(session("off", slot(0, 60), cancelled=True), session("b", slot(30, 60))) == []


def test_a_session_of_no_length_is_a_warning_and_no_overlap() -> None:
    assert warnings_of(session("talk", slot(0, 30)), session("ring", slot(10, 10))) == [
        "sessions[ring] 2025-07-18T09:10-07:00"
    ]


def test_a_session_outside_the_announced_days_is_a_warning() -> None:
    assert warnings_of(session("talk", slot(1440, 1470))) == ["sessions[talk] 2025-07-19T09:00-07:00"]


@pytest.mark.parametrize(
    ("minutes", "expected"),
    [
        (15 * 60, []),
        (20 * 60 + 59, []),
        (21 * 60, ["sessions[party] 2025-07-19T06:00-07:00"]),
        (-9 * 60 - 1, ["sessions[party] 2025-07-17T23:59-07:00"]),
        (-9 * 60, []),
    ],
)
def test_what_follows_midnight_belongs_to_the_evening_before(minutes: int, expected: list[str]) -> None:
    assert warnings_of(session("party", slot(minutes, minutes + 30))) == expected


def test_a_program_without_announced_days_has_nothing_outside_them() -> None:
    assert warnings_of(session("talk", slot(1440, 1470)), days=()) == []


def test_the_announced_days_are_days_at_the_venue() -> None:
    evening = session("dinner", slot(10 * 60, 12 * 60))  # already the 19th in UTC
    assert warnings_of(evening, days=(date(2025, 7, 18),)) == []
    assert warnings_of(evening, days=(date(2025, 7, 19),)) == ["sessions[dinner] 2025-07-18T19:00-07:00"]
