"""JSON for programs: the program, the moment, the changes."""

from __future__ import annotations

from dataclasses import replace

from flask import Blueprint, Response

from app.formats.json_program import moment_json, program_json, to_bytes
from app.web.answering import JSON, kept, lasting, send, turning
from app.web.look import the_look
from app.web.service import the_service

api = Blueprint("api", __name__, url_prefix="/api")


@api.after_request
def readable_from_anywhere(response: Response) -> Response:
    """Let pages of other origins read it (Fetch standard, CORS protocol)."""
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response


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
    body = to_bytes(moment_json(look.program, look.revision, look.moment, look.now, speed))
    return send(replace(turning(body.decode(), JSON), shared_seconds=0))
