"""What people may still do about a revision: which are undone, which can be, and which can be given a note.

A history is a sequence of revisions that come newest first.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from contextlib import suppress
from typing import Protocol

from app.domain.edits.edit_rights import check_explains, check_note_on, check_undo_of
from app.domain.edits.edit_types import Explain, RecordedEdit
from app.domain.edits.outcome import EditRefused
from app.domain.errors import AgendaError, NotAllowed
from app.domain.program import Program
from app.domain.rights import Editor
from app.formats.edit_json import recorded_edit
from app.store.revisions import BY_PEOPLE, HistoryEntry


class Entry(Protocol):
    """What these rules need to know of a revision."""

    @property
    def number(self) -> int:
        """Its number."""

    @property
    def author(self) -> str:
        """Who published it."""

    @property
    def undoes(self) -> int | None:
        """The revision that it takes back."""

    @property
    def kind(self) -> str:
        """What published it."""

    @property
    def edit(self) -> str | None:
        """Its edit as JSON."""


def undone_by(revisions: Iterable[tuple[int, int | None]]) -> dict[int, int]:
    """The revisions that are undone, each with the one that undid it.

    ``revisions`` are numbers, the newest first, each with the revision that it undid, if any; an undo that is itself
    undone has no effect.
    """
    undone: dict[int, int] = {}
    for number, target in revisions:
        if target is not None and number not in undone:
            undone.setdefault(target, number)
    return undone


def own_latest(editor: Editor, history: Iterable[Entry], undone: Mapping[int, int]) -> Entry | None:
    """The latest edit of somebody that stands and is no undo, of revisions that come newest first."""
    edits = (one for one in history if one.author == editor.name and one.kind == "edit")
    return next((one for one in edits if one.number not in undone), None)


def undoable_own(editor: Editor, history: Sequence[Entry], program: Program) -> int | None:
    """The revision that a chair may take back, of revisions that come newest first; None if there is none."""
    latest = own_latest(editor, history, undone_by((one.number, one.undoes) for one in history))
    if latest is None:
        return None
    with suppress(NotAllowed):
        check_undo_of(editor, program, latest.number, latest.number, recorded_edit(latest.edit))
        return latest.number
    return None


def explainable(editor: Editor, history: Sequence[HistoryEntry], program: Program) -> frozenset[int]:
    """The revisions to which somebody may give a note."""
    undone = undone_by((one.number, one.undoes) for one in history)
    edits = {one.number: recorded_edit(one.edit) for one in history}
    return frozenset(one.number for one in history if _is_explainable(editor, one, undone, edits, program))


def _is_explainable(
    editor: Editor,
    entry: HistoryEntry,
    undone: Mapping[int, int],
    edits: Mapping[int, RecordedEdit | None],
    program: Program,
) -> bool:
    try:
        check_explains(editor)
        check_explainable(entry, undone)
        edit = edits.get(entry.undoes or entry.number)
        check_note_on(editor, program, entry.author, edit, entry.difference.sessions)
    except AgendaError:
        return False
    return True


def check_explainable(entry: Entry, undone: Mapping[int, int]) -> None:
    """Raise `EditRefused` for a revision that can have no note given afterwards."""
    if entry.kind == "note":
        raise EditRefused(f"revision {entry.number} is a note itself")
    if entry.kind not in BY_PEOPLE:
        raise EditRefused(f"revision {entry.number} is of the program's files, which have no such note")
    if entry.number in undone:
        raise EditRefused(f"revision {entry.number} is undone, by revision {undone[entry.number]}")


def noted_in(number: int, history: Iterable[Entry], undone: Container[int]) -> int:
    """The revision that holds the note of one: the latest that gave it a note and stands, else it itself."""
    given = (one for one in history if one.kind == "note" and one.number not in undone)
    return next((one.number for one in given if recorded_edit(one.edit) == Explain(number)), number)
