"""Displays report which room and revision they show; the console shows which of them are silent or out of date.

A display reports with a token that it asks for once. The token is the display's id, signed with the service's secret:
nothing is stored for it, and it holds until the secret changes.
"""

from __future__ import annotations

import secrets
from datetime import datetime

from flask import Blueprint, Response, abort, request
from itsdangerous import BadSignature, Signer
from werkzeug.exceptions import ServiceUnavailable

from app.formats.api_fields import to_bytes
from app.live.clock import SYSTEM_CLOCK
from app.store.displays import MOST_DISPLAYS, SILENT_AFTER, Display, Displays
from app.web.address_traits import AddressTraits
from app.web.rate_limits import DISPLAY_TOKENS_PER_ADDRESS, REPORTS_PER_DISPLAY, client_network, count
from app.web.request_context import bearer_key, page_context
from app.web.responses import JSON
from app.web.running_service import current_service, secret_key

display_reports = Blueprint("displays", __name__)

ID_BYTES = 8
REPORT = AddressTraits(lane="displays")
LARGEST_REVISION = 10**9


@display_reports.post("/display/token", traits=REPORT)
def token() -> Response:
    """A token for a display that reports from now on."""
    count(DISPLAY_TOKENS_PER_ADDRESS, "display tokens", client_network())
    body = to_bytes({"token": _signer(secret_key()).sign(secrets.token_hex(ID_BYTES)).decode()})
    return Response(body, headers={"Cache-Control": "no-store"}, content_type=JSON)


@display_reports.post("/display/report", traits=REPORT)
def report() -> Response:
    """Store what a display shows."""
    display = _reporting_display()
    count(REPORTS_PER_DISPLAY, "display", display)
    room, revision = _shown()
    path = f"/display/{room}" if room else "/display"
    shown = Display(id=display, room=room, path=path, revision=revision, seen_at=SYSTEM_CLOCK.now())
    if not Displays(current_service().database).report(shown):
        reason = f"{MOST_DISPLAYS} displays report already; one that falls silent makes room"
        raise ServiceUnavailable(reason, retry_after=int(SILENT_AFTER.total_seconds()))
    return Response(status=204)


def _reporting_display() -> str:
    """The id of the display whose token the request has."""
    try:
        return _signer(secret_key()).unsign(bearer_key("a display's token")).decode()
    except BadSignature:
        abort(401, "this token is not valid; POST /display/token gives another")


def is_display_token(key: str, secret_key: str | bytes) -> bool:
    """Whether a key is the token of a display."""
    return _signer(secret_key).validate(key)


def _signer(secret_key: str | bytes) -> Signer:
    return Signer(secret_key, salt="display")


def _shown() -> tuple[str | None, int]:
    """The room, None for all rooms, and the revision that a display says it shows."""
    sent = request.get_json(silent=True)
    if not isinstance(sent, dict):
        abort(400, "expected a JSON object with the display's room and revision")
    room, revision = sent.get("room") or None, sent.get("revision")
    if not isinstance(revision, int) or not 0 <= revision <= LARGEST_REVISION:
        abort(400, "revision: expected the number that the display shows")
    return room and page_context().program.room(str(room)).id, revision


def reported_displays() -> tuple[Display, ...]:
    """All displays that reported within a day, the last seen first."""
    return Displays(current_service().database).all(SYSTEM_CLOCK.now())


def is_silent(display: Display) -> bool:
    """Whether a display has missed its latest reports."""
    return SYSTEM_CLOCK.now() - display.seen_at >= SILENT_AFTER


def ago(instant: datetime) -> str:
    """How long ago an instant of the real clock was: "40 s ago", "5 min ago", "3 h ago", "2 days ago"."""
    seconds = max(0, int((SYSTEM_CLOCK.now() - instant).total_seconds()))
    for size, unit in ((86400, "days"), (3600, "h"), (60, "min")):
        if seconds >= 2 * size:
            return f"{seconds // size} {unit} ago"
    return f"{seconds} s ago"
