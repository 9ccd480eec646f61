"""`agenda cue`: a line to the speaker's screen of a room."""

from __future__ import annotations

import pytest
from support.terminal import Terminal

from app.domain.cues import CueStyle
from app.store.room_state import RoomStates

CLOCK = "A rehearsal: its clock says 2025-07-18 10:40.\n"


def cues(day: Terminal) -> list[tuple[str, str, CueStyle, int, str]]:
    """The cues of a day, each with its room, its style, its minutes and who sent it."""
    with day.opened() as revisions:
        found = RoomStates(revisions).cues()
    return [(one.room, one.text, one.style, int((one.until - one.at).total_seconds() // 60), one.by) for one in found]


def test_it_stands_for_two_minutes_and_is_no_revision(day: Terminal) -> None:
    result = day.type('agenda cue venue "Wrap up"')
    said = f"“Wrap up” is sent to the stage of Vancouver Convention Center, for 2 min.\n{CLOCK}"
    assert (result.exit_code, result.output, len(day.revisions())) == (0, said, 1)
    assert cues(day) == [("venue", "Wrap up", "steady", 2, "terminal")]


@pytest.mark.parametrize(
    ("typed", "cue"),
    [
        ("Stop --blink", ("venue", "Stop", "blink", 2, "terminal")),
        ("Stop --blackout --minutes 5", ("venue", "Stop", "blackout", 5, "terminal")),
        ("--blackout", ("venue", "", "blackout", 2, "terminal")),
    ],
)
def test_it_may_blink_and_a_black_screen_needs_no_text(day: Terminal, typed: str, cue: object) -> None:
    assert day.type(f"agenda cue venue {typed}").exit_code == 0
    assert cues(day) == [cue]


def test_it_is_cleared(day: Terminal) -> None:
    day.type("agenda cue venue Mic")
    result = day.type("agenda cue venue --clear")
    said = f"The stage of Vancouver Convention Center shows no cue.\n{CLOCK}"
    assert (result.exit_code, result.output, cues(day)) == (0, said, [])


@pytest.mark.parametrize(
    ("typed", "status", "said"),
    [
        ("venue", 2, "a cue has a TEXT or is a --blackout; without one it is to --clear"),
        ("venue Stop --clear", 2, "a cue has a TEXT or is a --blackout; without one it is to --clear"),
        ("venue Stop --minutes 0", 2, "0 is not in the range 1<=x<=480"),
        ("venu Stop", 1, "did you mean 'venue'?"),
        (f"venue {'x' * 61}", 1, "cue: at most 60 characters, this one has 61"),
    ],
)
def test_what_cannot_be_is_refused_with_what_to_do(day: Terminal, typed: str, status: int, said: str) -> None:
    result = day.type(f"agenda cue {typed}")
    assert (result.exit_code, said in result.stderr, cues(day)) == (status, True, [])
