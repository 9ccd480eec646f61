"""Keeps the forms of the signed-in browser that were not published."""

from __future__ import annotations

from contextlib import suppress

from flask import request
from werkzeug.datastructures import MultiDict

from app.domain.errors import UnknownName
from app.live.clock import SYSTEM_CLOCK
from app.store.drafts import Drafts
from app.web.organizer.signed_in_person import current_sign_in
from app.web.running_service import current_service

# What belongs to one sending of a form, and not to what it says.
_NOT_KEPT = frozenset({"csrf_token", "once", "draft"})


def keep_draft(base: int) -> str:
    """Keep the form of this request; the draft's id. Of a draft's own page, only the note is new."""
    fields = [(name, value) for name, value in request.form.items(multi=True) if name not in _NOT_KEPT]
    if "base" not in request.form:
        fields.append(("base", str(base)))
    draft = request.form.get("draft")
    with suppress(UnknownName):
        if draft:
            former = [(name, value) for name, value in _drafts().fields(_sign_in(), draft) if name != "note"]
            return keep_form([*former, ("note", request.form.get("note", ""))], draft)
    return keep_form(fields)


def kept_form(draft: str) -> MultiDict[str, str]:
    """The form that was kept under an id; raises `UnknownName` where this browser has none."""
    return MultiDict(_drafts().fields(_sign_in(), draft))


def drop_draft(draft: str) -> None:
    """Remove a draft that was published; without effect where there is none."""
    if draft:
        _drafts().remove(_sign_in(), draft)


def keep_form(fields: list[tuple[str, str]], draft: str | None = None) -> str:
    """Keep the fields of a form, in place of a former draft if one is given; the id under which they are kept."""
    return _drafts().keep(_sign_in(), fields, SYSTEM_CLOCK.now(), draft)


def _drafts() -> Drafts:
    return Drafts(current_service().database)


def _sign_in() -> str:
    return current_sign_in().id
