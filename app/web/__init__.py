"""Flask blueprints. A view parses the request, calls the domain and renders; it has no logic of its own."""

from __future__ import annotations

from flask import Flask

from app.web import (
    api,
    assets,
    body_limits,
    calendar_feeds,
    changes,
    display_reports,
    errors,
    monitoring,
    my,
    offline_pages,
    organizer,
    paper_pages,
    print_views,
    qr_codes,
    rate_limits,
    reader_pages,
    request_input,
    request_logging,
    running_service,
    security_headers,
    share_previews,
)
from app.web.address_traits import RouteRule
from app.web.running_service import Service

# In the order in which addresses are listed.
BLUEPRINTS = (
    reader_pages.pages,
    paper_pages.papers,
    api.api,
    calendar_feeds.calendars,
    changes.changes,
    display_reports.display_reports,
    monitoring.health,
    my.my,
    offline_pages.offline,
    print_views.printing,
    qr_codes.codes,
    share_previews.cards,
    assets.assets,
)


def install(app: Flask, service: Service, *, proxies: int = 0, metrics_wanted: bool = False) -> None:
    """Give an app its service, its request checks and all its routes."""
    app.config[monitoring.METRICS_SETTING] = metrics_wanted
    app.url_rule_class = RouteRule
    running_service.install(app, service)
    errors.install(app)
    request_logging.install(app)
    security_headers.install(app, proxies)
    body_limits.install(app)
    rate_limits.install(app)
    request_input.install(app)
    organizer.install(app)
    reader_pages.install(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
