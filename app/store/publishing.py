"""Publishing: an edit, an undo, an earlier day, and a note given afterwards."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from app.domain.edits import three_way_merge
from app.domain.edits.edit_rights import (
    check_changes,
    check_edit,
    check_publishes,
    check_undo,
    check_undo_of,
    preview_by,
)
from app.domain.edits.edit_types import BackTo, Edit, Explain, Reinstate, Step
from app.domain.edits.lineup_keeping import keeping_line_ups
from app.domain.edits.outcome import Clash, EditRefused, NoteStands, Suggestion, UndoRefused
from app.domain.edits.overlaps import new_overlaps
from app.domain.edits.preview import preview
from app.domain.edits.restore import as_it_stood
from app.domain.errors import UnknownName
from app.domain.program import Program
from app.domain.rights import Editor
from app.domain.texts import checked
from app.formats.edit_json import edit_to_json, recorded_edit
from app.store.merged_plans import undo_in_plan
from app.store.publish_once import publish_once
from app.store.revisions import (
    Kind,
    PublishTransaction,
    Revision,
    Revisions,
    explained_by,
)
from app.store.tables import revisions as table
from app.store.undo_rules import check_is_no_step, check_may_explain, own_latest, standing_notes, undone_by


def publish_edit(
    revisions: Revisions,
    edit: Edit,
    *,
    base: int,
    by: Editor,
    note: str,
    now: datetime,
    sign_in: str | None = None,
    once: str = "",
) -> Revision:
    """Publish an edit that was made on the revision ``base``, on top of the latest one.

    An edit that changes nothing makes no revision: ``base`` is returned. A step of a line-up is of a kind of its own:
    readers are told of no change, and no undo takes it back. With ``sign_in`` that sign-in must still be
    there, so that whoever was removed meanwhile publishes nothing (else `SignInRefused`). What was published with the
    key ``once`` is returned again. Raises `StaleBase` where a field that the edit changes was changed since the base,
    `EditRefused` with suggestions where the edit clashes, `NotAllowed`, `BadText`.
    """
    checked("note", note)

    def make(transaction: PublishTransaction) -> Revision | None:
        seen = preview_by(by, edit, base, transaction.programs(since=base), now)
        if not seen.publishable:
            raise EditRefused("; ".join(seen.clash_sentences), seen.suggestions)
        if seen.after == seen.before:
            return None
        check_publishes(by, seen.before)
        kind: Kind = "step" if isinstance(edit, Step) else "edit"
        return transaction.append(seen.after, author=by.name, note=note, kind=kind, now=now, edit=edit_to_json(edit))

    return publish_once(revisions, make, by=by, sign_in=sign_in, once=once) or revisions.get(base)


def undo(
    revisions: Revisions,
    number: int | None,
    *,
    by: Editor,
    note: str,
    now: datetime,
    sign_in: str | None = None,
    once: str = "",
) -> Revision:
    """Take back what a revision changed; None is the latest edit that is not undone, and never a note or a step.

    A chair takes back their own latest edit. ``sign_in`` and ``once`` are as for `publish_edit`. Raises `BadText`,
    `UnknownName`, `NotAllowed`, or `EditRefused`, which names the revisions to undo first where later ones changed
    the same.
    """
    checked("note", note)

    def make(transaction: PublishTransaction) -> Revision:
        seen = _undone(number, transaction, by, now)
        made = transaction.append(seen.after, author=by.name, note=note, kind="undo", now=now, undoes=seen.revision)
        undo_in_plan(transaction, seen.revision, now)
        return made

    return publish_once(revisions, make, by=by, sign_in=sign_in, once=once)


@dataclass(frozen=True, slots=True)
class UndoPreview:
    """What taking back ``revision``, or going back to its day, would make of the newest program."""

    revision: int
    before: Program
    after: Program


def preview_undo(revisions: Revisions, number: int | None, *, by: Editor, now: datetime) -> UndoPreview:
    """What `undo` would publish; raises what it raises."""
    with revisions.previewing() as transaction:
        return _undone(number, transaction, by, now)


def preview_restored(revisions: Revisions, number: int, *, by: Editor, now: datetime) -> UndoPreview:
    """What `restore_day` would publish; raises what it raises."""
    with revisions.previewing() as transaction:
        return _restored(number, transaction, by, now)


def restore_day(
    revisions: Revisions,
    number: int,
    *,
    by: Editor,
    note: str,
    now: datetime,
    sign_in: str | None = None,
    once: str = "",
) -> Revision:
    """Publish the day as it stood in a revision: times, rooms and cancellations of what has not ended.

    ``sign_in`` and ``once`` are as for `publish_edit`. Raises `BadText`, `UnknownName`, `NotAllowed` for all but
    organizers, or `EditRefused` where that changes nothing.
    """
    checked("note", note)

    def make(transaction: PublishTransaction) -> Revision:
        seen, edit = _restored(number, transaction, by, now), edit_to_json(BackTo(number))
        return transaction.append(seen.after, author=by.name, note=note, kind="edit", now=now, edit=edit)

    return publish_once(revisions, make, by=by, sign_in=sign_in, once=once)


def _restored(number: int, transaction: PublishTransaction, by: Editor, now: datetime) -> UndoPreview:
    programs = transaction.programs(since=1)
    latest = programs[transaction.number]
    check_edit(by, latest, BackTo(number))
    if number not in programs:
        raise UnknownName("revision", str(number))
    restored = as_it_stood(programs[number], latest, now)
    if restored == latest:
        raise EditRefused(f"what has not ended is as it stood in revision {number}")
    return UndoPreview(number, latest, restored)


def publish_note(
    revisions: Revisions,
    number: int,
    *,
    by: Editor,
    note: str,
    now: datetime,
    base: int | None = None,
    sign_in: str | None = None,
    once: str = "",
) -> Revision:
    """Publish the public note of an earlier revision, in place of the one that it has; an empty one takes it away.

    ``sign_in`` and ``once`` are as for `publish_edit`. Raises `BadText`, `UnknownName`, `NotAllowed`, or `EditRefused`
    for what is no change by people or is undone, and where somebody else gave it another note after the revision
    ``base``, if that is given; `NoteStands` where the revision has that note.
    """
    text = checked("note", note.strip())

    def make(transaction: PublishTransaction) -> Revision:
        latest, explain = _explainable(transaction, number, by, text, base), edit_to_json(Explain(number))
        return transaction.append(latest, author=by.name, note=text, kind="note", now=now, edit=explain)

    return publish_once(revisions, make, by=by, sign_in=sign_in, once=once)


def check_note(revisions: Revisions, number: int, *, by: Editor, note: str, base: int | None = None) -> None:
    """Raise what `publish_note` raises, and publish nothing."""
    text = checked("note", note.strip())
    with revisions.previewing() as transaction:
        _explainable(transaction, number, by, text, base)


def _explainable(transaction: PublishTransaction, number: int, by: Editor, text: str, base: int | None) -> Program:
    """The newest program, where somebody may give a revision this note; raises what `publish_note` raises."""
    if transaction.latest is None:
        raise UnknownName("revision", str(number))
    history, latest = _history(transaction), transaction.latest.program
    undone = undone_by(history)
    check_may_explain(by, number, transaction.get, undone, latest)
    given = standing_notes(history, undone).get(number)
    noted = transaction.get(given.number if given else number)
    if noted.note.strip() == text:
        raise NoteStands(number, text)
    if base is not None and noted.number > base and noted.author != by.name:
        said = f"gave it the note “{noted.note}”" if noted.note else "took its note away"
        raise EditRefused(f"{noted.author} {said} meanwhile; publish yours to replace it", field="note")
    return latest


@dataclass(frozen=True, slots=True)
class _Row:
    """What is read of all revisions."""

    number: int
    undoes: int | None
    author: str
    kind: str
    edit: str | None

    @property
    def explains(self) -> int | None:
        """The revision that it gives its note; None for what is no note."""
        return explained_by(self.kind, self.edit)


def _history(transaction: PublishTransaction) -> list[_Row]:
    """All revisions, the newest first."""
    columns = (table.c.number, table.c.undoes, table.c.author, table.c.kind, table.c.edit)
    rows = transaction.connection.execute(select(*columns).order_by(table.c.number.desc()))
    return [_Row(*row) for row in rows]


def _undo_target(transaction: PublishTransaction, number: int | None, by: Editor) -> int:
    check_undo(by)
    history = _history(transaction)
    undone = undone_by(history)
    edits = (row for row in history if row.number > 1 and not row.undoes and row.kind not in {"note", "step"})
    undoable = (row for row in edits if row.number not in undone)
    is_organizer = by.role == "organizer"
    latest = next(undoable, None) if is_organizer else own_latest(by, history, undone)
    target = number if number is not None else latest.number if latest else None
    if target is None:
        raise EditRefused("there is nothing to undo" if is_organizer else "there is nothing of yours to undo")
    check_is_no_step(target, history)
    if target in undone:
        raise EditRefused(f"revision {target} is undone already, by revision {undone[target]}")
    if transaction.latest is not None:
        own = (latest.number, recorded_edit(latest.edit)) if latest else (None, None)
        check_undo_of(by, transaction.latest.program, target, *own)
    return target


def _undone(number: int | None, transaction: PublishTransaction, by: Editor, now: datetime) -> UndoPreview:
    """The latest program without what a revision changed, which may be nothing but a note; raises `EditRefused`."""
    target = _undo_target(transaction, number, by)
    programs = transaction.programs(since=target - 1)
    merged = _unmerged(target, programs, transaction)
    latest, before = programs[transaction.number], programs[target - 1]
    program = keeping_line_ups(latest, merged, now)
    if program == latest and programs[target] != before:
        raise EditRefused(f"nothing is left of what revision {target} changed")
    check_changes(by, latest, program)
    # Sessions that overlapped before the revision, as in the program's files, may overlap again.
    clashes = new_overlaps(program, latest, before)
    if clashes:
        raise EditRefused("; ".join(clash.sentence(program) for clash in clashes), _suggestions(latest, clashes, now))
    return UndoPreview(target, latest, program)


def _unmerged(target: int, programs: Mapping[int, Program], transaction: PublishTransaction) -> Program:
    """The latest program without what a revision changed; a refusal names those that stand in the way."""
    try:
        return three_way_merge.undo(target, programs)
    except UndoRefused as refused:
        history = _history(transaction)
        undone = undone_by(history)
        # What was taken back again does not stand in the way, nor does that which took it back.
        paired = undone.keys() | {row.number for row in history if row.undoes and row.undoes > target}
        standing = [number for number in refused.later if number not in paired]
        raise UndoRefused(target, standing or refused.later, refused.places) from None


def _suggestions(latest: Program, clashes: Iterable[Clash], now: datetime) -> Iterator[Suggestion]:
    """Suggestions for reinstating the cancelled sessions that clash with an undo."""
    for name in dict.fromkeys(clash.session for clash in clashes):
        if latest.session(name).cancelled:
            yield from preview(latest, Reinstate(name), now).suggestions
