"""What shared links show: a picture, made once for each revision."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from flask import Blueprint, Response, request

from app.domain.colours import light_accent, shape_pair
from app.domain.program import Program
from app.domain.session import Session
from app.formats import share_image
from app.formats.pictures import WHOLE, painted_size
from app.live.edition import ResponseKey
from app.live.http_response import StoredResponse
from app.store.errors import StoreError
from app.store.pictures import find_picture
from app.web import template_helpers
from app.web.address_traits import FILE
from app.web.qr_codes import PNG
from app.web.request_context import page_context
from app.web.responses import conditional, from_cache, per_revision
from app.web.running_service import current_service

cards = Blueprint("cards", __name__)
# What it is kept under: these addresses have no query that counts, so that no request gets it as the picture itself.
WITHOUT_LOGO = "logo=none"


@cards.get("/card.png", traits=FILE)
def program_card() -> Response:
    """The picture of the whole program, for shared links."""
    return _picture(partial(program_picture, page_context().program))


@cards.get("/cards/<session_id>.png", traits=FILE)
def session_card(session_id: str) -> Response:
    """The picture of one session, for shared links.

    It has the session's title, time, room and status.
    """
    program = page_context().program
    return _picture(partial(session_picture, program, program.session(session_id)))


def program_picture(program: Program, logo: bytes = b"") -> share_image.ShareCard:
    """The program's title, its days and its venue; a logo stands for the title."""
    dates, title = template_helpers.date_range(program), program.subtitle or ("" if logo else program.title)
    return share_image.ShareCard(
        title=title or dates,
        time=program.title if program.subtitle and not logo else "",
        footer=dates if title else "",
        place=template_helpers.venue_text(program),
        accent=light_accent(program.identity.accent),
        logo=logo,
        leads=True,
    )


def session_picture(program: Program, session: Session, logo: bytes = b"") -> share_image.ShareCard:
    """A session's title, time, people, place, track and status; a logo stands for the program's title."""
    day, color = template_helpers.short_date(program.local(session.start).date()), program.track_color(session)
    facts, room = [day, template_helpers.zone_name(program), session.track if color else ""], session.room
    return share_image.ShareCard(
        title=session.title,
        time=f"{program.clock(session.start)}–{program.clock(session.end)}",
        people=template_helpers.speaker_names(program, session),
        place=", ".join(filter(None, facts if logo else [*facts, program.room_name(room)])),
        note=template_helpers.status_text(program, session),
        footer=program.room_name(room) if logo else program.title,
        struck=session.cancelled,
        track=shape_pair(color)[0] if color else "",
        accent=light_accent(program.identity.accent),
        logo=logo,
    )


def _picture(card_with: Callable[[bytes], share_image.ShareCard]) -> Response:
    """The picture of the card with a logo; one without it, while the database does not answer, is kept by no client."""
    try:
        return from_cache(lambda: _png(card_with(_logo(page_context().program))))
    except StoreError:
        response = conditional(_without_logo(lambda: _png(card_with(b""))))
        response.headers["Cache-Control"] = "no-store"
        return response


def _without_logo(build: Callable[[], StoredResponse]) -> StoredResponse:
    """The picture without its logo, drawn once for a revision: as many ask as with it. A frozen copy has none."""
    context = page_context()
    if context.frozen:
        return build()
    key = ResponseKey(request.path, WITHOUT_LOGO)
    return current_service().editions.get_or_render(context.snapshot, context.now, key, build)


def _png(card: share_image.ShareCard) -> StoredResponse:
    return per_revision(share_image.png(card), PNG)


def _logo(program: Program) -> bytes:
    """The program's logo as pixels; none where the database has none of a drawing.

    Raises `StoreError`; at once where the database is known to be away, since others wait for the thread that asks.
    """
    logo, service = program.identity.logo, current_service()
    if logo is None:
        return b""
    if service.current.database_error is not None:
        raise StoreError(service.current.database_error)
    size = painted_size(program.identity.accent) if logo.svg else WHOLE
    found = find_picture(service.database, logo.digest, size)
    return found[1] if found else b""
