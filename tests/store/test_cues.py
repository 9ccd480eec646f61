"""Cues in the database: one a room, who sends and clears them, and when a stage first showed one."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from support.codeml_day import codeml
from support.publisher_processes import NOW

from app.domain.cues import Cue
from app.domain.errors import NotAllowed, UnknownName
from app.domain.program import Program, Room
from app.domain.rights import Editor
from app.domain.texts import BadText
from app.store.errors import SignedOut
from app.store.revisions import Revision, Revisions
from app.store.room_state import RoomStates

ORGANIZER, CHAIR, OTHER_CHAIR = Editor("Frank"), Editor("Ada", "chair", "venue"), Editor("Alan", "chair", "annex")
MINUTE = timedelta(minutes=1)


@pytest.fixture
def program() -> Program:
    """The workshop, with a second room."""
    return replace(codeml(), rooms=(*codeml().rooms, Room("annex", "Annex")))


@pytest.fixture
def states(revisions: Revisions, first: Revision) -> RoomStates:
    return RoomStates(revisions)


def send(states: RoomStates, text: str = "Wrap up", room: str = "venue", by: Editor = CHAIR, **options: Any) -> None:
    states.send_cue(room, text, **{"style": "steady", "minutes": 2, "now": NOW, **options}, by=by)


def texts(states: RoomStates) -> list[tuple[str, str]]:
    return [(cue.room, cue.text) for cue in states.cues()]


def test_a_cue_is_kept_with_who_sent_it_and_until_when_it_stands(states: RoomStates) -> None:
    send(states, " Mic ", style="blink", minutes=5)
    assert states.cues() == (Cue(1, "venue", "Mic", "blink", "Ada", NOW, NOW + 5 * MINUTE),)


def test_a_room_has_one_cue_and_each_has_a_new_id(states: RoomStates) -> None:
    send(states, "5 minutes")
    send(states, "Stop", "annex", OTHER_CHAIR)
    send(states, "Wrap up")
    assert [(cue.room, cue.text, cue.id) for cue in states.cues()] == [("annex", "Stop", 2), ("venue", "Wrap up", 3)]


def test_it_is_cleared_and_clearing_none_changes_nothing(states: RoomStates) -> None:
    send(states)
    states.clear_cue("venue", by=ORGANIZER)
    version = states.version()
    states.clear_cue("venue", by=ORGANIZER)
    assert (texts(states), states.version()) == ([], version)


@pytest.mark.parametrize(
    "by", [OTHER_CHAIR, Editor("Olga", "operator"), Editor("Sara", "speaker", None, "sara-hooker")]
)
def test_others_than_organizers_and_the_chairs_of_the_room_are_refused(states: RoomStates, by: Editor) -> None:
    send(states)
    with pytest.raises(NotAllowed):
        send(states, "Stop", by=by)
    with pytest.raises(NotAllowed):
        states.clear_cue("venue", by=by)
    assert texts(states) == [("venue", "Wrap up")]


def test_a_room_that_is_not_there_and_a_text_that_is_too_long_are_refused(states: RoomStates) -> None:
    with pytest.raises(UnknownName):
        send(states, room="attic", by=ORGANIZER)
    with pytest.raises(BadText):
        send(states, "x" * 61)
    assert (texts(states), states.version()) == ([], 0)


def test_whoever_is_signed_out_meanwhile_sends_none(states: RoomStates) -> None:
    with pytest.raises(SignedOut):
        send(states, sign_in="gone")
    assert texts(states) == []


def test_only_the_first_screen_that_shows_it_is_noted(states: RoomStates) -> None:
    send(states)
    for minutes in (1, 2):
        states.note_cue_shown("venue", 1, NOW + minutes * MINUTE)
    assert ([cue.shown_at for cue in states.cues()], states.version()) == ([NOW + MINUTE], 2)


def test_a_screen_that_shows_a_cue_of_before_says_nothing_of_the_present_one(states: RoomStates) -> None:
    send(states)
    send(states, "Stop")
    states.note_cue_shown("venue", 1, NOW)
    states.note_cue_shown("annex", 2, NOW)
    assert [cue.shown_at for cue in states.cues()] == [None]
