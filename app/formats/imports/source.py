"""A source as its reader gets it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePosixPath

from app.formats.imports.days import Calendar
from app.formats.imports.notes import Notes
from app.formats.imports.refusal import ImportRefused
from app.formats.imports.text import decoded


@dataclass(frozen=True)
class Source:
    """The bytes of one file, its name, and what is known before it is read."""

    data: bytes
    name: str
    calendar: Calendar

    @property
    def notes(self) -> Notes:
        """Where a reader says what it took, guessed and left."""
        return self.calendar.notes

    @property
    def suffix(self) -> str:
        """The end of its name, in lower case: `.csv`."""
        return PurePosixPath(self.name.replace("\\", "/")).suffix.lower()

    @property
    def stem(self) -> str:
        """Its name without folder and end, as words."""
        return PurePosixPath(self.name.replace("\\", "/")).stem.replace("_", " ").replace("-", " ").strip()

    @cached_property
    def text(self) -> str:
        """Its text, whatever it was encoded in."""
        text, encoding = decoded(self.data)
        if encoding == "windows-1252":
            self.notes.guessed("not UTF-8, so read as Windows-1252")
        return text

    def refused(self, reason: str) -> ImportRefused:
        """The error that says why nothing can be made of it."""
        return ImportRefused(self.name, reason)

    def bounded(self, most_bytes: int) -> None:
        """Raises `ImportRefused` for a file greater than its form can be read at."""
        if len(self.data) > most_bytes:
            raise self.refused(f"{len(self.data)} bytes; at most {most_bytes} can be imported in this form")
