"""Organizers and chairs, and the browsers in which they are signed in."""

from __future__ import annotations

from http import HTTPStatus

from flask import redirect, request
from werkzeug.wrappers import Response

from app.live.clock import SYSTEM_CLOCK
from app.web.organizer.sign_in import (
    console,
    console_page,
    current_program,
    current_sign_in,
    sign_ins,
)
from app.web.request_context import page_context
from app.web.responses import base_url
from app.web.template_helpers import TEXTS


@console.get("/people")
def people(link: str = "") -> str:
    """Organizers, chairs and their browsers; a new sign-in ``link`` is shown this once."""
    return console_page(
        "people.html",
        organizers=sign_ins().organizers(),
        sign_ins=sign_ins().all(SYSTEM_CLOCK.now(), current_program()),
        this_sign_in=current_sign_in().id,
        link=link,
        browser_name=browser_name,
    )


@console.post("/people")
def add_person() -> str:
    """Add an organizer or a chair, and show their sign-in link."""
    name, room = request.form.get("name", "").strip(), request.form.get("room") or None
    if room is not None:
        page_context().program.room(room)
    sign_ins().add(name, SYSTEM_CLOCK.now(), "chair" if room else "organizer", room)
    key = sign_ins().new_link(name, SYSTEM_CLOCK.now())
    return people(f"{base_url()}/organizer/sign-in/{key}")


@console.post("/people/revoke")
def revoke_sign_in() -> Response:
    """Sign another browser out."""
    sign_ins().revoke(request.form.get("sign_in", ""))
    return redirect("/organizer/people", HTTPStatus.SEE_OTHER)


def browser_name(user_agent: str) -> str:
    """A browser and its system by their everyday names: "Firefox on Android"."""
    browser, system = (
        next((name for part, name in TEXTS[table].items() if part in user_agent), unknown)
        for table, unknown in (("browsers", "A browser"), ("systems", "an unknown system"))
    )
    return f"{browser} on {system}"
