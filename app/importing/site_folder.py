"""A folder as a source, such as a checked-out workshop site: the file in it that holds the schedule."""

from __future__ import annotations

import os
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from app.importing.dates import DateContext
from app.importing.detect_format import read
from app.importing.report import ImportRefused, ImportReport
from app.importing.source import Source

SUFFIXES = frozenset({".md", ".markdown", ".html", ".htm", ".csv", ".tsv", ".yml", ".yaml", ".json", ".xml", ".ics"})
# Folders of what a site is built with or built into.
NOT_WRITTEN = frozenset({"_site", "node_modules", "vendor", "bin", "assets", "_sass", "_layouts", "_includes"})
MOST_FILES = 500
MOST_BYTES = 2_000_000
FEWEST_SESSIONS = 2


def find_source(folder: Path) -> Path:
    """The file with the most sessions that have a time; of equal ones the first by name. Raises `ImportRefused`."""
    counted = [(_session_count(path), path) for path in sorted(islice(_files(folder), MOST_FILES))]
    count, path = max(counted, key=lambda pair: pair[0], default=(0, folder))
    if count < FEWEST_SESSIONS:
        raise ImportRefused(str(folder), "no file in it holds a schedule that can be read")
    return path


def _files(folder: Path) -> Iterator[Path]:
    for above, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if name not in NOT_WRITTEN and not name.startswith("."))
        for name in sorted(names):
            path = Path(above, name)
            if path.suffix.lower() in SUFFIXES and path.is_file() and path.stat().st_size <= MOST_BYTES:
                yield path


def _session_count(path: Path) -> int:
    source = Source(path.read_bytes(), path.name, DateContext(None, None, ImportReport()))
    try:
        return sum(session.time.has_start for session in read(source).sessions)
    except ImportRefused:
        return 0
