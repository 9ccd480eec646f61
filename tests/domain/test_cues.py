"""A cue: its bounds, and until when it stands."""

from __future__ import annotations

from datetime import timedelta

import pytest
from support.codeml_day import at

from app.domain.cues import MOST_CUE_MINUTES, USUAL_CUES, Cue, checked_cue
from app.domain.errors import UnknownName
from app.domain.texts import BadText

SECOND = timedelta(seconds=1)


def test_a_cue_stands_until_its_end_and_no_longer() -> None:
    cue = Cue(1, "venue", "Wrap up", "steady", "Ada", at("10:40"), at("10:42"))
    assert [cue.stands_at(now) for now in (at("10:40"), at("10:42") - SECOND, at("10:42"))] == [True, True, False]


@pytest.mark.parametrize("text", USUAL_CUES)
def test_the_usual_ones_can_be_sent(text: str) -> None:
    assert checked_cue(text, "steady", 2) == (text, "steady")


def test_spaces_around_a_cue_are_left_out_and_a_black_screen_needs_no_text() -> None:
    assert checked_cue(" Louder ", "blink", MOST_CUE_MINUTES) == ("Louder", "blink")
    assert checked_cue("", "blackout", 1) == ("", "blackout")


@pytest.mark.parametrize(
    ("text", "style", "minutes", "said"),
    [
        ("", "steady", 2, "cue: a line for the speaker, or a black screen"),
        (" ", "blink", 2, "cue: a line for the speaker, or a black screen"),
        ("x" * 61, "steady", 2, "cue: at most 60 characters, this one has 61"),
        ("one\ntwo", "steady", 2, "cue: one line of text"),
        ("\u202eStop", "steady", 2, "cue: a text without U+202E (right-to-left override)"),
        ("Stop", "steady", 0, f"minutes: 1 to {MOST_CUE_MINUTES} minutes"),
        ("Stop", "steady", MOST_CUE_MINUTES + 1, f"minutes: 1 to {MOST_CUE_MINUTES} minutes"),
    ],
)
def test_any_other_is_refused_with_what_was_expected(text: str, style: str, minutes: int, said: str) -> None:
    with pytest.raises(BadText) as refused:
        checked_cue(text, style, minutes)
    assert str(refused.value) == said


def test_another_style_is_refused() -> None:
    with pytest.raises(UnknownName, match="style of cues"):
        checked_cue("Stop", "sparkling", 2)


def test_a_cue_of_before_the_clock_was_set_back_does_not_stand_again() -> None:
    cue = Cue(1, "venue", "Wrap up", "steady", "Ada", at("16:48"), at("16:50"))
    skew = timedelta(minutes=1)
    shown = [cue.stands_at(now) for now in (at("09:10"), at("16:48") - skew - SECOND, at("16:48") - skew)]
    assert shown == [False, False, True]
