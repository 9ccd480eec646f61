"""QR codes: of each session, and of any other public address."""

from __future__ import annotations

from flask import Blueprint, Response, abort, current_app, request
from werkzeug.exceptions import HTTPException

from app.formats import codes as qr
from app.live.answer import Answer
from app.web import traits
from app.web.answering import base_url, kept, lasting
from app.web.asked import whole_number
from app.web.look import the_look
from app.web.subscribing import webcal

codes = Blueprint("codes", __name__)

SVG = "image/svg+xml"
PNG = "image/png"


@codes.get("/talks/<session_id>/qr.<any(svg, png):form>")
def talk_code(session_id: str, form: str) -> Response:
    """The code of a session: its address, which is for life."""
    session = the_look().program.session(session_id)
    return kept(lambda: _code(f"/talks/{session.id}", form))


@codes.get("/qr.<any(svg, png):form>")
def path_code(form: str) -> Response:
    """The code of a public address of this service, named by `for`."""
    path = request.args.get("for", "/")
    if not _is_public(path):
        abort(400, "expected for to be a public path of this agenda, such as /talks/… or /calendar/….ics")
    return kept(lambda: _code(path, form))


def _is_public(path: str) -> bool:
    try:
        rule, names = current_app.url_map.bind("").match(path, "GET", return_rule=True)
    except HTTPException:
        return False
    return path.startswith("/") and traits.TABLE[rule.rule].public and traits.are_there(the_look().program, names)


def _code(path: str, form: str) -> Answer:
    scale = whole_number("scale", qr.SCALES, default=8 if form == "png" else 4)
    margin = whole_number("margin", qr.MARGINS, default=qr.MARGINS.start)
    text = base_url() + path
    if path.endswith(".ics") and not path.startswith("/talks/"):
        # A phone's camera then offers to subscribe, not to download.
        text = webcal(text)
    draw = qr.png if form == "png" else qr.svg
    return lasting(draw(text, scale=scale, margin=margin), PNG if form == "png" else SVG)
