"""The console: for organizers, and for chairs who have a room's times in hand. It works without scripts."""

from __future__ import annotations

from flask import Blueprint, Flask, Response, request
from flask_wtf.csrf import CSRFProtect, generate_csrf

from app.domain.telling import facets, headline
from app.formats.edit_json import edit_to_json
from app.web.displays import displays
from app.web.limiting import limiter
from app.web.my import my
from app.web.organizer import access, announcing, desk, history, people, signing_in, status

BLUEPRINTS: tuple[Blueprint, ...] = (
    signing_in.signing_in,
    desk.desk,
    announcing.announcing,
    history.history,
    people.people,
    status.status,
)


def install(app: Flask) -> None:
    """Give an app the console, protected against forged forms and hasty guessing."""
    app.config.update(
        SESSION_COOKIE_NAME="agenda-form",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=access.over_https(app),
        # A form may lie open on a phone all day; it lives as long as the browser's session.
        WTF_CSRF_TIME_LIMIT=None,
    )
    protection = CSRFProtect(app)
    # Neither displays nor readers have a cookie that a forged form could use.
    protection.exempt(displays)
    protection.exempt(my)
    limiter.init_app(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    app.after_request(_not_stored)
    app.jinja_env.globals.update(csrf_token=generate_csrf, edit_to_json=edit_to_json, facets=facets, headline=headline)


def _not_stored(response: Response) -> Response:
    if request.path.startswith("/organizer"):
        response.headers["Cache-Control"] = "no-store"
        # A link to sign in must not travel on in a Referer; forms of the console check it within the site.
        response.headers["Referrer-Policy"] = "same-origin"
    return response
