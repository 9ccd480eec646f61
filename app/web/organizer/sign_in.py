"""Signing in to the console, and who may open which of its addresses.

One signs in by a one-time link. Opening the link only shows a button, since chat programs open links too.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import timedelta
from http import HTTPStatus
from typing import Any

from flask import Blueprint, abort, current_app, g, redirect, render_template, request
from werkzeug.wrappers import Response

from app.domain.edits import edit_types
from app.domain.edits.edit_rights import EDITS_OF, has_in_hand
from app.domain.program import Program, Room
from app.domain.rights import Editor
from app.domain.session import Session
from app.live.clock import SYSTEM_CLOCK
from app.store.errors import SignInRefused
from app.store.sign_ins import SignIn, SignIns, sign_in_end
from app.web.address_traits import FOR_EVERY_ROLE, AddressTraits, match_path, traits_of
from app.web.rate_limits import limited_by_key
from app.web.request_context import page_context
from app.web.running_service import current_service
from app.web.sign_in_cookie import sent_key, set_sign_in_cookie
from app.web.template_helpers import role_text

# Every view on this blueprint needs a sign-in.
console = Blueprint("console", __name__, url_prefix="/organizer")
signing_in = Blueprint("signing_in", __name__, url_prefix="/organizer")

LINK = AddressTraits(lane="links")


@console.before_request
def require_sign_in() -> Response | None:
    """Redirect readers who open a page to the sign-in page; refuse their forms, and to each role what is not theirs."""
    found = signed_in()
    if found is None:
        if request.method != "GET":
            abort(HTTPStatus.FORBIDDEN, "Sign in first.")
        return redirect("/organizer/sign-in")
    if found.editor.session is not None and request.endpoint == "console.day":
        return redirect(f"/organizer/talks/{found.editor.session}", HTTPStatus.SEE_OTHER)
    traits = traits_of(request.url_rule)
    if not _is_open_to(found.editor, traits, request.view_args or {}):
        abort(HTTPStatus.FORBIDDEN, _refusal(found.editor, traits))
    return None


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
    """A page of the console; its forms edit the revision ``base``, by default the one that the page shows."""
    rights = {"me": current_sign_in().editor, "may_open": may_open, "may_edit": may_edit}
    return render_template(f"organizer/{template}", **{**rights, "base": page_context().revision, **values})


def sign_ins() -> SignIns:
    """The sign-ins in this service's database. They expire by the real time, even in a rehearsal."""
    return SignIns(current_service().database)


def current_program() -> Program:
    """The program of the newest revision."""
    return current_service().current.snapshot.revision.program


def signed_in() -> SignIn | None:
    """The sign-in of this browser; None for a reader."""
    if "sign_in" not in g:
        g.sign_in = None
        if key := sent_key():
            with suppress(SignInRefused):
                g.sign_in = sign_ins().signed_in(key, SYSTEM_CLOCK.now(), current_program())
    found: SignIn | None = g.sign_in
    return found


def current_sign_in() -> SignIn:
    """The sign-in of this browser, in a view of the console."""
    found: SignIn = g.sign_in
    return found


def rooms_of(editor: Editor, program: Program) -> tuple[Room, ...]:
    """The rooms that somebody has in hand: all of them, one, or none."""
    if editor.role == "speaker":
        return ()
    return tuple(room for room in program.rooms if editor.room in {None, room.id})


@signing_in.get("/sign-in")
def how() -> str:
    """How to sign in."""
    return render_template("organizer/not-signed-in.html", me=None, sign_in=signed_in())


@signing_in.get("/sign-in/<key>", traits=LINK)
@limited_by_key
def opened(key: str) -> str:
    """The page of a link, with the button that uses it up."""
    return render_template("organizer/sign-in.html", me=None, editor=sign_ins().open_link(key, SYSTEM_CLOCK.now()))


@signing_in.post("/sign-in/<key>", traits=LINK)
@limited_by_key
def redeemed(key: str) -> Response:
    """Use the link up and sign this browser in."""
    now = SYSTEM_CLOCK.now()
    response = redirect("/organizer", 303)
    lifetime = sign_in_end(current_program(), now) - now
    set_sign_in_cookie(response, sign_ins().redeem(key, now, request.user_agent.string), lifetime)
    return response


@console.post("/sign-out", traits=FOR_EVERY_ROLE)
def sign_out() -> Response:
    """Sign this browser out."""
    sign_ins().revoke(current_sign_in().id)
    response = redirect("/organizer/sign-in", 303)
    set_sign_in_cookie(response, "", timedelta())
    return response
