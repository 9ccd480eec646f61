"""Style and scripts, served under one hash of them all, so that each address is immutable.

Modules import each other by relative addresses, which therefore carry the same hash.
"""

from __future__ import annotations

import base64
import hashlib
import mimetypes
from functools import cache
from pathlib import Path

from flask import Blueprint, Response, abort
from markupsafe import Markup

from app.live.answer import Answer
from app.web.answering import send

FOLDER = Path(__file__).resolve().parent.parent / "static"
# The day's page carries its own style, so that the first answer can be painted.
CRITICAL = ("css/base.css", "css/session.css", "css/day.css")
TYPES = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml", ".png": "image/png"}

assets = Blueprint("assets", __name__)


@assets.get("/static/<version>/<path:name>")
def asset(version: str, name: str) -> Response:
    """One file, for ever; an address of another version is gone."""
    files = _files()
    if version != build_hash() or name not in files:
        abort(404)
    content_type = TYPES.get(Path(name).suffix) or mimetypes.guess_type(name)[0] or "application/octet-stream"
    return send(Answer(files[name], f"{content_type}; charset=utf-8", immutable=True))


def address_of(name: str) -> str:
    """The address of a file; KeyError for one that is not there."""
    _files()[name]
    return f"/static/{build_hash()}/{name}"


@cache
def build_hash() -> str:
    """A hash of all files, their names included."""
    digest = hashlib.sha256()
    for name, content in _files().items():
        digest.update(name.encode() + b"\0" + content + b"\0")
    return digest.hexdigest()[:12]


@cache
def critical_css() -> Markup:
    """The style of the day's page, for its one style element."""
    return Markup("".join(_files()[name].decode() for name in CRITICAL))  # noqa: S704 - our own files


@cache
def critical_css_hash() -> str:
    """What the Content-Security-Policy calls that element (CSP 3, 2.3.1)."""
    digest = hashlib.sha256(str(critical_css()).encode()).digest()
    return f"sha256-{base64.b64encode(digest).decode()}"


@cache
def _files() -> dict[str, bytes]:
    paths = sorted(path for path in FOLDER.rglob("*") if path.is_file())
    return {path.relative_to(FOLDER).as_posix(): path.read_bytes() for path in paths}
