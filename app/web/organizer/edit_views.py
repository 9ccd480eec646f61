"""Publishing edits, and the pages that show what they would do before that."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from flask import redirect, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from app.domain.edits.edit_rights import has_in_hand
from app.domain.edits.edit_types import Absent, Cancel, Delay, Edit
from app.domain.edits.outcome import EditRefused
from app.domain.errors import NotAllowed, StaleBase, TimeError
from app.domain.texts import BadText
from app.store.publish_once import published_before
from app.store.publishing import publish_edit
from app.web.address_traits import FOR_THE_FLOOR
from app.web.organizer.console import console, console_page, may_edit
from app.web.organizer.drafts import drop_draft, keep_draft
from app.web.organizer.edit_forms import edit_of, preview_query, with_tap
from app.web.organizer.edit_previews import Answer, answer_to, answer_to_edit
from app.web.organizer.form_addresses import console_address, form_key, return_address
from app.web.organizer.form_fields import revision_of
from app.web.organizer.last_done import told
from app.web.organizer.signed_in_person import current_sign_in
from app.web.request_context import page_context
from app.web.running_service import current_service

# Readers are told to wait so long for a speaker who is not here.
WAIT_MINUTES = 5


@console.post("/edit", traits=FOR_THE_FLOOR)
def edit() -> ResponseReturnValue:
    """Publish an edit; lead back to the page it was made on, or to why it was not published."""
    # Another process may have published: names are checked on the newest revision.
    current_service().current.refresh()
    base = revision_of(request.form, "base")
    base = page_context().revision if base is None else base
    # What the form says may mean nothing, or something else, once it was published: also by its twin at this moment.
    before = _published_before()
    try:
        made = before or _publish(base, edit_of(request.form, page_context().program))
    except (EditRefused, BadText, TimeError, StaleBase):
        before = _published_before()
        if before is None:
            return redirect(_refusal_address(base), HTTPStatus.SEE_OTHER)
        made = before
    return redirect(_published_address(made, base if before is None else min(base, before - 1)), HTTPStatus.SEE_OTHER)


@console.get("/preview", traits=FOR_THE_FLOOR)
def preview() -> ResponseReturnValue:
    """What an edit would do, or why it is refused."""
    current_service().current.refresh()
    return preview_page(answer_to(request.args), request.args)


@console.get("/not-here/<session_id>", traits=FOR_THE_FLOOR)
def not_here(session_id: str) -> str:
    """What can be done about a session whose speaker is not here, each with what it would change."""
    current_service().current.refresh()
    session = page_context().program.session(session_id)
    if not has_in_hand(current_sign_in().editor, session):
        raise NotAllowed("That session is not in your room.")
    wanted: dict[str, Edit] = {
        "absent": Absent(session_id),
        f"late {WAIT_MINUTES}": Delay(session_id, WAIT_MINUTES),
        "cancel": Cancel(session_id),
    }
    answers = {tap: answer_to_edit(one) for tap, one in wanted.items() if may_edit(type(one).__name__, session)}
    return console_page("not-here.html", session=session, answers=answers, back=return_address())


def preview_page(
    answer: Answer, form: MultiDict[str, str] | None = None, template: str = "preview.html", **values: Any
) -> ResponseReturnValue:
    """The page of an answer, with the form that asked for it."""
    form = with_tap(MultiDict() if form is None else form)
    session = page_context().program.sessions_by_id.get(form.get("session", ""))
    shown = {
        "answer": answer,
        "base": answer.base,
        "faults": answer.faults,
        "filled_in": form,
        "session": session,
        "note": form.get("note", ""),
        "back": console_address(form.get("back") or request.args.get("back", "")),
        "draft": None,
        "told": told,
    }
    return console_page(template, **{**shown, **values}), answer.status


def _published_address(made: int, base: int) -> str:
    """The page that a form came from, which says what was published, on top of what since ``base``; 0 for nothing.

    Nothing is said of a step of a line-up: the page shows what is on, and has no Undo for it.
    """
    if made <= base:
        return return_address(done=0)
    if current_service().current.history.until(made).outlines[-1].kind == "step":
        return return_address()
    return return_address(done=made, **({"since": base} if made - 1 > base else {}))


def _published_before() -> int | None:
    """The revision that this form made when it was sent before."""
    return published_before(current_service().current.revisions, form_key())


def _publish(base: int, wanted: Edit) -> int:
    """The number of the revision; that of ``base`` where the edit changes nothing."""
    service, me = current_service(), current_sign_in()
    made = publish_edit(
        service.current.revisions,
        wanted,
        base=base,
        by=me.editor,
        sign_in=me.id,
        note=request.form.get("note", "").strip(),
        now=service.clock.now(),
        once=form_key(),
    )
    service.current.refresh()
    drop_draft(request.form.get("draft", ""))
    return made.number


def _refusal_address(base: int) -> str:
    """The page that says why a form was not published: a preview where its address holds the form, else a draft."""
    query = preview_query(request.form, base=base, back=return_address())
    return f"/organizer/drafts/{keep_draft(base)}" if query is None else f"/organizer/preview?{query}"
