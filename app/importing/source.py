"""The file that is imported, as its reader gets it."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import PurePosixPath

from app.importing.dates import DateContext
from app.importing.report import ImportRefused, ImportReport

BYTE_ORDER_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


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
        """Its text; bytes that are not UTF-8 or UTF-16 are read as Windows-1252."""
        for mark, encoding in BYTE_ORDER_MARKS:
            if self.data.startswith(mark):
                return self.data.decode(encoding, errors="replace")
        try:
            return self.data.decode()
        except UnicodeDecodeError:
            self.report.guessed("not UTF-8, so read as Windows-1252", better="save it as UTF-8")
            return self.data.decode("cp1252", errors="replace")

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


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportOptions:
    """What a person adds to the source; only the zone overrides what the source has itself.

    ``room`` is for sessions that name none; ``items_of`` names the session whose items the rows become. Former sessions
    that are gone are removed, those in ``published`` cancelled; all of them where it is None: not known.
    """

    first_date: date | None = None
    timezone: str | None = None
    room: str | None = None
    items_of: str | None = None
    published: Container[str] | None = None
