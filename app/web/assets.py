"""The addresses of files that never change: each holds a hash of what it leads to."""

from __future__ import annotations

from flask import Blueprint, abort

from app.formats.pictures import parts_of_name, pictures_of
from app.live.http_response import StoredResponse
from app.store.pictures import find_picture
from app.web import static_files
from app.web.address_traits import FILE
from app.web.icons import icon_names, icon_png
from app.web.identity_sheet import sheet_of
from app.web.qr_codes import PNG
from app.web.request_context import page_context
from app.web.responses import cached
from app.web.running_service import current_service

assets = Blueprint("assets", __name__)


@assets.get("/static/<version>/<path:file>", traits=FILE)
@cached
def static_file(version: str, file: str) -> StoredResponse:
    """One file, cacheable for ever; 404 for an address of another version."""
    if not static_files.exists(version, file):
        abort(404)
    return static_files.stored(file)


@assets.get("/identity/<sheet>.css", traits=FILE)
@cached
def identity_sheet(sheet: str) -> StoredResponse:
    """The program's own colours; 404 for those of another program."""
    current = sheet_of(page_context().program)
    if not current.css or sheet != current.digest:
        abort(404)
    return StoredResponse(current.css.encode(), static_files.TYPES[".css"], immutable=True)


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
