"""JSON for programs: the program, the moment, the changes."""

from __future__ import annotations

from dataclasses import replace

from flask import Blueprint, Response, current_app, render_template

from app.formats.json_program import Json, moment_json, program_json, to_bytes
from app.live.answer import Answer
from app.web.answering import JSON, base_url, kept, lasting, send, turning
from app.web.assets import build_hash
from app.web.look import Look, the_look
from app.web.metrics import SETTING as METRICS
from app.web.openapi import document
from app.web.openapi_page import groups_of, objects_of
from app.web.service import the_service

api = Blueprint("api", __name__, url_prefix="/api")


@api.get("/program")
def program() -> Response:
    """The whole program of the current revision."""
    look = the_look()
    return kept(lambda: lasting(to_bytes(program_json(look.program, look.revision)), JSON))


@api.get("/now")
def now() -> Response:
    """What is on, composed for each request: readers set their clocks by it, so no cache may keep it."""
    look = the_look()
    speed = the_service().clock.speed
    moment = moment_json(look.program, look.revision, look.moment, look.now, speed)
    body = to_bytes({"service": the_service().identity, "build": build_hash(), **moment})
    return send(replace(turning(body.decode(), JSON), shared_seconds=0))


@api.get("/openapi.json")
def description() -> Response:
    """What this service answers, as OpenAPI 3.1."""
    look = the_look()
    return kept(lambda: lasting(to_bytes(_document(look)), JSON))


@api.get("")
def page() -> Response:
    """The same for people."""
    look = the_look()
    return kept(lambda: _page(_document(look)))


def _document(look: Look) -> Json:
    return document(look.program, base_url(), metrics=current_app.config[METRICS])


def _page(described: Json) -> Answer:
    return turning(render_template("api.html", groups=groups_of(described), objects=objects_of(described)))
