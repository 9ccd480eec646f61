"""The addresses of files that never change: each holds a hash of what it leads to."""

from __future__ import annotations

from flask import Blueprint, abort

from app.live.http_response import StoredResponse
from app.web import static_files
from app.web.address_traits import FILE
from app.web.identity_sheet import sheet_of
from app.web.request_context import page_context
from app.web.responses import cached

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
