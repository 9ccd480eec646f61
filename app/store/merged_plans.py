"""The plans that were merged into the published program: of the files of its folder, and of imports in the console.

A plan is what the program is to be before edits of the day. The newest one is in force, whoever it came from.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Select, delete, func, insert, select

from app.domain.edits.three_way_merge import merge_files
from app.domain.program import Program
from app.store.revisions import PublishTransaction, pack_program, unpack_program
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
    """The plan in force; None where nothing is published yet."""
    return next(plans(transaction), None)


def plans(transaction: PublishTransaction) -> Iterator[MergedPlan]:
    """All plans, the newest first; revision 1 alone where none is recorded."""
    orders = transaction.connection.scalars(select(merged_files.c.order).order_by(merged_files.c.order.desc())).all()
    for order in orders:
        packed = transaction.connection.scalar(select(merged_files.c.program).where(merged_files.c.order == order))
        if packed is not None:
            yield MergedPlan(order, unpack_program(packed))
    if not orders and transaction.latest is not None:
        yield MergedPlan(0, transaction.programs(since=1)[1])


def plan_with_files(transaction: PublishTransaction, files: Program) -> Program:
    """The plan in force with what changed in the folder's files since they were merged last; the files hold.

    Raises `InvalidProgram` where the two do not go together.
    """
    newest = newest_plan(transaction)
    if newest is None or not transaction.connection.scalar(_of_imports()):
        return files
    packed = transaction.connection.scalar(
        select(merged_files.c.program).where(~merged_files.c.imported).order_by(merged_files.c.order.desc()).limit(1)
    )
    former = unpack_program(packed) if packed else transaction.programs(since=1)[1]
    merged = merge_files(former, newest.program, files).program
    sessions = (replace(one, scheduled=one.slot, ended_by_hand=False) for one in merged.sessions)
    return replace(merged, sessions=tuple(sessions))


def add_files(transaction: PublishTransaction, files: FolderFiles, plan: Program, now: datetime) -> None:
    """Store the folder's files, and the plan that they became, if it is another."""
    _add(transaction, files.program, files.hash, now, imported=False)
    if plan != files.program:
        add_import(transaction, plan, now)


def add_import(transaction: PublishTransaction, plan: Program, now: datetime) -> None:
    """Store a plan that no folder has."""
    _add(transaction, plan, secrets.token_hex(HASH_LENGTH // 2), now, imported=True)


def are_merged(transaction: PublishTransaction, source_hash: str) -> bool:
    """Whether files with this hash were merged."""
    query = select(merged_files.c.order).where(merged_files.c.hash == source_hash)
    return transaction.connection.scalar(query) is not None


def forget_files_unless_last(transaction: PublishTransaction, source_hash: str) -> None:
    """Let files be merged again, unless no others were merged since."""
    last = select(func.max(merged_files.c.order)).where(~merged_files.c.imported).scalar_subquery()
    earlier = merged_files.c.order < last
    transaction.connection.execute(delete(merged_files).where(merged_files.c.hash == source_hash, earlier))


def _of_imports() -> Select[tuple[int]]:
    return select(merged_files.c.order).where(merged_files.c.imported).limit(1)


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
