"""codeml-agenda: a conference day, live."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from app.settings import Settings
    from app.web.running_service import Service


def create_app(settings: Settings | None = None, service: Service | None = None) -> Flask:
    """Create the Flask app; ``settings`` default to the environment's."""
    # Imported here, so that importing the domain alone does not load the web layer.
    from app.service_factory import build_app  # noqa: PLC0415

    return build_app(settings, service)
