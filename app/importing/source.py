"""The file that is imported, as its reader gets it."""

from __future__ import annotations

import re
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Container
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import PurePosixPath

from app.importing.dates import DateContext
from app.importing.report import ImportRefused, ImportReport

CALENDAR = re.compile(rb"\s*BEGIN:VCALENDAR", re.IGNORECASE)
FOLD = re.compile(rb"(?:\r\n?|\n)[ \t]")


@dataclass(frozen=True)
class Source:
    """The bytes of one file, its name, what is known of its dates before it is read, and its address ("" for none)."""

    data: bytes
    name: str
    dates: DateContext
    address: str = ""

    @property
    def report(self) -> ImportReport:
        """Where a reader reports what it took, guessed and left."""
        return self.dates.report

    @property
    def suffix(self) -> str:
        """The suffix of its name, in lower case: `.csv`."""
        return self._path.suffix.lower()

    @property
    def stem(self) -> str:
        """Its name without folder and suffix, hyphens and underscores as spaces."""
        return self._path.stem.replace("_", " ").replace("-", " ").strip()

    @cached_property
    def text(self) -> str:
        """Its text; lines that are not UTF-8 or UTF-16 are read as Windows-1252.

        Calendars are unfolded first: RFC 5545, 3.1, allows folds inside a character.
        """
        data = self.data.removeprefix(BOM_UTF8)
        if data.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
            data = data.decode("utf-16", errors="replace").encode()
        if self.suffix == ".ics" or CALENDAR.match(data):
            data = FOLD.sub(b"", data)
        try:
            return data.decode()
        except UnicodeDecodeError:
            self.report.guessed("not UTF-8, so read as Windows-1252", better="save it as UTF-8")
            return "\n".join(map(_decoded, data.split(b"\n")))

    @property
    def _path(self) -> PurePosixPath:
        return PurePosixPath(self.name.replace("\\", "/"))

    def refused(self, reason: str) -> ImportRefused:
        """The error with the reason why no program can be made of it."""
        return ImportRefused(self.name, reason)

    def bounded(self, most_bytes: int) -> None:
        """Raise `ImportRefused` for a file that is larger than its format may be."""
        if len(self.data) > most_bytes:
            raise self.refused(f"{len(self.data)} bytes; at most {most_bytes} can be imported in this form")


def _decoded(line: bytes) -> str:
    try:
        return line.decode()
    except UnicodeDecodeError:
        return line.decode("cp1252", errors="replace")


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportOptions:
    """What a person adds to the source; only the zone overrides what the source has itself.

    ``room`` is for sessions that name none; ``items_of`` names the session whose items the rows become, and
    ``number_from`` the first number of those that have none. Former sessions that are gone are removed, those in
    ``published`` cancelled; all of them where it is None: not known. Those in ``kept`` stay as they are.
    """

    first_date: date | None = None
    timezone: str | None = None
    title: str | None = None
    room: str | None = None
    items_of: str | None = None
    number_from: int | None = None
    published: Container[str] | None = None
    kept: Container[str] = frozenset()
