"""The addresses of files that never change: each holds a hash of what it leads to."""

from __future__ import annotations

from flask import Blueprint, Response, abort

from app.formats.pictures import parts_of_name, pictures_of
from app.live.http_response import StoredResponse
from app.store.pictures import find_picture
from app.web import static_files
from app.web.address_traits import FILE
from app.web.icons import icon_names, icon_png
from app.web.identity_sheet import is_digest, sheet_of
from app.web.qr_codes import PNG
from app.web.request_context import page_context
from app.web.responses import cached, from_cache
from app.web.running_service import current_service

assets = Blueprint("assets", __name__)

CSS = static_files.TYPES[".css"]


@assets.get("/static/<version>/<path:file>", traits=FILE)
@cached
def static_file(version: str, file: str) -> StoredResponse:
    """One file, cacheable for ever; 404 for an address of another version."""
    if not static_files.exists(version, file):
        abort(404)
    return static_files.stored(file)


@assets.get("/identity/<sheet>.css", traits=FILE)
def identity_sheet(sheet: str) -> Response:
    """The program's own colours, immutable at their address and to be asked for again at that of others; else 404.

    A page of the revision before or after, rendered by another process, names the sheet of that revision.
    """
    if not is_digest(sheet):
        abort(404)
    current = sheet_of(page_context().program)
    is_current = sheet == current.digest
    headers = () if is_current or not current.css else (("Content-Location", current.address),)
    stored = StoredResponse(current.css.encode(), CSS, headers=headers, immutable=is_current)
    return from_cache(lambda: stored, keep=is_current)


@assets.get("/icons/<icon>.png", traits=FILE)
@cached
def icon(icon: str) -> StoredResponse:
    """An icon of the program; 404 for a name that none has."""
    program = page_context().program
    if icon not in icon_names(program):
        abort(404)
    return StoredResponse(icon_png(program, icon), PNG, immutable=True)


@assets.get("/pictures/<picture>", traits=FILE)
@cached
def picture(picture: str) -> StoredResponse:
    """A picture of the program, or of an earlier revision; 404 for a name that no picture has."""
    digest, size = parts_of_name(picture)
    found = _drawing(digest) or (find_picture(current_service().database, digest, size) if digest else None)
    if found is None:
        abort(404)
    return StoredResponse(found[1], found[0], immutable=True)


def _drawing(digest: str) -> tuple[str, bytes] | None:
    """The media type and the text of a drawing of the program, which no database is asked for."""
    for _, one in pictures_of(page_context().program):
        if one.svg and digest and one.digest.startswith(digest):
            return static_files.TYPES[".svg"], one.svg.encode()
    return None
