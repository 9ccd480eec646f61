"""Where the console's forms lead, with what was typed where a form is refused, and what identifies a form."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from hashlib import sha256
from http import HTTPStatus
from urllib.parse import parse_qsl, urlencode

from flask import redirect, request
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.wrappers import Response

from app.domain.errors import AgendaError
from app.store.secret_keys import key_hash
from app.web.organizer.drafts import keep_form, kept_form
from app.web.organizer.signed_in_person import current_sign_in, signed_in
from app.web.request_context import page_context
from app.web.request_policy import LONGEST_PATH, LONGEST_QUERY

# The parameter of a page that names the form kept for it.
KEPT = "typed"
CUE_FIELDS = ("cue_room", "cue_text", "cue_style", "cue_minutes")
# Parameters that say what became of one form.
_OF_ONE_FORM = frozenset(
    {
        "done",
        "since",
        "made",
        "declined",
        "location",
        "note_on",
        "note_text",
        "proposal",
        "seen",
        "reason",
        *CUE_FIELDS,
        KEPT,
    }
)
# A page's query leaves this for what is done from there, such as `done`.
ROOM_FOR_MORE = 60


def return_address(**query: object) -> str:
    """The page of the console that a form names in `back`, by default the day, with more parameters in its query."""
    return console_address(request.values.get("back", ""), **query)


def console_address(page: str, **query: object) -> str:
    """The address of a page of the console, with more parameters in its query; the day where it names none.

    What is too long for an address is left out of the page's own query.
    """
    path, _, given = page.partition("#")[0].partition("?")
    is_page = path == "/organizer" or path.startswith("/organizer/")
    if not is_page or not page.isprintable() or len(path) > LONGEST_PATH:
        path, given = "/organizer", ""
    kept = [(name, value) for name, value in parse_qsl(given) if name not in query]
    if len(urlencode([*kept, *query.items()])) > LONGEST_QUERY:
        kept = []
    return _with_query(path, [*kept, *query.items()])


def to_form(page: str, typed: Mapping[str, str], refused: AgendaError) -> Response:
    """Lead to a page whose form shows what was typed, read by `typed_form`, and what is wrong.

    What is too long for an address is kept beside the drafts; for nobody who is signed in, the refusal is raised.
    """
    address, _, fragment = page.partition("#")
    path, _, given = address.partition("?")
    query = [*parse_qsl(given), *typed.items()]
    if len(urlencode(query)) > LONGEST_QUERY - ROOM_FOR_MORE:
        if signed_in() is None:
            raise refused
        query = [*parse_qsl(given), (KEPT, keep_form(list(typed.items())))]
    return redirect(_with_query(path, query, fragment), HTTPStatus.SEE_OTHER)


def typed_form() -> MultiDict[str, str]:
    """What was typed into a form that was refused, in the query of the page that it led to or kept beside it."""
    with suppress(AgendaError):
        if (kept := request.args.get(KEPT)) and signed_in():
            return MultiDict([*request.args.items(multi=True), *kept_form(kept).items(multi=True)])
    return request.args


def published_now() -> int | None:
    """The revision that a form published before it led to this page, 0 for nothing; None on any other page."""
    done = request.args.get("done", type=int)
    return done if done in range(page_context().revision + 1) else None


def page_address() -> str:
    """The address of the page itself, for the `back` of its forms, without what was done last or refused."""
    query = [(name, value) for name, value in request.args.items(multi=True) if name not in _OF_ONE_FORM]
    return _with_query(request.path, query)


def form_key() -> str:
    """What identifies this form, so that it is published once even if it is sent twice; "" where it says nothing.

    A page's forms share a random `once`: with who sends them and what they hold it is another key for each button.
    """
    once = request.form.get("once", "")
    if not once:
        return ""
    fields = sorted((name, text) for name, text in request.form.items(multi=True) if name != "csrf_token")
    files = [(name, _digest(file)) for name, file in request.files.items(multi=True)]
    return key_hash(json.dumps([current_sign_in().id, request.path, fields, files]))


def _digest(file: FileStorage) -> str:
    """What identifies the bytes of a file that was sent, read before or not."""
    file.stream.seek(0)
    digest = sha256(file.stream.read()).hexdigest()
    file.stream.seek(0)
    return digest


def _with_query(path: str, query: Sequence[tuple[str, object]], fragment: str = "") -> str:
    return f"{path}{'?' if query else ''}{urlencode(query)}{'#' if fragment else ''}{fragment}"
