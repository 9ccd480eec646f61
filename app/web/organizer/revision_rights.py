"""What the signed-in person may still do about a revision, and its entry, by the history in memory."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress

from flask import g

from app.domain.edits.edit_rights import check_undo_of
from app.domain.errors import AgendaError, NotAllowed, UnknownName
from app.formats.edit_json import recorded_edit
from app.live.history import HistoryView
from app.store.revisions import HistoryEntry
from app.store.undo_rules import check_may_explain, own_latest, undone_by
from app.web.organizer.signed_in_person import current_sign_in
from app.web.request_context import page_context
from app.web.running_service import current_service


def may_undo(number: int) -> bool:
    """Whether the signed-in person may take a revision back; a step of a line-up is taken back in its line-up."""
    if shown_history().outlines[number - 1].kind == "step":
        return False
    editor = current_sign_in().editor
    return number == _undoable_own() if editor.role == "chair" else editor.role == "organizer"


def may_explain(number: int) -> bool:
    """Whether the signed-in person may give a revision its public note afterwards."""
    try:
        check_may_explain(current_sign_in().editor, number, entry_of, undone_revisions(), page_context().program)
    except AgendaError:
        return False
    return True


def shown_history() -> HistoryView:
    """The revisions up to the one that the page shows."""
    return current_service().current.history.until(page_context().revision)


def undone_revisions() -> Mapping[int, int]:
    """The revisions that are undone, each with the one that undid it."""
    if "undone" not in g:
        g.undone = undone_by(reversed(shown_history().outlines))
    found: Mapping[int, int] = g.undone
    return found


def entry_of(number: int) -> HistoryEntry:
    """One of the revisions that the page knows, unpacked once for a request; raises `UnknownName`."""
    entries: dict[int, HistoryEntry] = g.setdefault("entries", {})
    if number not in entries:
        if number not in range(1, page_context().revision + 1):
            raise UnknownName("revision", str(number))
        entries[number] = shown_history().numbered(number)
    return entries[number]


def _undoable_own() -> int | None:
    """The revision that a chair may take back: their own latest that stands."""
    if "undoable" not in g:
        g.undoable = None
        editor = current_sign_in().editor
        if latest := own_latest(editor, reversed(shown_history().outlines), undone_revisions()):
            edit = recorded_edit(entry_of(latest.number).edit)
            with suppress(NotAllowed):
                check_undo_of(editor, page_context().program, latest.number, latest.number, edit)
                g.undoable = latest.number
    undoable: int | None = g.undoable
    return undoable
