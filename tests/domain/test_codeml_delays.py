"""The main use case: CODEML's morning runs late, and lunch is at noon."""

from __future__ import annotations

import pytest
from support.codeml_day import at, changed, offers, refusal, shown, times

from app.domain.edits.edit_types import Delay
from app.domain.edits.outcome import Clash

EIGHT_LATE = Delay("evan-shelhamer", 8)
THE_WAY = Delay("evan-shelhamer", 8, shorten=(("contributed-morning", 37),))
AFTERWARDS = {
    "evan-shelhamer": "10:15–10:53",
    "sara-hooker": "10:53–11:23",
    "contributed-morning": "11:23–12:00",
}


def test_eight_minutes_at_1040_run_into_lunch() -> None:
    preview = shown(EIGHT_LATE, "10:40")
    assert preview.clashes == (Clash("contributed-morning", "lunch", 8),)
    assert changed(preview) == AFTERWARDS | {"contributed-morning": "11:23–12:08"}
    assert not preview.publishable


def test_the_ways_out_are_complete_commands() -> None:
    assert offers(shown(EIGHT_LATE, "10:40").suggestions) == [
        "agenda late 8 --from evan-shelhamer --squeeze lunch",
        "agenda late 8 --from evan-shelhamer --shorten contributed-morning=37",
        "agenda late 8 --from evan-shelhamer --shorten sara-hooker=22",
        "agenda late 8 --from evan-shelhamer --push lunch",
    ]


def test_the_ways_out_are_told_with_times_in_the_order_of_what_people_do() -> None:
    assert [way.sentence for way in shown(EIGHT_LATE, "10:40").suggestions] == [
        "Begin “Lunch and discussion” late and end it on time: 12:00–13:00 → 12:08–13:00.",
        "Shorten “Contributed talks / demos” to 37 minutes: 11:15–12:00 → 11:23–12:00.",
        "Shorten “Beyond the Research Paper” to 22 minutes: 10:45–11:15 → 10:53–11:15.",
        "Push “Lunch and discussion” although it is pinned: 12:00–13:00 → 12:08–13:08.",
    ]


SQUEEZED = Delay("evan-shelhamer", 8, squeeze=frozenset({"lunch"}))


def test_a_squeezed_lunch_begins_late_ends_on_time_and_pushes_nothing_after_it() -> None:
    preview = shown(SQUEEZED, "10:40")
    assert preview.publishable
    assert changed(preview) == AFTERWARDS | {"contributed-morning": "11:23–12:08", "lunch": "12:08–13:00"}


def test_lunch_is_squeezed_down_to_its_least_length_and_no_further() -> None:
    squeeze = frozenset({"lunch"})
    assert times(shown(Delay("evan-shelhamer", 15, squeeze=squeeze), "10:40").after, "lunch") == {
        "lunch": "12:15–13:00"
    }
    preview = shown(Delay("evan-shelhamer", 16, squeeze=squeeze), "10:40")
    assert preview.clashes == (Clash("contributed-morning", "lunch", 1, at("12:15")),)
    assert preview.clashes[0].sentence(preview.after) == (
        "“Contributed talks / demos” would run 1 minute into “Lunch and discussion” at 12:15"
    )


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("panel", "“Panel discussion” is not pinned, so it gives way without being named"),
        ("closing", "“Closing remarks” has no least length, so it cannot begin late and end on time"),
    ],
)
def test_only_what_is_pinned_and_has_a_least_length_is_squeezed(name: str, reason: str) -> None:
    assert str(refusal(Delay("evan-shelhamer", 8, squeeze=frozenset({name})), "10:40")) == reason


def test_with_the_contributed_talks_shortened_lunch_is_at_noon() -> None:
    preview = shown(THE_WAY, "10:40")
    assert preview.publishable
    assert changed(preview) == AFTERWARDS
    assert times(preview.after, "lunch") == {"lunch": "12:00–13:00"}


@pytest.mark.parametrize("now", ["10:45", "10:47", "10:52"])
def test_noticed_late_he_is_still_on(now: str) -> None:
    assert changed(shown(THE_WAY, now)) == AFTERWARDS


def test_noticed_late_the_ways_out_are_the_same() -> None:
    assert shown(EIGHT_LATE, "10:47").suggestions == shown(EIGHT_LATE, "10:40").suggestions


def test_a_late_first_talk_is_absorbed_by_the_coffee_break() -> None:
    assert changed(shown(Delay("tri-dao", 20), "09:40")) == {
        "tri-dao": "09:15–10:05",
        "coffee-morning": "10:05–10:15",
    }


def test_what_the_coffee_break_cannot_absorb_is_passed_on() -> None:
    assert changed(shown(Delay("tri-dao", 25, shorten=(("contributed-morning", 40),)), "09:40")) == {
        "tri-dao": "09:15–10:10",
        "coffee-morning": "10:10–10:20",
        "evan-shelhamer": "10:20–10:50",
        "sara-hooker": "10:50–11:20",
        "contributed-morning": "11:20–12:00",
    }


def test_lunch_pushed_after_all_is_absorbed_by_the_posters() -> None:
    assert changed(shown(Delay("contributed-morning", 8, push=frozenset({"lunch"})), "11:55")) == {
        "contributed-morning": "11:15–12:08",
        "lunch": "12:08–13:08",
        "matt-johnson": "13:08–13:38",
        "chris-rackauckas": "13:38–14:08",
        "contributed-afternoon": "14:08–14:23",
        "posters": "14:23–15:00",
    }


def test_where_one_session_cannot_give_it_all_several_share() -> None:
    assert offers(shown(Delay("evan-shelhamer", 30), "10:40").suggestions) == [
        "agenda late 30 --from evan-shelhamer --shorten contributed-morning=30 --squeeze lunch",
        "agenda late 30 --from evan-shelhamer --shorten sara-hooker=17 --shorten contributed-morning=28",
        "agenda late 30 --from evan-shelhamer --push lunch",
    ]
