"""The page of a one-time link, with its address and code, and the hand-over of a room by such a link."""

from __future__ import annotations

from contextlib import suppress
from http import HTTPStatus

from flask import redirect, request
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from app.domain.errors import UnknownName
from app.domain.rights import Editor
from app.formats import qr_code
from app.live.clock import SYSTEM_CLOCK
from app.store.hand_over import HandOvers
from app.store.sign_in_links import SignInLink, link_id
from app.web.address_traits import FOR_CHAIRS
from app.web.organizer.console import console, console_page
from app.web.organizer.form_addresses import return_address, to_form
from app.web.organizer.signed_in_person import current_program, current_sign_in, sign_ins
from app.web.qr_codes import SVG
from app.web.responses import base_url
from app.web.running_service import current_service, secret_key

CODE_SCALE = 8


@console.get("/links/<link>", traits=FOR_CHAIRS)
def show_link(link: str) -> ResponseReturnValue:
    """A link as its address and code; once it cannot be used any more, what became of it."""
    try:
        found = _link(link)
    except UnknownName:
        taken_over_by = hand_overs().taken_over_by(link)
        status = HTTPStatus.OK if taken_over_by else HTTPStatus.NOT_FOUND
        return console_page("link-gone.html", taken_over_by=taken_over_by), status
    return console_page("link.html", link=found, address=_address(found) if found.key else "")


@console.get("/links/<link>/code.svg", traits=FOR_CHAIRS)
def link_code(link: str) -> Response:
    """The code of a link."""
    found = _link(link)
    if not found.key:
        raise UnknownName("code", link)
    return Response(qr_code.svg(_address(found), scale=CODE_SCALE, private=True), content_type=SVG)


@console.post("/links/withdraw", traits=FOR_CHAIRS)
def withdraw_link() -> Response:
    """Make an unused link invalid; one that was used or withdrawn meanwhile, or is somebody else's, stays as it is."""
    with suppress(UnknownName):
        sign_ins().withdraw_link(_link(request.form.get("link", "")).id)
    return redirect(return_address(), HTTPStatus.SEE_OTHER)


@console.get("/hand-over", traits=FOR_CHAIRS)
def hand_over() -> ResponseReturnValue:
    """What handing a room over means, and the button that makes its code."""
    room = request.args.get("room")
    is_wrong = room is not None and room not in current_program().rooms_by_id
    page = console_page("hand-over.html", faults={"room": "Choose a room."} if is_wrong else {}, filled_in=request.args)
    return page, HTTPStatus.UNPROCESSABLE_ENTITY if is_wrong else HTTPStatus.OK


@console.post("/hand-over", traits=FOR_CHAIRS)
def make_hand_over() -> Response:
    """Make the link that hands a room over, and show its code."""
    giver, rooms = current_sign_in().editor, current_program().rooms
    room = giver.room or (rooms[0].id if len(rooms) == 1 else request.form.get("room", ""))
    try:
        key = hand_overs().new_link(giver, room, SYSTEM_CLOCK.now(), secret_key())
    except UnknownName as unknown:
        return to_form("/organizer/hand-over", {"room": room}, unknown)
    return page_of_new_link(key)


def page_of_new_link(key: str) -> Response:
    """Lead to the page of a link that was just made."""
    return redirect(f"/organizer/links/{link_id(key)}", HTTPStatus.SEE_OTHER)


def hand_overs() -> HandOvers:
    """The links that hand a room over, in this service's database."""
    return HandOvers(current_service().database)


def _link(link: str) -> SignInLink:
    """A link that the signed-in person may see: an organizer any, a chair their own hand-over; raises `UnknownName`."""
    found = sign_ins().link(link, SYSTEM_CLOCK.now(), secret_key())
    if not _is_shown_to(current_sign_in().editor, found):
        raise UnknownName("link", link)
    return found


def _is_shown_to(editor: Editor, link: SignInLink) -> bool:
    return editor.role == "organizer" or (link.room is not None and link.editor == editor)


def _address(link: SignInLink) -> str:
    return f"{base_url()}/organizer/sign-in/{link.key}"
