"""The main use case: CODEML's morning runs late, and lunch is at noon."""

from __future__ import annotations

import pytest
from support.codeml_day import changed, offers, shown, times

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
        "agenda late 8 --from evan-shelhamer --shorten contributed-morning=37",
        "agenda late 8 --from evan-shelhamer --shorten sara-hooker=22",
        "agenda late 8 --from evan-shelhamer --push lunch",
    ]


def test_the_ways_out_are_told_and_pushing_lunch_is_an_organizers_choice() -> None:
    told = [(way.sentence, way.organizer_only) for way in shown(EIGHT_LATE, "10:40").suggestions]
    assert told == [
        ("Shorten “Contributed talks / demos” at 11:15 to 37 minutes.", False),
        ("Shorten “Beyond the Research Paper” at 10:45 to 22 minutes.", False),
        ("Push “Lunch and discussion” to 12:08 although it is pinned.", True),
    ]


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
        "agenda late 30 --from evan-shelhamer --shorten sara-hooker=17 --shorten contributed-morning=28",
        "agenda late 30 --from evan-shelhamer --push lunch",
    ]
