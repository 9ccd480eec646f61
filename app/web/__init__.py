"""Flask blueprints. A view parses, asks and renders; it has no logic of its own."""

from __future__ import annotations

from flask import Flask

from app.web import (
    api,
    calendars,
    cards,
    changes,
    codes,
    displays,
    errors,
    exports,
    health,
    manifest,
    metrics,
    my,
    offline,
    organizer,
    pages,
    printing,
    security,
    service,
    watching,
)
from app.web.service import Service


def install(app: Flask, the_service: Service, *, proxies: int = 0, metrics_wanted: bool = False) -> None:
    """Give an app its service and all its addresses."""
    service.install(app, the_service)
    errors.install(app)
    watching.install(app)
    security.install(app, proxies)
    metrics.install(app, asked_for=metrics_wanted)
    pages.install(app)
    organizer.install(app)
    for blueprint in (api.api, calendars.calendars, changes.changes, codes.codes, displays.displays, health.health):
        app.register_blueprint(blueprint)
    for blueprint in (exports.exports, manifest.manifest, offline.offline, printing.printing, cards.cards, my.my):
        app.register_blueprint(blueprint)
