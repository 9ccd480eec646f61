"""A new session in the running program."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from support.codeml_day import DAY, at, changed, codeml, offers, published, refusal, shown, slot, talk, times, two_rooms

from app.domain.change_stamps import with_stamps
from app.domain.edits.edit_types import AddSession, Cancel, EndNow
from app.domain.edits.outcome import Clash
from app.domain.edits.three_way_merge import undo
from app.domain.errors import UnknownName
from app.domain.ids import SLUG_FORM
from app.domain.program import Person
from app.domain.session import Session

ADA = Person(id="ada", name="Ada")


def test_a_session_added_after_another_pushes_what_follows() -> None:
    preview = shown(AddSession("Lightning talk", 5, after="posters"), "10:00")
    assert changed(preview) == {"lightning-talk": "15:00–15:05", "coffee-afternoon": "15:05–15:30"}


def test_a_session_added_at_a_time_pushes_what_begins_then() -> None:
    preview = shown(AddSession("Lightning talk", 5, start=at("13:30")), "10:00")
    assert changed(preview) == {
        "lightning-talk": "13:30–13:35",
        "chris-rackauckas": "13:35–14:05",
        "contributed-afternoon": "14:05–14:20",
        "posters": "14:20–15:00",
    }


def test_a_session_that_is_longer_than_the_next_one_pushes_it_too() -> None:
    day = two_rooms(talk("a", "10:00-10:30"), talk("b", "10:30-10:45"))
    pushed = {"demo": "10:30–11:00", "b": "11:00–11:15"}
    assert changed(shown(AddSession("Demo", 30, after="a"), "10:00", day)) == pushed
    assert changed(shown(AddSession("Demo", 30, start=at("10:30"), room="hall"), "10:00", day)) == pushed


def test_a_session_added_at_the_start_of_a_pinned_one_clashes_with_it_by_name() -> None:
    preview = shown(AddSession("Demo", 10, start=at("12:00")), "10:00")
    assert preview.clash_sentences == ("“Demo” would run 10 minutes into “Lunch and discussion” at 12:00",)


def test_a_session_added_in_a_gap_pushes_nothing() -> None:
    program = published(EndNow("matt-johnson"), "13:10")
    assert changed(shown(AddSession("Q & A", 20, after="matt-johnson"), "13:10", program)) == {"q-and-a": "13:10–13:30"}


def test_an_added_session_is_what_was_said() -> None:
    edit = AddSession("Demo", 10, start=at("17:00"), kind="contributed", speakers=("tri-dao", "ada"), people=(ADA,))
    after = published(edit, "10:00")
    assert after.session("demo") == Session(
        id="demo",
        title="Demo",
        kind="contributed",
        slot=slot("17:00", "17:10"),
        scheduled=slot("17:00", "17:10"),
        speakers=("tri-dao", "ada"),
        added=True,
    )
    assert after.speaker("ada") == ADA


def test_a_break_that_is_added_gives_way_like_any_other() -> None:
    assert published(AddSession("Tea", 20, start=at("17:00"), kind="break"), "10:00").session("tea").min_minutes == 10


def test_an_id_that_is_taken_gets_a_number() -> None:
    after = published(AddSession("Panel", 10, start=at("17:00")), "10:00")
    assert after.session("panel-2").title == "Panel"


def test_a_title_without_latin_letters_has_an_id_too() -> None:
    after = published(AddSession("講演", 10, start=at("17:00")), "10:00")
    [new] = [one for one in after.sessions if one.added]
    assert (new.title, new.id.startswith("session-")) == ("講演", True)


def test_an_added_session_pushes_into_lunch_with_ways_out() -> None:
    preview = shown(AddSession("Lightning talk", 5, after="sara-hooker"), "10:00")
    assert preview.clashes == (Clash("contributed-morning", "lunch", 5),)
    assert offers(preview.suggestions) == [
        "agenda add 'Lightning talk' --minutes 5 --after sara-hooker --squeeze lunch",
        "agenda add 'Lightning talk' --minutes 5 --after sara-hooker --shorten contributed-morning=40",
        "agenda add 'Lightning talk' --minutes 5 --after sara-hooker --push lunch",
    ]
    assert [way.sentence for way in preview.suggestions][:1] == [
        "Begin “Lunch and discussion” late and end it on time: 12:00–13:00 → 12:05–13:00."
    ]


def test_a_time_inside_another_session_is_refused_with_the_places_beside_it() -> None:
    refused = refusal(AddSession("Demo", 5, start=at("13:40")), "10:00")
    assert str(refused) == "13:40 is during “Differentiating and Integrating”"
    assert offers(refused.suggestions) == [
        "agenda add Demo --minutes 5 --after chris-rackauckas --room venue",
        "agenda add Demo --minutes 5 --at 13:30",
    ]
    assert [way.sentence for way in refused.suggestions] == [
        "Add it after “Differentiating and Integrating”, at 14:00: 14:00–14:05.",
        "Add it before “Differentiating and Integrating”, at 13:30: 13:30–13:35.",
    ]


@pytest.mark.parametrize(
    ("edit", "reason"),
    [
        (AddSession("Demo", 5, start=at("09:59")), "09:59 has passed; it is 10:00"),
        (AddSession("Demo", 5, start=at("10:00") + timedelta(days=1)), "2025-07-19 is not a day of the program"),
        (AddSession("Demo", 5, start=at("17:00:30")), "17:00:30 is not a whole minute"),
        (AddSession("Demo", 0, start=at("17:00")), "a session lasts 1 to 1440 minutes, not 0"),
        (AddSession("Demo", 1441, start=at("17:00")), "a session lasts 1 to 1440 minutes, not 1441"),
        (AddSession(" ", 5, start=at("17:00")), "a title is a text, or TBA"),
        (AddSession("Demo", 5), "a new session needs a time, or a session that it comes after"),
        (
            AddSession("Demo", 5, start=at("17:00"), kind="A talk"),
            f"'A talk' is not a kind of session such as talk, panel or break: {SLUG_FORM}",
        ),
    ],
)
def test_what_cannot_be_added_is_refused_with_the_reason(edit: AddSession, reason: str) -> None:
    assert str(refusal(edit, "10:00")) == reason


@pytest.mark.parametrize(
    "edit", [AddSession("Demo", 5, after="nothing"), AddSession("Demo", 5, start=at("17:00"), room="cellar")]
)
def test_an_unknown_place_is_refused_by_name(edit: AddSession) -> None:
    with pytest.raises(UnknownName):
        shown(edit, "10:00")


def test_without_a_room_it_is_in_that_of_the_session_before_it_else_in_all() -> None:
    program = two_rooms(talk("x", "10:00-10:30", "annex"), talk("a", "10:00-11:00"))
    assert published(AddSession("Demo", 5, after="x"), "09:00", program).session("demo").room == "annex"
    assert published(AddSession("Demo", 5, start=at("11:00")), "09:00", program).session("demo").room is None


def test_what_has_just_begun_is_not_pushed() -> None:
    refused = refusal(AddSession("Thanks", 2, after="matt-johnson"), "13:30:40")
    assert (str(refused), offers(refused.suggestions)) == (
        "13:30 is during “Differentiating and Integrating”",
        ["agenda add Thanks --minutes 2 --after chris-rackauckas --room venue"],
    )


def test_taken_away_again_it_is_cancelled_and_what_it_pushed_is_back() -> None:
    first = with_stamps(None, codeml(), at("08:00"), 1)
    second = with_stamps(first, published(AddSession("Demo", 5, start=at("13:30")), "10:00", first), at("10:00"), 2)
    undone = undo(2, {1: first, 2: second})
    assert undone.session("demo").status == "cancelled"
    assert times(undone, "chris-rackauckas", "posters") == times(first, "chris-rackauckas", "posters")
    assert published(Cancel("demo"), "10:01", second).session("demo").status == "cancelled"


def test_a_night_session_belongs_to_the_evening_before() -> None:
    edit = AddSession("Party", 60, start=at("00:30", DAY + timedelta(days=1)))
    assert published(edit, "10:00").session("party").slot.length == timedelta(hours=1)


def test_it_is_confirmed_where_it_was_put_and_moved_where_it_is_pushed() -> None:
    program = published(AddSession("Demo", 5, start=at("17:00")), "10:00")
    assert program.session("demo").status == "confirmed"
    later = replace(program.session("demo"), slot=slot("17:05", "17:10"))
    assert later.status == "moved"


def test_a_session_added_right_before_lunch_is_told_to_run_into_it() -> None:
    preview = shown(AddSession("Thanks", 2, after="contributed-morning"), "10:00")
    assert [clash.sentence(preview.after) for clash in preview.clashes] == [
        "“Thanks” would run 2 minutes into “Lunch and discussion” at 12:00"
    ]
    assert offers(preview.suggestions) == [
        "agenda add Thanks --minutes 2 --after contributed-morning --squeeze lunch",
        "agenda add Thanks --minutes 2 --after contributed-morning --push lunch",
    ]
