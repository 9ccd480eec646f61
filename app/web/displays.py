"""Displays report back: which room they show, which revision, and that they are alive."""

from __future__ import annotations

import re

from flask import Blueprint, Response, abort, request

from app.live.clock import SYSTEM_CLOCK
from app.store.displays import Display, Displays
from app.web.limiting import PER_ADDRESS, PER_KEY, limiter, name_of_display
from app.web.look import the_look
from app.web.service import the_service

displays = Blueprint("displays", __name__)

_NAME = re.compile(r"[a-z0-9-]{8,36}")
LARGEST_REVISION = 10**9


@displays.post("/display/report")
@limiter.limit(PER_KEY, key_func=name_of_display)
@limiter.limit(PER_ADDRESS)
def report() -> Response:
    """Take a display's word; no answer but that it was heard."""
    said = request.get_json(silent=True)
    if not isinstance(said, dict) or not _NAME.fullmatch(str(said.get("id", ""))):
        abort(400, "expected a JSON object with the display's id, room and revision")
    room, revision = said.get("room") or None, said.get("revision")
    if room is not None:
        the_look().program.room(str(room))
    if not isinstance(revision, int) or not 0 <= revision <= LARGEST_REVISION:
        abort(400, "revision: expected the number that the display shows")
    path = f"/display/{room}" if room else "/display"
    Displays(the_service().database).report(
        Display(id=said["id"], room=room, path=path, revision=revision, seen_at=SYSTEM_CLOCK.now())
    )
    return Response(status=204)
