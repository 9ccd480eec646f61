"""Cancel, reinstate, rename, change speakers, announce."""

from __future__ import annotations

import pytest
from support.codeml_day import at, changed, codeml, offers, published, refusal, shown, talk, times, two_rooms

from app.domain.change_stamps import with_stamps
from app.domain.edits import edit_types as edits
from app.domain.edits.edit_types import (
    Announce,
    Cancel,
    ChangeSpeakers,
    Delay,
    Move,
    Reinstate,
    Rename,
    WithdrawAnnouncement,
)
from app.domain.edits.outcome import Clash
from app.domain.errors import UnknownName
from app.domain.program import Announcement, Person, Program

SARA = "sara-hooker"
ADA = Person(id="ada", name="Ada Lovelace")


def announced() -> Program:
    """The program with the announcement of revision 2."""
    return with_stamps(codeml(), published(Announce("Lunch is on level 2"), "11:00"), at("11:00"), 2)


def test_a_cancelled_session_stays_where_it_was() -> None:
    program = published(Cancel(SARA), "10:00")
    assert program.session(SARA).status == "cancelled"
    assert times(program, SARA) == {SARA: "10:45–11:15"}


def test_a_session_is_cancelled_once() -> None:
    assert str(refusal(Cancel(SARA), "10:00", published(Cancel(SARA), "10:00"))) == (
        "“Beyond the Research Paper” is cancelled"
    )


def test_a_reinstated_session_is_as_it_was() -> None:
    assert published(Reinstate(SARA), "10:00", published(Cancel(SARA), "10:00")) == codeml()


def test_a_session_that_takes_place_is_not_reinstated() -> None:
    assert str(refusal(Reinstate(SARA), "10:00")) == "“Beyond the Research Paper” is not cancelled"


def test_a_session_in_whose_place_another_is_now_is_moved_before_it_is_reinstated() -> None:
    cancelled = published(Cancel(SARA), "10:00")
    program = published(Delay("evan-shelhamer", 30), "10:40", cancelled)
    preview = shown(Reinstate(SARA), "10:45", program)
    assert preview.clashes == (Clash(SARA, "evan-shelhamer", 30),)
    assert offers(preview.suggestions) == ["agenda move sara-hooker 17:00"]
    moved = published(preview.suggestions[0].edit, "10:45", program)
    assert changed(shown(Reinstate(SARA), "10:45", moved)) == {SARA: "17:00–17:30"}


def test_a_session_is_reinstated_over_what_it_was_planned_to_lie_over() -> None:
    program = two_rooms(talk("demos", "10:00-12:00"), talk("a", "10:30-11:00"))
    assert published(Reinstate("a"), "09:00", published(Cancel("a"), "09:00", program)) == program


def test_a_session_to_be_announced_gets_its_title() -> None:
    program = published(Rename("stella-biderman", "  Open models "), "10:00")
    assert program.session("stella-biderman").title == "Open models"


def test_a_title_is_a_text() -> None:
    assert str(refusal(Rename(SARA, "  "), "10:00")) == "a title is a text, or TBA"


def test_a_session_gets_speakers_of_the_program_and_new_ones() -> None:
    program = published(ChangeSpeakers("panel", ("tri-dao", "ada"), (ADA,)), "10:00")
    assert program.speakers_of(program.session("panel")) == (codeml().speaker("tri-dao"), ADA)


def test_a_speaker_without_a_session_stays_in_the_program() -> None:
    program = published(ChangeSpeakers(SARA, ()), "10:00")
    assert (program.session(SARA).speakers, program.speakers) == ((), codeml().speakers)


def test_a_speaker_who_is_named_twice_speaks_once() -> None:
    program = published(ChangeSpeakers(SARA, ("tri-dao", "tri-dao")), "10:00")
    assert program.session(SARA).speakers == ("tri-dao",)


def test_a_speaker_that_nobody_knows_is_refused_by_name() -> None:
    with pytest.raises(UnknownName, match="there is no speaker 'ada'"):
        shown(ChangeSpeakers(SARA, ("ada",)), "10:00")


def test_a_new_speaker_does_not_take_anothers_id() -> None:
    edit = ChangeSpeakers("panel", ("tri-dao",), (Person(id="tri-dao", name="Another"),))
    assert str(refusal(edit, "10:00")) == "'tri-dao' is Tri Dao already"


def test_a_new_speaker_whose_id_cannot_be_is_refused() -> None:
    edit = ChangeSpeakers("panel", ("Ada!",), (Person(id="Ada!", name="Ada"),))
    assert "speakers[Ada!]" in str(refusal(edit, "10:00"))


@pytest.mark.parametrize(
    ("edit", "until", "room"),
    [
        (Announce("Doors open late"), "11:10:30", None),
        (Announce("Doors open late", room="venue", minutes=5), "10:45:30", "venue"),
        (Announce(" Doors open late ", until=at("12:00")), "12:00", None),
    ],
)
def test_an_announcement_is_in_force_for_half_an_hour_or_as_said(edit: Announce, until: str, room: str | None) -> None:
    program = published(edit, "10:40:30")
    assert program.announcements == (Announcement(text="Doors open late", until=at(until), room=room),)


@pytest.mark.parametrize(
    ("edit", "reason"),
    [
        (Announce(" "), "an announcement is a text"),
        (Announce("Too late", until=at("10:40")), "an announcement until 10:40 would be over; it is 10:40"),
    ],
)
def test_an_announcement_that_says_nothing_is_refused(edit: Announce, reason: str) -> None:
    assert str(refusal(edit, "10:40")) == reason


def test_an_announcement_to_an_unknown_room_is_refused_by_name() -> None:
    with pytest.raises(UnknownName, match="there is no room 'cellar'"):
        shown(Announce("Hello", room="cellar"), "10:40")


def test_an_announcement_is_withdrawn_by_its_revision() -> None:
    assert published(WithdrawAnnouncement(2), "11:05", announced()).announcements == ()


def test_an_unknown_announcement_is_refused_by_its_revision() -> None:
    with pytest.raises(UnknownName, match="there is no announcement '3'"):
        shown(WithdrawAnnouncement(3), "11:05", announced())


@pytest.mark.parametrize(
    "edit", [Cancel("nobody"), Reinstate("nobody"), Rename("nobody", "T"), Move("nobody", at("10:00"))]
)
def test_an_unknown_session_is_refused_by_name(edit: edits.Edit) -> None:
    with pytest.raises(UnknownName, match="there is no session 'nobody'"):
        shown(edit, "10:40")
