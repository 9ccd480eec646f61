"""Signing in by a one-time link. Opening it shows a button: chat programs open links too."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request
from werkzeug.wrappers import Response

from app.web.limiting import PER_ADDRESS, PER_KEY, key_of_address, limiter
from app.web.organizer.access import console_only, forget, real_now, remember, sign_ins, signed_in, the_organizer

signing_in = Blueprint("signing_in", __name__, url_prefix="/organizer")


@signing_in.get("/sign-in")
def how() -> Response:
    """How to sign in."""
    return Response(render_template("organizer/how.html", found=signed_in()), content_type="text/html; charset=utf-8")


@signing_in.get("/sign-in/<key>")
@limiter.limit(PER_KEY, key_func=key_of_address)
@limiter.limit(PER_ADDRESS)
def opened(key: str) -> Response:
    """A link that was opened: it is used up by the button only."""
    organizer = sign_ins().open_link(key, real_now())
    return Response(
        render_template("organizer/sign-in.html", organizer=organizer), content_type="text/html; charset=utf-8"
    )


@signing_in.post("/sign-in/<key>")
@limiter.limit(PER_KEY, key_func=key_of_address)
@limiter.limit(PER_ADDRESS)
def redeemed(key: str) -> Response:
    """Use the link up: this browser is signed in."""
    given = sign_ins().redeem(key, real_now(), request.user_agent.string[:200])
    response = redirect("/organizer", 303)
    remember(response, given)
    return response


@signing_in.post("/sign-out")
@console_only
def signed_out() -> Response:
    """Sign this browser out."""
    sign_ins().revoke(the_organizer().id)
    response = redirect("/organizer/sign-in", 303)
    forget(response)
    return response
