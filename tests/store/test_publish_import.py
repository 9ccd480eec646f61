"""Imports in the console beside files of a folder: what each changes in the plan, and what holds in the end."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Connection
from support.publisher_processes import NOW

from app.domain.edits.day_sessions import added_sessions, with_sessions, without_unchanged
from app.domain.edits.edit_types import AddSession, Cancel, ChangeContent, Delay, Reinstate
from app.domain.program import Program
from app.domain.rights import Editor
from app.domain.session import Item, Link, Session
from app.live.clock import SYSTEM_CLOCK
from app.store.publish_files import publish_files
from app.store.publish_import import (
    ImportPublication,
    PlanChanged,
    PlanConflict,
    plan_in_force,
    publish_import,
)
from app.store.publishing import publish_edit, undo
from app.store.revisions import Revision, Revisions
from app.store.sign_ins import SignIns

LATER = NOW + timedelta(hours=1)
FRANK = Editor("Frank")
LATE = "late-posters"
Imports = Callable[..., Revision | None]


def with_title(program: Program, title: str, of: str = "panel") -> Program:
    sessions = (replace(one, title=title) if one.id == of else one for one in program.sessions)
    return replace(program, sessions=tuple(sessions))


def at(program: Program, minutes: int, of: str = "panel") -> Program:
    """The program with a session planned so many minutes later."""

    def moved(one: Session) -> Session:
        later = timedelta(minutes=minutes)
        slot = replace(one.slot, start=one.slot.start + later, end=one.slot.end + later)
        return replace(one, slot=slot, scheduled=slot)

    return replace(program, sessions=tuple(moved(one) if one.id == of else one for one in program.sessions))


def with_items(program: Program, *items: Item) -> Program:
    return replace(
        program, sessions=tuple(replace(one, items=items) if one.id == "posters" else one for one in program.sessions)
    )


def latest(revisions: Revisions) -> Program:
    found = revisions.latest()
    assert found is not None
    return found.program


def session(revisions: Revisions, name: str = "panel") -> Session:
    return latest(revisions).session(name)


def told(revisions: Revisions) -> tuple[str, str, str]:
    """The title of the panel, its status for readers, and that of the session which only an import has."""
    return (session(revisions).title, session(revisions).status, session(revisions, "coda").status)


@pytest.fixture
def revisions(revisions: Revisions, program: Program) -> Revisions:
    """A program whose files were merged once."""
    publish_files(revisions, program, source_hash="first", now=NOW)
    return revisions


@pytest.fixture
def imports(revisions: Revisions) -> Imports:
    """Publishes an import of an organizer."""
    sign_ins, now = SignIns(revisions.database), SYSTEM_CLOCK.now()
    sign_ins.add("Frank", now)
    key = sign_ins.redeem(sign_ins.new_link("Frank", now), now, "")
    sign_in = sign_ins.signed_in(key, now, revisions.get(1).program).id

    def publish(program: Program, order: int | None = None, note: str = "") -> Revision | None:
        wanted = ImportPublication(
            program=program,
            order=plan_in_force(revisions).order if order is None else order,
            note=note,
            then=lambda *_: None,
        )
        return publish_import(revisions, wanted, by=FRANK, sign_in=sign_in, now=LATER, once="")

    return publish


def test_an_import_is_the_plan_from_then_on(revisions: Revisions, imports: Imports, program: Program) -> None:
    made = imports(with_title(program, "A"), note="From the sheet")
    assert made is not None
    assert (made.author, made.kind, made.note, session(revisions).title) == ("Frank", "publish", "From the sheet", "A")
    assert plan_in_force(revisions).program == with_title(program, "A")


def test_an_import_of_a_plan_that_is_not_in_force_any_more_is_refused(
    revisions: Revisions, imports: Imports, program: Program
) -> None:
    order = plan_in_force(revisions).order
    imports(with_title(program, "A"))
    with pytest.raises(PlanChanged):
        imports(with_title(program, "B"), order=order)
    publish_files(revisions, with_title(program, "C", of="closing"), source_hash="second", now=LATER)
    with pytest.raises(PlanChanged):
        imports(with_title(program, "B"), order=order + 1)


def test_changed_files_leave_what_an_import_brought(revisions: Revisions, imports: Imports, program: Program) -> None:
    imports(with_title(at(program, 10), "A"))
    corrected = with_title(program, "The end", of="closing")
    assert publish_files(revisions, corrected, source_hash="second", now=LATER).kind == "published"
    panel, planned = session(revisions), at(program, 10).session("panel").slot
    assert (panel.title, session(revisions, "closing").title) == ("A", "The end")
    assert (panel.slot, panel.scheduled) == (planned, planned)
    assert plan_in_force(revisions).program == with_title(with_title(at(program, 10), "A"), "The end", of="closing")


def test_where_files_change_what_an_import_brought_the_files_hold(
    revisions: Revisions, imports: Imports, program: Program
) -> None:
    imports(with_title(at(program, 10), "A"))
    publish_files(revisions, with_title(at(program, 20), "B"), source_hash="second", now=LATER)
    planned = at(program, 20).session("panel").slot
    assert (session(revisions).title, session(revisions).slot, session(revisions).scheduled) == ("B", planned, planned)


def test_a_newer_import_holds_over_files(revisions: Revisions, imports: Imports, program: Program) -> None:
    imports(with_title(program, "A"))
    publish_files(revisions, with_title(program, "B"), source_hash="second", now=LATER)
    imports(with_title(program, "C"))
    assert session(revisions).title == "C"


def test_files_that_have_what_was_imported_change_nothing(
    revisions: Revisions, imports: Imports, program: Program
) -> None:
    imports(with_title(program, "A"))
    assert publish_files(revisions, with_title(program, "A"), source_hash="second", now=LATER).kind == "unchanged"
    assert session(revisions).title == "A"


def test_files_that_are_published_again_as_they_were_leave_an_import(
    revisions: Revisions, imports: Imports, program: Program
) -> None:
    imports(with_title(program, "A"))
    for restored in (False, True):
        publish_files(revisions, program, source_hash="first", now=LATER, restored=restored)
        assert session(revisions).title == "A"


def test_an_edit_of_the_day_holds_over_an_import(revisions: Revisions, imports: Imports, program: Program) -> None:
    name = "chris-rackauckas"
    publish_edit(revisions, Delay(name, 5), base=1, by=FRANK, note="", now=NOW)
    delayed = session(revisions, name).slot
    imports(with_title(program, "A", of=name))
    assert (session(revisions, name).title, session(revisions, name).slot) == ("A", delayed)


def test_what_an_edit_changed_too_is_a_conflict(revisions: Revisions, imports: Imports, program: Program) -> None:
    publish_edit(revisions, ChangeContent("panel", title="By hand"), base=1, by=FRANK, note="", now=NOW)
    with pytest.raises(PlanConflict) as conflict:
        imports(with_title(program, "A"))
    assert len(conflict.value.conflicts) == 1


@pytest.fixture
def undone(revisions: Revisions, imports: Imports, program: Program) -> Program:
    """An import that was published and undone: another title and time of the panel, and a new session."""
    new = replace(program.session("panel"), id="coda", title="Coda", items=(), speakers=())
    moved = with_title(at(program, 10), "A")
    imported = replace(moved, sessions=(*moved.sessions, new))
    imports(imported)
    undo(revisions, 2, by=FRANK, note="", now=LATER)
    return imported


def test_an_import_that_was_undone_is_not_in_the_plan(revisions: Revisions, undone: Program, program: Program) -> None:
    plan = plan_in_force(revisions).program
    assert plan.session("panel") == program.session("panel")
    assert plan.session("coda") == replace(undone.session("coda"), cancelled=True)


def test_what_was_undone_can_be_imported_again(revisions: Revisions, imports: Imports, undone: Program) -> None:
    assert imports(undone) is not None
    assert told(revisions) == ("A", "confirmed", "confirmed")


def test_a_source_that_was_corrected_after_an_undo_has_no_conflict(
    revisions: Revisions, imports: Imports, undone: Program
) -> None:
    imports(with_title(undone, "B"))
    assert told(revisions) == ("B", "confirmed", "confirmed")


def test_files_that_change_something_else_after_an_undo_show_nothing_as_moved(
    revisions: Revisions, undone: Program, program: Program
) -> None:
    publish_files(revisions, with_title(program, "The end", of="closing"), source_hash="second", now=LATER)
    assert told(revisions) == (program.session("panel").title, "confirmed", "cancelled")
    assert session(revisions).slot == program.session("panel").slot
    assert session(revisions).scheduled == program.session("panel").slot


def test_an_undo_that_is_undone_brings_the_plan_back(revisions: Revisions, undone: Program, program: Program) -> None:
    undo(revisions, 3, by=FRANK, note="", now=LATER)
    plan = plan_in_force(revisions).program
    assert [plan.session(name) for name in ("panel", "coda")] == [undone.session(name) for name in ("panel", "coda")]
    publish_files(revisions, with_title(program, "The end", of="closing"), source_hash="second", now=LATER)
    assert told(revisions) == ("A", "confirmed", "confirmed")


def test_changed_files_that_were_undone_are_not_in_the_plan(revisions: Revisions, program: Program) -> None:
    publish_files(revisions, at(program, 10), source_hash="second", now=LATER)
    undo(revisions, 2, by=FRANK, note="", now=LATER)
    publish_files(revisions, with_title(at(program, 10), "The end", of="closing"), source_hash="third", now=LATER)
    panel, planned = session(revisions), program.session("panel").slot
    assert (panel.slot, panel.scheduled, session(revisions, "closing").title) == (planned, planned, "The end")


def test_an_edit_that_is_undone_leaves_the_plan(revisions: Revisions, imports: Imports, program: Program) -> None:
    imports(with_title(program, "A"))
    publish_edit(revisions, ChangeContent("closing", title="By hand"), base=2, by=FRANK, note="", now=LATER)
    plan = plan_in_force(revisions)
    undo(revisions, 3, by=FRANK, note="", now=LATER)
    assert plan_in_force(revisions) == plan


def test_a_session_that_an_import_cancelled_and_that_takes_place_by_hand_is_not_cancelled_by_it_again(
    revisions: Revisions, imports: Imports, program: Program
) -> None:
    sessions = tuple(replace(one, cancelled=True) if one.id == "panel" else one for one in program.sessions)
    imports(replace(program, sessions=sessions))
    publish_edit(revisions, Reinstate("panel"), base=2, by=FRANK, note="", now=LATER)
    assert imports(replace(program, sessions=sessions)) is None
    assert not session(revisions).cancelled


def test_what_was_changed_by_hand_after_an_import_is_not_taken_back_by_the_same_import(
    revisions: Revisions, imports: Imports, program: Program
) -> None:
    imports(with_title(program, "A"))
    publish_edit(revisions, ChangeContent("panel", title="By hand"), base=2, by=FRANK, note="", now=LATER)
    assert imports(with_title(program, "A")) is None
    assert session(revisions).title == "By hand"


def test_what_goes_with_an_import_is_stored_in_its_transaction(
    revisions: Revisions, imports: Imports, program: Program
) -> None:
    def fail(_: Connection, __: int | None) -> None:
        raise RuntimeError("the service stops here")

    wanted = ImportPublication(program=with_title(program, "A"), order=1, note="", then=fail)
    sign_in = SignIns(revisions.database).all(SYSTEM_CLOCK.now(), program)[0].id
    with pytest.raises(RuntimeError, match="stops here"):
        publish_import(revisions, wanted, by=FRANK, sign_in=sign_in, now=LATER, once="")
    assert (session(revisions).title, plan_in_force(revisions).order) == (program.session("panel").title, 1)


def added_on_the_day(revisions: Revisions) -> tuple[Program, Program]:
    """The plan, and the published program with a session that was added since."""
    new = AddSession("Late posters", minutes=20, after="closing")
    publish_edit(revisions, new, base=1, by=FRANK, note="", now=NOW)
    return plan_in_force(revisions).program, latest(revisions)


def with_added(plan: Program, published: Program) -> Program:
    """The plan with the sessions that were added on the day, as an import reads a source into it."""
    return with_sessions(plan, added_sessions(plan, published), published)


def test_a_session_that_was_added_on_the_day_can_be_imported_into(revisions: Revisions, imports: Imports) -> None:
    plan, published = added_on_the_day(revisions)
    publish_edit(revisions, Delay(LATE, 5), base=2, by=FRANK, note="", now=NOW)
    slot = session(revisions, LATE).slot
    imports(with_title(with_added(plan, published), "Posters, late", of=LATE))
    assert (session(revisions, LATE).title, session(revisions, LATE).slot) == ("Posters, late", slot)


def test_a_session_that_was_added_on_the_day_and_is_not_imported_stays_out_of_the_plan(revisions: Revisions) -> None:
    plan, published = added_on_the_day(revisions)
    added = added_sessions(plan, published)
    assert without_unchanged(with_added(plan, published), added).sessions == plan.sessions


def test_a_session_that_was_added_after_it_was_read_is_not_cancelled(
    revisions: Revisions, imports: Imports, program: Program
) -> None:
    added_on_the_day(revisions)
    imports(with_title(program, "A"))
    assert not session(revisions, LATE).cancelled


def test_a_session_that_was_added_and_cancelled_on_the_day_is_not_brought_back_by_an_import(
    revisions: Revisions, imports: Imports
) -> None:
    plan, published = added_on_the_day(revisions)
    publish_edit(revisions, Cancel(LATE), base=2, by=FRANK, note="", now=NOW)
    imports(with_title(with_added(plan, published), "Posters, late", of=LATE))
    assert (session(revisions, LATE).title, session(revisions, LATE).cancelled) == ("Posters, late", True)


def test_a_paper_that_was_moved_into_a_session_of_the_day_stays_there(
    revisions: Revisions, imports: Imports, program: Program
) -> None:
    paper = Item(id="sap", title="On sap")
    plan = with_items(program, paper)
    imports(plan)
    publish_edit(revisions, AddSession("Late posters", minutes=20, after="closing"), base=2, by=FRANK, note="", now=NOW)
    publish_edit(revisions, ChangeContent("posters", items=()), base=3, by=FRANK, note="", now=NOW)
    publish_edit(revisions, ChangeContent(LATE, items=(paper,)), base=4, by=FRANK, note="", now=NOW)
    imports(with_title(with_added(plan, latest(revisions)), "Posters, late", of=LATE))
    assert (session(revisions, LATE).items, session(revisions, "posters").items) == ((paper,), ())


def test_files_without_ids_of_papers_leave_what_an_import_did_to_them(
    revisions: Revisions, imports: Imports, program: Program
) -> None:
    forum = (Link("OpenReview", "https://openreview.net/forum?id=Sap"),)
    sap, moss = Item(title="On sap", id="on-sap", links=forum), Item(title="On moss", id="on-moss")
    retitled = replace(sap, title="On bark", id="on-bark")
    for number, item in enumerate((sap, retitled)):
        files = with_items(program, item, moss)
        publish_files(revisions, files, source_hash=f"{number}", now=NOW, made_ids={item.id, moss.id})
    assert [one.id for one in session(revisions, "posters").items] == ["on-sap", "on-moss"]
    left = replace(moss, title="On moss, again")
    imports(with_items(program, left))
    files = with_title(with_items(program, retitled, moss), "The end", of="closing")
    publish_files(revisions, files, source_hash="third", now=LATER, made_ids={retitled.id, moss.id})
    assert session(revisions, "posters").items == (left,)


def test_papers_that_files_and_an_import_both_bring_have_one_id(
    revisions: Revisions, imports: Imports, program: Program
) -> None:
    imports(with_items(program, Item(title="On sap", id="given", number="7")))
    files = with_items(program, Item(title="On sap", id="on-sap", number="7"))
    publish_files(revisions, files, source_hash="second", now=LATER, made_ids={"on-sap"})
    assert [one.id for one in session(revisions, "posters").items] == ["given"]
