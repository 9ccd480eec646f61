"""The console's first page, and publishing edits from it."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from flask import Blueprint, redirect, render_template, request
from werkzeug.wrappers import Response

from app.domain.edits import Edit, Preview, lately_ended, preview
from app.domain.errors import EditRefused, StaleBase
from app.store.outcome import open_conflict
from app.store.publishing import publish_edit
from app.web.answering import HTML
from app.web.look import Look, the_look
from app.web.organizer.access import console_only, the_organizer
from app.web.organizer.forms import edit_of, revision_of
from app.web.organizer.rights import check_rights, rooms_of
from app.web.organizer.status import displays_of
from app.web.service import the_service

desk = Blueprint("desk", __name__, url_prefix="/organizer")

LONGEST_NOTE = 500


@desk.get("")
@console_only
def console() -> Response:
    """Now and next in each room, with what may be done about it."""
    look = the_look()
    rooms = rooms_of(the_organizer().organizer, look.program)
    answers = [look.moment.in_room(room.id) for room in rooms]
    lately = {room.id: lately_ended(look.program, room.id, look.now) for room in rooms}
    return _page(
        "organizer/console.html",
        answers=answers,
        lately=lately,
        displays=displays_of(look),
        conflict=open_conflict(the_service().database),
        done=request.args.get("done", type=int),
    )


@desk.get("/talks/<session_id>")
@console_only
def session(session_id: str) -> Response:
    """Everything that may be done about one session."""
    look = the_look()
    return _page("organizer/session.html", s=look.program.session(session_id))


@desk.post("/edit")
@console_only
def edit() -> Response:
    """Publish an edit, or show what it would do, or why it may not be and what may."""
    look = the_look()
    wanted = edit_of(request.form, look.program)
    check_rights(the_organizer().organizer, look.program, wanted, the_service().clock.now())
    if "preview" in request.form:
        return _previewed(look, wanted)
    return _published(look, wanted)


def _published(look: Look, wanted: Edit) -> Response:
    service = the_service()
    base = revision_of(request.form, "base") or look.revision
    note = request.form.get("note", "").strip()[:LONGEST_NOTE]
    author = the_organizer().organizer.name
    try:
        made = publish_edit(
            service.current.revisions, wanted, base=base, author=author, note=note, now=service.clock.now()
        )
    except StaleBase as stale:
        return _stale(wanted, stale)
    except EditRefused as refused:
        return _refused(look, wanted, refused)
    service.current.refresh()
    return redirect(f"/organizer?done={made.number if made.number > base else 0}", HTTPStatus.SEE_OTHER)


def _previewed(look: Look, wanted: Edit) -> Response:
    try:
        seen = preview(look.program, wanted, the_service().clock.now())
    except EditRefused as refused:
        return _refused(look, wanted, refused)
    return _page("organizer/preview.html", **_shown(seen), note=request.form.get("note", ""))


def _refused(look: Look, wanted: Edit, refused: EditRefused) -> Response:
    """What an edit would run into, and each way out as one tap."""
    try:
        shown = _shown(preview(look.program, wanted, the_service().clock.now()))
    except EditRefused:
        shown = {"seen": None, "ways_out": refused.ways_out}
    note = request.form.get("note", "")
    return _page("organizer/preview.html", HTTPStatus.CONFLICT, **shown, reason=refused.reason, note=note)


def _stale(wanted: Edit, stale: StaleBase) -> Response:
    """Somebody published in between: what they did, and what this edit would do to that."""
    the_service().current.refresh()
    history = [entry for entry in the_service().current.revisions.history(stale.base) if entry.number <= stale.latest]
    try:
        shown = _shown(preview(the_service().current.snapshot.revision.program, wanted, the_service().clock.now()))
    except EditRefused as refused:
        shown = {"seen": None, "ways_out": refused.ways_out, "reason": refused.reason}
    note = request.form.get("note", "")
    return _page(
        "organizer/preview.html",
        HTTPStatus.CONFLICT,
        **shown,
        stale=stale,
        history=history,
        note=note,
        base=stale.latest,
    )


def _shown(seen: Preview) -> dict[str, Any]:
    return {"seen": seen, "ways_out": seen.ways_out}


def _page(template: str, status: HTTPStatus = HTTPStatus.OK, /, **values: Any) -> Response:
    values.setdefault("base", the_look().revision)
    me = the_organizer().organizer
    page = render_template(template, **values, me=me)
    return Response(page, status, content_type=HTML)
