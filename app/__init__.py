"""codeml-agenda: a conference day, live."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from app.settings import Settings
    from app.web.service import Service


def create_app(settings: Settings | None = None, service: Service | None = None) -> Flask:
    """Put the service together; ``settings`` default to the environment's."""
    # Imported here, so that whoever needs the domain alone does not load the web.
    from app.building import build_app  # noqa: PLC0415

    return build_app(settings, service)
