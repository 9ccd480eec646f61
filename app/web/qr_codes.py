"""QR codes of sessions, of papers and of other public addresses."""

from __future__ import annotations

from dataclasses import replace

from flask import Blueprint, abort, current_app, request

from app.formats import qr_code as qr
from app.formats.exchange_ids import PAPERS_PATH
from app.live.http_response import StoredResponse
from app.web import address_traits
from app.web.address_traits import FILE
from app.web.calendar_links import webcal
from app.web.request_context import page_context, whole_number
from app.web.responses import base_url, cached, per_revision

codes = Blueprint("codes", __name__)

SVG = "image/svg+xml"
PNG = "image/png"


@codes.get(
    "/talks/<session_id>/qr.<any(svg, png):picture>", traits=replace(FILE, query=("scale", "margin"), phone="first")
)
@cached
def talk_code(session_id: str, picture: str) -> StoredResponse:
    """The QR code of a session's page.

    It stays valid when the session moves.
    """
    session = page_context().program.session(session_id)
    return _code(f"/talks/{session.id}", picture)


@codes.get(
    "/papers/<item_id>/qr.<any(svg, png):picture>", traits=replace(FILE, query=("scale", "margin"), phone="first")
)
@cached
def paper_code(item_id: str, picture: str) -> StoredResponse:
    """The QR code of a paper's page.

    It stays valid when the paper has another title or board.
    """
    return _code(f"{PAPERS_PATH}/{page_context().program.item(item_id).id}", picture)


@codes.get("/qr.<any(svg, png):picture>", traits=replace(FILE, query=("for", "scale", "margin")))
@cached
def path_code(picture: str) -> StoredResponse:
    """The QR code of the page or feed in `for`.

    With the code of a feed, phones offer to subscribe to it.
    """
    path = request.args.get("for", "/")
    traits, names = address_traits.match_path(current_app, path)
    known = address_traits.known_names(page_context().program)
    exists = path.startswith("/") and address_traits.names_exist(known, names)
    if not (traits.public and exists):
        abort(400, "expected for to be a public path of this agenda, such as /talks/… or /calendar/….ics")
    return _code(path, picture)


def _code(path: str, form: str) -> StoredResponse:
    scale = whole_number("scale", qr.SCALES, default=8 if form == "png" else 4)
    margin = whole_number("margin", qr.MARGINS, default=qr.MARGINS.start)
    text = base_url() + path
    if path.endswith(".ics") and not path.startswith("/talks/"):
        # With a webcal address, a phone's camera offers to subscribe instead of to download.
        text = webcal(text)
    draw = qr.png if form == "png" else qr.svg
    return per_revision(draw(text, scale=scale, margin=margin), PNG if form == "png" else SVG)
