"""A word to every room and screen."""

from __future__ import annotations

from flask import Blueprint, Response, render_template

from app.web.answering import HTML
from app.web.look import the_look
from app.web.organizer.access import organizers_only, the_organizer

announcing = Blueprint("announcing", __name__, url_prefix="/organizer")


@announcing.get("/announce")
@organizers_only
def announce() -> Response:
    """Write an announcement, or take one back."""
    page = render_template("organizer/announce.html", me=the_organizer().organizer, base=the_look().revision)
    return Response(page, content_type=HTML)
