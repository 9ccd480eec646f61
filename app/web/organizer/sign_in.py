"""Signing in to the console, and out.

One signs in by a one-time link. Opening the link only shows a button, since chat programs open links too.
"""

from __future__ import annotations

from datetime import timedelta
from http import HTTPStatus

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from app.live.clock import SYSTEM_CLOCK
from app.store.errors import BadOrganizer, NameTaken
from app.store.secret_keys import new_key
from app.store.sign_in_links import SignInLink
from app.store.sign_ins import sign_in_end
from app.web.address_traits import FOR_EVERY_ROLE, AddressTraits
from app.web.organizer.console import console
from app.web.organizer.form_addresses import to_form, typed_form
from app.web.organizer.link_views import hand_overs
from app.web.organizer.signed_in_person import current_program, current_sign_in, sign_ins, signed_in
from app.web.rate_limits import limited_by_key
from app.web.sign_in_cookie import set_sign_in_cookie

signing_in = Blueprint("signing_in", __name__, url_prefix="/organizer")

LINK = AddressTraits(lane="links")


@signing_in.get("/sign-in")
def how() -> str:
    """How to sign in; after a hand-over, whose the room is now."""
    link = request.args.get("link")
    taken_over_by = hand_overs().taken_over_by(link) if link else None
    return render_template("organizer/not-signed-in.html", me=None, sign_in=signed_in(), taken_over_by=taken_over_by)


@signing_in.get("/sign-in/<key>", traits=LINK)
@limited_by_key
def opened(key: str) -> ResponseReturnValue:
    """The page of a link, with the button that uses it up."""
    link = sign_ins().open_link(key, SYSTEM_CLOCK.now())
    if link.room is not None:
        return _take_over_page(key, link)
    return render_template("organizer/sign-in.html", me=None, once=new_key(), sign_in=signed_in(), editor=link.editor)


@signing_in.post("/sign-in/<key>", traits=LINK)
@limited_by_key
def redeemed(key: str) -> Response:
    """Use the link up and sign this browser in; where a name is refused, lead to the form as it was filled in."""
    now = SYSTEM_CLOCK.now()
    try:
        sign_in_key = _use_up(key)
    except BadOrganizer as refused:
        return to_form(f"/organizer/sign-in/{key}", {"name": request.form.get("name", "")}, refused)
    editor = sign_ins().signed_in(sign_in_key, now, current_program()).editor
    response = redirect("/organizer", HTTPStatus.SEE_OTHER)
    set_sign_in_cookie(response, sign_in_key, sign_in_end(current_program(), now, editor) - now)
    return response


@console.post("/sign-out", traits=FOR_EVERY_ROLE)
def sign_out() -> Response:
    """Sign this browser out."""
    sign_ins().revoke(current_sign_in().id)
    response = redirect("/organizer/sign-in", HTTPStatus.SEE_OTHER)
    set_sign_in_cookie(response, "", timedelta())
    return response


def _use_up(key: str) -> str:
    """The key of a new sign-in: of the link's person, or of whoever takes a room over by it."""
    now, user_agent, once = SYSTEM_CLOCK.now(), request.user_agent.string, request.form.get("once", "")
    if sign_ins().open_link(key, now, once).room is None:
        return sign_ins().redeem(key, now, user_agent, once)
    return hand_overs().take_over(key, request.form.get("name", ""), now, user_agent, once)


def _take_over_page(key: str, link: SignInLink) -> ResponseReturnValue:
    form = typed_form()
    faults = _name_faults(key, form["name"]) if "name" in form else {}
    shown = {"link": link, "faults": faults, "filled_in": form}
    page = render_template("organizer/take-over.html", me=None, once=new_key(), sign_in=signed_in(), **shown)
    return page, HTTPStatus.UNPROCESSABLE_ENTITY if faults else HTTPStatus.OK


def _name_faults(key: str, name: str) -> dict[str, str]:
    """What is wrong with the name of whoever takes a room over."""
    try:
        hand_overs().check(key, name, SYSTEM_CLOCK.now())
    except NameTaken as taken:
        return {"name": f"{taken.is_already}. Write your name in another way."}
    except BadOrganizer as refused:
        return {"name": str(refused)}
    return {}
