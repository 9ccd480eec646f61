"""Who may edit, and which browsers are signed in."""

from __future__ import annotations

from http import HTTPStatus

from flask import Blueprint, redirect, render_template, request
from werkzeug.wrappers import Response

from app.domain.errors import EditRefused
from app.web.answering import HTML, base_url
from app.web.look import the_look
from app.web.organizer.access import organizers_only, real_now, sign_ins, the_organizer

# What a browser says of itself holds other browsers' names too: the first that fits is it.
BROWSERS = {
    "Edg": "Edge",
    "OPR/": "Opera",
    "SamsungBrowser": "Samsung Internet",
    "Firefox": "Firefox",
    "FxiOS": "Firefox",
    "CriOS": "Chrome",
    "Chrome": "Chrome",
    "Safari": "Safari",
}
SYSTEMS = {
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Android": "Android",
    "Macintosh": "Mac",
    "Windows": "Windows",
    "CrOS": "ChromeOS",
    "Linux": "Linux",
}

people = Blueprint("people", __name__, url_prefix="/organizer")


@people.get("/people")
@organizers_only
def listed(link: str = "") -> Response:
    """Organizers, chairs and their browsers."""
    now = real_now()
    page = render_template(
        "organizer/people.html",
        organizers=sign_ins().organizers(),
        sign_ins=sign_ins().all(now),
        me=the_organizer().organizer,
        mine=the_organizer().id,
        link=link,
        browser_name=browser_name,
    )
    return Response(page, content_type=HTML)


@people.post("/people")
@organizers_only
def added() -> Response:
    """Add an organizer or a chair, and show their link this once."""
    name, room = request.form.get("name", "").strip(), request.form.get("room") or None
    if room is not None:
        the_look().program.room(room)
    try:
        sign_ins().add(name, real_now(), "chair" if room else "organizer", room)
    except ValueError as error:
        raise EditRefused("a name has 1 to 200 letters") from error
    key = sign_ins().new_link(name, real_now())
    return listed(f"{base_url()}/organizer/sign-in/{key}")


@people.post("/people/revoke")
@organizers_only
def revoked() -> Response:
    """Sign a browser out."""
    sign_ins().revoke(request.form.get("sign_in", ""))
    return redirect("/organizer/people", HTTPStatus.SEE_OTHER)


def browser_name(user_agent: str) -> str:
    """A browser as its owner knows it: "Firefox on Android"."""
    browser = next((name for sign, name in BROWSERS.items() if sign in user_agent), "A browser")
    system = next((name for sign, name in SYSTEMS.items() if sign in user_agent), "an unknown system")
    return f"{browser} on {system}"
