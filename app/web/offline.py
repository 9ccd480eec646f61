"""What phones keep for when the network goes: the worker's script, and the pages it keeps from the start."""

from __future__ import annotations

import json
from typing import Any

from flask import Blueprint, Response, current_app, render_template, request

from app.domain.program import Program
from app.formats.json_program import to_bytes
from app.live.answer import Answer
from app.live.edition import Address
from app.web import assets, traits
from app.web.answering import JSON, kept, lasting, turning, view
from app.web.look import the_look
from app.web.service import the_service

offline = Blueprint("offline", __name__)

WORKER = ("js/worker/store.js", "js/worker/answers.js")
# The worker is no part of a page; who prints or runs the day has a network.
NOT_KEPT = ("js/worker/", "css/console", "css/print")
# Of a program with more sessions, phones keep the day and what they have visited.
MOST_SESSIONS = 60
# Where the search looks beyond what the day's page says.
SEARCHED = "/api/program"


@offline.get("/sw.js")
def worker() -> Response:
    """The service worker; it is another one for each release and for each set of pages."""
    return kept(lambda: lasting(_script().encode(), "text/javascript; charset=utf-8"))


@offline.get("/offline")
def not_kept() -> Response:
    """What a phone without network shows instead of a page that it has never seen."""
    return kept(lambda: turning(render_template("offline.html")))


@offline.get("/offline/pages")
def pages() -> Response:
    """The pages that phones keep from the start, in one answer: alike as they are, they compress well."""
    return kept(_pages)


def install_first(program: Program) -> tuple[str, ...]:
    """The paths of the pages that phones keep before they are visited, with the codes of their sessions."""
    wanted = {"first", "always"} if len(program.sessions) <= MOST_SESSIONS else {"always"}
    paths = traits.paths(program, lambda one: one.phone in wanted)
    return tuple(path for path in paths if not path.endswith(".png"))


def _script() -> str:
    program = the_look().program
    files = [assets.address_of(name) for name in assets.names() if not name.startswith(NOT_KEPT)]
    release = {
        "service": the_service().identity,
        "build": assets.build_hash(),
        "rehearsal": the_service().clock.rehearsal,
        "pages": install_first(program),
        "bundle": "/offline/pages",
        "notKept": "/offline",
        "searched": SEARCHED,
        "kept": traits.pages_on_phones(),
        "files": [*files, SEARCHED] if len(program.sessions) <= MOST_SESSIONS else files,
    }
    return "".join((f"const RELEASE = {json.dumps(release)};\n", *map(assets.text_of, WORKER)))


def _pages() -> Answer:
    bodies = {path: _body_of(path) for path in install_first(the_look().program)}
    found: dict[str, Any] = {"build": assets.build_hash(), "revision": the_look().revision, "pages": bodies}
    return turning(to_bytes(found).decode(), JSON)


def _body_of(path: str) -> str:
    """A page as its readers get it."""
    address = Address(path, host=request.host_url.rstrip("/"))
    answer = view(current_app, address, the_look())
    return answer.get_data(as_text=True) if answer else ""
