"""Displays report which room and revision they show; the console shows which of them are silent or out of date."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from flask import Blueprint, Response, abort, request

from app.live.clock import SYSTEM_CLOCK
from app.store.displays import Display, Displays
from app.web.address_traits import AddressTraits
from app.web.rate_limits import PER_IP_ADDRESS, PER_KEY, limiter, name_of_display
from app.web.request_context import page_context
from app.web.running_service import current_service

display_reports = Blueprint("displays", __name__)

_NAME = re.compile(r"[a-z0-9-]{8,36}")
LARGEST_REVISION = 10**9
# A display reports every 30 seconds: one that missed two reports is off or has no network.
SILENT_AFTER = timedelta(seconds=75)


@display_reports.post("/display/report", traits=AddressTraits(lane="keys"))
@limiter.limit(PER_KEY, key_func=name_of_display)
@limiter.limit(PER_IP_ADDRESS)
def report() -> Response:
    """Store what a display shows."""
    sent = request.get_json(silent=True)
    if not isinstance(sent, dict) or not _NAME.fullmatch(str(sent.get("id", ""))):
        abort(400, "expected a JSON object with the display's id, room and revision")
    room, revision = sent.get("room") or None, sent.get("revision")
    if room is not None:
        page_context().program.room(str(room))
    if not isinstance(revision, int) or not 0 <= revision <= LARGEST_REVISION:
        abort(400, "revision: expected the number that the display shows")
    path = f"/display/{room}" if room else "/display"
    Displays(current_service().database).report(
        Display(id=sent["id"], room=room, path=path, revision=revision, seen_at=SYSTEM_CLOCK.now())
    )
    return Response(status=204)


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
