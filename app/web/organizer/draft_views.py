"""Drafts: forms of content that were not published yet, each with an address of its own."""

from __future__ import annotations

from http import HTTPStatus

from flask import redirect
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from app.domain.conference_day import by_day
from app.domain.errors import UnknownName
from app.domain.program import Program
from app.domain.session import Session
from app.web.address_traits import FOR_THE_FLOOR
from app.web.organizer.console import console
from app.web.organizer.drafts import keep_draft, kept_form
from app.web.organizer.edit_previews import answer_to
from app.web.organizer.edit_views import preview_page
from app.web.request_context import page_context
from app.web.running_service import current_service


@console.post("/drafts", traits=FOR_THE_FLOOR)
def keep() -> ResponseReturnValue:
    """Keep a form, and lead to the page that shows what it would change."""
    return redirect(f"/organizer/drafts/{keep_draft(page_context().revision)}", HTTPStatus.SEE_OTHER)


@console.get("/drafts/<draft_id>", traits=FOR_THE_FLOOR)
def draft(draft_id: str) -> ResponseReturnValue:
    """What a draft would change, and its form as it was filled in."""
    try:
        form = kept_form(draft_id)
    except UnknownName:
        raise NotFound("This draft was published, or newer ones have taken its place.") from None
    current_service().current.refresh()
    program = page_context().program
    sessions = [program.session(name) for name in form.getlist("session") if name in program.sessions_by_id]
    order = _order(program, sessions) if form.get("do") == "reorder" else {}
    return preview_page(answer_to(form), form, "draft.html", draft=draft_id, order=order)


def _order(program: Program, named: list[Session]) -> dict[object, list[Session]]:
    """By day, what is to come in the room of the sessions that a form puts into another order."""
    rooms = {session.room for session in named}
    days = by_day(program, named)
    to_come = [one for one in program.sessions if one.room in rooms | {None} and not one.cancelled]
    later = [one for one in to_come if one.end > page_context().now]
    return {day: found for day, found in by_day(program, later).items() if day in days}
