"""Steps of a line-up in a history: revisions of a kind of their own, which no undo takes back."""

from __future__ import annotations

import pytest
from support.codeml_day import at
from support.line_ups import DEMOS, day, name_of, order_of, times_of
from support.publisher_processes import append_revision

from app.domain.edits.edit_types import AddItem, Announce, ChangeContent, Edit, ItemAbsent, OrderItems, RemoveItem, Step
from app.domain.edits.outcome import EditRefused
from app.domain.errors import NotAllowed, StaleBase
from app.domain.lineup import is_by_hand, place_at, places_to_come
from app.domain.program import Program
from app.domain.rights import Editor
from app.domain.session import Session
from app.formats.edit_json import recorded_edit
from app.store.database import Database
from app.store.publishing import publish_edit, publish_note, undo
from app.store.revisions import Revision, Revisions

A, B, C, D, E, F = (f"item-{name}" for name in "abcdef")
NOW = at("11:07:30")
FRANK = Editor("Frank")
CHAIR = Editor("Ada", "chair", "hall")
OPERATOR = Editor("Linus", "operator")


@pytest.fixture
def revisions(database: Database) -> Revisions:
    """A history of the day whose line-up has six items of five minutes, from 11:00 on."""
    revisions = Revisions(database)
    append_revision(revisions, day(), author="files", kind="import")
    return revisions


def edited(
    revisions: Revisions, edit: Edit, *, base: int | None = None, by: Editor = FRANK, now: str = "11:07:30"
) -> Revision:
    base = revisions.newest_number() if base is None else base
    return publish_edit(revisions, edit, base=base, by=by, note="", now=at(now))


def undone(revisions: Revisions, number: int | None = None, by: Editor = FRANK) -> Revision:
    return undo(revisions, number, by=by, note="", now=NOW)


def line_up(revisions: Revisions) -> Session:
    latest = revisions.latest()
    assert latest is not None
    return latest.program.session(DEMOS)


def on(revisions: Revisions, time: str = "11:08") -> str | None:
    return name_of(place_at(line_up(revisions), at(time)))


def to_come(revisions: Revisions) -> str:
    places = places_to_come(line_up(revisions), at("11:08"))
    return "".join(name for place in places if (name := name_of(place)))


def test_a_step_is_a_revision_of_a_kind_of_its_own_and_changes_no_session(revisions: Revisions) -> None:
    made = edited(revisions, Step(DEMOS, C))
    assert (made.number, made.kind, made.author, made.difference.sessions) == (2, "step", "Frank", ())
    assert recorded_edit(made.edit) == Step(DEMOS, C)
    assert on(revisions) == "c"


def test_no_other_edit_of_a_line_up_is_a_step(revisions: Revisions) -> None:
    wanted = (ItemAbsent(DEMOS, B), OrderItems(DEMOS, (E, D)), AddItem(DEMOS, "New", 3), Step(DEMOS, None))
    assert [edited(revisions, edit).kind for edit in wanted] == ["edit", "edit", "edit", "step"]


def test_a_step_comes_back_from_the_database(revisions: Revisions) -> None:
    made = edited(revisions, Step(DEMOS, C))
    assert revisions.get(2) == made


def test_of_two_who_step_on_one_base_the_second_is_refused(revisions: Revisions) -> None:
    edited(revisions, Step(DEMOS, C), base=1)
    with pytest.raises(StaleBase):
        edited(revisions, Step(DEMOS, C), base=1, by=CHAIR)
    assert (revisions.newest_number(), on(revisions)) == (2, "c")


def test_an_edit_of_something_else_meets_no_step(revisions: Revisions) -> None:
    edited(revisions, Step(DEMOS, C), base=1)
    edited(revisions, ChangeContent(DEMOS, title="Short talks"), base=1)
    edited(revisions, ItemAbsent(DEMOS, E), base=1, by=CHAIR)
    assert (line_up(revisions).title, on(revisions), "e" in times_of(line_up(revisions))) == ("Short talks", "c", False)


# At 11:07:30, where b is on and c comes next.
PASSED = [
    (Step(DEMOS, E), OrderItems(DEMOS, (E, C))),
    (Step(DEMOS, C), OrderItems(DEMOS, (D, C))),
    (Step(DEMOS, D), OrderItems(DEMOS, (F, C))),
    (Step(DEMOS, E), ItemAbsent(DEMOS, D)),
    (Step(DEMOS, D), AddItem(DEMOS, "New", 3, after=C)),
]
BEHIND = [
    (Step(DEMOS, C), OrderItems(DEMOS, (E, D))),
    (Step(DEMOS, C), ItemAbsent(DEMOS, E)),
    (Step(DEMOS, C), AddItem(DEMOS, "New", 3, after=D)),
    (Step(DEMOS, A), AddItem(DEMOS, "New", 3)),
]


@pytest.mark.parametrize(("step", "change"), PASSED)
def test_a_step_is_stale_where_what_it_passes_was_changed_since(revisions: Revisions, step: Edit, change: Edit) -> None:
    edited(revisions, change, base=1)
    with pytest.raises(StaleBase):
        edited(revisions, step, base=1, by=CHAIR)


@pytest.mark.parametrize(("step", "change"), PASSED[:4])
def test_a_change_of_what_was_stepped_past_since_is_stale(revisions: Revisions, step: Edit, change: Edit) -> None:
    edited(revisions, step, base=1)
    with pytest.raises(StaleBase):
        edited(revisions, change, base=1, by=CHAIR)


@pytest.mark.parametrize("pair", [*BEHIND, *((change, step) for step, change in BEHIND)])
def test_a_step_and_a_change_of_what_is_behind_it_do_not_meet(revisions: Revisions, pair: tuple[Edit, Edit]) -> None:
    assert [edited(revisions, edit, base=1).number for edit in pair] == [2, 3]


@pytest.mark.parametrize("by", [FRANK, CHAIR, OPERATOR])
def test_organizers_chairs_and_operators_take_steps(revisions: Revisions, by: Editor) -> None:
    assert edited(revisions, Step(DEMOS, C), by=by).author == by.name


@pytest.mark.parametrize("by", [Editor("Alan", "chair", "annex"), Editor("Larry", "operator", "annex")])
def test_those_of_another_room_take_none(revisions: Revisions, by: Editor) -> None:
    with pytest.raises(NotAllowed):
        edited(revisions, Step(DEMOS, C), by=by)


@pytest.mark.parametrize("edit", [ItemAbsent(DEMOS, E), OrderItems(DEMOS, (E, D)), AddItem(DEMOS, "New", 3)])
def test_chairs_alone_keep_a_line_up_and_operators_do_not(revisions: Revisions, edit: Edit) -> None:
    with pytest.raises(NotAllowed):
        edited(revisions, edit, by=OPERATOR)
    assert edited(revisions, edit, by=CHAIR).kind == "edit"


# Undo


def test_undo_takes_back_what_was_done_before_a_step(revisions: Revisions) -> None:
    edited(revisions, ChangeContent(DEMOS, title="Short talks"))
    edited(revisions, Step(DEMOS, C))
    assert (undone(revisions).undoes, line_up(revisions).title, on(revisions)) == (2, "Demos", "c")


def test_a_step_alone_is_nothing_to_undo(revisions: Revisions) -> None:
    edited(revisions, Step(DEMOS, C))
    with pytest.raises(EditRefused, match=r"^there is nothing to undo$"):
        undone(revisions)


def test_undo_of_a_step_names_what_takes_it_back(revisions: Revisions) -> None:
    edited(revisions, Step(DEMOS, C))
    with pytest.raises(
        EditRefused, match=r"^revision 2 is a step of a line-up, which Back takes back: agenda next ROOM --back$"
    ):
        undone(revisions, 2)


def test_a_chair_takes_back_their_own_latest_change_not_a_step(revisions: Revisions) -> None:
    edited(revisions, ItemAbsent(DEMOS, E), by=CHAIR)
    edited(revisions, Step(DEMOS, C), by=CHAIR)
    assert (undone(revisions, by=CHAIR).undoes, "e" in times_of(line_up(revisions)), on(revisions)) == (2, True, "c")


def test_what_was_on_was_on_whatever_is_taken_back(revisions: Revisions) -> None:
    """Who was on is absent, the next begins, and the one after it: that somebody is here after all moves none."""
    edited(revisions, ItemAbsent(DEMOS, B))
    edited(revisions, Step(DEMOS, D))
    undone(revisions)
    assert (order_of(line_up(revisions)), on(revisions)) == ("abcdef", "d")
    assert times_of(line_up(revisions))["b"] == "11:05–11:07"


def test_each_of_two_changes_of_a_line_up_can_be_taken_back(revisions: Revisions) -> None:
    edited(revisions, ItemAbsent(DEMOS, E))
    edited(revisions, AddItem(DEMOS, "g", 3, after=D))
    edited(revisions, OrderItems(DEMOS, (F, D)))
    undone(revisions, 2)
    assert ([one.id for one in line_up(revisions).items if one.absent], order_of(line_up(revisions))) == ([], "abcfged")
    undone(revisions, 3)
    assert order_of(line_up(revisions)) == "abcfed"
    undone(revisions, 4)
    assert line_up(revisions).items == day().session(DEMOS).items


def test_of_two_orders_the_later_is_taken_back_first(revisions: Revisions) -> None:
    edited(revisions, OrderItems(DEMOS, (F, D)))
    edited(revisions, OrderItems(DEMOS, (E, F)))
    with pytest.raises(EditRefused, match="undo 3 first"):
        undone(revisions, 2)


def test_who_waits_is_to_come_after_the_undo_of_an_order(revisions: Revisions) -> None:
    edited(revisions, OrderItems(DEMOS, (F, D)))
    edited(revisions, Step(DEMOS, F))
    undone(revisions)
    assert (order_of(line_up(revisions)), on(revisions), to_come(revisions)) == ("abcfde", "f", "de")


def test_who_waits_is_to_come_after_the_undo_of_an_absence(revisions: Revisions) -> None:
    edited(revisions, ItemAbsent(DEMOS, E))
    edited(revisions, Step(DEMOS, F))
    undone(revisions)
    assert (order_of(line_up(revisions)), on(revisions), to_come(revisions)) == ("abcdfe", "f", "e")


def test_by_the_clock_too_and_what_is_on_stays_on_by_hand(revisions: Revisions) -> None:
    edited(revisions, ItemAbsent(DEMOS, B), now="10:50")
    undone(revisions)
    assert (order_of(line_up(revisions)), on(revisions), to_come(revisions)) == ("acbdef", "c", "bdef")
    assert is_by_hand(line_up(revisions))


def test_an_undo_that_passes_over_nobody_leaves_the_line_up_to_the_clock(revisions: Revisions) -> None:
    edited(revisions, ItemAbsent(DEMOS, E))
    undone(revisions)
    assert (order_of(line_up(revisions)), is_by_hand(line_up(revisions))) == ("abcdef", False)


ON_OR_WAS_ON = (
    r"^“G” is or was on in the line-up of “Demos”; Back takes the step to it back first: agenda next hall --back$"
)


@pytest.mark.parametrize("later", [(), (F,)])
def test_an_undo_that_takes_away_what_is_or_was_on_is_refused_and_names_back(
    revisions: Revisions, later: tuple[str, ...]
) -> None:
    edited(revisions, AddItem(DEMOS, "G", 3, after=C))
    for name in ("g", *later):
        edited(revisions, Step(DEMOS, name))
    with pytest.raises(EditRefused, match=ON_OR_WAS_ON):
        undone(revisions)


def test_by_the_clock_what_is_on_is_not_taken_away_either(revisions: Revisions) -> None:
    edited(revisions, AddItem(DEMOS, "G", 5, after=A), now="11:04")
    with pytest.raises(EditRefused, match=ON_OR_WAS_ON):
        undone(revisions)


def test_after_back_it_is_taken_away(revisions: Revisions) -> None:
    edited(revisions, AddItem(DEMOS, "G", 3, after=B))
    edited(revisions, Step(DEMOS, "g"))
    edited(revisions, Step(DEMOS, B))
    undone(revisions)
    assert (order_of(line_up(revisions)), on(revisions)) == ("abcdef", "b")


def test_after_its_session_what_was_on_stays_and_back_is_not_named(revisions: Revisions) -> None:
    edited(revisions, AddItem(DEMOS, "G", 3, after=C))
    edited(revisions, Step(DEMOS, "g"))
    with pytest.raises(EditRefused, match=r"^“G” is or was on in the line-up of “Demos”$"):
        undo(revisions, None, by=FRANK, note="", now=at("12:30"))


def test_an_item_whose_addition_is_undone_is_known_as_removed(revisions: Revisions) -> None:
    edited(revisions, AddItem(DEMOS, "G", 3))
    undone(revisions)
    assert ([one.id for one in line_up(revisions).removed_items], order_of(line_up(revisions))) == (["g"], "abcdef")
    assert edited(revisions, AddItem(DEMOS, "G", 3)).program.session(DEMOS).items[-1].id == "g-2"


def test_an_item_whose_removal_is_undone_is_back_under_its_id(revisions: Revisions) -> None:
    edited(revisions, AddItem(DEMOS, "G", 3))
    edited(revisions, RemoveItem(DEMOS, "g"))
    undone(revisions)
    assert (order_of(line_up(revisions)), line_up(revisions).removed_items) == ("abcdefg", ())


# Notes


def test_a_step_has_no_note(revisions: Revisions) -> None:
    edited(revisions, Step(DEMOS, C))
    with pytest.raises(EditRefused, match=r"^revision 2 is a step of a line-up, which has no note$"):
        publish_note(revisions, 2, by=FRANK, note="Why?", now=NOW)


def test_the_latest_revision_of_which_readers_are_told_is_no_step(revisions: Revisions) -> None:
    edited(revisions, Announce("Coffee is here."))
    edited(revisions, Step(DEMOS, C))
    append_revision(revisions, line_up_day(revisions), kind="step")
    assert (revisions.newest_number(), revisions.newest_told_number()) == (4, 2)


def line_up_day(revisions: Revisions) -> Program:
    latest = revisions.latest()
    assert latest is not None
    return latest.program
