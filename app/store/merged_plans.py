"""The plans that were merged into the published program: of the files of its folder, and of imports in the console.

A plan is what the program is to be before edits of the day. The newest one is in force, whoever it came from.
"""

from __future__ import annotations

import secrets
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import delete, func, insert, select

from app.domain.edits.three_way_merge import merge_files, without_change
from app.domain.errors import InvalidProgram
from app.domain.item_matching import with_former_ids
from app.domain.program import Program
from app.domain.session import without_the_day
from app.store.packed_programs import pack_program, unpack_program
from app.store.revisions import PublishTransaction
from app.store.tables import HASH_LENGTH, merged_files


@dataclass(frozen=True, slots=True)
class FolderFiles:
    """What the files of a program's folder say, and their hash."""

    program: Program
    hash: str


@dataclass(frozen=True, slots=True)
class MergedPlan:
    """A plan, and how many were merged before it and with it."""

    order: int
    program: Program


def newest_plan(transaction: PublishTransaction) -> MergedPlan | None:
    """The plan in force: revision 1 where none is recorded; None where nothing is published yet."""
    return _newest(transaction, of_files=False)


def plan_with_files(transaction: PublishTransaction, files: Program) -> Program:
    """The plan in force with what changed in the folder's files since they were merged last; the files hold.

    Raises `InvalidProgram` where the two do not go together.
    """
    newest, former = newest_plan(transaction), _newest(transaction, of_files=True)
    if newest is None or former is None or newest.order == former.order:
        return files
    merged = merge_files(former.program, newest.program, files).program
    sessions = (replace(one, scheduled=one.slot, ended_by_hand=False) for one in merged.sessions)
    return replace(merged, sessions=tuple(sessions))


def with_kept_item_ids(transaction: PublishTransaction, files: Program, made_ids: AbstractSet[str]) -> Program:
    """The files' program, whose items to which the files give no id have the ids that they had.

    In the files that were merged last, so that what did not change there is the same; else in the plan in force.
    """
    newest, former = newest_plan(transaction), _newest(transaction, of_files=True)
    if newest is None or former is None:
        return files
    kept = with_former_ids(files, former.program, made_ids)
    return with_former_ids(kept, newest.program, made_ids - former.program.items_by_id.keys())


def add_files(transaction: PublishTransaction, files: FolderFiles, plan: Program, now: datetime) -> None:
    """Store the folder's files, and the plan that they became, if it is another."""
    _add(transaction, files.program, files.hash, now, imported=False)
    if plan != files.program:
        add_plan(transaction, plan, now)


def add_plan(transaction: PublishTransaction, plan: Program, now: datetime) -> None:
    """Store a plan that no folder has."""
    _add(transaction, plan, secrets.token_hex(HASH_LENGTH // 2), now, imported=True)


def undo_in_plan(transaction: PublishTransaction, number: int, now: datetime) -> None:
    """Take out of the plan what a revision of files or an import changed, or undos of it, after that was undone."""
    newest = newest_plan(transaction)
    if newest is None or not _is_of_plan(transaction, number):
        return
    programs = transaction.programs(since=number - 1)
    try:
        merged = without_change(newest.program, programs[number - 1], programs[number])
        # In revisions this is what the plan says.
        sessions = tuple(without_the_day(one) for one in merged.sessions)
        add_plan(transaction, replace(merged, sessions=sessions), now)
    except InvalidProgram:
        # It does not go together with what came into the plan since; that the revision was undone is an edit then.
        return


def are_merged(transaction: PublishTransaction, source_hash: str) -> bool:
    """Whether files with this hash were merged."""
    query = select(merged_files.c.order).where(merged_files.c.hash == source_hash)
    return transaction.connection.scalar(query) is not None


def forget_files_unless_last(transaction: PublishTransaction, source_hash: str) -> None:
    """Let files be merged again, unless no others were merged since."""
    last = select(func.max(merged_files.c.order)).where(~merged_files.c.imported).scalar_subquery()
    earlier = merged_files.c.order < last
    transaction.connection.execute(delete(merged_files).where(merged_files.c.hash == source_hash, earlier))


def _newest(transaction: PublishTransaction, *, of_files: bool) -> MergedPlan | None:
    if transaction.latest is None:
        return None
    query = select(merged_files.c.order, merged_files.c.program).order_by(merged_files.c.order.desc()).limit(1)
    row = transaction.connection.execute(query.where(~merged_files.c.imported) if of_files else query).first()
    if row is None:
        return MergedPlan(0, transaction.programs(since=1)[1])
    return MergedPlan(row.order, unpack_program(row.program))


def _is_of_plan(transaction: PublishTransaction, number: int) -> bool:
    revision = transaction.get(number)
    while revision.undoes is not None:
        revision = transaction.get(revision.undoes)
    return revision.kind == "publish"


def _add(transaction: PublishTransaction, program: Program, of: str, now: datetime, *, imported: bool) -> None:
    order = (transaction.connection.scalar(select(func.max(merged_files.c.order))) or 0) + 1
    row = {
        "order": order,
        "hash": of,
        "at": now,
        "revision": transaction.number,
        "program": pack_program(program),
        "imported": imported,
    }
    transaction.connection.execute(insert(merged_files).values(row))
