"""Start now and end now."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from support.codeml_day import DAY, at, changed, codeml, offers, published, refusal, shown, talk, times, two_rooms
from support.line_ups import DEMOS, clock, day, demos, with_steps

from app.domain.edits import edit_types as edits
from app.domain.edits.edit_types import Cancel, Delay, EndNow, StartNow
from app.domain.edits.outcome import Clash


def test_what_starts_late_keeps_its_length_and_pushes_what_follows() -> None:
    assert changed(shown(StartNow("matt-johnson"), "13:05")) == {
        "matt-johnson": "13:05–13:35",
        "chris-rackauckas": "13:35–14:05",
        "contributed-afternoon": "14:05–14:20",
        "posters": "14:20–15:00",
    }


def test_what_starts_early_ends_what_is_on_and_leaves_a_gap_behind_it() -> None:
    preview = shown(StartNow("sara-hooker"), "10:40")
    assert changed(preview) == {"evan-shelhamer": "10:15–10:40", "sara-hooker": "10:40–11:10"}
    assert preview.after.session("evan-shelhamer").ended_by_hand


def test_what_starts_out_of_turn_comes_before_those_that_it_overtakes() -> None:
    assert changed(shown(StartNow("contributed-morning"), "10:40")) == {
        "evan-shelhamer": "10:15–10:40",
        "contributed-morning": "10:40–11:25",
        "sara-hooker": "11:25–11:55",
    }


def test_a_start_is_at_the_minute_that_the_clocks_show() -> None:
    started = published(StartNow("matt-johnson"), "13:01:59.999").session("matt-johnson")
    assert (started.start, started.end) == (at("13:01"), at("13:31"))


def test_what_is_started_within_a_minute_of_its_time_is_in_time_and_pushes_nothing() -> None:
    assert changed(shown(StartNow("matt-johnson"), "13:00:59")) == {}
    assert changed(shown(StartNow("lunch"), "12:00:20")) == {}


def test_what_is_started_seconds_before_its_time_starts_in_that_minute() -> None:
    preview = shown(StartNow("matt-johnson", push=frozenset({"lunch"})), "12:59:50")
    assert preview.after.session("matt-johnson").start == at("12:59")
    assert preview.after.session("lunch").end == at("12:59")


@pytest.mark.parametrize("now", ["10:45:00", "10:45:59"])
def test_what_has_just_begun_ends_a_minute_after_its_start_and_what_ends_it_begins_there(now: str) -> None:
    assert changed(shown(StartNow("contributed-morning"), now)) == {
        "sara-hooker": "10:45–10:46",
        "contributed-morning": "10:46–11:31",
    }


def test_a_late_start_within_a_minute_says_one_time() -> None:
    """At 10:47:27 feeds and pages say 10:47, and the clash is counted in the minutes that are shown."""
    preview = shown(StartNow("evan-shelhamer"), "10:17:27")
    assert preview.clashes == (Clash("contributed-morning", "lunch", 2),)
    assert preview.clashes[0].sentence(preview.after) == (
        "“Contributed talks / demos” would run 2 minutes into “Lunch and discussion” at 12:00"
    )


def test_what_could_have_been_still_on_has_ended_when_the_next_starts() -> None:
    program = published(StartNow("chris-rackauckas"), "13:32")
    assert str(refusal(Delay("matt-johnson", 10), "13:33", program)) == (
        "“JAX and OSS at Google / DeepMind” is over: it ended by hand at 13:30"
    )


def test_a_late_start_that_runs_into_lunch_can_be_made_up_for() -> None:
    preview = shown(StartNow("evan-shelhamer"), "10:20")
    assert preview.clashes == (Clash("contributed-morning", "lunch", 5),)
    assert [way.sentence for way in preview.suggestions] == [
        "Begin “Lunch and discussion” late and end it on time: 12:00–13:00 → 12:05–13:00.",
        "Shorten “DIY Deep Learning a Decade Later” to 25 minutes: 10:15–10:45 → 10:20–10:45.",
        "Shorten “Contributed talks / demos” to 40 minutes: 11:15–12:00 → 11:20–12:00.",
        "Shorten “Beyond the Research Paper” to 25 minutes: 10:45–11:15 → 10:50–11:15.",
        "Push “Lunch and discussion” although it is pinned: 12:00–13:00 → 12:05–13:05.",
    ]


def test_a_pinned_session_that_is_on_is_ended_by_an_organizer_alone() -> None:
    preview = shown(StartNow("matt-johnson"), "12:55")
    assert preview.clashes == (Clash("matt-johnson", "lunch", 5),)
    [way] = preview.suggestions
    assert way.sentence == "End “Lunch and discussion” now although it is pinned: 12:00–13:00 → 12:00–12:55."
    assert changed(shown(way.edit, "12:55")) == {"lunch": "12:00–12:55", "matt-johnson": "12:55–13:25"}


def test_a_pinned_session_is_not_started_at_another_time() -> None:
    refused = refusal(StartNow("closing"), "16:50")
    assert str(refused) == "“Closing remarks” is pinned"
    assert offers(refused.suggestions) == ["agenda start closing --push closing"]


def test_a_session_for_all_is_not_ended_from_one_room() -> None:
    program = two_rooms(talk("coffee", "10:00-10:30", None), talk("a", "10:30-11:00"))
    assert shown(StartNow("a"), "10:20", program).clashes == (Clash("a", "coffee", 10),)


def test_a_session_for_all_ends_what_is_on_in_each_room() -> None:
    program = two_rooms(
        talk("a", "10:00-10:30"), talk("b", "10:00-10:30", "annex"), talk("coffee", "10:30-11:00", None)
    )
    assert changed(shown(StartNow("coffee"), "10:25", program)) == {
        "a": "10:00–10:25",
        "b": "10:00–10:25",
        "coffee": "10:25–10:55",
    }


def test_what_was_planned_side_by_side_goes_on() -> None:
    program = two_rooms(talk("demos", "10:00-12:00"), talk("a", "10:30-11:00"))
    assert changed(shown(StartNow("a"), "10:20", program)) == {"a": "10:20–10:50"}


def test_what_is_over_is_not_started() -> None:
    reason = "“Open-Source Attention Optimizations” is over: it ended at 09:45"
    assert str(refusal(StartNow("tri-dao"), "10:40")) == reason


def test_a_session_is_not_started_in_the_night_before_its_day() -> None:
    program = replace(codeml(), days=(DAY - timedelta(days=1), DAY))
    assert str(refusal(StartNow("opening"), "05:59", program)) == "“Opening remarks” is on another day"


def test_ending_now_leaves_a_gap_and_it_is_over_at_once() -> None:
    preview = shown(EndNow("evan-shelhamer"), "10:40:30")
    assert changed(preview) == {"evan-shelhamer": "10:15–10:40"}
    assert preview.after.session("evan-shelhamer").end == at("10:40")
    assert preview.after.session("evan-shelhamer").ended_by_hand


def test_a_pinned_session_may_end_early() -> None:
    assert times(published(EndNow("lunch"), "12:50"), "lunch") == {"lunch": "12:00–12:50"}


@pytest.mark.parametrize(
    ("now", "reason"),
    [
        ("10:45", "“DIY Deep Learning a Decade Later” is over: it ended at 10:45"),
        ("10:14:59", "“DIY Deep Learning a Decade Later” begins at 10:15, so it cannot end yet"),
        ("10:00", "“DIY Deep Learning a Decade Later” begins at 10:15, so it cannot end yet"),
    ],
)
def test_only_what_is_on_can_end(now: str, reason: str) -> None:
    assert str(refusal(EndNow("evan-shelhamer"), now)) == reason


@pytest.mark.parametrize("now", ["10:15:00", "10:15:59"])
def test_in_its_first_minute_a_session_ends_at_the_next_one(now: str) -> None:
    assert changed(shown(EndNow("evan-shelhamer"), now)) == {"evan-shelhamer": "10:15–10:16"}


@pytest.mark.parametrize("edit", [StartNow("sara-hooker"), EndNow("sara-hooker")])
def test_a_cancelled_session_neither_starts_nor_ends(edit: edits.Edit) -> None:
    program = published(Cancel("sara-hooker"), "10:00")
    assert str(refusal(edit, "10:50", program)) == "“Beyond the Research Paper” is cancelled"


def test_a_session_for_all_that_is_on_can_be_ended_in_all_rooms_first() -> None:
    program = two_rooms(talk("coffee", "10:00-10:30", None), talk("a", "10:30-11:00"))
    [way] = shown(StartNow("a"), "10:20", program).suggestions
    assert way.sentence == "End “Coffee” in all rooms now, then start “A”: 10:00–10:30 → 10:00–10:20."
    assert way.edit == EndNow("coffee")


@pytest.mark.parametrize(("now", "left"), [("11:07", ()), ("11:00", ("11:00",))])
def test_a_start_that_begins_a_session_anew_drops_the_steps_of_its_line_up(now: str, left: tuple[str, ...]) -> None:
    """One in the minute of a step, which would count for the new start."""
    session = with_steps(demos(), a=now)
    started = published(StartNow(DEMOS), now, day(session)).session(DEMOS)
    assert (started.start, [clock(step.at) for step in started.steps]) == (at(now), [*left])
