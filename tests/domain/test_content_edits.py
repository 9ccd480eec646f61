"""Cancel, reinstate, rename, change speakers, announce."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from support.codeml_day import at, changed, codeml, offers, published, refusal, shown, talk, times, two_rooms

from app.domain.change_stamps import with_stamps
from app.domain.edits import edit_types as edits
from app.domain.edits.edit_types import (
    Announce,
    Cancel,
    ChangeContent,
    Delay,
    Move,
    Reinstate,
    Shorten,
    WithdrawAnnouncement,
)
from app.domain.edits.outcome import Clash
from app.domain.errors import UnknownName
from app.domain.identity import Picture
from app.domain.program import Announcement, Person, Program
from app.domain.texts import BadText, longest_of

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
    program = published(ChangeContent("stella-biderman", title="  Open models "), "10:00")
    assert program.session("stella-biderman").title == "Open models"


def test_a_title_is_a_text() -> None:
    assert str(refusal(ChangeContent(SARA, title="  "), "10:00")) == "a title is a text, or TBA"


def test_a_session_gets_speakers_of_the_program_and_new_ones() -> None:
    program = published(ChangeContent("panel", speakers=("tri-dao", "ada"), people=(ADA,)), "10:00")
    assert program.speakers_of(program.session("panel")) == (codeml().speaker("tri-dao"), ADA)


def test_a_speaker_without_a_session_stays_in_the_program() -> None:
    program = published(ChangeContent(SARA, speakers=()), "10:00")
    assert (program.session(SARA).speakers, program.speakers) == ((), codeml().speakers)


def test_a_speaker_who_is_named_twice_speaks_once() -> None:
    program = published(ChangeContent(SARA, speakers=("tri-dao", "tri-dao")), "10:00")
    assert program.session(SARA).speakers == ("tri-dao",)


def test_a_speaker_that_nobody_knows_is_refused_by_name() -> None:
    with pytest.raises(UnknownName, match="there is no speaker 'ada'"):
        shown(ChangeContent(SARA, speakers=("ada",)), "10:00")


def test_a_new_speaker_does_not_take_anothers_id() -> None:
    edit = ChangeContent("panel", speakers=("tri-dao",), people=(Person(id="tri-dao", name="Another"),))
    assert str(refusal(edit, "10:00")) == "'tri-dao' is Tri Dao already"


def test_a_new_speaker_whose_id_cannot_be_is_refused() -> None:
    edit = ChangeContent("panel", speakers=("Ada!",), people=(Person(id="Ada!", name="Ada"),))
    assert "speakers[Ada!]" in str(refusal(edit, "10:00"))


@pytest.mark.parametrize(
    ("edit", "until", "room"),
    [
        (Announce("Doors open late"), "11:10", None),
        (Announce("Doors open late", room="venue", minutes=5), "10:45", "venue"),
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
    "edit", [Cancel("nobody"), Reinstate("nobody"), ChangeContent("nobody", title="T"), Move("nobody", at("10:00"))]
)
def test_an_unknown_session_is_refused_by_name(edit: edits.Edit) -> None:
    with pytest.raises(UnknownName, match="there is no session 'nobody'"):
        shown(edit, "10:40")


def test_an_announcement_lasts_a_day_at_most() -> None:
    reason = "an announcement is shown for 1 to 1440 minutes, not 1441"
    assert str(refusal(Announce("Hello", minutes=1441), "10:00")) == reason
    late = Announce("Hello", until=at("10:01") + timedelta(days=1))
    assert str(refusal(late, "10:00")) == "an announcement is shown for a day at most"


@pytest.mark.parametrize(
    ("edit", "reason"),
    [
        (
            ChangeContent(
                "panel", speakers=("eve",), people=(Person(id="eve", name="Eve", url="javascript:alert(1)"),)
            ),
            "'javascript:alert(1)' is not an address that begins with https:// or http://",
        ),
        (
            ChangeContent("panel", people=(Person(id="ghost", name="Ghost"),)),
            "Ghost is new, and does not present the session",
        ),
        (ChangeContent("panel", affiliations=(("tri-dao", ("X",)),)), "Tri Dao is not of “Panel discussion”"),
        (
            ChangeContent("tri-dao", own_pages=(("tri-dao", "javascript:alert(1)"),)),
            "'javascript:alert(1)' is not an address that begins with https:// or http://",
        ),
        (
            ChangeContent(SARA, min_minutes=31),
            "“Beyond the Research Paper” lasts 30 minutes, so its least length is not 31 minutes",
        ),
    ],
)
def test_content_that_cannot_be_is_refused_with_the_reason(edit: ChangeContent, reason: str) -> None:
    assert str(refusal(edit, "10:00")) == reason


def test_what_is_of_people_is_changed_of_those_alone() -> None:
    face = Picture("", "ab" * 32, 288, 288)
    of_tri = {"affiliations": ("Princeton",), "url": "https://tridao.me", "picture": face}
    edit = ChangeContent(
        "tri-dao",
        affiliations=(("tri-dao", ("Princeton",)),),
        own_pages=(("tri-dao", "https://tridao.me"),),
        pictures=(("tri-dao", face),),
    )
    program = published(edit, "09:00")
    people = tuple(replace(one, **of_tri) if one.id == "tri-dao" else one for one in codeml().speakers)
    assert (program.speakers, program.sessions) == (people, codeml().sessions)
    without = ChangeContent("tri-dao", own_pages=(("tri-dao", ""),), pictures=(("tri-dao", None),))
    person = published(without, "09:00", program).speaker("tri-dao")
    assert (person.affiliations, person.url, person.picture) == (("Princeton",), "", None)


@pytest.mark.parametrize("of_them", [{"own_pages": (("sara-hooker", ""),)}, {"pictures": (("sara-hooker", None),)}])
def test_what_is_of_people_is_of_those_of_the_session(of_them: dict[str, Any]) -> None:
    assert str(refusal(ChangeContent("tri-dao", **of_them), "09:00")) == (
        "Sara Hooker is not of “Open-Source Attention Optimizations”"
    )


def test_an_own_page_is_as_long_as_any_other_address() -> None:
    address = "https://example.org/".ljust(longest_of("url"), "x")
    edit = ChangeContent("tri-dao", own_pages=(("tri-dao", address),))
    assert published(edit, "09:00").speaker("tri-dao").url == address
    with pytest.raises(BadText, match="own pages: at most 2,000 characters, this one has 2,001"):
        shown(replace(edit, own_pages=(("tri-dao", f"{address}x"),)), "09:00")


def test_content_and_another_room_are_one_edit_that_clashes_with_what_is_there() -> None:
    program = two_rooms(talk("a", "10:00-10:30"), talk("x", "10:00-10:30", "annex"))
    moved = published(
        ChangeContent("a", title="Better", room="annex"), "09:00", published(Cancel("x"), "09:00", program)
    )
    assert (moved.session("a").title, moved.session("a").room) == ("Better", "annex")
    assert [
        clash.into for clash in shown(ChangeContent("a", title="Better", room="annex"), "09:00", program).clashes
    ] == ["x"]


def test_a_session_that_was_shortened_keeps_its_least_length_whatever_else_changes() -> None:
    program = published(Shorten("posters", 20), "10:00")
    assert published(ChangeContent("posters", pinned=True, min_minutes=30), "10:00", program).session("posters").pinned
