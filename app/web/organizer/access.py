"""Who is asking: a browser that is signed in, as an organizer or as the chair of a room."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from http import HTTPStatus
from typing import ParamSpec

from flask import Flask, Response, abort, g, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from app.live.clock import SYSTEM_CLOCK
from app.store.errors import SignInRefused
from app.store.sign_ins import SignIn, SignIns
from app.web.service import service_of, the_service

COOKIE = "agenda-organizer"
COOKIE_SECONDS = 30 * 24 * 3600

P = ParamSpec("P")


def sign_ins() -> SignIns:
    """The sign-ins of this service's database."""
    return SignIns(the_service().database)


def real_now() -> datetime:
    """Links and sign-ins live by the real time, in a rehearsal too."""
    return SYSTEM_CLOCK.now()


def over_https(app: Flask) -> bool:
    """Whether readers come by HTTPS, so that cookies may ask for it."""
    return service_of(app).public_url.startswith("https://")


def signed_in() -> SignIn | None:
    """Who is asking; None for a reader."""
    if "sign_in" not in g:
        try:
            g.sign_in = sign_ins().signed_in(request.cookies.get(COOKIE, ""), real_now())
        except SignInRefused:
            g.sign_in = None
    found: SignIn | None = g.sign_in
    return found


def the_organizer() -> SignIn:
    """Who is asking, in a view that asked for it."""
    found = signed_in()
    if found is None:
        abort(HTTPStatus.FORBIDDEN)
    return found


def console_only(view: Callable[P, AnyResponse]) -> Callable[P, AnyResponse]:
    """Only for who is signed in: others are shown how to sign in, or refused where they would change something."""

    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> AnyResponse:
        if signed_in() is None:
            if request.method == "GET":
                return redirect("/organizer/sign-in")
            abort(HTTPStatus.FORBIDDEN, "Sign in first.")
        return view(*args, **kwargs)

    return guarded


def organizers_only(view: Callable[P, AnyResponse]) -> Callable[P, AnyResponse]:
    """Only for organizers; a chair is told so."""

    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> AnyResponse:
        if the_organizer().organizer.role != "organizer":
            abort(HTTPStatus.FORBIDDEN, "This is for organizers; a chair has the times of one room.")
        return view(*args, **kwargs)

    return console_only(guarded)


def remember(response: AnyResponse, key: str) -> None:
    """Let a browser stay signed in."""
    secure = request.is_secure or the_service().public_url.startswith("https://")
    response.set_cookie(
        COOKIE, key, max_age=COOKIE_SECONDS, httponly=True, samesite="Lax", secure=secure, path="/organizer"
    )


def forget(response: Response | AnyResponse) -> None:
    """Let a browser be signed out."""
    response.delete_cookie(COOKIE, path="/organizer")
