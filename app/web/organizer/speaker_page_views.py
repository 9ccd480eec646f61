"""The page of a speaker, and the form by which they change what their session says."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from flask import redirect, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import ServiceUnavailable
from werkzeug.wrappers import Response

from app.domain.edits.edit_types import ChangeContent
from app.domain.edits.outcome import EditRefused
from app.domain.edits.speaker_rights import own_people
from app.domain.errors import StaleBase, TooLate
from app.domain.session import Session
from app.domain.texts import BadText
from app.store.proposals import Proposal, latest_of, propose, withdraw
from app.store.revisions import Revision
from app.web.address_traits import FOR_SPEAKERS_ALONE, FOR_SPEAKERS_PICTURES
from app.web.organizer.console import console, console_page
from app.web.organizer.edit_forms import faults_of
from app.web.organizer.form_addresses import console_address, form_key
from app.web.organizer.form_fields import Fields, revision_of
from app.web.organizer.own_session import own_session
from app.web.organizer.signed_in_person import current_program, current_sign_in
from app.web.organizer.speaker_page_form import SpeakerForm, read_form
from app.web.rate_limits import CHANGES_PER_SPEAKER, count
from app.web.request_context import page_context
from app.web.running_service import current_service

STALE = "Somebody changed the same meanwhile. Look at what it says now, and send yours again if it still holds."


def speaker_page(session: Session, typed: ChangeContent | None = None, **values: Any) -> str:
    """The page of a session for its speaker, with what they ``typed`` where that was refused."""
    rooms = [room for room in page_context().program.rooms if session.room in {None, room.id}]
    own, bound = own_session(session, typed), FOR_SPEAKERS_PICTURES.takes_file
    return console_page("speaker-page.html", session=session, rooms=rooms, own=own, bound=bound, **values)


@console.post("/talks/<session_id>", traits=FOR_SPEAKERS_PICTURES)
def change_session(session_id: str) -> ResponseReturnValue:
    """Let what a speaker changes wait, or publish it; 422 or 409 with the form and why it was refused."""
    me, service = current_sign_in().editor, current_service()
    count(CHANGES_PER_SPEAKER, "changes", me.name)
    service.current.refresh()
    session = page_context().program.session(session_id)
    try:
        return _published_or_waiting(session, _sent(session))
    except (EditRefused, BadText, TooLate, ServiceUnavailable) as refused:
        return _refusal(session, refused)


@console.post("/talks/<session_id>/withdraw", traits=FOR_SPEAKERS_ALONE)
def withdraw_change(session_id: str) -> Response:
    """Take a speaker's change back that waits."""
    me, service = current_sign_in(), current_service()
    withdraw(service.current.revisions, session_id, by=me.editor, now=service.clock.now(), sign_in=me.id)
    return redirect(f"/organizer/talks/{session_id}", HTTPStatus.SEE_OTHER)


def _refusal(session: Session, refused: EditRefused | BadText | TooLate | ServiceUnavailable) -> ResponseReturnValue:
    """The page with the form as it was filled in, which is still based on the revision that it showed."""
    base = revision_of(request.form, "base") or page_context().revision
    status, faults = HTTPStatus.UNPROCESSABLE_ENTITY, {"": f"{refused}"}
    match refused:
        case ServiceUnavailable():
            status, faults = HTTPStatus.SERVICE_UNAVAILABLE, {"picture": f"{refused.description}"}
        case EditRefused() | BadText():
            faults = faults_of(refused)
    return speaker_page(session, faults=faults, filled_in=request.form, base=base), status


def _sent(session: Session) -> SpeakerForm:
    """What the form says."""
    form = MultiDict([*request.form.items(multi=True), ("session", session.id)])
    people = own_people(current_sign_in().editor, session)
    return read_form(Fields(form, current_program()), people, _waiting_edit(session))


def _published_or_waiting(session: Session, sent: SpeakerForm) -> ResponseReturnValue:
    """Lead to the page, which says what came of what was sent; 409 where others changed the same."""
    me, service, base = current_sign_in(), current_service(), revision_of(request.form, "base")
    try:
        made = propose(
            service.current.revisions,
            sent.edit,
            base=page_context().revision if base is None else base,
            by=me.editor,
            now=service.clock.now(),
            pictures=sent.pictures,
            sign_in=me.id,
            once=form_key(),
        )
    except StaleBase:
        # What they left as it was shown is as it is now.
        return speaker_page(session, sent.edit, faults={"": STALE}), HTTPStatus.CONFLICT
    service.current.refresh()
    said = {"location": 1} if sent.had_location else {}
    return redirect(console_address(request.path, **said, **_done(made)), HTTPStatus.SEE_OTHER)


def _done(made: Proposal | Revision | None) -> dict[str, int]:
    """The parameters by which the page says what came of the form; of what waits it says so anyway."""
    if isinstance(made, Proposal):
        return {}
    return {"done": made.number if made else 0}


def _waiting_edit(session: Session) -> ChangeContent | None:
    latest = latest_of(current_service().database, session.id, current_sign_in().editor.name)
    return latest.edit if latest and latest.state == "waiting" else None
