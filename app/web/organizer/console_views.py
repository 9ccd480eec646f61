"""The console's pages about the day: now and next, one session, history and status; and publishing edits."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from http import HTTPStatus
from typing import Any

from flask import g, redirect, request
from flask.typing import ResponseReturnValue

from app.domain.conference_day import by_day
from app.domain.edits.content import USUAL_LABELS
from app.domain.edits.edit_rights import check_edit, preview_by
from app.domain.edits.edit_text import edit_text
from app.domain.edits.edit_types import BackTo, Edit
from app.domain.edits.outcome import EditRefused, UndoRefused
from app.domain.edits.restore import as_it_stood
from app.domain.edits.session_rules import session_running_over
from app.domain.edits.suggestions import publishable_suggestions
from app.domain.edits.typed_content import items_text
from app.domain.errors import StaleBase
from app.domain.revision_diff import changed_sessions
from app.domain.session import Session
from app.formats.edit_json import recorded_edit
from app.store.publishing import open_conflict, publish_edit, restore_day, undo, undoable_own, undone_by
from app.store.revisions import HistoryEntry
from app.web.address_traits import FOR_CHAIRS, FOR_SPEAKERS, FOR_THE_FLOOR
from app.web.changes import MOST_LISTED
from app.web.display_reports import reported_displays
from app.web.organizer.edit_forms import edit_of, revision_of
from app.web.organizer.sign_in import (
    console,
    console_page,
    current_program,
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
    if published not in range(context.revision + 1):
        published = None
    return console_page(
        "console.html",
        answers=[context.moment.in_room(room.id) for room in rooms],
        ended={room.id: session_running_over(context.program, room.id, context.now) for room in rooms},
        just_ended=lambda session: context.now - session.end < JUST_ENDED,
        displays=reported_displays(),
        conflict=open_conflict(current_service().database),
        published=published,
        may_undo=_may_undo,
        between=_between(revision_of(request.args, "since"), published),
    )


@console.get("/talks/<session_id>", traits=FOR_SPEAKERS)
def session(session_id: str) -> str:
    """One session with all edits that can be made to it."""
    session = page_context().program.session(session_id)
    return console_page("session.html", session=session, link_labels=USUAL_LABELS, items_text=items_text)


@console.get("/announce", traits=FOR_CHAIRS)
def announce() -> str:
    """The form for an announcement, and the announcements that can be withdrawn."""
    rooms = rooms_of(current_sign_in().editor, current_program())
    return console_page("announce.html", rooms=rooms, may_undo=_may_undo)


@console.post("/edit", traits=FOR_THE_FLOOR)
def edit() -> ResponseReturnValue:
    """Publish an edit, or with `preview` show what it would do; where it is refused, show the alternatives."""
    # Another process may have published: rights and preview are checked on the newest revision.
    current_service().current.refresh()
    context = page_context()
    base = revision_of(request.form, "base")
    base = context.revision if base is None else base
    try:
        wanted = edit_of(request.form, context.program)
    except EditRefused as unclear:
        possible = publishable_suggestions(context.program, unclear.suggestions, current_service().clock.now())
        shown = {"reason": unclear.reason, "suggestions": possible, "base": base}
        return _preview_page(**shown), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        return _preview(context, base, wanted) if "preview" in request.form else _publish(base, wanted)
    except StaleBase as stale:
        history = current_service().current.revisions.history(stale.base)
        published_since = [entry for entry in history if entry.number <= stale.latest]
        # The next try is based on what this page shows, so that a still newer revision is noticed again.
        return _refused(wanted, stale=stale, published_since=published_since, base=stale.latest)
    except EditRefused as refused:
        return _refused(wanted, reason=refused.reason)


@console.get("/add")
def add() -> str:
    """The form for a session that the program does not have."""
    context = page_context()
    to_come = [one for one in context.program.sessions if one.end > context.now and not one.cancelled]
    return console_page("add.html", to_come=to_come, days=sorted(context.program.days))


@console.get("/order")
def order() -> str:
    """For each day what is to come in one room (`room`), in an order that can be changed."""
    context = page_context()
    rooms = context.program.rooms
    chosen = request.args.get("room", rooms[0].id if len(rooms) == 1 else "")
    sessions = context.program.sessions_in(context.program.room(chosen).id) if chosen else ()
    to_come = [one for one in sessions if one.end > context.now and not one.cancelled]
    return console_page("order.html", days=by_day(context.program, to_come), room=chosen, is_fixed=_is_fixed)


@console.get("/history", traits=FOR_THE_FLOOR)
def history() -> str:
    """The latest revisions, the newest first."""
    entries = _listed()
    undone = undone_by((entry.number, entry.undoes) for entry in entries if entry.undoes)
    return console_page("history.html", entries=entries, undone=undone, may_undo=_may_undo, told=_told)


@console.post("/undo", traits=FOR_CHAIRS)
def undo_revision() -> ResponseReturnValue:
    """Undo the revision `number`, or the latest one that can be undone; with `back_to` restore that revision's day."""
    service, me = current_service(), current_sign_in()
    number, back_to = revision_of(request.form, "number"), revision_of(request.form, "back_to")
    publish = partial(undo, number=number) if back_to is None else partial(restore_day, number=back_to)
    note = request.form.get("note", "").strip()
    try:
        if back_to is not None and "preview" in request.form:
            return _preview_of_day(back_to)
        made = publish(service.current.revisions, by=me.editor, sign_in=me.id, note=note, now=service.clock.now())
    except EditRefused as refused:
        first = refused.later if isinstance(refused, UndoRefused) else ()
        shown = {"reason": refused.reason, "suggestions": refused.suggestions, "undo_first": first}
        return _preview_page(base=page_context().revision, **shown), HTTPStatus.CONFLICT
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


def _listed() -> tuple[HistoryEntry, ...]:
    """The revisions that the history lists, the newest first; they stay the same during a request."""
    if "listed" not in g:
        revisions = current_service().current.revisions
        g.listed = revisions.history(since=page_context().revision - MOST_LISTED)[::-1]
    found: tuple[HistoryEntry, ...] = g.listed
    return found


def _may_undo(number: int) -> bool:
    """Whether the signed-in person may take a revision back."""
    editor = current_sign_in().editor
    if editor.role != "chair":
        return editor.role == "organizer"
    if "undoable" not in g:
        g.undoable = undoable_own(editor, _listed(), page_context().program)
    undoable: int | None = g.undoable
    return number == undoable


def _is_fixed(session: Session) -> bool:
    """Whether a session keeps its position when others of its room are put into another order."""
    return session.pinned or session.room is None or session.is_break


def _told(entry: HistoryEntry) -> str:
    """What somebody did, in words; empty for what was not an edit."""
    edit = recorded_edit(entry.edit)
    return edit_text(edit, entry.difference.after) if edit is not None else ""


def _publish(base: int, wanted: Edit) -> ResponseReturnValue:
    service, me = current_service(), current_sign_in()
    made = publish_edit(
        service.current.revisions,
        wanted,
        base=base,
        by=me.editor,
        sign_in=me.id,
        note=request.form.get("note", "").strip(),
        now=service.clock.now(),
    )
    service.current.refresh()
    since = f"since={base}&" if made.base > base else ""
    return redirect(f"/organizer?{since}done={made.number if made.number > base else 0}", HTTPStatus.SEE_OTHER)


def _between(since: int | None, number: int | None) -> tuple[HistoryEntry, ...]:
    """The revisions between the one that an edit was made on and the one that it became, the newest first."""
    if since is None or number is None:
        return ()
    entries = current_service().current.revisions.history(max(since, number - MOST_LISTED))
    return tuple(entry for entry in reversed(entries) if entry.number < number)


def _preview(context: PageContext, base: int, wanted: Edit) -> str:
    programs = {context.revision: context.program}
    if base not in programs:
        programs[base] = current_service().current.revisions.get(base).program
    outcome = preview_by(current_sign_in().editor, wanted, base, programs, current_service().clock.now())
    return _preview_page(preview=outcome, suggestions=outcome.suggestions, base=max(programs))


def _preview_of_day(number: int) -> str:
    """What going back to the day of a revision would change; raises `NotAllowed`."""
    context, revisions = page_context(), current_service().current.revisions
    check_edit(current_sign_in().editor, context.program, BackTo(number))
    restored = as_it_stood(revisions.get(number).program, context.program, current_service().clock.now())
    return _preview_page(
        base=context.revision,
        back_to=number,
        before=context.program,
        after=restored,
        changes=changed_sessions(context.program, restored),
    )


def _refused(wanted: Edit, **why: Any) -> ResponseReturnValue:
    """Why an edit was not published, what it would do to the newest revision, and each alternative as one button."""
    service = current_service()
    service.current.refresh()
    revision = service.current.snapshot.revision
    shown: dict[str, Any] = {"base": revision.number}
    try:
        programs = {revision.number: revision.program}
        outcome = preview_by(current_sign_in().editor, wanted, revision.number, programs, service.clock.now())
        shown |= {"preview": outcome, "suggestions": outcome.suggestions}
    except EditRefused as refused:
        shown |= {"suggestions": refused.suggestions, "reason": refused.reason}
    return _preview_page(**{**shown, **why}), HTTPStatus.CONFLICT


def _preview_page(**values: Any) -> str:
    empty: dict[str, Any] = {"preview": None, "reason": None, "stale": None, "published_since": []}
    empty |= {"suggestions": (), "undo_first": (), "back_to": None}
    return console_page("preview.html", **{**empty, "note": request.form.get("note", ""), **values})
