"""Style and scripts, served under one hash of them all, so that each address is immutable.

Modules import each other by relative addresses, which therefore carry the same hash.
"""

from __future__ import annotations

import base64
import hashlib
import mimetypes
import posixpath
import re
from functools import cache
from pathlib import Path

from flask import Blueprint, Response, abort
from markupsafe import Markup

from app.formats.icons import icon_png
from app.live.answer import Answer
from app.web.answering import kept

FOLDER = Path(__file__).resolve().parent.parent / "static"
# The day's page carries its own style, so that the first answer can be painted.
CRITICAL = ("css/base.css", "css/session.css", "css/day.css")
# The mark in the sizes that home screens ask for: (side in pixels, maskable).
ICONS = {
    "icon-192.png": (192, False),
    "icon-512.png": (512, False),
    "icon-maskable-512.png": (512, True),
    "icon-touch.png": (180, True),
}
# Where a module names another: by a path of its own folder.
_IMPORT = re.compile(rb'^(?:import|export)\b[^;]*?"(\.[^"]+)";', re.MULTILINE)
TYPES = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml", ".png": "image/png"}

assets = Blueprint("assets", __name__)


@assets.get("/static/<version>/<path:name>")
def asset(version: str, name: str) -> Response:
    """One file, for ever; an address of another version is gone."""
    if version != build_hash() or name not in _files():
        abort(404)
    return kept(lambda: _answer(name))


def address_of(name: str) -> str:
    """The address of a file; KeyError for one that is not there."""
    _files()[name]
    return f"/static/{build_hash()}/{name}"


@cache
def names() -> tuple[str, ...]:
    """The names of all files, in order."""
    return tuple(_files())


@cache
def scripts_of(modules: tuple[str, ...]) -> tuple[str, ...]:
    """The files of a page's scripts but the first: what it needs, near or far, and the modules that it declares."""
    found = ["js/main.js", *(f"js/modules/{name}.js" for name in modules)]
    for module in found:
        for path in _IMPORT.findall(_files()[module]):
            needed = posixpath.normpath(posixpath.join(posixpath.dirname(module), path.decode()))
            if needed not in found:
                found.append(needed)
    return tuple(found[1:])


@cache
def text_of(name: str) -> str:
    """A file's text."""
    return _files()[name].decode()


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
    return Markup("".join(map(text_of, CRITICAL)))  # noqa: S704 - our own files


@cache
def critical_css_hash() -> str:
    """What the Content-Security-Policy calls that element (CSP 3, 2.3.1)."""
    digest = hashlib.sha256(str(critical_css()).encode()).digest()
    return f"sha256-{base64.b64encode(digest).decode()}"


@cache
def _answer(name: str) -> Answer:
    content_type = TYPES.get(Path(name).suffix) or mimetypes.guess_type(name)[0] or "application/octet-stream"
    charset = "" if content_type == "image/png" else "; charset=utf-8"
    return Answer(_files()[name], content_type + charset, immutable=True)


@cache
def _files() -> dict[str, bytes]:
    paths = sorted(path for path in FOLDER.rglob("*") if path.is_file())
    written = {path.relative_to(FOLDER).as_posix(): path.read_bytes() for path in paths}
    return written | {name: icon_png(side, maskable=maskable) for name, (side, maskable) in ICONS.items()}
