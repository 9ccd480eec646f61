"""A revision gets its public note afterwards: whose, for which, and what takes it back."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress

import pytest
from support.codeml_day import talk, two_rooms
from support.publisher_processes import NOW, append_revision

from app.domain.edits.edit_types import Announce, Cancel, ChangeContent, Delay, Edit, Explain
from app.domain.edits.outcome import EditRefused
from app.domain.errors import NotAllowed, UnknownName
from app.domain.program import Program
from app.domain.rights import Editor
from app.domain.texts import BadText
from app.formats.edit_json import edit_to_json
from app.store.publishing import publish_edit, publish_note, restore_day, undo
from app.store.revisions import Revision, Revisions
from app.store.undo_rules import check_may_explain, undone_by

FRANK = Editor("Frank")
# Chairs of the two rooms, and an operator.
ADA, ALAN, LINUS = Editor("Ada", "chair", "hall"), Editor("Alan", "chair", "annex"), Editor("Linus", "operator")
GRACE = Editor("Grace", "speaker", None, "a")


@pytest.fixture
def program() -> Program:
    """Two rooms; at 10:20 `a` is on in the hall and `b` in the annex."""
    return two_rooms(
        talk("a", "10:00-10:30"),
        talk("b", "10:00-10:30", "annex"),
        talk("c", "11:00-11:30"),
        talk("tea", "12:00-12:30", None, least=10),
    )


def edited(revisions: Revisions, edit: Edit, by: Editor = FRANK, note: str = "") -> Revision:
    return publish_edit(revisions, edit, base=len(revisions.history()), by=by, note=note, now=NOW)


def noted(revisions: Revisions, number: int, note: str = "Flu.", by: Editor = FRANK) -> Revision:
    return publish_note(revisions, number, by=by, note=note, now=NOW)


def undone(revisions: Revisions, number: int | None = None, by: Editor = FRANK) -> Revision:
    return undo(revisions, number, by=by, note="", now=NOW)


def refusal(revisions: Revisions, number: int, note: str = "Flu.", by: Editor = FRANK) -> str:
    with pytest.raises(EditRefused) as refused:
        noted(revisions, number, note, by)
    return refused.value.reason


def test_a_note_is_a_revision_of_its_own_with_the_same_program(revisions: Revisions, first: Revision) -> None:
    cancelled = edited(revisions, Cancel("c"))
    made = noted(revisions, 2, " Flu. ")
    assert (made.number, made.kind, made.author, made.note, made.explains) == (3, "note", "Frank", "Flu.", 2)
    assert (made.program, made.difference.sessions, made.edit) == (cancelled.program, (), edit_to_json(Explain(2)))
    assert revisions.history()[1].note == ""


def test_a_note_changes_no_stamp(revisions: Revisions, first: Revision) -> None:
    before = edited(revisions, Cancel("c")).program.session("c")
    assert noted(revisions, 2).program.session("c") == before


def test_a_later_note_replaces_it_and_an_empty_one_takes_it_away(revisions: Revisions, first: Revision) -> None:
    edited(revisions, Cancel("c"), note="Ill.")
    texts = [noted(revisions, 2, text).note for text in ("Flu.", "A cold.", "", "Flu.")]
    assert texts == ["Flu.", "A cold.", "", "Flu."]


@pytest.mark.parametrize(
    ("given", "note", "said"),
    [
        ([], "Ill.", "revision 2 has that note"),
        (["Flu."], "Flu.", "revision 2 has that note"),
        (["Flu.", ""], "", "revision 2 has no note"),
    ],
)
def test_the_note_that_stands_is_not_published_again(
    revisions: Revisions, first: Revision, given: Sequence[str], note: str, said: str
) -> None:
    edited(revisions, Cancel("c"), note="Ill.")
    for text in given:
        noted(revisions, 2, text)
    assert (refusal(revisions, 2, note), len(revisions.history())) == (said, 2 + len(given))


def test_what_is_no_change_by_people_has_no_such_note(revisions: Revisions, first: Revision, program: Program) -> None:
    append_revision(revisions, program, author="files", kind="publish")
    edited(revisions, Cancel("c"))
    noted(revisions, 3)
    assert [refusal(revisions, number) for number in (1, 2, 4)] == [
        "revision 1 is of the program's files, which have no such note",
        "revision 2 is of the program's files, which have no such note",
        "revision 4 is a note itself",
    ]


def test_what_is_undone_has_none_and_the_undo_can_have_one(revisions: Revisions, first: Revision) -> None:
    edited(revisions, Cancel("c"))
    undone(revisions)
    assert refusal(revisions, 2) == "revision 2 is undone, by revision 3"
    assert noted(revisions, 3, "Well again.").explains == 3


def test_there_is_no_note_for_a_revision_that_is_not_there(revisions: Revisions, first: Revision) -> None:
    with pytest.raises(UnknownName):
        noted(revisions, 2)


@pytest.mark.parametrize("note", ["x" * 501, "two\nlines", "\u202e"])
def test_a_note_is_one_line_of_bounded_text(revisions: Revisions, first: Revision, note: str) -> None:
    edited(revisions, Cancel("c"))
    with pytest.raises(BadText):
        noted(revisions, 2, note)


# Who may


@pytest.mark.parametrize(
    ("by", "edit"),
    [(ADA, Delay("a", 5)), (ADA, Announce("Hello", "hall")), (LINUS, Delay("a", 5)), (ALAN, Delay("b", 5))],
)
def test_who_is_no_organizer_gives_their_own_change_a_note(
    revisions: Revisions, first: Revision, by: Editor, edit: Edit
) -> None:
    made = edited(revisions, edit, by)
    assert noted(revisions, made.number, by=by).author == by.name


def test_a_chair_says_why_they_took_something_back(revisions: Revisions, first: Revision) -> None:
    edited(revisions, Delay("a", 5), ADA)
    undone(revisions, by=ADA)
    assert noted(revisions, 3, by=ADA).explains == 3


@pytest.mark.parametrize(
    ("author", "edit", "by"),
    [
        (FRANK, Delay("a", 5), ADA),
        (LINUS, Delay("a", 5), ADA),
        (ADA, Delay("a", 5), LINUS),
        # What they did as organizers.
        (Editor("Ada"), Cancel("c"), ADA),
        (Editor("Ada"), Delay("b", 5), ADA),
        (Editor("Ada"), Announce("Hello"), ADA),
        (Editor("Ada"), Delay("c", 40), ADA),
        (Editor("Linus"), ChangeContent("a", title="Mine"), LINUS),
        (Editor("Grace"), ChangeContent("a", title="Mine"), GRACE),
    ],
)
def test_no_other_than_their_own_and_no_more_than_they_could_do_now(
    revisions: Revisions, first: Revision, author: Editor, edit: Edit, by: Editor
) -> None:
    made = edited(revisions, edit, author)
    with pytest.raises(NotAllowed):
        noted(revisions, made.number, by=by)
    assert len(revisions.history()) == 2


@pytest.mark.parametrize(
    ("by", "numbers"), [(FRANK, {2, 3, 5, 6}), (ADA, {2}), (ALAN, set()), (LINUS, {3}), (GRACE, set())]
)
def test_the_console_offers_a_note_for_what_can_have_one(
    revisions: Revisions, first: Revision, by: Editor, numbers: set[int]
) -> None:
    edited(revisions, Delay("a", 5), ADA)
    edited(revisions, Delay("b", 5), LINUS)
    edited(revisions, Cancel("c"))
    undone(revisions)
    latest = edited(revisions, ChangeContent("a", title="New"))
    noted(revisions, 2)
    history = revisions.history()[::-1]
    offered = set()
    for entry in history:
        with suppress(NotAllowed, EditRefused):
            check_may_explain(by, entry.number, revisions.get, undone_by(history), latest.program)
            offered.add(entry.number)
    assert offered == numbers


# Undo


def test_a_plain_undo_takes_back_the_edit_and_not_its_note(revisions: Revisions, first: Revision) -> None:
    edited(revisions, Cancel("c"))
    noted(revisions, 2)
    assert (undone(revisions).undoes, revisions.get(4).program.session("c").cancelled) == (2, False)


def test_a_chair_takes_back_their_latest_edit_and_not_its_note(revisions: Revisions, first: Revision) -> None:
    edited(revisions, Delay("a", 5), ADA)
    noted(revisions, 2, by=ADA)
    with pytest.raises(NotAllowed):
        undone(revisions, 3, by=ADA)
    assert undone(revisions, by=ADA).undoes == 2


def test_an_organizer_takes_a_note_back_and_that_can_be_taken_back(revisions: Revisions, first: Revision) -> None:
    edited(revisions, Cancel("c"))
    before = noted(revisions, 2).program
    assert [undone(revisions, number).program for number in (3, 4)] == [before, before]
    with pytest.raises(EditRefused, match="revision 4 is undone already, by revision 5"):
        undone(revisions, 4)


def test_after_a_note_is_taken_back_the_same_can_be_given_again(revisions: Revisions, first: Revision) -> None:
    edited(revisions, Cancel("c"))
    noted(revisions, 2)
    undone(revisions, 3)
    assert noted(revisions, 2).number == 5


def test_going_back_to_a_day_is_not_affected_by_notes(revisions: Revisions, first: Revision) -> None:
    edited(revisions, Cancel("c"))
    noted(revisions, 2)
    restored = restore_day(revisions, 1, by=FRANK, note="", now=NOW)
    assert (restored.number, restored.program.session("c").cancelled) == (4, False)
    assert restore_day(revisions, 3, by=FRANK, note="", now=NOW).program.session("c").cancelled
