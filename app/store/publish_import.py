"""Publishing what was imported in the console: a plan of its own, merged as the program's files are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from app.domain.edits import three_way_merge
from app.domain.edits.conflict_text import conflict_lines
from app.domain.edits.day_sessions import added_sessions, with_sessions
from app.domain.errors import AgendaError, InvalidProgram
from app.domain.program import Program
from app.domain.rights import Editor
from app.domain.texts import checked
from app.store.errors import NoDatabase
from app.store.merged_plans import MergedPlan, add_plan, newest_plan
from app.store.publish_once import publish_once
from app.store.revisions import PublishTransaction, Revision, Revisions


class PlanChanged(AgendaError):
    """Another plan was published since the one that an import is based on."""

    def __init__(self) -> None:
        super().__init__("other files or another import were published since this was read")


class PlanConflict(AgendaError):
    """An import and an edit changed the same; ``conflicts`` has a sentence for each."""

    def __init__(self, conflicts: tuple[str, ...]) -> None:
        super().__init__(f"an edit changed the same: {'; '.join(conflicts)}")
        self.conflicts = conflicts


def plan_in_force(revisions: Revisions) -> MergedPlan:
    """The plan that an import updates; raises `NoDatabase` where nothing is published."""
    with revisions.previewing() as transaction:
        found = newest_plan(transaction)
    if found is None:
        raise NoDatabase(revisions.database.place)
    return found


def merged_import(plan: Program, program: Program, latest: Program) -> Program:
    """The published program with what an import changes in the plan; raises `PlanConflict`."""
    added = (one for one in added_sessions(plan, latest) if one.id in program.sessions_by_id)
    try:
        merged = three_way_merge.merge_files(with_sessions(plan, added, latest), program, latest)
    except InvalidProgram as error:
        raise PlanConflict(tuple(map(str, error.faults))) from error
    if merged.conflicts:
        raise PlanConflict(conflict_lines(latest, merged.conflicts, speaker="the import says"))
    return merged.program


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportPublication:
    """What to publish: the program that an import made of the plan of that order, with a note.

    ``then`` is called in the same transaction with the number of the revision, None where readers see no difference.
    """

    program: Program
    order: int
    note: str
    then: Callable[[Connection, int | None], None]


def publish_import(
    revisions: Revisions, wanted: ImportPublication, *, by: Editor, sign_in: str, now: datetime, once: str
) -> Revision | None:
    """Publish an import; None where readers see no difference. Its program is the plan from then on.

    ``sign_in`` and ``once`` are as for `publish_edit`. Raises `PlanChanged` where another plan was merged since,
    `PlanConflict`, `BadText`.
    """
    checked("note", wanted.note)

    def make(transaction: PublishTransaction) -> Revision | None:
        plan = newest_plan(transaction)
        if transaction.latest is None or plan is None or plan.order != wanted.order:
            raise PlanChanged
        merged = merged_import(plan.program, wanted.program, transaction.latest.program)
        made = None
        if merged != transaction.latest.program:
            made = transaction.append(merged, author=by.name, note=wanted.note, kind="publish", now=now)
        if plan.program != wanted.program:
            add_plan(transaction, wanted.program, now)
        wanted.then(transaction.connection, made.number if made else None)
        return made

    return publish_once(revisions, make, by=by, sign_in=sign_in, once=once)
