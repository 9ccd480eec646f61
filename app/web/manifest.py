"""The manifest that makes the day an app on a phone's home screen (W3C Web Application Manifest)."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response

from app.domain.program import Program
from app.formats.json_program import to_bytes
from app.web import assets
from app.web.answering import kept, lasting
from app.web.look import the_look

manifest = Blueprint("manifest", __name__)

CONTENT_TYPE = "application/manifest+json"
# The dark ground of the mark: what a phone shows while it opens the app.
GROUND = "#111214"


@manifest.get("/manifest.webmanifest")
def web_manifest() -> Response:
    """What a phone needs to install the day."""
    program = the_look().program
    return kept(lambda: lasting(to_bytes(_manifest(program)), CONTENT_TYPE))


def _manifest(program: Program) -> dict[str, Any]:
    return {
        "id": "/",
        "name": program.subtitle or program.title,
        "short_name": program.title,
        "description": program.description or program.subtitle,
        "lang": program.language,
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "background_color": GROUND,
        "theme_color": GROUND,
        "icons": [
            _icon("icon.svg", "any", "any"),
            _icon("icon-192.png", "192x192", "any"),
            _icon("icon-512.png", "512x512", "any"),
            _icon("icon-maskable-512.png", "512x512", "maskable"),
        ],
    }


def _icon(name: str, sizes: str, purpose: str) -> dict[str, str]:
    kind = "image/svg+xml" if name.endswith(".svg") else "image/png"
    return {"src": assets.address_of(name), "sizes": sizes, "type": kind, "purpose": purpose}
