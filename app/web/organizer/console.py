"""The console: the blueprint of its pages, and who may open which of its addresses."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, abort, current_app, redirect, render_template, request
from werkzeug.wrappers import Response

from app.domain.edits import edit_types
from app.domain.edits.edit_rights import EDITS_OF, has_in_hand
from app.domain.errors import NotAllowed
from app.domain.rights import Editor
from app.domain.session import Session
from app.store.errors import SignedOut
from app.store.secret_keys import new_key
from app.web.address_traits import AddressTraits, match_path, traits_of
from app.web.organizer.form_addresses import page_address, published_now
from app.web.organizer.signed_in_person import current_program, current_sign_in, signed_in
from app.web.request_context import page_context
from app.web.sign_in_cookie import sent_key
from app.web.template_helpers import role_text

# Every view on this blueprint needs a sign-in.
console = Blueprint("console", __name__, url_prefix="/organizer")


@console.before_request
def require_sign_in() -> Response | None:
    """Redirect readers who open a page to the sign-in page; refuse their forms, and to each role what is not theirs."""
    found = signed_in()
    if found is None:
        if request.method != "GET":
            raise SignedOut if sent_key() else NotAllowed("Sign in first.")
        return redirect(_sign_in_address())
    if found.editor.session is not None and request.endpoint == "console.day":
        return redirect(f"/organizer/talks/{found.editor.session}", HTTPStatus.SEE_OTHER)
    traits = traits_of(request.url_rule)
    if not _is_open_to(found.editor, traits, request.view_args or {}):
        abort(HTTPStatus.FORBIDDEN, _refusal(found.editor, traits))
    return None


def _sign_in_address() -> str:
    """How to sign in; from the page of a link, which may have handed a room over, with that link's id."""
    link = (request.view_args or {}).get("link")
    return f"/organizer/sign-in?{urlencode({'link': link})}" if link else "/organizer/sign-in"


def may_open(path: str) -> bool:
    """Whether the signed-in person may open a page of the console."""
    return _is_open_to(current_sign_in().editor, *match_path(current_app, path))


def may_edit(kind: str, session: Session | None = None) -> bool:
    """Whether the signed-in person may make a kind of edit, named as in `edit_types`, of a session if one is given."""
    editor = current_sign_in().editor
    return getattr(edit_types, kind) in EDITS_OF[editor.role] and (session is None or has_in_hand(editor, session))


def _is_open_to(editor: Editor, traits: AddressTraits, names: Mapping[str, str]) -> bool:
    """Whether a role may open an address; a speaker only that of their own session."""
    own = editor.role != "speaker" or names.get("session_id", editor.session) == editor.session
    return editor.role in traits.roles and own


def _refusal(editor: Editor, traits: AddressTraits) -> str:
    if editor.role in traits.roles:
        return "A speaker has the page of their own session."
    *names, last = (f"{role}s" for role in traits.roles)
    whose = f"{', '.join(names)} and {last}" if names else last
    return f"This is for {whose}; you are signed in as {role_text(current_program(), editor)}."


def console_page(template: str, **values: Any) -> str:
    """A page of the console; its forms edit the revision ``base``, by default the one that the page shows.

    ``faults`` says what is wrong with a field, by its name, and ``filled_in`` holds what was typed; ``back`` is where
    its forms lead to, by default the page itself.
    """
    rights = {
        "me": current_sign_in().editor,
        "may_open": may_open,
        "may_edit": may_edit,
    }
    form: dict[str, Any] = {
        "once": new_key(),
        "faults": {},
        "filled_in": {},
        "back": page_address(),
        "published": published_now(),
    }
    return render_template(f"organizer/{template}", **{**rights, **form, "base": page_context().revision, **values})
