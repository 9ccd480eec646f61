"""Publishing: an edit, the taking back of one, and changed files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime

from sqlalchemy import func, insert, select

from app.domain import merge
from app.domain.edits import Clash, Edit, Reinstate, WayOut, new_overlaps, preview, preview_on_latest
from app.domain.errors import EditRefused, InvalidProgram
from app.domain.program import Program
from app.formats.edit_json import edit_to_json
from app.store.codec import pack, unpack
from app.store.outcome import OpenConflict, PublishOutcome, forget_conflict, keep_conflict, told
from app.store.revisions import Revision, Revisions, Turn
from app.store.tables import merged_files
from app.store.tables import revisions as table

FILES = "files"
FIRST_NOTE = "The program as published."
MERGED_NOTE = "The program's files have changed."


def publish_edit(revisions: Revisions, edit: Edit, *, base: int, author: str, note: str, now: datetime) -> Revision:
    """Publish an edit that was made on the revision ``base``, on top of the latest one.

    One that changes nothing makes no revision: ``base`` is returned. Raises `StaleBase` where a field that it
    changes was changed since the base, `EditRefused` with the ways out where it clashes.
    """
    with revisions.turn() as turn:
        seen = preview_on_latest(edit, base, turn.programs(since=base), now)
        if not seen.publishable:
            raise EditRefused("; ".join(clash.told(seen.before) for clash in seen.clashes), seen.ways_out)
        if seen.after != seen.before:
            return turn.append(seen.after, author=author, note=note, kind="edit", now=now, edit=edit_to_json(edit))
    return revisions.get(base)


def undo(revisions: Revisions, number: int | None, *, author: str, note: str, now: datetime) -> Revision:
    """Take back what a revision changed; None: the latest that is neither an undo nor undone.

    Raises `UnknownName`, or `EditRefused`: naming the revision where a later one changed the same thing.
    """
    with revisions.turn() as turn:
        target = _latest_to_undo(turn) if number is None else number
        undone_by = _undone(turn).get(target)
        if undone_by:
            raise EditRefused(f"revision {target} is undone already, by revision {undone_by}")
        programs = turn.programs(since=target - 1)
        program = merge.undo(target, programs)
        latest = programs[turn.number]
        if program == latest:
            raise EditRefused(f"nothing is left of what revision {target} changed")
        # What lay over each other before the revision, as in the program's files, may do so again.
        clashes = new_overlaps(program, latest, programs[target - 1])
        if clashes:
            raise EditRefused("; ".join(clash.told(program) for clash in clashes), _ways_back(latest, clashes, now))
        return turn.append(program, author=author, note=note, kind="undo", now=now, undoes=target)


def _ways_back(latest: Program, clashes: Iterable[Clash], now: datetime) -> Iterator[WayOut]:
    """How the sessions that an undo would have take place again can do so elsewhere."""
    for name in dict.fromkeys(clash.session for clash in clashes):
        if latest.session(name).cancelled:
            yield from preview(latest, Reinstate(name), now).ways_out


def undone_by(undoing: Iterable[tuple[int, int]]) -> dict[int, int]:
    """The revisions that are undone, each with the one that undid it, from the undos and what they undid.

    The newest undo comes first; one that is itself undone counts no more.
    """
    undone: dict[int, int] = {}
    for number, target in undoing:
        if number not in undone:
            undone.setdefault(target, number)
    return undone


def publish_files(
    revisions: Revisions, program: Program, *, source_hash: str, now: datetime, dry_run: bool = False
) -> PublishOutcome:
    """Merge a folder's program, known by the hash of its files, into what is published; the first is revision 1.

    Files that were merged once are not merged again. Where files and edits conflict, what is
    published stays, and the conflict is kept for the console. A dry run leaves nothing behind.
    """
    with revisions.turn() as turn:
        outcome = _merge_files(turn, program, source_hash, now)
        if dry_run:
            turn.connection.rollback()
            return replace(outcome, revision=None)
        return outcome


def _merge_files(turn: Turn, program: Program, source_hash: str, now: datetime) -> PublishOutcome:
    if turn.latest is None:
        return _published(turn, program, program, source_hash, now)
    if turn.connection.scalar(select(merged_files.c.revision).where(merged_files.c.hash == source_hash)):
        forget_conflict(turn.connection)
        return PublishOutcome(kind="unchanged")
    try:
        merged = merge.merged_files(_last_files(turn), program, turn.latest.program)
    except InvalidProgram as error:
        return _refused(turn, source_hash, now, tuple(map(str, error.faults)))
    if merged.conflicts:
        return _refused(turn, source_hash, now, told(turn.latest.program, merged.conflicts))
    return _published(turn, merged.program, program, source_hash, now)


def _published(turn: Turn, merged: Program, files: Program, source_hash: str, now: datetime) -> PublishOutcome:
    made = None
    if turn.latest is None:
        made = turn.append(merged, author=FILES, note=FIRST_NOTE, kind="import", now=now)
    elif merged != turn.latest.program:
        made = turn.append(merged, author=FILES, note=MERGED_NOTE, kind="publish", now=now)
    order = (turn.connection.scalar(select(func.max(merged_files.c.order))) or 0) + 1
    row = {"order": order, "hash": source_hash, "at": now, "revision": turn.number, "program": pack(files)}
    turn.connection.execute(insert(merged_files).values(row))
    forget_conflict(turn.connection)
    return PublishOutcome(
        kind="published" if made else "unchanged", revision=made, difference=made.difference if made else None
    )


def _refused(turn: Turn, source_hash: str, now: datetime, conflicts: tuple[str, ...]) -> PublishOutcome:
    keep_conflict(turn.connection, OpenConflict(source_hash, now, conflicts))
    return PublishOutcome(kind="conflict", conflicts=conflicts)


def _last_files(turn: Turn) -> Program:
    """The files that were merged last; where none are noted, revision 1 is what they were."""
    packed = turn.connection.scalar(select(merged_files.c.program).order_by(merged_files.c.order.desc()).limit(1))
    return unpack(packed) if packed else turn.programs(since=1)[1]


def _latest_to_undo(turn: Turn) -> int:
    undone = _undone(turn)
    kinds = select(table.c.number, table.c.kind).where(table.c.base > 0).order_by(table.c.number.desc())
    for row in turn.connection.execute(kinds):
        if row.kind != "undo" and row.number not in undone:
            number: int = row.number
            return number
    raise EditRefused("there is nothing to undo")


def _undone(turn: Turn) -> dict[int, int]:
    undoing = select(table.c.number, table.c.undoes).where(table.c.undoes.is_not(None)).order_by(table.c.number.desc())
    return undone_by((row.number, row.undoes) for row in turn.connection.execute(undoing))
