"""What shared links show: a picture, made once for each revision."""

from __future__ import annotations

from dataclasses import replace

from flask import Blueprint

from app.domain.colours import accent_pair
from app.domain.identity import Picture
from app.domain.program import Program
from app.domain.session import Session
from app.formats import share_image
from app.formats.pictures import WHOLE
from app.live.http_response import StoredResponse
from app.store.errors import StoreError
from app.store.pictures import find_picture
from app.web import template_helpers
from app.web.address_traits import FILE
from app.web.qr_codes import PNG
from app.web.request_context import page_context
from app.web.responses import cached, per_revision
from app.web.running_service import current_service

cards = Blueprint("cards", __name__)


@cards.get("/card.png", traits=FILE)
@cached
def program_card() -> StoredResponse:
    """The picture of the whole program, for shared links."""
    return _png(program_picture(page_context().program))


@cards.get("/cards/<session_id>.png", traits=FILE)
@cached
def session_card(session_id: str) -> StoredResponse:
    """The picture of one session, for shared links.

    It has the session's title, time, room and status.
    """
    program = page_context().program
    return _png(session_picture(program, program.session(session_id)))


def program_picture(program: Program) -> share_image.ShareCard:
    """The program's title, its days and its venue."""
    return share_image.ShareCard(
        title=program.subtitle or program.title,
        time=program.title if program.subtitle else "",
        footer=template_helpers.date_range(program),
        place=template_helpers.venue_text(program),
    )


def session_picture(program: Program, session: Session) -> share_image.ShareCard:
    """A session's title, time, people, place and status."""
    day = template_helpers.short_date(program.local(session.start).date())
    room = program.room_name(session.room)
    return share_image.ShareCard(
        title=session.title,
        time=f"{program.clock(session.start)}–{program.clock(session.end)}",
        people=template_helpers.speaker_names(program, session),
        place=f"{day}, {template_helpers.zone_name(program)}, {room}",
        note=template_helpers.status_text(program, session),
        footer=program.title,
        struck=session.cancelled,
    )


def _png(picture: share_image.ShareCard) -> StoredResponse:
    identity = page_context().program.identity
    card = replace(picture, accent=accent_pair(identity.accent).light) if identity.accent else picture
    return per_revision(share_image.png(replace(card, logo=_logo(identity.logo))), PNG)


def _logo(logo: Picture | None) -> bytes:
    """A logo of pixels; none for a drawing, which nothing here can paint, and while the database does not answer."""
    if logo is None or logo.svg:
        return b""
    try:
        found = find_picture(current_service().database, logo.digest, WHOLE)
    except StoreError:
        return b""
    return found[1] if found else b""
