"""Publishing a program's files: they are merged into the published program, or the conflict is kept for the console."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from pydantic import TypeAdapter
from sqlalchemy import delete

from app.domain.edits import three_way_merge
from app.domain.edits.conflict_text import conflict_lines
from app.domain.errors import InvalidProgram
from app.domain.program import Program
from app.domain.revision_diff import RevisionDiff
from app.domain.rights import FILES
from app.formats.pictures import PreparedPicture
from app.store.database import Database
from app.store.merged_plans import (
    FolderFiles,
    add_files,
    are_merged,
    forget_files_unless_last,
    newest_plan,
    plan_with_files,
    with_kept_item_ids,
)
from app.store.pictures import save_pictures
from app.store.revisions import PublishTransaction, Revision, Revisions
from app.store.tables import meta, read_fact, write_fact

# The name of the fact that holds a conflict until it is resolved.
CONFLICT = "conflict"
FIRST_NOTE = "The program as published."
MERGED_NOTE = "The program's files have changed."

Kind = Literal["published", "unchanged", "conflict"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishOutcome:
    """What became of changed files; ``conflicts`` has a sentence for each thing that both sides changed.

    ``revision`` is the new one, None where nothing was published; ``difference`` is what it changed or, in a dry
    run, would change.
    """

    kind: Kind
    revision: Revision | None = None
    difference: RevisionDiff | None = None
    conflicts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OpenConflict:
    """Files that could not be merged, and since when; the published program stays."""

    at: datetime
    conflicts: tuple[str, ...]


_OPEN_CONFLICT: TypeAdapter[OpenConflict] = TypeAdapter(OpenConflict)


def open_conflict(database: Database) -> OpenConflict | None:
    """The conflict between the files and the published program, if there is one."""
    with database.reading() as connection:
        text = read_fact(connection, CONFLICT)
    return _OPEN_CONFLICT.validate_json(text) if text else None


def publish_files(
    revisions: Revisions,
    program: Program,
    *,
    source_hash: str,
    now: datetime,
    pictures: Iterable[PreparedPicture] = (),
    dry_run: bool = False,
    made_ids: AbstractSet[str] = frozenset(),
    restored: bool = False,
) -> PublishOutcome:
    """Merge a folder's program, identified by the hash of its files, into the latest revision, or publish revision 1.

    Files that were merged once are not merged again, unless they are ``restored``: meant to be again what they were
    before the last ones. Where files and edits conflict, the published program stays and the conflict is stored for
    the console. The program's pictures are stored with it. A dry run writes nothing. ``made_ids`` are those of the
    items to which the files give none: such an item keeps the id that it had.
    """
    with revisions.publishing() as transaction:
        save_pictures(transaction.connection, pictures)
        if restored:
            forget_files_unless_last(transaction, source_hash)
        kept = with_kept_item_ids(transaction, program, made_ids)
        outcome = _merge_files(transaction, FolderFiles(kept, source_hash), now)
        if dry_run:
            transaction.connection.rollback()
            return replace(outcome, revision=None)
        return outcome


def _merge_files(transaction: PublishTransaction, files: FolderFiles, now: datetime) -> PublishOutcome:
    transaction.connection.execute(delete(meta).where(meta.c.key == CONFLICT))
    former, latest = newest_plan(transaction), transaction.latest
    if former is None or latest is None:
        return _published(transaction, files.program, files.program, files, now)
    if are_merged(transaction, files.hash):
        return PublishOutcome(kind="unchanged")
    try:
        plan = plan_with_files(transaction, files.program)
        merged = three_way_merge.merge_files(former.program, plan, latest.program)
    except InvalidProgram as error:
        return _refused(transaction, now, tuple(map(str, error.faults)))
    if merged.conflicts:
        return _refused(transaction, now, conflict_lines(latest.program, merged.conflicts))
    return _published(transaction, merged.program, plan, files, now)


def _published(
    transaction: PublishTransaction, merged: Program, plan: Program, files: FolderFiles, now: datetime
) -> PublishOutcome:
    revision = None
    if transaction.latest is None:
        revision = transaction.append(merged, author=FILES, note=FIRST_NOTE, kind="import", now=now)
    elif merged != transaction.latest.program:
        revision = transaction.append(merged, author=FILES, note=MERGED_NOTE, kind="publish", now=now)
    add_files(transaction, files, plan, now)
    if revision is None:
        return PublishOutcome(kind="unchanged")
    return PublishOutcome(kind="published", revision=revision, difference=revision.difference)


def _refused(transaction: PublishTransaction, now: datetime, conflicts: tuple[str, ...]) -> PublishOutcome:
    write_fact(transaction.connection, CONFLICT, _OPEN_CONFLICT.dump_json(OpenConflict(now, conflicts)).decode())
    return PublishOutcome(kind="conflict", conflicts=conflicts)
