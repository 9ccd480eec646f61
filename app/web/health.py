"""What machines ask: alive, ready."""

from __future__ import annotations

from flask import Blueprint, Response, abort

from app.web.service import the_service

health = Blueprint("health", __name__)

TEXT = "text/plain; charset=utf-8"


@health.get("/healthz")
def alive() -> Response:
    """The process answers."""
    return Response("alive\n", content_type=TEXT, headers={"Cache-Control": "no-store"})


@health.get("/readyz")
def ready() -> Response:
    """A revision is in memory, so readers can be served, even while the database is away."""
    number = the_service().current.snapshot.revision.number
    return Response(f"ready, revision {number}\n", content_type=TEXT, headers={"Cache-Control": "no-store"})


@health.get("/live")
def live() -> Response:
    """Streams are the front door's; Flask alone, as `flask run` starts it, has none."""
    abort(503, "live streams need `agenda serve`; pages ask for news by themselves")


@health.get("/robots.txt")
def robots() -> Response:
    """Search engines and calendar robots may read all but the console."""
    return Response("User-agent: *\nDisallow: /organizer\n", content_type=TEXT)
