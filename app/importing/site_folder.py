"""A folder as a source, such as a checked-out workshop site: the file in it that holds the schedule."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from itertools import islice
from pathlib import Path

from app.importing.clean_text import one_line
from app.importing.dates import DateContext
from app.importing.detect_format import PAGES, TABLES, read
from app.importing.report import ImportRefused, ImportReport
from app.importing.source import Source

SUFFIXES = PAGES | TABLES | {".yml", ".yaml", ".json", ".xml", ".ics", ".xlsx", ".ods"}
# Folders of what a site is built with or built into.
NOT_WRITTEN = frozenset({"_site", "node_modules", "vendor", "bin", "assets", "_sass", "_layouts", "_includes"})
MOST_FILES = 500
MOST_BYTES = 2_000_000
FEWEST_SESSIONS = 2


def find_source(folder: Path, report: ImportReport) -> Path:
    """The file with the most sessions that have a time, of equal ones the first by name; reports what it does not take.

    Raises `ImportRefused` where no file holds a schedule.
    """
    found = sorted(islice(_files(folder, report), MOST_FILES + 1))
    if len(found) > MOST_FILES:
        report.left(f"files beyond {MOST_FILES} of the folder")
    counts = {path: _session_count(path, folder, report) for path in found[:MOST_FILES]}
    path = max(counts, key=lambda path: counts[path], default=folder)
    most = counts.pop(path, 0)
    if most < FEWEST_SESSIONS:
        raise ImportRefused(str(folder), "no file in it holds a schedule that can be read")
    name = _name(path, folder)
    report.took("read, of the folder's files the one with the most sessions that have a time", f"{name} ({most})")
    for other, count in counts.items():
        if count == most:
            remark = f"{name} and not another file with as many sessions"
            report.guessed(remark, _name(other, folder), better="the file")
        if count >= FEWEST_SESSIONS:
            report.left("a file with sessions, not read", f"{_name(other, folder)} ({count})")
        elif count >= 0 and other.suffix.lower() in PAGES:
            report.left("a page without a schedule, not read", _name(other, folder))
    return path


def _files(folder: Path, report: ImportReport) -> Iterator[Path]:
    def closed(error: OSError) -> None:
        report.left("a folder that cannot be opened", _name(Path(error.filename), folder))

    for above, folders, names in os.walk(folder, onerror=closed):
        folders[:] = sorted(name for name in folders if name not in NOT_WRITTEN and not name.startswith("."))
        yield from (path for name in sorted(names) if (path := Path(above, name)).suffix.lower() in SUFFIXES)


def _name(path: Path, folder: Path) -> str:
    return one_line(str(path.relative_to(folder)))


def _session_count(path: Path, folder: Path, report: ImportReport) -> int:
    """How many sessions of a file have a time; -1 for one that cannot be opened, which is reported."""
    data = None
    with suppress(OSError):
        if path.is_file() and path.stat().st_size <= MOST_BYTES:
            data = path.read_bytes()
    if data is None:
        report.left(f"a file that cannot be opened, or is larger than {MOST_BYTES:,} bytes", _name(path, folder))
        return -1
    source = Source(data, path.name, DateContext(None, None, ImportReport()))
    try:
        return sum(session.time.has_start for session in read(source).sessions)
    except ImportRefused:
        return 0
