"""The people who may edit: their roles, links, and the browsers in which they are signed in."""

from __future__ import annotations

from http import HTTPStatus
from typing import get_args

from flask import redirect, request
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from app.domain.program import Program
from app.domain.rights import Editor, Role
from app.domain.texts import BadText
from app.live.clock import SYSTEM_CLOCK
from app.store.errors import BadOrganizer
from app.web.organizer.sign_in import console, console_page, current_program, current_sign_in, sign_ins
from app.web.responses import base_url
from app.web.template_helpers import browser_name

ROLES: tuple[Role, ...] = get_args(Role)


@console.get("/people")
def people() -> str:
    """Everybody who may edit, with their browsers and unused links."""
    return _page()


@console.post("/people")
def add_person() -> ResponseReturnValue:
    """Add somebody and show their sign-in link; where that is refused, the form as it was filled in."""
    try:
        added = _add(request.form.get("role", "organizer"), current_program())
    except (BadOrganizer, BadText) as refused:
        return _page(refused=str(refused), filled_in=request.form), HTTPStatus.UNPROCESSABLE_ENTITY
    return _page_with_link(added.name)


@console.post("/people/link")
def make_link() -> str:
    """Make another link for somebody, and show it."""
    return _page_with_link(request.form.get("person", ""))


@console.post("/people/withdraw")
def withdraw_link() -> Response:
    """Make an unused link invalid."""
    sign_ins().withdraw_link(request.form.get("link", ""))
    return _back()


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


def _add(role: str, program: Program) -> Editor:
    """Add the person in the form; a chair needs to name no room where there is one."""
    chosen = next((one for one in ROLES if one == role), None)
    if chosen is None:
        raise BadOrganizer("choose organizer, chair, speaker or operator")
    only_room = program.rooms[0].id if chosen == "chair" and len(program.rooms) == 1 else None
    room, session = request.form.get("room") or only_room, request.form.get("session") or None
    return sign_ins().add(request.form.get("name", ""), SYSTEM_CLOCK.now(), chosen, room, session)


def _back() -> Response:
    return redirect("/organizer/people", HTTPStatus.SEE_OTHER)


def _page_with_link(name: str) -> str:
    """The page with a new link of somebody, which is shown this once."""
    key = sign_ins().new_link(name, SYSTEM_CLOCK.now())
    return _page(link=f"{base_url()}/organizer/sign-in/{key}", link_of=name)


def _page(**values: object) -> str:
    now = SYSTEM_CLOCK.now()
    empty = {"link": "", "link_of": "", "refused": "", "filled_in": {}}
    return console_page(
        "people.html",
        people=sign_ins().people(),
        sign_ins=sign_ins().all(now, current_program()),
        links=sign_ins().links(now),
        last_organizer=sign_ins().last_organizer(),
        this_sign_in=current_sign_in().id,
        roles=ROLES,
        browser_name=browser_name,
        **{**empty, **values},
    )
