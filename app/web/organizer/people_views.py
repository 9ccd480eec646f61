"""The people who may edit: their roles, links, and the browsers in which they are signed in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import get_args
from urllib.parse import quote

from flask import redirect, request
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from app.domain.errors import UnknownName
from app.domain.rights import Editor, Role
from app.live.clock import SYSTEM_CLOCK
from app.store.errors import BadOrganizer, LastOrganizer, NameTaken
from app.store.sign_ins import SignIn
from app.web.organizer.console import console, console_page
from app.web.organizer.form_addresses import console_address, to_form, typed_form
from app.web.organizer.link_views import page_of_new_link
from app.web.organizer.signed_in_person import current_program, current_sign_in, sign_ins
from app.web.organizer.speaker_links_list import open_accesses, state_of
from app.web.request_context import page_context
from app.web.running_service import secret_key
from app.web.template_helpers import browser_name, days_of

PAGE = "/organizer/people"
ROLES: tuple[Role, ...] = get_args(Role)
FIELDS = ("name", "role", "room", "session")
MISSING: Mapping[Role, tuple[str, str]] = {
    "chair": ("room", "Choose the room that they chair."),
    "speaker": ("session", "Choose the session at which they speak."),
}


@console.get("/people")
def people() -> ResponseReturnValue:
    """Everybody who may edit; with a refused form in the query, what was typed into it and what is wrong with it."""
    form = typed_form()
    faults = _faults(form)
    return _page(faults, form), HTTPStatus.UNPROCESSABLE_ENTITY if faults else HTTPStatus.OK


@console.post("/people")
def add_person() -> Response:
    """Add somebody and show their sign-in link; where that is refused, lead to the form as it was filled in."""
    try:
        new = _person_in(request.form)
        added = sign_ins().add(new.name, SYSTEM_CLOCK.now(), new.role, new.room, new.session)
    except (BadOrganizer, UnknownName) as refused:
        typed = {name: text for name, text in request.form.items() if name in FIELDS}
        return to_form(f"{PAGE}#add", {"name": "", **typed}, refused)
    return _page_of_new_link(added.name)


@console.post("/people/link")
def make_link() -> Response:
    """Make another link for somebody, and show it."""
    return _answer(_page_of_new_link, "person")


@console.post("/people/revoke")
def revoke_sign_in() -> Response:
    """Sign one browser out."""
    return _answer(sign_ins().revoke, "sign_in")


@console.post("/people/sign-out")
def sign_out_everywhere() -> Response:
    """Sign all of somebody's browsers out, and withdraw their links."""
    return _answer(sign_ins().sign_out_everywhere, "person")


@console.post("/people/remove")
def remove_person() -> Response:
    """Remove somebody, with their browsers and links."""
    return _answer(sign_ins().remove, "person")


def _answer(change: Callable[[str], Response | None], field: str) -> Response:
    """Make a change to what a field of the form names; lead to the people, who say what is refused."""
    named = request.form.get(field, "")
    try:
        made = change(named)
    except (UnknownName, LastOrganizer) as refused:
        return to_form(f"{PAGE}#person-{quote(named)}", {field: named}, refused)
    return made or redirect(console_address(request.form.get("back") or PAGE), HTTPStatus.SEE_OTHER)


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


def _faults(query: Mapping[str, str]) -> dict[str, str]:
    """What is wrong with the form that led here, by the field; with "" what no field of the page is about."""
    if "name" in query:
        return _faults_of_new(query)
    if "person" in query:
        return _faults_of_removal(query["person"])
    if "sign_in" in query and query["sign_in"] not in {one.id for one in _signed_in()}:
        return {"": "That browser is signed out already."}
    return {}


def _faults_of_new(form: Mapping[str, str]) -> dict[str, str]:
    try:
        sign_ins().check(_person_in(form))
    except NameTaken as taken:
        return {"name": f"{taken.is_already}. Make a new link for them above, or write another name."}
    except BadOrganizer as refused:
        return {refused.field: str(refused)}
    except UnknownName as unknown:
        return {unknown.sort: str(unknown)}
    return {}


def _faults_of_removal(name: str) -> dict[str, str]:
    try:
        sign_ins().check_removal(name)
    except LastOrganizer as refused:
        return {f"remove-{quote(name)}": str(refused)}
    except UnknownName as unknown:
        return {"": str(unknown)}
    return {}


def _signed_in() -> tuple[SignIn, ...]:
    return sign_ins().all(SYSTEM_CLOCK.now(), current_program())


def _page_of_new_link(name: str) -> Response:
    return page_of_new_link(sign_ins().new_link(name, SYSTEM_CLOCK.now(), secret=secret_key()))


def _page(faults: Mapping[str, str], filled_in: Mapping[str, str]) -> str:
    speakers = [one for one in open_accesses(page_context()) if one.editor]
    on_their_page = {one.editor for one in speakers}
    return console_page(
        "people.html",
        people=[one for one in sign_ins().people() if one not in on_their_page],
        speakers_with_access=sum(state_of(one) != "none" for one in speakers),
        sign_ins=_signed_in(),
        links=sign_ins().links(SYSTEM_CLOCK.now()),
        last_organizer=sign_ins().last_organizer(),
        this_sign_in=current_sign_in().id,
        roles=ROLES,
        days=days_of(current_program(), current_program().sessions),
        browser_name=browser_name,
        faults=faults,
        filled_in=filled_in,
    )
