"""Which paths of this service readers may be sent to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import current_app
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from app.domain.errors import UnknownName
from app.domain.program import Program
from app.web.look import the_look
from app.web.present import page_names

LONGEST_PATH = 200
PUBLIC_BLUEPRINTS = frozenset({"pages", "calendars", "changes", "printing", "api", "exports"})
# What else stands under /my is one reader's.
PUBLIC_ENDPOINTS = frozenset({"my.page"})


def is_public(path: str) -> bool:
    """Whether a path names a page or a feed that is there: a known route with known names in it."""
    if len(path) > LONGEST_PATH or not path.startswith("/") or not path.isascii():
        return False
    try:
        endpoint, names = current_app.url_map.bind("").match(path, "GET")
    except (HTTPException, RequestRedirect):
        return False
    public = endpoint in PUBLIC_ENDPOINTS or endpoint.partition(".")[0] in PUBLIC_BLUEPRINTS
    return public and _names_exist(the_look().program, names)


def _names_exist(program: Program, names: Mapping[str, Any]) -> bool:
    look_up = {
        "session_id": program.session,
        "room_id": program.room,
        "speaker_id": program.speaker,
    }
    try:
        for key, name in names.items():
            if key in look_up:
                look_up[key](name)
    except UnknownName:
        return False
    calendar, page = names.get("name"), names.get("slug")
    return calendar in {None, program.id, "talks", "dates"} and page in {None, *page_names(program)}
