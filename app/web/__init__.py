"""Flask blueprints. A view parses, asks and renders; it has no logic of its own."""

from __future__ import annotations

from flask import Flask

from app.web import api, calendars, changes, codes, displays, errors, health, organizer, pages, security, service
from app.web.service import Service


def install(app: Flask, the_service: Service) -> None:
    """Give an app its service and all its addresses."""
    service.install(app, the_service)
    errors.install(app)
    security.install(app)
    pages.install(app)
    organizer.install(app)
    for blueprint in (api.api, calendars.calendars, changes.changes, codes.codes, displays.displays, health.health):
        app.register_blueprint(blueprint)
