"""The console's first page, and publishing edits from it."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from flask import Blueprint, redirect, render_template, request
from werkzeug.wrappers import Response

from app.domain.edits import Edit, Preview, lately_ended, preview, preview_on_latest
from app.domain.errors import EditRefused, StaleBase
from app.store.outcome import open_conflict
from app.store.publishing import publish_edit
from app.store.revisions import Entry
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
    done = request.args.get("done", type=int)
    lately = {room.id: lately_ended(look.program, room.id, look.now) for room in rooms}
    return _page(
        "organizer/console.html",
        answers=answers,
        lately=lately,
        displays=displays_of(look),
        conflict=open_conflict(the_service().database),
        done=done,
        between=_between(revision_of(request.args, "since"), done),
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
    # Another process may have published: rights and the preview are of the newest revision.
    the_service().current.refresh()
    look = the_look()
    wanted = edit_of(request.form, look.program)
    base = revision_of(request.form, "base") or look.revision
    try:
        check_rights(the_organizer().organizer, look.program, wanted, the_service().clock.now())
        return _previewed(look, base, wanted) if "preview" in request.form else _published(base, wanted)
    except StaleBase as stale:
        return _stale(wanted, stale)
    except EditRefused as refused:
        return _on_latest(wanted, reason=refused.reason)


def _published(base: int, wanted: Edit) -> Response:
    service = the_service()
    note = request.form.get("note", "").strip()[:LONGEST_NOTE]
    author = the_organizer().organizer.name
    made = publish_edit(service.current.revisions, wanted, base=base, author=author, note=note, now=service.clock.now())
    service.current.refresh()
    since = f"since={base}&" if made.base > base else ""
    return redirect(f"/organizer?{since}done={made.number if made.number > base else 0}", HTTPStatus.SEE_OTHER)


def _between(since: int | None, number: int | None) -> tuple[Entry, ...]:
    """The revisions between the one that an edit was made on and the one that it became, the newest first."""
    if since is None or number is None:
        return ()
    entries = the_service().current.revisions.history(since)
    return tuple(entry for entry in reversed(entries) if entry.number < number)


def _previewed(look: Look, base: int, wanted: Edit) -> Response:
    programs = {look.revision: look.program}
    if base not in programs:
        programs[base] = the_service().current.revisions.get(base).program
    seen = preview_on_latest(wanted, base, programs, the_service().clock.now())
    return _page("organizer/preview.html", **_shown(seen), note=request.form.get("note", ""), base=max(programs))


def _stale(wanted: Edit, stale: StaleBase) -> Response:
    """Somebody changed the same in between: what was done since, and what this edit would do to that."""
    history = [entry for entry in the_service().current.revisions.history(stale.base) if entry.number <= stale.latest]
    # Where somebody has published again since, the next try is compared with that too.
    return _on_latest(wanted, stale=stale, history=history, base=stale.latest)


def _on_latest(wanted: Edit, **why: Any) -> Response:
    """Why an edit was not published, what it would do to the newest revision, and each way out as one tap."""
    the_service().current.refresh()
    revision = the_service().current.snapshot.revision
    try:
        shown = _shown(preview(revision.program, wanted, the_service().clock.now()))
    except EditRefused as refused:
        shown = {"seen": None, "ways_out": refused.ways_out, "reason": refused.reason}
    values = {"base": revision.number, "note": request.form.get("note", ""), **shown, **why}
    return _page("organizer/preview.html", HTTPStatus.CONFLICT, **values)


def _shown(seen: Preview) -> dict[str, Any]:
    return {"seen": seen, "ways_out": seen.ways_out}


def _page(template: str, status: HTTPStatus = HTTPStatus.OK, /, **values: Any) -> Response:
    values.setdefault("base", the_look().revision)
    me = the_organizer().organizer
    page = render_template(template, **values, me=me)
    return Response(page, status, content_type=HTML)
