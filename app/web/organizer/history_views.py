"""The console's history: taking revisions back, and giving them a note."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from flask import redirect, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import BadRequest

from app.domain.edits.edit_text import edit_text
from app.domain.edits.edit_types import Explain
from app.domain.edits.outcome import EditRefused, NoteStands, UndoRefused
from app.domain.revision_diff import compare_programs
from app.formats.edit_json import recorded_edit
from app.store.publishing import UndoPreview, preview_restored, preview_undo, publish_note, restore_day, undo
from app.store.revisions import HistoryEntry, Revision
from app.store.undo_rules import undone_by
from app.web.address_traits import FOR_CHAIRS, FOR_THE_FLOOR
from app.web.organizer.console import (
    console,
    console_page,
    current_sign_in,
    form_key,
    listed_revisions,
    return_address,
)
from app.web.organizer.edit_previews import ways_out_of
from app.web.organizer.form_fields import revision_of
from app.web.running_service import current_service


@console.get("/history", traits=FOR_THE_FLOOR)
def history() -> str:
    """The latest revisions, the newest first."""
    entries = listed_revisions()
    undone = undone_by((entry.number, entry.undoes) for entry in entries)
    given = {one.explains: one for one in reversed(entries) if one.explains and one.number not in undone}
    return console_page("history.html", entries=entries, undone=undone, given=given, told=_told)


@console.post("/note", traits=FOR_THE_FLOOR)
def give_note() -> ResponseReturnValue:
    """Give revision `number` its public note, in place of the one that it has."""
    number = revision_of(request.form, "number")
    if number is None:
        raise BadRequest("The form does not say which revision.")
    try:
        _publish(partial(publish_note, number=number))
    except NoteStands:
        return redirect(return_address(done=0), HTTPStatus.SEE_OTHER)
    return redirect(return_address(done=number), HTTPStatus.SEE_OTHER)


@console.post("/undo", traits=FOR_CHAIRS)
def undo_revision() -> ResponseReturnValue:
    """Undo the revision `number`, or the latest one that can be undone; with `back_to` restore that revision's day."""
    number, back_to = revision_of(request.form, "number"), revision_of(request.form, "back_to")
    try:
        made = _publish(partial(undo, number=number) if back_to is None else partial(restore_day, number=back_to))
    except EditRefused:
        return redirect(_undo_address(), HTTPStatus.SEE_OTHER)
    return redirect(return_address(done=made.number), HTTPStatus.SEE_OTHER)


@console.get("/undo", traits=FOR_CHAIRS)
def undo_page() -> ResponseReturnValue:
    """What undoing `number`, or going back to the day of `back_to`, would change; or why it is refused, with 409."""
    try:
        seen = _preview()
    except EditRefused as refused:
        first: Sequence[int] = refused.later if isinstance(refused, UndoRefused) else ()
        ways_out = ways_out_of(refused.suggestions)
        return _undo_page(refused=refused, undo_first=first, ways_out=ways_out), HTTPStatus.CONFLICT
    taken_back = current_service().current.revisions.get(seen.revision)
    return _undo_page(seen=seen, difference=compare_programs(seen.before, seen.after), entry=taken_back)


def _publish(publish: Callable[..., Revision]) -> Revision:
    """Publish as the signed-in person, with the note and the key of the form."""
    service, me = current_service(), current_sign_in()
    note = request.form.get("note", "").strip()
    made = publish(
        service.current.revisions, by=me.editor, sign_in=me.id, note=note, once=form_key(), now=service.clock.now()
    )
    service.current.refresh()
    return made


def _preview() -> UndoPreview:
    """What the parameters of the query ask for, by the newest revision."""
    service, me = current_service(), current_sign_in()
    service.current.refresh()
    number, back_to = revision_of(request.args, "number"), revision_of(request.args, "back_to")
    revisions, now = service.current.revisions, service.clock.now()
    if back_to is not None:
        return preview_restored(revisions, back_to, by=me.editor, now=now)
    return preview_undo(revisions, number, by=me.editor, now=now)


def _undo_address() -> str:
    """The page that says what an undo would change, or why it is refused, with what the form holds."""
    kept = ("number", "back_to", "note", "back")
    given = {name: text for name in kept if (text := request.form.get(name, "").strip())}
    return f"/organizer/undo?{urlencode(given)}" if given else "/organizer/undo"


def _undo_page(**values: Any) -> str:
    empty: dict[str, Any] = {"seen": None, "refused": None, "undo_first": (), "ways_out": ()}
    fields = {name: request.args.get(name, "") for name in ("number", "back_to", "note", "back")}
    here, back = request.full_path, return_address()
    return console_page("undo.html", **{**empty, "fields": fields, "here": here, "back": back, "told": _told, **values})


def _told(entry: HistoryEntry) -> str:
    """What somebody did, in words; empty for what was not an edit."""
    edit = recorded_edit(entry.edit)
    if isinstance(edit, Explain) and not entry.note:
        return f"Took the note of revision {edit.revision} away"
    return edit_text(edit, entry.difference.after) if edit is not None else ""
