"""The people who may edit: their roles, links, and the browsers in which they are signed in."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import get_args

from flask import redirect, request
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from app.domain.errors import UnknownName
from app.domain.rights import Editor, Role
from app.live.clock import SYSTEM_CLOCK
from app.store.errors import BadOrganizer, NameTaken
from app.web.organizer.console import console, console_page, current_program, current_sign_in, sign_ins, to_form
from app.web.organizer.link_views import page_of_new_link
from app.web.running_service import secret_key
from app.web.template_helpers import browser_name, days_of, sentence

ROLES: tuple[Role, ...] = get_args(Role)
FIELDS = ("name", "role", "room", "session")
MISSING: Mapping[Role, tuple[str, str]] = {
    "chair": ("room", "Choose the room that they chair."),
    "speaker": ("session", "Choose the session at which they speak."),
}


@console.get("/people")
def people() -> ResponseReturnValue:
    """Everybody who may edit; with a name in the query, what was typed into the form and what is wrong with it."""
    faults = _faults(request.args) if "name" in request.args else {}
    return _page(faults, request.args), HTTPStatus.UNPROCESSABLE_ENTITY if faults else HTTPStatus.OK


@console.post("/people")
def add_person() -> Response:
    """Add somebody and show their sign-in link; where that is refused, lead to the form as it was filled in."""
    try:
        new = _person_in(request.form)
        added = sign_ins().add(new.name, SYSTEM_CLOCK.now(), new.role, new.room, new.session)
    except (BadOrganizer, UnknownName) as refused:
        typed = {name: text for name, text in request.form.items() if name in FIELDS}
        return to_form("/organizer/people#add", {"name": "", **typed}, refused)
    return _new_link(added.name)


@console.post("/people/link")
def make_link() -> Response:
    """Make another link for somebody, and show it."""
    return _new_link(request.form.get("person", ""))


@console.post("/people/revoke")
def revoke_sign_in() -> Response:
    """Sign one browser out."""
    sign_ins().revoke(request.form.get("sign_in", ""))
    return _back()


@console.post("/people/sign-out")
def sign_out_everywhere() -> Response:
    """Sign all of somebody's browsers out, and withdraw their links."""
    sign_ins().sign_out_everywhere(request.form.get("person", ""))
    return _back()


@console.post("/people/remove")
def remove_person() -> Response:
    """Remove somebody, with their browsers and links."""
    sign_ins().remove(request.form.get("person", ""))
    return _back()


def _person_in(form: Mapping[str, str]) -> Editor:
    """The person in the form; a room or session that does not fit the chosen role is ignored, as the page hides it.

    A chair needs to name no room where there is one. Raises `BadOrganizer`.
    """
    role = next((one for one in ROLES if one == form.get("role", "organizer")), None)
    if role is None:
        raise BadOrganizer("choose organizer, chair, speaker or operator", "role")
    room = form.get("room") or None if role in {"chair", "operator"} else None
    session = form.get("session") or None if role == "speaker" else None
    rooms = current_program().rooms
    if role == "chair" and len(rooms) == 1:
        room = rooms[0].id
    field, fault = MISSING.get(role, ("", ""))
    if field and not (room or session):
        raise BadOrganizer(fault, field)
    return Editor(form.get("name", ""), role, room, session)


def _faults(form: Mapping[str, str]) -> dict[str, str]:
    """What is wrong with the person in the form, by the field."""
    try:
        sign_ins().check(_person_in(form))
    except NameTaken as taken:
        return {"name": f"{taken.is_already}. Make a new link for them above, or write another name."}
    except BadOrganizer as refused:
        return {refused.field: sentence(str(refused))}
    except UnknownName as unknown:
        return {unknown.sort: sentence(str(unknown))}
    return {}


def _new_link(name: str) -> Response:
    return page_of_new_link(sign_ins().new_link(name, SYSTEM_CLOCK.now(), secret=secret_key()))


def _back() -> Response:
    return redirect("/organizer/people", HTTPStatus.SEE_OTHER)


def _page(faults: Mapping[str, str], filled_in: Mapping[str, str]) -> str:
    now = SYSTEM_CLOCK.now()
    return console_page(
        "people.html",
        people=sign_ins().people(),
        sign_ins=sign_ins().all(now, current_program()),
        links=sign_ins().links(now),
        last_organizer=sign_ins().last_organizer(),
        this_sign_in=current_sign_in().id,
        roles=ROLES,
        days=days_of(current_program(), current_program().sessions),
        browser_name=browser_name,
        faults=faults,
        filled_in=filled_in,
    )
