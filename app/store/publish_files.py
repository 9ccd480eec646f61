"""Publishing a program's files: they are merged into the published program, or the conflict is kept for the console."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from pydantic import TypeAdapter
from sqlalchemy import delete, func, insert, select, update

from app.domain.edits import three_way_merge
from app.domain.edits.conflict_text import conflict_line
from app.domain.edits.three_way_merge import Conflict
from app.domain.errors import AgendaError, InvalidProgram
from app.domain.item_matching import with_former_ids
from app.domain.program import Program
from app.domain.revision_diff import RevisionDiff
from app.domain.rights import FILES, Editor
from app.domain.texts import checked
from app.formats.pictures import PreparedPicture
from app.store.database import Database
from app.store.errors import NoDatabase
from app.store.pictures import save_pictures
from app.store.publish_once import publish_once
from app.store.revisions import PublishTransaction, Revision, Revisions, pack_program, unpack_program
from app.store.tables import HASH_LENGTH, merged_files, meta, read_fact, write_fact

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
            _forget_unless_last(transaction, source_hash)
        base = _last_files(transaction)
        kept = with_former_ids(program, base, made_ids) if base else program
        outcome = _merge_files(transaction, kept, base or kept, source_hash, now)
        if dry_run:
            transaction.connection.rollback()
            return replace(outcome, revision=None)
        return outcome


class FilesChanged(AgendaError):
    """Files were published since the ones that an import is based on."""

    def __init__(self) -> None:
        super().__init__("other files of the program were published since this was read")


class FilesConflict(AgendaError):
    """An import and an edit changed the same; ``conflicts`` has a sentence for each."""

    def __init__(self, conflicts: tuple[str, ...]) -> None:
        super().__init__(f"an edit changed the same: {'; '.join(conflicts)}")
        self.conflicts = conflicts


@dataclass(frozen=True, slots=True)
class MergedFiles:
    """The program of the files that were merged last, and which ones these are, counted from 1."""

    order: int
    program: Program


def last_files(revisions: Revisions) -> MergedFiles:
    """The files that were merged last; raises `NoDatabase` where nothing is published."""
    with revisions.previewing() as transaction:
        program = _last_files(transaction)
        if program is None:
            raise NoDatabase(revisions.database.place)
        return MergedFiles(_last_order(transaction), program)


def merged_import(base: Program, files: Program, latest: Program) -> Program:
    """The published program with what an import changes in its files; raises `FilesConflict`."""
    try:
        merged = three_way_merge.merge_files(base, files, latest)
    except InvalidProgram as error:
        raise FilesConflict(tuple(map(str, error.faults))) from error
    if merged.conflicts:
        raise FilesConflict(_conflict_lines(latest, merged.conflicts))
    return merged.program


def publish_import(
    revisions: Revisions, program: Program, *, base: int, by: Editor, sign_in: str, note: str, now: datetime, once: str
) -> Revision | None:
    """Publish what an import made of the files of order ``base``; None where readers see no difference.

    It counts as the files that were merged last. ``sign_in`` and ``once`` are as for `publish_edit`. Raises
    `FilesChanged` where other files were merged since, `FilesConflict`, `BadText`.
    """
    checked("note", note)

    def make(transaction: PublishTransaction) -> Revision | None:
        former = _last_files(transaction)
        if transaction.latest is None or former is None or _last_order(transaction) != base:
            raise FilesChanged
        merged = merged_import(former, program, transaction.latest.program)
        made = None
        if merged != transaction.latest.program:
            made = transaction.append(merged, author=by.name, note=note, kind="publish", now=now)
        # No folder has these files yet.
        _add_files(transaction, program, secrets.token_hex(HASH_LENGTH // 2), now)
        return made

    return publish_once(revisions, make, by=by, sign_in=sign_in, once=once)


def were_merged(database: Database, source_hash: str) -> bool:
    """Whether files with this hash were merged."""
    with database.reading() as connection:
        return connection.scalar(select(merged_files.c.order).where(merged_files.c.hash == source_hash)) is not None


def files_have_hash(database: Database, order: int, source_hash: str) -> None:
    """A folder has the merged files of this order now, so that they are not merged again; without effect where gone."""
    with database.publishing() as connection:
        connection.execute(delete(merged_files).where(merged_files.c.hash == source_hash, merged_files.c.order < order))
        found = connection.scalar(select(merged_files.c.order).where(merged_files.c.hash == source_hash))
        if found is None:
            connection.execute(update(merged_files).where(merged_files.c.order == order).values(hash=source_hash))


def _merge_files(
    transaction: PublishTransaction, files: Program, base: Program, source_hash: str, now: datetime
) -> PublishOutcome:
    transaction.connection.execute(delete(meta).where(meta.c.key == CONFLICT))
    if transaction.latest is None:
        return _published(transaction, files, files, source_hash, now)
    if transaction.connection.scalar(select(merged_files.c.revision).where(merged_files.c.hash == source_hash)):
        return PublishOutcome(kind="unchanged")
    try:
        merged = three_way_merge.merge_files(base, files, transaction.latest.program)
    except InvalidProgram as error:
        return _refused(transaction, now, tuple(map(str, error.faults)))
    if merged.conflicts:
        return _refused(transaction, now, _conflict_lines(transaction.latest.program, merged.conflicts))
    return _published(transaction, merged.program, files, source_hash, now)


def _forget_unless_last(transaction: PublishTransaction, source_hash: str) -> None:
    """Let files be merged again, unless no others were merged since."""
    last = select(func.max(merged_files.c.order)).scalar_subquery()
    earlier = merged_files.c.order < last
    transaction.connection.execute(delete(merged_files).where(merged_files.c.hash == source_hash, earlier))


def _published(
    transaction: PublishTransaction, merged: Program, files: Program, source_hash: str, now: datetime
) -> PublishOutcome:
    revision = None
    if transaction.latest is None:
        revision = transaction.append(merged, author=FILES, note=FIRST_NOTE, kind="import", now=now)
    elif merged != transaction.latest.program:
        revision = transaction.append(merged, author=FILES, note=MERGED_NOTE, kind="publish", now=now)
    _add_files(transaction, files, source_hash, now)
    if revision is None:
        return PublishOutcome(kind="unchanged")
    return PublishOutcome(kind="published", revision=revision, difference=revision.difference)


def _add_files(transaction: PublishTransaction, files: Program, source_hash: str, now: datetime) -> None:
    row = {
        "order": _last_order(transaction) + 1,
        "hash": source_hash,
        "at": now,
        "revision": transaction.number,
        "program": pack_program(files),
    }
    transaction.connection.execute(insert(merged_files).values(row))


def _refused(transaction: PublishTransaction, now: datetime, conflicts: tuple[str, ...]) -> PublishOutcome:
    write_fact(transaction.connection, CONFLICT, _OPEN_CONFLICT.dump_json(OpenConflict(now, conflicts)).decode())
    return PublishOutcome(kind="conflict", conflicts=conflicts)


def _last_files(transaction: PublishTransaction) -> Program | None:
    """The program of the files that were merged last; revision 1 where none is recorded, None before it."""
    if transaction.latest is None:
        return None
    packed = transaction.connection.scalar(
        select(merged_files.c.program).order_by(merged_files.c.order.desc()).limit(1)
    )
    return unpack_program(packed) if packed else transaction.programs(since=1)[1]


def _last_order(transaction: PublishTransaction) -> int:
    return transaction.connection.scalar(select(func.max(merged_files.c.order))) or 0


def _conflict_lines(program: Program, conflicts: Iterable[Conflict]) -> tuple[str, ...]:
    """Each conflict as a sentence."""
    return tuple(conflict_line(program, one) for one in conflicts)
