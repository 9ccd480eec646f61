"""The day as it stood in an earlier revision."""

from __future__ import annotations

from dataclasses import replace

import pytest
from support.codeml_day import at, codeml, published, shown, talk, times, two_rooms

from app.domain.edits.edit_types import (
    AddSession,
    Announce,
    Cancel,
    ChangeContent,
    ChangeRoom,
    Delay,
    EndNow,
    Move,
    Swap,
)
from app.domain.edits.outcome import EditRefused
from app.domain.edits.restore import as_it_stood
from app.domain.program import Program, Room

EVAN, SARA, DEMOS = "evan-shelhamer", "sara-hooker", "contributed-morning"


def wrong_turn() -> Program:
    """The day at 10:50, after much was done to it since 10:40."""
    program = replace(codeml(), rooms=(*codeml().rooms, Room("annex", "Annex")))
    program = shown(Delay(EVAN, 8, squeeze=frozenset({"lunch"})), "10:40", program).after
    program = published(Cancel("panel"), "10:45", program)
    program = published(ChangeRoom("posters", "annex"), "10:46", program)
    program = published(AddSession("Demo", 5, start=at("17:00"), room="venue"), "10:47", program)
    program = published(ChangeContent("panel", title="Who pays?"), "10:48", program)
    return published(Announce("Hello", minutes=60), "10:49", program)


def test_times_rooms_and_cancellations_of_what_has_not_ended_are_those_of_then() -> None:
    back = as_it_stood(codeml(), wrong_turn(), at("10:50"))
    assert times(back, EVAN, SARA, DEMOS, "lunch") == times(codeml(), EVAN, SARA, DEMOS, "lunch")
    assert (back.session("panel").status, back.session("posters").room) == ("confirmed", "venue")


def test_what_has_ended_keeps_its_times() -> None:
    back = as_it_stood(codeml(), wrong_turn(), at("10:53:20"))
    assert times(back, EVAN, SARA) == {EVAN: "10:15–10:53", SARA: "10:45–11:15"}


def test_what_has_not_taken_place_does_not_go_back_to_a_time_that_has_passed() -> None:
    swapped = published(Swap("tri-dao", EVAN), "09:10")
    back = as_it_stood(codeml(), swapped, at("10:00"))
    assert times(back, EVAN, "tri-dao") == {EVAN: "09:15–09:45", "tri-dao": "10:15–10:45"}


def test_what_is_on_may_lie_over_what_has_ended() -> None:
    late = published(Delay("tri-dao", 10), "09:40")
    back = as_it_stood(codeml(), late, at("09:56"))
    assert times(back, "tri-dao", "coffee-morning") == {"tri-dao": "09:15–09:55", "coffee-morning": "09:45–10:15"}


def test_sessions_to_come_that_would_overlap_are_refused() -> None:
    then = two_rooms(talk("a", "09:00-09:30"), talk("b", "10:00-10:30"))
    later = published(Move("a", at("10:00")), "08:30", published(Move("b", at("11:00")), "08:30", then))
    with pytest.raises(EditRefused, match="“B” would run 30 minutes into “A” at 10:00"):
        as_it_stood(then, later, at("09:45"))


def test_what_ended_by_hand_has_ended() -> None:
    ended = published(EndNow(EVAN), "10:40")
    assert as_it_stood(codeml(), ended, at("10:41")) == ended


def test_content_and_announcements_stay() -> None:
    latest = wrong_turn()
    back = as_it_stood(codeml(), latest, at("10:50"))
    assert (back.session("panel").title, back.announcements) == ("Who pays?", latest.announcements)


def test_what_was_added_since_is_cancelled() -> None:
    assert as_it_stood(codeml(), wrong_turn(), at("10:50")).session("demo").status == "cancelled"


def test_a_room_that_is_gone_since_is_back_where_a_session_is_in_it_again() -> None:
    then = published(
        ChangeRoom("panel", "annex"), "09:00", replace(codeml(), rooms=(*codeml().rooms, Room("annex", "Annex")))
    )
    latest = codeml()
    assert [room.id for room in as_it_stood(then, latest, at("09:00")).rooms] == ["venue", "annex"]
