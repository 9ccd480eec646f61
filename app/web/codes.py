"""QR codes: of each session, and of any other public address."""

from __future__ import annotations

from flask import Blueprint, Response, abort, request

from app.formats import codes as qr
from app.live.answer import Answer
from app.web.answering import base_url, kept, lasting
from app.web.look import the_look
from app.web.public_paths import is_public

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
    if not is_public(path):
        abort(400, "expected for to be a public path of this agenda, such as /talks/… or /calendar/….ics")
    return kept(lambda: _code(path, form))


def _code(path: str, form: str) -> Answer:
    scale = _bounded("scale", 8 if form == "png" else 4, qr.SCALES)
    margin = _bounded("margin", qr.MARGINS.start, qr.MARGINS)
    text = base_url() + path
    if path.endswith(".ics") and not path.startswith("/talks/"):
        # A phone's camera then offers to subscribe, not to download.
        text = "webcal://" + text.partition("://")[2]
    draw = qr.png if form == "png" else qr.svg
    return lasting(draw(text, scale=scale, margin=margin), PNG if form == "png" else SVG)


def _bounded(name: str, default: int, allowed: range) -> int:
    text = request.args.get(name, str(default))
    if not (text.isascii() and text.isdecimal() and len(text) < 4 and int(text) in allowed):  # noqa: PLR2004 - digits
        abort(400, f"expected {name} to be a whole number from {allowed.start} to {allowed.stop - 1}, not {text}")
    return int(text)
