"""Move, change room, shorten."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest
from support.codeml_day import (
    DAY,
    at,
    changed,
    codeml,
    morning,
    offers,
    published,
    refusal,
    shown,
    slot,
    talk,
    times,
    two_rooms,
)

from app.domain.conference_day import conference_day, instant_on_day
from app.domain.edits import edit_types as edits
from app.domain.edits.edit_types import Cancel, ChangeRoom, EndNow, Move, Shorten, Swap
from app.domain.edits.outcome import Clash
from app.domain.errors import NonexistentTime, UnknownName
from app.domain.session import Slot

EVAN = "evan-shelhamer"


def test_a_move_keeps_the_length_and_moves_nothing_else() -> None:
    assert changed(shown(Move("a", at("12:00")), "09:00", morning())) == {"a": "12:00–12:30"}


def test_a_move_may_lead_to_another_room() -> None:
    program = published(Move("b", at("11:00"), "annex"), "09:00", morning())
    assert program.session("b").slot == slot("11:00", "11:45", "annex")


def test_a_move_onto_another_session_is_a_clash_with_ways_out() -> None:
    preview = shown(Move("a", at("10:10")), "09:00", morning())
    assert preview.clashes == (Clash("a", "b", 10),)
    assert offers(preview.suggestions, morning()) == [
        "agenda late 10 --from a",
        "agenda move a 12:00",
        "agenda swap a b",
    ]


def test_a_move_in_the_first_program_is_refused_with_commands() -> None:
    assert offers(shown(Move(EVAN, at("10:25")), "10:00").suggestions) == [
        "agenda late 10 --from evan-shelhamer --squeeze lunch",
        "agenda move evan-shelhamer 17:00",
        "agenda swap evan-shelhamer sara-hooker",
    ]


def test_another_room_that_is_free_is_offered() -> None:
    preview = shown(Move("c", at("10:30")), "09:00", morning())
    assert preview.suggestions[0].sentence == "Move “C” to Annex at that time: 11:30–12:00, Hall → 10:30–11:00, Annex."
    assert preview.suggestions[0].edit == Move("c", at("10:30"), "annex")


def test_a_move_to_where_it_is_changes_nothing() -> None:
    assert shown(Move(EVAN, at("10:15")), "10:40").after == codeml()


def test_what_is_on_keeps_its_start_and_may_end_later() -> None:
    refused = refusal(Move(EVAN, at("10:25")), "10:20")
    assert str(refused) == "“DIY Deep Learning a Decade Later” is on since 10:15 and keeps its start"
    assert offers(refused.suggestions) == ["agenda late 10 --from evan-shelhamer --squeeze lunch"]


def test_a_move_into_the_past_is_refused() -> None:
    refused = refusal(Move("sara-hooker", at("10:35")), "10:40")
    assert str(refused) == "10:35 has passed; it is 10:40"
    assert offers(refused.suggestions) == ["agenda start sara-hooker"]


@pytest.mark.parametrize("start", [at("05:59"), at("06:00") + timedelta(days=1)])
def test_a_move_stays_within_the_day(start: datetime) -> None:
    program = replace(codeml(), days=(DAY - timedelta(days=1), DAY))
    assert (
        str(refusal(Move(EVAN, start), "05:00", program))
        == "“DIY Deep Learning a Decade Later” can be moved within its day only"
    )


def test_a_session_that_is_over_stays() -> None:
    assert str(refusal(Move("tri-dao", at("17:00")), "10:00")).startswith(
        "“Open-Source Attention Optimizations” is over"
    )


def test_a_cancelled_session_is_moved_into_nobodys_way() -> None:
    program = published(Cancel(EVAN), "10:40")
    assert times(published(Move(EVAN, at("13:10")), "11:30", program), EVAN) == {EVAN: "13:10–13:40"}


@pytest.mark.parametrize(
    ("clock", "expected"),
    [("10:25", at("10:25")), ("06:00", at("06:00")), ("00:30", at("00:30") + timedelta(days=1))],
)
def test_a_time_of_the_day_is_an_instant_of_the_sessions_day(clock: str, expected: datetime) -> None:
    program = codeml()
    assert (
        instant_on_day(program, conference_day(program, program.session(EVAN).start), time.fromisoformat(clock))
        == expected
    )


def test_a_time_that_the_clocks_skip_is_refused() -> None:
    eve = Slot(start=at("20:00", date(2025, 3, 8)), end=at("21:00", date(2025, 3, 8)), room="hall")
    program = two_rooms(replace(talk("party", "20:00-21:00"), slot=eve))
    with pytest.raises(NonexistentTime):
        instant_on_day(program, conference_day(program, program.session("party").start), time(2, 30))


def test_another_room_at_the_same_time() -> None:
    program = published(ChangeRoom("b", "annex"), "10:40", morning())
    assert program.session("b").slot == slot("10:30", "11:15", "annex")


def test_a_session_may_become_one_for_all() -> None:
    assert published(ChangeRoom("c", None), "10:40", morning()).session("c").slot == slot("11:30", "12:00", None)


def test_a_room_that_is_taken_is_a_clash_with_ways_out() -> None:
    preview = shown(ChangeRoom("a", "annex"), "09:00", morning())
    assert preview.clashes == (Clash("a", "x", 30),)
    assert [way.edit for way in preview.suggestions] == [Swap("a", "x"), Move("a", at("09:30"), "annex")]


def test_a_session_that_is_over_keeps_its_room() -> None:
    assert str(refusal(ChangeRoom("a", "annex"), "10:30", morning())) == "“A” is over: it ended at 10:30"


@pytest.mark.parametrize("edit", [ChangeRoom("a", "cellar"), Move("a", at("12:00"), "cellar")])
def test_an_unknown_room_is_refused_by_name(edit: edits.Edit) -> None:
    with pytest.raises(UnknownName, match="there is no room 'cellar'"):
        shown(edit, "09:00", morning())


def test_a_shortened_session_keeps_its_start_and_leaves_a_gap() -> None:
    assert changed(shown(Shorten("sara-hooker", 20), "10:00")) == {"sara-hooker": "10:45–11:05"}


def test_a_session_is_not_shortened_to_more_than_it_has() -> None:
    assert str(refusal(Shorten("sara-hooker", 31), "10:00")) == (
        "“Beyond the Research Paper” lasts 30 minutes; it can be shortened to 1 at least, not to 31"
    )


def test_a_session_is_not_shortened_to_an_end_that_has_passed() -> None:
    reason = "“Beyond the Research Paper” would have ended at 10:55, and it is 11:00"
    assert str(refusal(Shorten("sara-hooker", 10), "11:00")) == reason


def test_a_session_that_ended_early_is_not_shortened() -> None:
    program = published(EndNow(EVAN), "10:40")
    assert str(refusal(Shorten(EVAN, 10), "10:41", program)).startswith("“DIY Deep Learning a Decade Later” is over")


def test_lunch_is_no_way_out_to_swap_with() -> None:
    preview = shown(Move("matt-johnson", at("12:00")), "10:00")
    assert [clash.into for clash in preview.clashes] == ["lunch"]
    assert [way for way in preview.suggestions if isinstance(way.edit, Swap)] == []


def test_a_time_that_has_passed_is_refused_with_the_earliest_that_is_free() -> None:
    program = two_rooms(talk("a", "11:00-11:30"))
    refused = refusal(Move("a", at("10:00")), "10:40", program)
    assert offers(refused.suggestions, program) == ["agenda start a"]
