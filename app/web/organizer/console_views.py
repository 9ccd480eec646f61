"""The console's pages about the day: now and next, one session, history and status; and publishing edits."""

from __future__ import annotations

from datetime import timedelta
from http import HTTPStatus
from typing import Any

from flask import redirect, request
from flask.typing import ResponseReturnValue

from app.domain.edits.edit_types import Edit
from app.domain.edits.outcome import EditRefused
from app.domain.edits.preview import preview, preview_on_latest
from app.domain.edits.session_rules import session_running_over
from app.domain.errors import StaleBase
from app.store.publishing import open_conflict, publish_edit, undo, undone_by
from app.store.revisions import HistoryEntry
from app.web.address_traits import FOR_CHAIRS, FOR_SPEAKERS, FOR_THE_FLOOR
from app.web.changes import MOST_LISTED
from app.web.display_reports import reported_displays
from app.web.errors import NotAllowed
from app.web.organizer.edit_forms import edit_of, revision_of
from app.web.organizer.sign_in import (
    check_rights,
    console,
    console_page,
    current_sign_in,
    rooms_of,
)
from app.web.request_context import PageContext, page_context
from app.web.running_service import current_service

MOST_FETCHES_SHOWN = 40
# For so long the buttons of a session that ended are not folded away.
JUST_ENDED = timedelta(minutes=10)


@console.get("", traits=FOR_THE_FLOOR)
def day() -> str:
    """Now and next in each room, with the edits that fit them."""
    context = page_context()
    rooms = rooms_of(current_sign_in().editor, context.program)
    published = request.args.get("done", type=int)
    return console_page(
        "console.html",
        answers=[context.moment.in_room(room.id) for room in rooms],
        ended={room.id: session_running_over(context.program, room.id, context.now) for room in rooms},
        just_ended=lambda session: context.now - session.end < JUST_ENDED,
        displays=reported_displays(),
        conflict=open_conflict(current_service().database),
        published=published,
        between=_between(revision_of(request.args, "since"), published),
    )


@console.get("/talks/<session_id>", traits=FOR_SPEAKERS)
def session(session_id: str) -> str:
    """One session with all edits that can be made to it."""
    return console_page("session.html", session=page_context().program.session(session_id))


@console.get("/announce", traits=FOR_CHAIRS)
def announce() -> str:
    """The form for an announcement, and the announcements that can be withdrawn."""
    return console_page("announce.html")


@console.post("/edit", traits=FOR_THE_FLOOR)
def edit() -> ResponseReturnValue:
    """Publish an edit, or with `preview` show what it would do; where it is refused, show the alternatives."""
    # Another process may have published: rights and preview are checked on the newest revision.
    current_service().current.refresh()
    context = page_context()
    wanted = edit_of(request.form, context.program)
    base = revision_of(request.form, "base") or context.revision
    try:
        check_rights(current_sign_in().editor, context.program, wanted, current_service().clock.now())
        return _preview(context, base, wanted) if "preview" in request.form else _publish(base, wanted)
    except StaleBase as stale:
        history = current_service().current.revisions.history(stale.base)
        published_since = [entry for entry in history if entry.number <= stale.latest]
        # The next try is based on what this page shows, so that a still newer revision is noticed again.
        return _refused(wanted, stale=stale, published_since=published_since, base=stale.latest)
    except EditRefused as refused:
        return _refused(wanted, reason=refused.reason)


@console.get("/history", traits=FOR_THE_FLOOR)
def history() -> str:
    """The latest revisions, the newest first."""
    entries = current_service().current.revisions.history(since=page_context().revision - MOST_LISTED)[::-1]
    undone = undone_by((entry.number, entry.undoes) for entry in entries if entry.undoes)
    return console_page("history.html", entries=entries, undone=undone)


@console.post("/undo", traits=FOR_CHAIRS)
def undo_revision() -> ResponseReturnValue:
    """Undo the revision `number`, or the latest one that can be undone."""
    if current_sign_in().editor.role != "organizer":
        raise NotAllowed("Only an organizer takes a revision back.")
    service, author = current_service(), current_sign_in().editor.name
    number = revision_of(request.form, "number")
    note = request.form.get("note", "").strip()
    made = undo(service.current.revisions, number, author=author, note=note, now=service.clock.now())
    service.current.refresh()
    return redirect(f"/organizer?done={made.number}", HTTPStatus.SEE_OTHER)


@console.get("/status")
def status() -> str:
    """The process that answers, by the real clock: its readers, and the displays, feeds and errors that it knows."""
    service = current_service()
    return console_page(
        "status.html",
        stats=service.stats,
        memory=service.memory,
        current=service.current,
        displays=reported_displays(),
        fetches=service.stats.fetches()[:MOST_FETCHES_SHOWN],
        from_memory=sum(service.stats.from_memory.copy().values()),
        rendered=sum(service.stats.rendered.copy().values()),
    )


def _publish(base: int, wanted: Edit) -> ResponseReturnValue:
    service, author = current_service(), current_sign_in().editor.name
    note = request.form.get("note", "").strip()
    made = publish_edit(service.current.revisions, wanted, base=base, author=author, note=note, now=service.clock.now())
    service.current.refresh()
    since = f"since={base}&" if made.base > base else ""
    return redirect(f"/organizer?{since}done={made.number if made.number > base else 0}", HTTPStatus.SEE_OTHER)


def _between(since: int | None, number: int | None) -> tuple[HistoryEntry, ...]:
    """The revisions between the one that an edit was made on and the one that it became, the newest first."""
    if since is None or number is None:
        return ()
    entries = current_service().current.revisions.history(since)
    return tuple(entry for entry in reversed(entries) if entry.number < number)


def _preview(context: PageContext, base: int, wanted: Edit) -> str:
    programs = {context.revision: context.program}
    if base not in programs:
        programs[base] = current_service().current.revisions.get(base).program
    outcome = preview_on_latest(wanted, base, programs, current_service().clock.now())
    return _preview_page(preview=outcome, suggestions=outcome.suggestions, base=max(programs))


def _refused(wanted: Edit, **why: Any) -> ResponseReturnValue:
    """Why an edit was not published, what it would do to the newest revision, and each alternative as one button."""
    service = current_service()
    service.current.refresh()
    revision = service.current.snapshot.revision
    shown: dict[str, Any] = {"base": revision.number}
    try:
        outcome = preview(revision.program, wanted, service.clock.now())
        shown |= {"preview": outcome, "suggestions": outcome.suggestions}
    except EditRefused as refused:
        shown |= {"suggestions": refused.suggestions, "reason": refused.reason}
    return _preview_page(**{**shown, **why}), HTTPStatus.CONFLICT


def _preview_page(**values: Any) -> str:
    empty: dict[str, Any] = {"preview": None, "reason": None, "stale": None, "published_since": []}
    return console_page("preview.html", **{**empty, "note": request.form.get("note", ""), **values})
