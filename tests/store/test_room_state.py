"""Ticks and notes in the database: who changes them, their bounds, and the version by which others notice."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from support.codeml_day import codeml
from support.publisher_processes import NOW, append_revision

from app.domain.edits.edit_types import ChangeContent
from app.domain.errors import NotAllowed, UnknownName
from app.domain.program import Program, Room
from app.domain.rights import Editor
from app.domain.room_state import MOST_NOTES
from app.domain.texts import BadText
from app.store.errors import NoDatabase, NotesFull, SignedOut
from app.store.publishing import publish_edit
from app.store.revisions import Revision, Revisions
from app.store.room_state import RoomStates
from app.store.sign_ins import SignIns

ORGANIZER, CHAIR, OTHER_CHAIR = Editor("Frank"), Editor("Ada", "chair", "venue"), Editor("Alan", "chair", "annex")
SARA = ("sara-hooker", "sara-hooker")


@pytest.fixture
def program() -> Program:
    """The workshop, with a second room."""
    return replace(codeml(), rooms=(*codeml().rooms, Room("annex", "Annex")))


@pytest.fixture
def states(revisions: Revisions, first: Revision) -> RoomStates:
    return RoomStates(revisions)


def ticks(states: RoomStates, *sessions: str) -> list[tuple[str, str, str, str]]:
    found = states.ticks(sessions or ("sara-hooker",))
    return sorted((one.session, one.speaker, one.tick, one.by) for one in found)


def texts(states: RoomStates, *sessions: str) -> list[str]:
    return [one.text for one in states.notes(sessions or ("panel",))]


def tick(states: RoomStates, *names: str, on: bool = True, by: Editor = CHAIR, **options: Any) -> None:
    states.set_tick(*(names or (*SARA, "here")), on=on, by=by, now=NOW, **options)  # type: ignore[misc]


def note(states: RoomStates, text: str, session: str = "panel", by: Editor = CHAIR, **options: Any) -> str:
    return states.add_note(session, text, by=by, now=NOW, **options).id


def test_a_tick_is_set_and_removed(states: RoomStates) -> None:
    tick(states)
    tick(states, *SARA, "slides")
    assert ticks(states) == [(*SARA, "here", "Ada"), (*SARA, "slides", "Ada")]
    tick(states, on=False)
    assert ticks(states) == [(*SARA, "slides", "Ada")]


def test_setting_it_again_changes_nothing(states: RoomStates) -> None:
    tick(states)
    tick(states, by=ORGANIZER)
    assert (ticks(states), states.version()) == ([(*SARA, "here", "Ada")], 1)


def test_removing_what_is_not_set_changes_nothing(states: RoomStates) -> None:
    tick(states, on=False)
    assert (ticks(states), states.version()) == ([], 0)


@pytest.mark.parametrize(
    ("names", "reason"),
    [
        (("nothing", "sara-hooker", "here"), "there is no session 'nothing'"),
        (("sara-hooker", "tri-dao", "here"), "there is no speaker of this session 'tri-dao'"),
        ((*SARA, "awake"), "there is no tick 'awake'"),
    ],
)
def test_a_session_speaker_or_tick_that_is_not_there_is_refused(
    states: RoomStates, names: tuple[str, ...], reason: str
) -> None:
    with pytest.raises(UnknownName, match=reason):
        tick(states, *names)
    assert states.version() == 0


@pytest.mark.parametrize("by", [OTHER_CHAIR, Editor("Linus", "operator"), Editor("Tri", "speaker", None, "tri-dao")])
@pytest.mark.parametrize("change", [tick, partial(note, text="x", session=SARA[0])], ids=["tick", "note"])
def test_whoever_does_not_chair_the_room_is_refused(
    states: RoomStates, by: Editor, change: Callable[..., object]
) -> None:
    with pytest.raises(NotAllowed):
        change(states, by=by)
    assert states.version() == 0


def test_a_speaker_says_that_they_are_here_and_writes_no_note(states: RoomStates) -> None:
    speaker = Editor("Sara", "speaker", None, *SARA)
    tick(states, by=speaker)
    assert ticks(states) == [(*SARA, "here", "Sara")]
    with pytest.raises(NotAllowed):
        note(states, "x", SARA[0], by=speaker)
    tick(states, on=False, by=speaker)
    assert (ticks(states), states.version()) == ([], 2)


def test_rights_are_those_of_the_newest_revision(states: RoomStates, revisions: Revisions, program: Program) -> None:
    sessions = tuple(replace(one, slot=replace(one.slot, room="annex")) for one in program.sessions)
    append_revision(revisions, replace(program, sessions=sessions))
    with pytest.raises(NotAllowed):
        tick(states)
    tick(states, by=OTHER_CHAIR)


def test_who_was_signed_out_meanwhile_changes_nothing(states: RoomStates, revisions: Revisions) -> None:
    for change in (tick, partial(note, text="x")):
        with pytest.raises(SignedOut, match="you are signed out"):
            change(states, sign_in="gone")
    with pytest.raises(SignedOut, match="you are signed out"):
        states.remove_note(note(states, "x"), by=CHAIR, sign_in="gone")


def test_who_is_signed_in_changes_it(states: RoomStates, revisions: Revisions, program: Program) -> None:
    sign_ins = SignIns(revisions.database)
    sign_ins.add("Ada", NOW, "chair", "venue")
    key = sign_ins.redeem(sign_ins.new_link("Ada", NOW), NOW, "")
    tick(states, sign_in=sign_ins.signed_in(key, NOW, program).id)
    assert ticks(states) == [(*SARA, "here", "Ada")]


def test_a_content_edit_leaves_the_ticks_of_who_stays(states: RoomStates, revisions: Revisions) -> None:
    tick(states)
    edit = ChangeContent("sara-hooker", speakers=("tri-dao", "sara-hooker"))
    publish_edit(revisions, edit, base=1, by=ORGANIZER, note="", now=NOW)
    tick(states, "sara-hooker", "tri-dao", "here")
    assert [speaker for _, speaker, *_ in ticks(states)] == ["sara-hooker", "tri-dao"]


def test_notes_are_read_in_their_order(states: RoomStates) -> None:
    for minutes, text in enumerate(["Say it so", "Ask this"]):
        states.add_note("panel", text, by=CHAIR, now=NOW + minutes * timedelta(minutes=1))
    note(states, "Another session", "opening")
    assert (texts(states), texts(states, "opening")) == (["Say it so", "Ask this"], ["Another session"])


@pytest.mark.parametrize("text", ["", "  ", "x" * 501, "a\0b", "\u202eturned"])
def test_a_note_that_says_nothing_or_too_much_is_refused(states: RoomStates, text: str) -> None:
    with pytest.raises(BadText):
        note(states, text)
    assert states.version() == 0


def test_a_session_has_at_most_twenty_notes(states: RoomStates) -> None:
    for number in range(MOST_NOTES):
        note(states, f"note {number}")
    with pytest.raises(NotesFull, match="at most 20 notes; remove one first"):
        note(states, "one too many")
    note(states, "of another session", "opening")
    assert len(texts(states)) == MOST_NOTES == 20


ONCE = "0123456789abcdef" * 4


def test_the_note_of_a_form_that_is_sent_twice_is_added_once(states: RoomStates) -> None:
    added = [note(states, "x", once=ONCE) for _ in range(2)]
    assert (added, texts(states), states.version()) == ([ONCE[:32]] * 2, ["x"], 1)


def test_the_last_note_that_there_is_room_for_may_be_sent_twice(states: RoomStates) -> None:
    for number in range(MOST_NOTES - 1):
        note(states, f"note {number}")
    assert [note(states, "x", once=ONCE) for _ in range(2)] == [ONCE[:32]] * 2


def test_a_chair_removes_their_own_notes_and_an_organizer_any(states: RoomStates) -> None:
    own, others = note(states, "own"), note(states, "others", by=Editor("Grace", "chair", "venue"))
    with pytest.raises(NotAllowed, match="A chair removes their own notes"):
        states.remove_note(others, by=CHAIR)
    states.remove_note(own, by=CHAIR)
    assert texts(states) == ["others"]
    states.remove_note(others, by=ORGANIZER)
    assert texts(states) == []


def test_a_note_that_two_remove_is_removed(states: RoomStates) -> None:
    name = note(states, "own")
    for _ in range(2):
        states.remove_note(name, by=CHAIR)
    assert (texts(states), states.version()) == ([], 2)


def test_each_change_raises_the_version_that_is_read_with_the_revisions(
    states: RoomStates, revisions: Revisions
) -> None:
    assert revisions.news(1) == ((), 0)
    tick(states)
    note(states, "x")
    assert revisions.news(1) == ((), 2)
    found, version = revisions.news(0)
    assert ([one.number for one in found], version) == ([1], 2)


def test_of_changes_at_once_each_is_counted(states: RoomStates) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: note(states, f"note {number}"), range(MOST_NOTES)))
    assert (len(texts(states)), states.version()) == (MOST_NOTES, MOST_NOTES)


def test_where_nothing_is_published_there_is_nothing_to_tick(revisions: Revisions) -> None:
    with pytest.raises(NoDatabase):
        tick(RoomStates(revisions))
