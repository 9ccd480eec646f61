"""The console's history: taking revisions back, and giving them a note."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from flask import redirect, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import BadRequest

from app.domain.edits.outcome import EditRefused, NoteStands, UndoRefused
from app.domain.revision_diff import compare_programs
from app.domain.texts import BadText
from app.store.proposals import accepted_by
from app.store.publishing import (
    UndoPreview,
    check_note,
    preview_restored,
    preview_undo,
    publish_note,
    restore_day,
    undo,
)
from app.store.revisions import Revision
from app.store.undo_rules import standing_notes
from app.web.address_traits import FOR_CHAIRS, FOR_THE_FLOOR
from app.web.changes import MOST_LISTED
from app.web.organizer.console import console, console_page
from app.web.organizer.edit_forms import faults_of, note_faults
from app.web.organizer.edit_previews import ways_out_of
from app.web.organizer.form_addresses import (
    console_address,
    form_key,
    return_address,
    to_form,
    typed_form,
)
from app.web.organizer.form_fields import revision_of
from app.web.organizer.last_done import told
from app.web.organizer.revision_rights import entry_of, shown_history, undone_revisions
from app.web.organizer.signed_in_person import current_sign_in
from app.web.running_service import current_service


@console.get("/history", traits=FOR_THE_FLOOR)
def history() -> str:
    """The latest revisions, the newest first."""
    outlines, undone = shown_history().outlines, undone_revisions()
    given = standing_notes(reversed(outlines), undone)
    numbers = [one.number for one in outlines[::-1][:MOST_LISTED]]
    listed = map(entry_of, numbers)
    accepted = accepted_by(current_service().database, numbers)
    return console_page("history.html", entries=listed, undone=undone, given=given, accepted=accepted, told=told)


@console.post("/note", traits=FOR_THE_FLOOR)
def give_note() -> ResponseReturnValue:
    """Give revision `number` its public note, in place of the one that it has; lead to why that is refused."""
    number, base = _number(request.form), revision_of(request.form, "base")
    if "note" not in request.form:
        raise BadRequest("The form does not say the note.")
    try:
        _publish(partial(publish_note, number=number, base=base))
    except NoteStands:
        return redirect(return_address(done=0), HTTPStatus.SEE_OTHER)
    except (EditRefused, BadText) as refused:
        asked = urlencode(_typed("number", "base"))
        return to_form(f"/organizer/note?{asked}", _typed("note", "back"), refused)
    return redirect(return_address(done=number), HTTPStatus.SEE_OTHER)


@console.get("/note", traits=FOR_THE_FLOOR)
def note_page() -> ResponseReturnValue:
    """Why a note for revision `number` was refused, with its form as it was filled in."""
    number, form, revisions = _number(request.args), typed_form(), current_service().current.revisions
    current_service().current.refresh()
    faults = note_faults(form)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if faults else HTTPStatus.OK
    try:
        if not faults:
            note, base = form.get("note", ""), revision_of(form, "base")
            check_note(revisions, number, by=current_sign_in().editor, note=note, base=base)
    except EditRefused as refused:
        faults, status = faults_of(refused), HTTPStatus.CONFLICT
    entry, back = revisions.get(number), console_address(form.get("back", ""))
    return console_page("note.html", entry=entry, told=told, faults=faults, filled_in=form, back=back), status


@console.post("/undo", traits=FOR_CHAIRS)
def undo_revision() -> ResponseReturnValue:
    """Undo the revision `number`, or the latest one that can be undone; with `back_to` restore that revision's day."""
    number, back_to = revision_of(request.form, "number"), revision_of(request.form, "back_to")
    try:
        made = _publish(partial(undo, number=number) if back_to is None else partial(restore_day, number=back_to))
    except (EditRefused, BadText) as refused:
        asked = urlencode(_typed("number", "back_to"))
        return to_form(f"/organizer/undo?{asked}", _typed("note", "back"), refused)
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
    page = _undo_page(seen=seen, difference=compare_programs(seen.before, seen.after), entry=taken_back)
    return page, HTTPStatus.UNPROCESSABLE_ENTITY if note_faults(typed_form()) else HTTPStatus.OK


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


def _typed(*names: str) -> dict[str, str]:
    """What the form holds in some fields that are filled in."""
    return {name: text for name in names if (text := request.form.get(name, "").strip())}


def _undo_page(**values: Any) -> str:
    """The page of an undo, with the form as it was filled in; what is undone first leads back to it."""
    empty: dict[str, Any] = {"seen": None, "refused": None, "undo_first": (), "ways_out": ()}
    form = typed_form()
    back = console_address(form.get("back", ""))
    # Of an undo on the way to another one, only that other one has an address.
    here = back if back.startswith(f"{request.path}?") else request.full_path
    shown = {"filled_in": form, "faults": note_faults(form), "here": here, "back": back, "told": told}
    return console_page("undo.html", **{**empty, **shown, **values})


def _number(form: MultiDict[str, str]) -> int:
    """The revision that a note is for."""
    number = revision_of(form, "number")
    if number is None:
        raise BadRequest("The form does not say which revision.")
    return number
