"""What speakers would change: organizers look at the difference, and say OK with one tap or decline it."""

from __future__ import annotations

from http import HTTPStatus

from flask import abort, redirect, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from app.domain.edits.outcome import EditRefused
from app.domain.errors import StaleBase
from app.domain.rights import Editor
from app.domain.texts import BadText
from app.formats.pictures import FACE_SIDES
from app.store.proposals import Proposal, accept, decline, proposal, waiting_picture
from app.web.address_traits import FOR_SPEAKERS_AND_ORGANIZERS
from app.web.organizer.console import console, console_page
from app.web.organizer.edit_forms import note_faults
from app.web.organizer.form_addresses import form_key, return_address, to_form, typed_form
from app.web.organizer.form_fields import revision_of
from app.web.organizer.proposed_changes import MOST_ON_A_PAGE, first_waiting, waiting_number
from app.web.organizer.signed_in_person import current_sign_in
from app.web.request_context import page_context
from app.web.running_service import current_service

PAGE = "/organizer/proposals"


@console.get("/proposals")
def proposals() -> ResponseReturnValue:
    """What waits, each with its difference; says of the `proposal` that a tap named why nothing came of it."""
    current_service().current.refresh()
    changes, form = first_waiting(MOST_ON_A_PAGE), typed_form()
    faults = _faults(form)
    page = console_page("proposals.html", changes=changes, number=waiting_number(), faults=faults, filled_in=form)
    return page, HTTPStatus.CONFLICT if faults else HTTPStatus.OK


@console.post("/proposals/accept")
def accept_proposal() -> Response:
    """Publish what waits, as the speaker's revision; lead to why not where it was changed or decided meanwhile."""
    current_service().current.refresh()
    me, service = current_sign_in(), current_service()
    base, named = revision_of(request.form, "base"), request.form.get("proposal", "")
    base = page_context().revision if base is None else base
    now = service.clock.now()
    try:
        made = accept(
            service.current.revisions, named, base=base, by=me.editor, now=now, sign_in=me.id, once=form_key()
        )
    except (EditRefused, StaleBase) as refused:
        return to_form(PAGE, {"proposal": named, "seen": f"{base}"}, refused)
    service.current.refresh()
    return redirect(return_address(done=made.number if made else 0), HTTPStatus.SEE_OTHER)


@console.post("/proposals/decline")
def decline_proposal() -> Response:
    """Let nothing come of what waits, for the reason that the form says."""
    me, service, named = current_sign_in(), current_service(), request.form.get("proposal", "")
    reason = request.form.get("reason", "")
    try:
        decline(service.current.revisions, named, reason, by=me.editor, now=service.clock.now(), sign_in=me.id)
    except (EditRefused, BadText) as refused:
        return to_form(PAGE, {"proposal": named, "reason": reason}, refused)
    service.current.refresh()
    return redirect(return_address(declined=1), HTTPStatus.SEE_OTHER)


@console.get("/proposals/<proposal_id>/pictures/<digest>", traits=FOR_SPEAKERS_AND_ORGANIZERS)
def proposed_picture(proposal_id: str, digest: str) -> Response:
    """A face that waits, for organizers and for the speaker who sent it; 404 for anything else."""
    database = current_service().database
    found = proposal(database, proposal_id)
    if found is None or not _is_shown_to(current_sign_in().editor, found):
        abort(HTTPStatus.NOT_FOUND)
    picture = waiting_picture(database, found.id, digest, f"{FACE_SIDES[-1]}")
    if picture is None:
        abort(HTTPStatus.NOT_FOUND)
    media_type, data = picture
    return Response(data, content_type=media_type)


def _is_shown_to(editor: Editor, found: Proposal) -> bool:
    return editor.role == "organizer" or (found.author, found.session) == (editor.name, editor.session)


def _faults(form: MultiDict[str, str]) -> dict[str, str]:
    """Why nothing came of the tap that named a change, and a reason against it or the revision on which it was seen."""
    if not (name := form.get("proposal", "")):
        return {}
    found = proposal(current_service().database, name)
    if found is None or found.state != "waiting":
        return {"": "That was changed or decided meanwhile; here is what waits now."}
    if wrong := note_faults(MultiDict({"note": form.get("reason", "")})):
        return {f"reason-{name}": wrong["note"]}
    if (revision_of(form, "seen") or page_context().revision) < page_context().revision:
        return {"": "The session was changed meanwhile; look at the difference again."}
    return {}
