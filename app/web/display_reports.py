"""Displays report which room and revision they show, and stages which cue; the console shows it.

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
from app.store.room_state import RoomStates
from app.web.address_traits import AddressTraits
from app.web.rate_limits import DISPLAY_TOKENS_PER_ADDRESS, REPORTS_PER_DISPLAY, client_network, count
from app.web.request_context import bearer_key, page_context
from app.web.responses import JSON
from app.web.running_service import current_service, secret_key

display_reports = Blueprint("displays", __name__)

ID_BYTES = 8
# What the addresses of speakers' screens and of rooms' projectors begin with.
STAGES, PROJECTORS = "/stage/", "/display/"
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
    shown = _shown_by(display)
    displays = Displays(current_service().database)
    is_first_stage = shown.path.startswith(STAGES) and not displays.at(shown.path, shown.seen_at)
    if not displays.report(shown):
        reason = f"{MOST_DISPLAYS} displays report already; one that falls silent makes room"
        raise ServiceUnavailable(reason, retry_after=int(SILENT_AFTER.total_seconds()))
    if shown.path.startswith(STAGES):
        _tell_consoles(shown, is_first=is_first_stage)
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


def _shown_by(display: str) -> Display:
    """What a display says it shows: a room, or all, on which screen, in which revision, and which cue."""
    sent = request.get_json(silent=True)
    if not isinstance(sent, dict):
        abort(400, "expected a JSON object with the display's room and revision")
    room, revision, screen, cue = (sent.get(name) for name in ("room", "revision", "screen", "cue"))
    if not isinstance(revision, int) or not _is_number(revision):
        abort(400, "revision: expected the number that the display shows")
    if screen not in (None, "display", "stage"):
        abort(400, "screen: expected display or stage")
    if cue is not None and not _is_number(cue):
        abort(400, "cue: expected the id of the cue that the stage shows")
    known = page_context().program.room(str(room)).id if room else None
    path = f"{STAGES if screen == 'stage' else PROJECTORS}{known}" if known else PROJECTORS.rstrip("/")
    return Display(display, known, path, revision, SYSTEM_CLOCK.now(), cue if screen == "stage" else None)


def _is_number(value: object) -> bool:
    """Whether a value may be the number of a revision, or the id of a cue: neither is larger."""
    return type(value) is int and 0 <= value <= LARGEST_REVISION


def _tell_consoles(stage: Display, *, is_first: bool) -> None:
    """Have consoles refresh where a room's first stage came, or shows the cue that no stage had shown."""
    current, clock = current_service().current, current_service().clock
    states = RoomStates(current.revisions)
    room, cue = stage.room or "", stage.cue or 0
    if states.waits_for_stage(room, cue):
        states.note_cue_shown(room, cue, clock.now())
    elif is_first:
        states.note_stage_connected()
    else:
        return
    current.refresh()


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
