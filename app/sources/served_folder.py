"""The program's folder as the service sees it: which sources it remembers, and whether an import can be written there.

The database says what is published; where the folder cannot be written, only it has the import.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from app.domain.errors import AgendaError, Fault, InvalidProgram
from app.domain.program import Program
from app.formats.limited_process import FAILURES, output_of
from app.formats.program_folder.files import hash_of_folder
from app.formats.program_folder.reader import read_id
from app.sources.remembered import RememberedSource, options_of_texts, place_in, remember, remembered_sources
from app.store.database import Database
from app.store.import_jobs import ImportSource
from app.store.publish_files import files_have_hash, were_merged

MODULE = "app.sources.folder_process"
LONGEST_SECONDS = 120
LARGEST_MEMORY = 2**30
LARGEST_FILE = 60_000_000
LIMITS = {
    "seconds": LONGEST_SECONDS,
    "cpu_seconds": LONGEST_SECONDS,
    "memory": LARGEST_MEMORY,
    "output": LARGEST_FILE,
}
TOOK_TOO_LONG = "writing them took too much time or memory"
ADVICE = "`agenda publish` there takes them in"
NO_FOLDER = "the service has no folder of this program"

# The names of files, and when each was changed and how large it is.
Stamp = tuple[tuple[str, int, int], ...]


@dataclass(frozen=True, slots=True)
class WriteRequest:
    """Which folder is to hold which program."""

    folder: Path
    program: Program


@dataclass(frozen=True, slots=True)
class Written:
    """The hash of the folder's files afterwards; or the reason why the folder stayed as it was."""

    hash: str = ""
    reason: str = ""


REQUEST: TypeAdapter[WriteRequest] = TypeAdapter(WriteRequest)
WRITTEN: TypeAdapter[Written] = TypeAdapter(Written)


class UnpublishedFiles(AgendaError):
    """The folder has changes that were never published, which an import would be at odds with."""

    def __init__(self) -> None:
        super().__init__(f"the program's files on the server have changes that are not published; {ADVICE}")


class ServedFolder:
    """The folder of a service's program; ``path`` None for none."""

    def __init__(self, database: Database) -> None:
        self.path: Path | None = None
        self._database = database
        # The hash of the files as they were when they were last looked at.
        self._hashed: tuple[Stamp, str] | None = None

    def sources(self) -> tuple[RememberedSource, ...]:
        """The sources that the folder remembers; none where it cannot be read."""
        with suppress(AgendaError):
            return remembered_sources(self.path) if self.path else ()
        return ()

    def check(self, program_id: str) -> None:
        """Raise `UnpublishedFiles` where the folder has what was never published."""
        found = None
        with suppress(InvalidProgram, OSError):
            found = self._hash(self.path, program_id) if self.path else None
        if found and not were_merged(self._database, found):
            raise UnpublishedFiles

    def take(self, program: Program, order: int, source: ImportSource) -> str:
        """Make the folder hold the merged files of this order, and remember their source.

        Returns "", or why it stays as it was; raises `StoreError`.
        """
        try:
            if self.path is None or read_id(self.path) != program.id:
                return NO_FOLDER
            request = REQUEST.dump_json(WriteRequest(self.path.resolve(), program))
            written = WRITTEN.validate_json(output_of(MODULE, request, **LIMITS))
        except InvalidProgram:
            return NO_FOLDER
        except (*FAILURES, ValidationError):
            return TOOK_TOO_LONG
        if written.hash:
            files_have_hash(self._database, order, written.hash)
            self._remember(self.path, source)
        return written.reason

    def _remember(self, folder: Path, source: ImportSource) -> None:
        """Remember an address, as `agenda import` does; without effect where that cannot be written."""
        with suppress(AgendaError, OSError):
            if source.is_address:
                typed = RememberedSource(place=place_in(folder, source.place), options=options_of_texts(source.options))
                former = next((one for one in remembered_sources(folder) if one.items_of == typed.items_of), None)
                remember(folder, typed.continuing(former))

    def _hash(self, folder: Path, program_id: str) -> str:
        """The hash of the folder's files; raises `OSError`, `InvalidProgram` where it does not hold this program."""
        stamp = _stamp(folder)
        if self._hashed is None or self._hashed[0] != stamp:
            if read_id(folder) != program_id:
                raise InvalidProgram([Fault(str(folder), "another program", program_id)])
            self._hashed = stamp, hash_of_folder(folder)
        return self._hashed[1]


def _stamp(folder: Path) -> Stamp:
    """By what it is seen that a folder's files are the same as before."""
    found = ((path.as_posix(), path.stat()) for path in sorted(folder.rglob("*")))
    return tuple((name, stat.st_mtime_ns, stat.st_size) for name, stat in found)
