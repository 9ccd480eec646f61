"""The console: the blueprint of its pages, who is signed in, and who may open which of its addresses."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl, urlencode

from flask import Blueprint, abort, current_app, g, redirect, render_template, request
from werkzeug.wrappers import Response

from app.domain.edits import edit_types
from app.domain.edits.edit_rights import EDITS_OF, has_in_hand
from app.domain.errors import AgendaError
from app.domain.program import Program, Room
from app.domain.rights import Editor
from app.domain.session import Session
from app.live.clock import SYSTEM_CLOCK
from app.store.errors import SignInRefused
from app.store.revisions import HistoryEntry
from app.store.secret_keys import key_hash, new_key
from app.store.sign_ins import SignIn, SignIns
from app.store.undo_rules import explainable, undoable_own
from app.web.address_traits import AddressTraits, match_path, traits_of
from app.web.changes import MOST_LISTED
from app.web.request_context import page_context
from app.web.request_policy import LONGEST_QUERY
from app.web.running_service import current_service
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
            abort(HTTPStatus.FORBIDDEN, "Sign in first.")
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
        "may_undo": may_undo,
        "may_explain": may_explain,
    }
    form: dict[str, Any] = {
        "once": new_key(),
        "faults": {},
        "filled_in": {},
        "back": page_address(),
        "published": published_now(),
    }
    return render_template(f"organizer/{template}", **{**rights, **form, "base": page_context().revision, **values})


def return_address(**query: object) -> str:
    """The page of the console that a form names in `back`, by default the day, with more parameters in its query."""
    return console_address(request.values.get("back", ""), **query)


def console_address(page: str, **query: object) -> str:
    """The address of a page of the console, with more parameters in its query; the day where it names none."""
    path, _, given = page.partition("?")
    if path != "/organizer" and not path.startswith("/organizer/"):
        path, given = "/organizer", ""
    values = {**dict(parse_qsl(given.partition("#")[0])), **query}
    return f"{path}?{urlencode(values)}" if values else path


def to_form(path: str, typed: Mapping[str, str], refused: AgendaError) -> Response:
    """Lead to a page whose form shows what was typed and what is wrong; raises the refusal where that is too long."""
    page, _, fragment = path.partition("#")
    address = f"{page}?{urlencode(typed)}"
    if len(address) > LONGEST_QUERY:
        raise refused
    return redirect(f"{address}#{fragment}" if fragment else address, HTTPStatus.SEE_OTHER)


def published_now() -> int | None:
    """The revision that a form published before it led to this page, 0 for nothing; None on any other page."""
    done = request.args.get("done", type=int)
    return done if done in range(page_context().revision + 1) else None


def page_address() -> str:
    """The address of the page itself, for the `back` of its forms, without what was done last."""
    query = [
        (name, value)
        for name, value in request.args.items(multi=True)
        if name not in {"done", "since", "note_on", "note_text"}
    ]
    return f"{request.path}?{urlencode(query)}" if query else request.path


def form_key() -> str:
    """What identifies this form, so that it is published once even if it is sent twice; "" where it says nothing.

    A page's forms share a random `once`: with who sends them and what they hold it is another key for each button.
    """
    once = request.form.get("once", "")
    if not once:
        return ""
    fields = sorted((name, text) for name, text in request.form.items(multi=True) if name != "csrf_token")
    return key_hash(json.dumps([current_sign_in().id, request.path, fields]))


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


def listed_revisions() -> tuple[HistoryEntry, ...]:
    """The revisions that the history lists, the newest first; they stay the same during a request."""
    if "listed" not in g:
        revisions = current_service().current.revisions
        g.listed = revisions.history(since=page_context().revision - MOST_LISTED)[::-1]
    found: tuple[HistoryEntry, ...] = g.listed
    return found


def may_undo(number: int) -> bool:
    """Whether the signed-in person may take a revision back."""
    editor = current_sign_in().editor
    if editor.role != "chair":
        return editor.role == "organizer"
    if "undoable" not in g:
        g.undoable = undoable_own(editor, listed_revisions(), page_context().program)
    undoable: int | None = g.undoable
    return number == undoable


def may_explain(number: int) -> bool:
    """Whether the signed-in person may give a revision its public note afterwards."""
    if "explainable" not in g:
        g.explainable = explainable(current_sign_in().editor, listed_revisions(), page_context().program)
    explainable_numbers: frozenset[int] = g.explainable
    return number in explainable_numbers
