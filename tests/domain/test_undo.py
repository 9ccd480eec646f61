"""Undo: the latest program without what one revision changed."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.codeml_day import at, codeml, published, talk, times, two_rooms
from support.edit_strategies import edits_of
from support.strategies import examples, instants_near, programs

from app.domain.change_stamps import with_stamps
from app.domain.edits.edit_types import (
    Announce,
    Cancel,
    ChangeContent,
    Delay,
    Edit,
    EndNow,
    WithdrawAnnouncement,
)
from app.domain.edits.outcome import Clash, EditRefused, UndoRefused
from app.domain.edits.overlaps import new_overlaps
from app.domain.edits.preview import preview
from app.domain.edits.three_way_merge import changed_places, undo
from app.domain.errors import AgendaError, UnknownName
from app.domain.program import Person, Program
from app.domain.session import Session

EVAN = "evan-shelhamer"
LATE = Delay(EVAN, 8, shorten=(("contributed-morning", 37),))


def history(*made: tuple[Edit, str]) -> dict[int, Program]:
    """The programs by revision that edits make, one after another, from the program as published."""
    found = {1: with_stamps(None, codeml(), at("08:00"), 1)}
    for number, (edit, now) in enumerate(made, start=2):
        found[number] = with_stamps(found[number - 1], published(edit, now, found[number - 1]), at(now), number)
    return found


def unstamped(program: Program) -> Program:
    bare = (replace(session, sequence=0, created_at=None, changed_at=None) for session in program.sessions)
    return replace(program, sessions=tuple(bare), dates_changed_at=None)


@pytest.mark.parametrize(
    ("edit", "now"),
    [
        (LATE, "10:40"),
        (EndNow(EVAN), "10:40"),
        (Cancel(EVAN), "10:00"),
        (ChangeContent(EVAN, title="TBA"), "10:00"),
        (ChangeContent("panel", speakers=("ada",), people=(Person(id="ada", name="Ada"),)), "10:00"),
        (Announce("Hello"), "10:00"),
    ],
)
def test_undo_gives_back_the_program(edit: Edit, now: str) -> None:
    programs_by_number = history((edit, now))
    assert unstamped(undo(2, programs_by_number)) == unstamped(programs_by_number[1])


def test_an_undone_session_has_newer_stamps() -> None:
    made = history((LATE, "10:40"))
    undone = with_stamps(made[2], undo(2, made), at("10:41"), 3).session(EVAN)
    assert (made[2].session(EVAN).sequence, undone.sequence, undone.changed_at) == (1, 2, at("10:41"))


def test_what_was_changed_since_elsewhere_stays() -> None:
    made = history((LATE, "10:40"), (ChangeContent(EVAN, title="Caffe"), "10:41"), (Cancel("panel"), "10:42"))
    undone = undo(2, made)
    assert times(undone) == times(codeml())
    assert (undone.session(EVAN).title, undone.session("panel").status) == ("Caffe", "cancelled")


def test_what_later_revisions_changed_again_is_refused_with_those_to_undo_first() -> None:
    made = history((LATE, "10:40"), (ChangeContent(EVAN, title="Caffe"), "10:41"), (Delay("sara-hooker", -3), "10:55"))
    made |= {5: published(Delay("sara-hooker", 2), "10:56", made[4])}
    with pytest.raises(UndoRefused) as refused:
        undo(2, made)
    assert (refused.value.number, refused.value.later) == (2, (5, 4))
    assert refused.value.places == ("time of “Beyond the Research Paper”",)
    assert str(refused.value) == (
        "revision 2 cannot be undone: the same was changed since (time of “Beyond the Research Paper”);"
        " undo 5, then 4 first"
    )


def test_what_a_later_revision_changed_and_undid_can_be_undone() -> None:
    made = history((ChangeContent(EVAN, title="Caffe"), "10:00"), (ChangeContent(EVAN, title="Torch"), "10:01"))
    made[4] = with_stamps(made[3], undo(3, made), at("10:02"), 4)
    assert unstamped(undo(2, made)) == unstamped(made[1])


def test_undoing_an_announcement_withdraws_it_alone() -> None:
    made = history((Announce("One"), "10:00"), (Announce("Two"), "10:01"))
    assert [one.text for one in undo(2, made).announcements] == ["Two"]


def test_undoing_a_withdrawal_announces_again_in_the_same_place() -> None:
    made = history((Announce("One"), "10:00"), (Announce("Two"), "10:01"), (WithdrawAnnouncement(2), "10:02"))
    assert undo(4, made).announcements == made[3].announcements


def test_a_speaker_who_speaks_elsewhere_since_stays_in_the_program() -> None:
    ada = Person(id="ada", name="Ada")
    made = history(
        (ChangeContent("panel", speakers=("ada",), people=(ada,)), "10:00"),
        (ChangeContent(EVAN, speakers=("ada",)), "10:01"),
    )
    undone = undo(2, made)
    assert (undone.session("panel").speakers, undone.speakers_of(undone.session(EVAN))) == ((), (ada,))


def test_an_unknown_revision_is_refused_by_its_number() -> None:
    with pytest.raises(UnknownName, match="there is no revision '9'"):
        undo(9, history((LATE, "10:40")))


def test_the_first_revision_is_not_undone() -> None:
    with pytest.raises(EditRefused, match="revision 1 is the first"):
        undo(1, history((LATE, "10:40")))


@given(programs(least=1), st.data())
@examples(40)
def test_an_edit_is_undone_from_under_later_ones_or_refused(program: Program, data: st.DataObject) -> None:
    """The program after an undo differs from the latest only in fields that the undone revision changed."""
    made = {1: with_stamps(None, program, at("08:00"), 1)}
    now = data.draw(instants_near(program))
    for _ in range(data.draw(st.integers(1, 5))):
        latest = len(made)
        try:
            after = preview(made[latest], data.draw(edits_of(made[latest], now)), now).after
        except AgendaError:
            continue
        made[latest + 1] = with_stamps(made[latest], after, now, latest + 1)
    for number in range(2, len(made) + 1):
        undone = undone_or_refused(number, made)
        assert changed_places(made[len(made)], undone) <= changed_places(made[number - 1], made[number])
        assert {one.id for one in undone.sessions} == {one.id for one in made[len(made)].sessions}


def undone_or_refused(number: int, made: dict[int, Program]) -> Program:
    """The latest program without a revision; the latest program if that is refused."""
    try:
        return undo(number, made)
    except UndoRefused:
        return made[len(made)]


A1, A2 = talk("a1", "10:00-11:00"), talk("a2", "11:00-12:00")


def test_two_sessions_that_come_to_lie_over_each_other_are_told_once() -> None:
    before = two_rooms(A1, replace(A2, cancelled=True), talk("b1", "10:00-11:00", "annex"))
    after = two_rooms(longer(A1), A2, talk("b1", "10:00-11:00", "annex"))
    assert new_overlaps(after, before) == (Clash("a1", "a2", 30),)


def test_sessions_that_lay_over_each_other_for_as_long_are_no_new_overlap() -> None:
    crowded = two_rooms(longer(A1), A2)
    assert new_overlaps(crowded, two_rooms(A1, A2), crowded) == ()


def test_only_a_session_that_stands_elsewhere_is_a_new_overlap() -> None:
    assert new_overlaps(two_rooms(longer(A1), A2), two_rooms(longer(A1), A2)) == ()


def longer(session: Session) -> Session:
    """The session with half an hour more."""
    return replace(session, slot=replace(session.slot, end=session.end + timedelta(minutes=30)))
