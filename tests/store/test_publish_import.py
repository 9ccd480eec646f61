"""Imports in the console beside files of a folder: what each changes in the plan, and what holds in the end."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Connection
from support.publisher_processes import NOW

from app.domain.edits.day_sessions import added_sessions, with_added_sessions, without_unchanged
from app.domain.edits.edit_types import AddSession, ChangeContent, Delay
from app.domain.program import Program
from app.domain.rights import Editor
from app.domain.session import Session
from app.live.clock import SYSTEM_CLOCK
from app.store.publish_files import publish_files
from app.store.publish_import import (
    ImportPublication,
    PlanChanged,
    PlanConflict,
    import_base,
    plan_in_force,
    publish_import,
)
from app.store.publishing import publish_edit, undo
from app.store.revisions import Revision, Revisions
from app.store.sign_ins import SignIns

LATER = NOW + timedelta(hours=1)
FRANK = Editor("Frank")
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


def session(revisions: Revisions, name: str = "panel") -> Session:
    latest = revisions.latest()
    assert latest is not None
    return latest.program.session(name)


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


def test_what_was_undone_can_be_imported_again(revisions: Revisions, imports: Imports, program: Program) -> None:
    imports(with_title(program, "A"))
    undo(revisions, 2, by=FRANK, note="", now=LATER)
    assert session(revisions).title == program.session("panel").title
    plan = plan_in_force(revisions)
    assert import_base(revisions, with_title(program, "A")).is_repeated
    imports(with_title(program, "A"))
    assert (session(revisions).title, plan_in_force(revisions)) == ("A", plan)


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
    """The plan, and the published program with a session that was added and delayed since."""
    new = AddSession("Late posters", minutes=20, after="closing")
    publish_edit(revisions, new, base=1, by=FRANK, note="", now=NOW)
    latest = revisions.latest()
    assert latest is not None
    return plan_in_force(revisions).program, latest.program


def test_a_session_that_was_added_on_the_day_can_be_imported_into(revisions: Revisions, imports: Imports) -> None:
    plan, latest = added_on_the_day(revisions)
    [late] = added_sessions(plan, latest)
    publish_edit(revisions, Delay(late.id, 5), base=2, by=FRANK, note="", now=NOW)
    slot = session(revisions, late.id).slot
    imports(with_title(with_added_sessions(plan, latest), "Posters, late", of=late.id))
    assert (session(revisions, late.id).title, session(revisions, late.id).slot) == ("Posters, late", slot)


def test_a_session_that_was_added_on_the_day_and_is_not_imported_stays_out_of_the_plan(revisions: Revisions) -> None:
    plan, latest = added_on_the_day(revisions)
    added = added_sessions(plan, latest)
    assert without_unchanged(with_added_sessions(plan, latest), added).sessions == plan.sessions


def test_a_session_that_was_added_after_it_was_read_is_not_cancelled(
    revisions: Revisions, imports: Imports, program: Program
) -> None:
    _, latest = added_on_the_day(revisions)
    imports(with_title(program, "A"))
    [late] = added_sessions(program, latest)
    assert not session(revisions, late.id).cancelled
