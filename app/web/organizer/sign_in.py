"""Signing in to the console, and the rights of organizers and of chairs, who may edit the times of one room.

One signs in by a one-time link. Opening the link only shows a button, since chat programs open links too.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any

from flask import Blueprint, abort, g, redirect, render_template, request
from werkzeug.wrappers import Response

from app.domain.edits.edit_types import Delay, Edit, EndNow, Extend, StartNow
from app.domain.edits.preview import preview
from app.domain.program import Program, Room
from app.live.clock import SYSTEM_CLOCK
from app.store.errors import SignInRefused
from app.store.sign_ins import Organizer, SignIn, SignIns, sign_in_end
from app.web.address_traits import AddressTraits
from app.web.errors import NotAllowed
from app.web.rate_limits import limited_by_key
from app.web.request_context import page_context
from app.web.running_service import current_service
from app.web.sign_in_cookie import sent_key, set_sign_in_cookie

# Every view on this blueprint needs a sign-in.
console = Blueprint("console", __name__, url_prefix="/organizer")
signing_in = Blueprint("signing_in", __name__, url_prefix="/organizer")

LINK = AddressTraits(lane="links")
CHAIRS_EDITS = (Delay, Extend, StartNow, EndNow)
CHAIRS_VIEWS = ("console.day", "console.session", "console.edit", "console.history", "console.sign_out")


@console.before_request
def require_sign_in() -> Response | None:
    """Redirect readers who open a page to the sign-in page; refuse their forms, and to chairs what is not theirs."""
    found = signed_in()
    if found is not None:
        if found.organizer.role != "organizer" and request.endpoint not in CHAIRS_VIEWS:
            abort(HTTPStatus.FORBIDDEN, "This is for organizers; a chair has the times of one room.")
        return None
    if request.method != "GET":
        abort(HTTPStatus.FORBIDDEN, "Sign in first.")
    return redirect("/organizer/sign-in")


def console_page(template: str, **values: Any) -> str:
    """A page of the console; its forms edit the revision ``base``, by default the one that the page shows."""
    me = current_sign_in().organizer
    return render_template(f"organizer/{template}", **{"me": me, "base": page_context().revision, **values})


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


def rooms_of(organizer: Organizer, program: Program) -> tuple[Room, ...]:
    """The rooms whose sessions somebody may edit."""
    return program.rooms if organizer.role == "organizer" else tuple(r for r in program.rooms if r.id == organizer.room)


def check_rights(organizer: Organizer, program: Program, edit: Edit, now: datetime) -> None:
    """Raise `NotAllowed` for an edit that a chair may not make, `EditRefused` for an impossible one of theirs."""
    if organizer.role == "organizer":
        return
    if not isinstance(edit, CHAIRS_EDITS):
        raise NotAllowed("A chair starts, ends and delays; ask an organizer for anything else.")
    if program.session(edit.session).room != organizer.room:
        raise NotAllowed("That session is not in your room.")
    if not isinstance(edit, EndNow) and edit.push:
        raise NotAllowed("Only an organizer moves what is pinned.")
    # An edit that is refused now must not be tried on a later program, for which these rights were not checked.
    changes = preview(program, edit, now).changes
    if any(change.after is not None and change.after.room != organizer.room for change in changes):
        raise NotAllowed("That would move a session of another room; ask an organizer.")


@signing_in.get("/sign-in")
def how() -> str:
    """How to sign in."""
    return render_template("organizer/not-signed-in.html", me=None, sign_in=signed_in())


@signing_in.get("/sign-in/<key>", traits=LINK)
@limited_by_key
def opened(key: str) -> str:
    """The page of a link, with the button that uses it up."""
    return render_template("organizer/sign-in.html", me=None, organizer=sign_ins().open_link(key, SYSTEM_CLOCK.now()))


@signing_in.post("/sign-in/<key>", traits=LINK)
@limited_by_key
def redeemed(key: str) -> Response:
    """Use the link up and sign this browser in."""
    now = SYSTEM_CLOCK.now()
    response = redirect("/organizer", 303)
    lifetime = sign_in_end(current_program(), now) - now
    set_sign_in_cookie(response, sign_ins().redeem(key, now, request.user_agent.string), lifetime)
    return response


@console.post("/sign-out")
def sign_out() -> Response:
    """Sign this browser out."""
    sign_ins().revoke(current_sign_in().id)
    response = redirect("/organizer/sign-in", 303)
    set_sign_in_cookie(response, "", timedelta())
    return response
