"""Styles, scripts and icons, which `assets.py` serves under one hash of the build, so that each address is immutable.

Script modules import each other by relative paths, so their addresses carry the same hash.
"""

from __future__ import annotations

import hashlib
import posixpath
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from markupsafe import Markup

from app.live.http_response import StoredResponse
from app.release import shipped_folder
from app.web.print_entries import PAPERS
from app.web.print_stylesheet import stylesheet
from app.web.room_grid import place_rules

FOLDER = shipped_folder("static")
# Style sheets that are one file for readers, and the files in which each is written.
LINKED_SHEETS = {
    "pages": ("tokens", "base", "session-row", "stars", "slots", "day", "search", "faces", "timetable", "page"),
    "screens": ("tokens", "base", "session-row", "hall"),
    "organizer": (
        "console",
        "console-forms",
        "console-room-state",
        "console-line-up",
        "console-proposals",
        "console-sending",
    ),
    "paper": ("tokens", "base"),
}
# These pages have their styles inline, so that the browser can paint them without another request. No part of either is
# served alone.
INLINE_SHEETS = {
    "day": ("tokens", "base", "session-row", "stars", "slots", "day", "search", "faces"),
    "days": ("tokens", "base", "session-row", "stars", "slots", "day", "search", "faces", "timetable"),
    "now": ("tokens", "base", "session-row", "stars", "slots", "faces", "now"),
}
# An import of another module, by a path relative to the importing one.
_IMPORT = re.compile(rb'^(?:import|export)\b[^;]*?"(\.[^"]+)";', re.MULTILINE)
# Comments and the space at the beginning of lines: no string of a style sheet of ours goes over a line.
_NOT_STYLES = re.compile(r"/\*.*?\*/|\n\s*", re.DOTALL)
TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".png": "image/png",
    ".svg": "image/svg+xml; charset=utf-8",
}


def exists(version: str, file: str) -> bool:
    """Whether there is such a file."""
    return version == build_hash() and file in files()


def address_of(name: str) -> str:
    """The address of a file; KeyError for an unknown name."""
    files()[name]
    return f"/static/{build_hash()}/{name}"


@cache
def scripts_of(modules: tuple[str, ...]) -> tuple[str, ...]:
    """The script files of a page except `main.js`: the modules that it declares, and all that they import."""
    found = ["js/main.js", *(f"js/modules/{name}.js" for name in modules)]
    for file in found:
        for path in _IMPORT.findall(files()[file]):
            imported = posixpath.normpath(posixpath.join(posixpath.dirname(file), path.decode()))
            if imported not in found:
                found.append(imported)
    return tuple(found[1:])


@cache
def build_hash() -> str:
    """The build: a hash of the names and contents of all files and templates.

    Files that are only parts of others are included. Pages name it, so that those of another build are loaded anew.
    """
    digest = hashlib.sha256()
    for name, content in (_written() | files() | _templates()).items():
        digest.update(name.encode() + b"\0" + content + b"\0")
    return digest.hexdigest()[:12]


@cache
def inline_sheet(name: str) -> Markup:
    """The content of a page's style element."""
    return Markup(_together(_written(), INLINE_SHEETS[name]))  # noqa: S704 - our own files


def inline_styles() -> tuple[str, ...]:
    """The contents of all such style elements."""
    return tuple(str(inline_sheet(name)) for name in INLINE_SHEETS)


@cache
def stored(name: str) -> StoredResponse:
    """The response for a file, the same for all revisions, so that it is compressed once."""
    return StoredResponse(files()[name], TYPES[Path(name).suffix], immutable=True)


@cache
def files() -> dict[str, bytes]:
    """The content of all files that are served, by their names."""
    written = _written()
    linked = {f"css/{name}.css": _together(written, parts).encode() for name, parts in LINKED_SHEETS.items()}
    print_sheets = {f"css/print-{paper.name}.css": stylesheet(paper).encode() for paper in PAPERS.values()}
    parts = {f"css/{part}.css" for sheet in (*LINKED_SHEETS.values(), *INLINE_SHEETS.values()) for part in sheet}
    return {name: content for name, content in written.items() if name not in parts} | linked | print_sheets


@cache
def _written() -> dict[str, bytes]:
    """The files of the folder, and the rules that are made."""
    paths = sorted(path for path in FOLDER.rglob("*") if path.is_file())
    contents = {path.relative_to(FOLDER).as_posix(): path.read_bytes() for path in paths}
    contents["css/room-grid.css"] += place_rules().encode()
    return contents


def _templates() -> dict[str, bytes]:
    """The page templates, by names that no served file has."""
    folder = shipped_folder("templates")
    return {
        f"templates/{path.relative_to(folder).as_posix()}": path.read_bytes() for path in sorted(folder.rglob("*.html"))
    }


def _together(written: Mapping[str, bytes], parts: tuple[str, ...]) -> str:
    """Several style sheets as one, without comments and indentation, a seventh of their size."""
    return _NOT_STYLES.sub("", "".join(written[f"css/{part}.css"].decode() for part in parts))
