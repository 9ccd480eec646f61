"""What was published, by whom and why; each revision can be taken back."""

from __future__ import annotations

from http import HTTPStatus

from flask import Blueprint, redirect, render_template, request
from werkzeug.wrappers import Response

from app.store.publishing import undo, undone_by
from app.web.answering import HTML
from app.web.organizer.access import console_only, organizers_only, the_organizer
from app.web.organizer.forms import revision_of
from app.web.service import the_service

history = Blueprint("history", __name__, url_prefix="/organizer")


@history.get("/history")
@console_only
def listed() -> Response:
    """All revisions, the newest first."""
    entries = the_service().current.revisions.history()[::-1]
    undone = undone_by((entry.number, entry.undoes) for entry in entries if entry.undoes)
    page = render_template("organizer/history.html", entries=entries, undone=undone, me=the_organizer().organizer)
    return Response(page, content_type=HTML)


@history.post("/undo")
@organizers_only
def undone() -> Response:
    """Take back a revision, or the latest that can be."""
    service = the_service()
    number = revision_of(request.form, "number")
    note = request.form.get("note", "").strip()
    made = undo(
        service.current.revisions, number, author=the_organizer().organizer.name, note=note, now=service.clock.now()
    )
    service.current.refresh()
    return redirect(f"/organizer?done={made.number}", HTTPStatus.SEE_OTHER)
