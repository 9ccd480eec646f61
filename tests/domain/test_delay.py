"""Delays, one rule at a time."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from support.codeml_day import at, changed, codeml, offers, published, refusal, shown, slot, talk, times, two_rooms

from app.domain.edits.delay import session_running_late
from app.domain.edits.edit_types import Cancel, Delay, DelayEverywhere, EndNow, Extend, Move
from app.domain.edits.outcome import Clash, EditRefused
from app.domain.edits.session_rules import session_running_over
from app.domain.errors import UnknownName
from app.domain.program import Program

DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("08:00", "opening"),
        ("09:00", "opening"),
        ("10:40", "evan-shelhamer"),
        ("10:45", "sara-hooker"),
        ("12:30", "lunch"),
        ("16:59", "closing"),
    ],
)
def test_late_means_what_is_on_or_else_what_is_next(now: str, expected: str) -> None:
    assert session_running_late(codeml(), "venue", at(now)) == expected


def test_late_means_the_next_session_in_a_gap() -> None:
    program = two_rooms(talk("a", "10:00-10:30"), talk("b", "11:00-11:30"), talk("c", "10:30-11:30", "annex"))
    assert session_running_late(program, "hall", at("10:45")) == "b"


def test_late_means_nothing_after_the_last_session() -> None:
    with pytest.raises(EditRefused, match="nothing is on in Vancouver Convention Center"):
        session_running_late(codeml(), "venue", at("17:00"))


def test_late_in_an_unknown_room_is_refused_by_name() -> None:
    with pytest.raises(UnknownName):
        session_running_late(codeml(), "cellar", at("10:00"))


def test_what_has_begun_keeps_its_start() -> None:
    assert times(published(Delay("matt-johnson", 10), "13:00"), "matt-johnson") == {"matt-johnson": "13:00–13:40"}


def test_what_has_not_begun_moves_as_a_whole() -> None:
    assert times(published(Delay("matt-johnson", 10), "12:59"), "matt-johnson") == {"matt-johnson": "13:10–13:40"}


def test_a_gap_absorbs_a_delay() -> None:
    program = two_rooms(talk("a", "10:00-10:30"), talk("b", "10:35-11:00"), talk("c", "11:10-11:30"))
    assert changed(shown(Delay("a", 8), "10:20", program)) == {"a": "10:00–10:38", "b": "10:38–11:03"}


def test_another_room_is_not_touched() -> None:
    program = two_rooms(talk("a", "10:00-10:30"), talk("b", "10:30-11:00"), talk("c", "10:30-11:00", "annex"))
    assert changed(shown(Delay("a", 8), "10:20", program)) == {"a": "10:00–10:38", "b": "10:38–11:08"}


def test_a_session_for_all_is_pushed_from_any_room_and_pushes_in_all() -> None:
    program = two_rooms(
        talk("a", "10:00-10:30"), talk("coffee", "10:30-11:00", None), talk("b", "11:00-11:30", "annex")
    )
    assert changed(shown(Delay("a", 8), "10:20", program)) == {
        "a": "10:00–10:38",
        "coffee": "10:38–11:08",
        "b": "11:08–11:38",
    }


def test_an_elastic_session_that_is_delayed_itself_keeps_its_end() -> None:
    assert changed(shown(Delay("coffee-morning", 12), "09:40")) == {"coffee-morning": "09:57–10:15"}


def test_an_elastic_session_that_is_on_ends_later() -> None:
    assert changed(shown(Delay("coffee-afternoon", 5, shorten=(("panel", 50),)), "15:20")) == {
        "coffee-afternoon": "15:00–15:35",
        "stella-biderman": "15:35–16:05",
        "panel": "16:05–16:55",
    }


def test_an_elastic_session_that_was_shortened_below_its_least_length_gives_no_more() -> None:
    program = two_rooms(talk("a", "10:00-10:30"), talk("coffee", "10:30-10:35", least=10))
    assert changed(shown(Delay("a", 8), "10:20", program)) == {"a": "10:00–10:38", "coffee": "10:38–10:43"}


def test_the_delayed_session_itself_may_be_shortened() -> None:
    way = Delay("contributed-morning", 8, shorten=(("contributed-morning", 37),))
    assert changed(shown(way, "11:10")) == {"contributed-morning": "11:23–12:00"}


def test_a_cancelled_session_neither_pushes_nor_is_pushed() -> None:
    program = published(Cancel("sara-hooker"), "10:00")
    assert changed(shown(Delay("evan-shelhamer", 20), "10:40", program)) == {"evan-shelhamer": "10:15–11:05"}


def test_a_session_without_length_is_pushed_and_keeps_its_place() -> None:
    program = two_rooms(talk("a", "10:00-10:30"), talk("photo", "10:30-10:30"), talk("b", "10:30-11:00"))
    assert changed(shown(Delay("a", 8), "10:20", program)) == {
        "a": "10:00–10:38",
        "photo": "10:38–10:38",
        "b": "10:38–11:08",
    }


def test_sessions_that_lay_over_each_other_go_on_to_do_so_for_as_long() -> None:
    program = two_rooms(talk("a", "10:00-10:32"), talk("b", "10:30-11:00"))
    assert changed(shown(Delay("a", 8), "10:20", program)) == {"a": "10:00–10:40", "b": "10:38–11:08"}


def test_what_takes_place_during_a_session_is_not_pushed_out_of_it() -> None:
    program = two_rooms(talk("demos", "10:00-12:00"), talk("a", "10:30-11:00"), talk("b", "12:00-12:30"))
    assert changed(shown(Delay("demos", 8), "10:20", program)) == {"demos": "10:00–12:08", "b": "12:08–12:38"}


def test_two_that_are_both_on_do_not_clash() -> None:
    program = two_rooms(talk("a", "10:00-10:30"), talk("b", "10:00-10:40"))
    assert changed(shown(Delay("a", 5), "10:20", program)) == {"a": "10:00–10:35"}


def test_a_pinned_session_that_is_leapt_over_is_run_into() -> None:
    program = two_rooms(talk("a", "10:00-10:30"), talk("photo", "10:40-10:45", pinned=True))
    assert shown(Delay("a", 60), "09:00", program).clashes == (Clash("a", "photo", 50),)


def test_a_session_after_midnight_belongs_to_the_evening_before() -> None:
    evening, night = talk("party", "23:00-23:59"), talk("after", "00:00-00:30")
    night = replace(night, slot=replace(night.slot, start=at("00:00") + DAY, end=at("00:30") + DAY))
    preview = shown(Delay("party", 10), "23:30", two_rooms(evening, night))
    assert (changed(preview), preview.clashes) == ({"party": "23:00–00:09", "after": "00:09–00:39"}, ())


def test_the_push_ends_with_the_day() -> None:
    night = talk("night", "23:00-23:30")
    morning = talk("morning", "06:00-07:00")
    morning = replace(morning, slot=replace(morning.slot, start=at("06:00") + DAY, end=at("07:00") + DAY))
    preview = shown(Delay("night", 7 * 60), "23:10", two_rooms(night, morning))
    assert preview.clashes == (Clash("night", "morning", 30),)


def test_ending_earlier_leaves_a_gap() -> None:
    assert changed(shown(Delay("evan-shelhamer", -4), "10:40")) == {"evan-shelhamer": "10:15–10:41"}


def test_a_session_to_come_may_begin_earlier_where_nothing_is() -> None:
    program = two_rooms(talk("a", "10:00-10:30"), talk("b", "10:40-11:00"))
    assert changed(shown(Delay("b", -10), "10:00", program)) == {"b": "10:30–10:50"}


def test_a_session_cannot_begin_earlier_than_the_one_before_it_ends() -> None:
    preview = shown(Delay("sara-hooker", -5), "10:00")
    assert preview.clashes == (Clash("sara-hooker", "evan-shelhamer", 5),)
    assert offers(preview.suggestions) == ["agenda shorten sara-hooker 25"]


def test_an_end_before_now_is_refused_with_the_ends_that_are_possible() -> None:
    refused = refusal(Delay("evan-shelhamer", -8), "10:40")
    assert str(refused) == "“DIY Deep Learning a Decade Later” would have ended at 10:37, and it is 10:40"
    assert offers(refused.suggestions) == ["agenda end evan-shelhamer", "agenda late -4 --from evan-shelhamer"]


def test_still_on_must_end_later_than_now() -> None:
    refused = refusal(Delay("matt-johnson", 1), "13:32")
    assert offers(refused.suggestions) == ["agenda late 3 --from matt-johnson"]


@pytest.mark.parametrize("now", ["13:30", "13:45", "14:00"])
def test_a_session_that_ended_at_most_half_an_hour_ago_may_be_still_on(now: str) -> None:
    program = two_rooms(talk("a", "13:00-13:30"), talk("b", "13:30-15:00"))
    assert changed(shown(Delay("a", 31), now, program)) == {"a": "13:00–14:01", "b": "14:01–15:31"}


def test_a_session_that_ended_longer_ago_is_over_and_what_is_on_is_offered() -> None:
    program = two_rooms(talk("a", "13:00-13:30"), talk("b", "13:30-15:00"))
    refused = refusal(Delay("a", 40), "14:01", program)
    assert str(refused) == "“A” is over: it ended at 13:30"
    assert offers(refused.suggestions) == ["agenda late 40 --from b"]


def test_a_session_after_which_another_ended_is_over() -> None:
    program = two_rooms(talk("a", "13:00-13:30"), talk("b", "13:30-13:40"), talk("c", "13:40-15:00"))
    assert str(refusal(Delay("a", 20), "13:41", program)) == "“A” is over: it ended at 13:30"


def test_a_session_that_was_ended_by_hand_is_over() -> None:
    program = published(EndNow("evan-shelhamer"), "10:40")
    refused = refusal(Delay("evan-shelhamer", 8), "10:47", program)
    assert str(refused) == "“DIY Deep Learning a Decade Later” is over: it ended by hand at 10:40"


def test_the_session_that_may_be_still_on_is_the_last_to_have_ended_in_its_room() -> None:
    assert [session_running_over(codeml(), "venue", at(now)) for now in ("09:00", "17:31")] == [None, None]
    found = session_running_over(codeml(), "venue", at("10:47"))
    assert found == codeml().session("evan-shelhamer")


@pytest.mark.parametrize("now", ["11:30", "12:30"])
def test_a_pinned_session_is_not_late_but_the_next_one_is(now: str) -> None:
    refused = refusal(Delay("lunch", 5), now)
    assert str(refused) == "“Lunch and discussion” is pinned"
    assert offers(refused.suggestions) == [
        "agenda late 5 --from matt-johnson",
        "agenda late 5 --from lunch --push lunch",
    ]


def test_a_pinned_session_is_pushed_this_once_by_its_name() -> None:
    assert times(published(Delay("lunch", 5, push=frozenset({"lunch"})), "12:30"), "lunch") == {"lunch": "12:00–13:05"}


@pytest.mark.parametrize(
    ("shorten", "reason"),
    [
        (("tri-dao", 5), "“Open-Source Attention Optimizations” does not come after what is moved"),
        (("contributed-morning", 46), "“Contributed talks / demos” lasts 45 minutes"),
        (("contributed-morning", 0), "“Contributed talks / demos” lasts 45 minutes"),
        (("evan-shelhamer", 20), "the end of “DIY Deep Learning a Decade Later” is moved already"),
    ],
)
def test_what_cannot_be_shortened_is_said(shorten: tuple[str, int], reason: str) -> None:
    assert str(refusal(Delay("evan-shelhamer", 8, shorten=(shorten,)), "10:40")).startswith(reason)


@pytest.mark.parametrize("edit", [Delay("nobody", 5), Delay("evan-shelhamer", 5, shorten=(("nobody", 5),))])
def test_an_unknown_session_is_refused_by_name(edit: Delay) -> None:
    with pytest.raises(UnknownName, match="there is no session 'nobody'"):
        shown(edit, "10:40")


def test_a_cancelled_session_is_not_late() -> None:
    program = published(Cancel("sara-hooker"), "10:00")
    assert str(refusal(Delay("sara-hooker", 5), "10:00", program)) == "“Beyond the Research Paper” is cancelled"


def test_a_delay_is_at_most_a_day() -> None:
    assert str(refusal(Delay("evan-shelhamer", 10**12), "10:40")) == "1000000000000 minutes are more than a day"


def test_plus_five_counts_from_the_planned_end() -> None:
    assert changed(shown(Extend("matt-johnson"), "13:20")) == {
        "matt-johnson": "13:00–13:35",
        "chris-rackauckas": "13:35–14:05",
        "contributed-afternoon": "14:05–14:20",
        "posters": "14:20–15:00",
    }


def test_plus_five_counts_from_now_where_the_session_should_have_ended() -> None:
    assert times(published(Extend("matt-johnson"), "13:33"), "matt-johnson", "chris-rackauckas") == {
        "matt-johnson": "13:00–13:38",
        "chris-rackauckas": "13:38–14:08",
    }


def test_more_time_is_a_minute_at_least() -> None:
    assert str(refusal(Extend("matt-johnson", 0), "13:20")) == "more time is 1 minute at least, not 0"


def test_an_overlap_elsewhere_is_no_hindrance() -> None:
    program = two_rooms(talk("a", "10:00-10:30"), talk("x", "10:00-11:00", "annex"), talk("y", "10:30-11:30", "annex"))
    assert shown(Delay("a", 8), "10:20", program).publishable


def test_a_break_that_comes_early_is_not_longer_for_it() -> None:
    early = published(Delay("tri-dao", -10), "09:30")
    assert times(published(Delay("coffee-morning", -5), "09:30", early), "coffee-morning", "evan-shelhamer") == {
        "coffee-morning": "09:40–10:10",
        "evan-shelhamer": "10:15–10:45",
    }


def test_a_session_that_may_be_pushed_is_a_session() -> None:
    with pytest.raises(UnknownName, match="there is no session 'nonsense'"):
        shown(Delay("matt-johnson", 5, push=frozenset({"nonsense"})), "13:10")


def test_a_session_that_may_be_pushed_is_pinned() -> None:
    edit = Delay("matt-johnson", 5, push=frozenset({"panel"}))
    assert refusal(edit, "13:10").reason == "“Panel discussion” is not pinned, so it gives way without being named"


def test_a_session_that_comes_early_may_be_shortened_with_it() -> None:
    program = two_rooms(talk("a", "10:00-10:30"))
    assert times(published(Delay("a", -10, shorten=(("a", 20),)), "09:00", program)) == {"a": "09:50–10:10"}


# Everywhere


def both_rooms() -> Program:
    return two_rooms(
        talk("a", "10:00-10:30"),
        talk("a2", "10:30-11:00"),
        talk("x", "10:20-10:50", "annex"),
        talk("coffee", "11:00-11:30", None, least=10),
        talk("b", "11:30-12:00"),
    )


def test_everywhere_what_is_on_or_next_in_each_room_is_late_and_a_session_for_all_gives_way_once() -> None:
    assert changed(shown(DelayEverywhere(10), "10:10", both_rooms())) == {
        "a": "10:00–10:40",
        "a2": "10:40–11:10",
        "x": "10:30–11:00",
        "coffee": "11:10–11:30",
    }


def test_everywhere_a_session_for_all_rooms_is_late_once() -> None:
    assert changed(shown(DelayEverywhere(10), "11:10", both_rooms())) == {"coffee": "11:00–11:40", "b": "11:40–12:10"}


def test_everywhere_a_room_that_has_nothing_left_stays() -> None:
    program = two_rooms(talk("x", "09:00-09:30", "annex"), talk("a", "10:00-10:30"))
    assert changed(shown(DelayEverywhere(5), "09:45", program)) == {"a": "10:05–10:35"}


def test_everywhere_is_today() -> None:
    tomorrow = talk("x", "10:00-10:30", "annex")
    later = slot("10:00", "10:30", "annex")
    later = replace(later, start=later.start + timedelta(days=1), end=later.end + timedelta(days=1))
    program = two_rooms(talk("a", "10:00-10:30"), replace(tomorrow, slot=later, scheduled=later))
    assert changed(shown(DelayEverywhere(5), "09:45", program)) == {"a": "10:05–10:35"}


def test_all_rooms_or_none_are_late() -> None:
    program = two_rooms(
        talk("a", "10:00-10:30"), talk("lunch", "10:30-11:30", pinned=True), talk("x", "10:00-10:30", "annex")
    )
    preview = shown(DelayEverywhere(5), "10:10", program)
    assert preview.clashes == (Clash("a", "lunch", 5),)
    assert offers(preview.suggestions, program) == ["agenda late 5 --everywhere --push lunch"]


@pytest.mark.parametrize(
    ("minutes", "now", "reason"),
    [
        (5, "12:00", "nothing is on in any room, and nothing comes after 12:00"),
        (-15, "10:20", "“A” would have ended at 10:15, and it is 10:20"),
        (-15, "09:50", "“A” would have begun at 09:45"),
        (1441, "10:00", "1441 minutes are more than a day"),
    ],
)
def test_a_delay_everywhere_is_refused_as_one_of_a_session_is(minutes: int, now: str, reason: str) -> None:
    assert str(refusal(DelayEverywhere(minutes), now, both_rooms())) == reason


def test_during_a_pinned_session_everywhere_is_an_organizers_choice() -> None:
    refused = refusal(DelayEverywhere(5), "12:30")
    assert (str(refused), offers(refused.suggestions)) == (
        "“Lunch and discussion” is pinned",
        ["agenda late 5 --from matt-johnson", "agenda late 5 --everywhere --push lunch"],
    )
    assert [way.sentence for way in refused.suggestions] == [
        "Delay “JAX and OSS at Google / DeepMind” by 5 minutes: 13:00–13:30 → 13:05–13:35.",
        "Delay “Lunch and discussion” although it is pinned: 12:00–13:00 → 12:00–13:05.",
    ]


def test_during_a_pinned_session_for_all_rooms_the_next_of_each_room_may_be_late() -> None:
    program = two_rooms(
        talk("lunch", "12:00-13:00", None, pinned=True), talk("a", "13:00-13:30"), talk("x", "13:10-13:30", "annex")
    )
    refused = refusal(DelayEverywhere(5), "12:30", program)
    assert offers(refused.suggestions, program) == [
        "agenda late 5 --from a",
        "agenda late 5 --from x",
        "agenda late 5 --everywhere --push lunch",
    ]


def test_a_delay_of_nothing_shortens_nothing() -> None:
    edit = Delay("matt-johnson", 0, shorten=(("panel", 1),))
    assert str(refusal(edit, "13:10")) == "a delay of 0 minutes shortens nothing"


# Ways out


@pytest.mark.parametrize("now", ["12:10", "12:30", "12:59"])
def test_no_way_out_changes_nothing_and_each_has_times(now: str) -> None:
    ways = refusal(Delay("lunch", 10), now).suggestions
    assert [shown(way.edit, now).after for way in ways if shown(way.edit, now).after == codeml()] == []
    assert [" → " in way.sentence for way in ways] == [True] * len(ways)


def test_at_half_past_twelve_the_way_out_has_times() -> None:
    [way] = refusal(Move("matt-johnson", at("12:20")), "12:30").suggestions
    assert way.sentence == (
        "Start “JAX and OSS at Google / DeepMind” now: 13:00–13:30 → 12:30–13:00. "
        "End “Lunch and discussion” now although it is pinned: 12:00–13:00 → 12:00–12:30."
    )


def test_what_cannot_come_so_far_forward_may_come_as_far_as_its_room_is_free() -> None:
    program = two_rooms(talk("a", "10:00-10:30"), talk("b", "10:40-10:50"))
    [way] = shown(Delay("b", -20), "09:00", program).suggestions
    assert (way.edit, way.sentence) == (Delay("b", -10), "Bring “B” forward by 10 minutes: 10:40–10:50 → 10:30–10:40.")
