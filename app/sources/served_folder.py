"""The program's folder as the service sees it: which sources it remembers, and whether an import can be written there.

The database says what is published; where the folder cannot be written, only it has the import.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import date
from pathlib import Path

from app.domain.errors import AgendaError
from app.domain.program import Program
from app.formats.program_folder.files import hash_of_folder
from app.formats.program_folder.reader import read_id, read_program
from app.formats.program_folder.writer import update_program
from app.sources.remembered import RememberedSource, place_in, remember, remembered_sources
from app.store.database import Database
from app.store.import_jobs import ImportSource
from app.store.publish_files import files_have_hash, were_merged

NO_FOLDER = "the service has no folder of this program"


class UnpublishedFiles(AgendaError):
    """The folder has changes that were never published, which an import would be at odds with."""

    def __init__(self) -> None:
        super().__init__("the program's files on the server have changes that are not published")


class ServedFolder:
    """The folder of a service's program; ``path`` None for none."""

    def __init__(self, database: Database) -> None:
        self.path: Path | None = None
        self._database = database

    def sources(self) -> tuple[RememberedSource, ...]:
        """The sources that the folder remembers; none where it cannot be read."""
        with suppress(AgendaError):
            return remembered_sources(self.path) if self.path else ()
        return ()

    def check(self, program_id: str) -> None:
        """Raise `UnpublishedFiles` where the folder has what was never published."""
        held = self._held(program_id)
        if held and not were_merged(self._database, held[1]):
            raise UnpublishedFiles

    def write(self, program: Program, order: int) -> str:
        """Make the folder hold the merged files of this order; "", or why it stays as it was."""
        held = self._held(program.id)
        if held is None:
            return NO_FOLDER
        folder, _ = held
        try:
            update_program(read_program(folder), program, folder)
            files_have_hash(self._database, order, hash_of_folder(folder))
        except OSError as error:
            return error.strerror or str(error)
        except AgendaError as error:
            return str(error)
        return ""

    def remember(self, source: ImportSource) -> None:
        """Remember an address, as `agenda import` does; without effect where that cannot be written."""
        with suppress(AgendaError, OSError):
            if self.path and source.is_address:
                typed = RememberedSource(place=place_in(self.path, source.place), options=_typed(source.options))
                former = next((one for one in remembered_sources(self.path) if one.items_of == typed.items_of), None)
                remember(self.path, typed.continuing(former))

    def _held(self, program_id: str) -> tuple[Path, str] | None:
        """The folder and the hash of its files, where it is there and holds this program."""
        with suppress(AgendaError, OSError):
            if self.path and read_id(self.path) == program_id:
                return self.path, hash_of_folder(self.path)
        return None


def _typed(options: Mapping[str, str]) -> dict[str, str | int | date]:
    """Options of a form as a folder remembers them."""
    said: dict[str, str | int | date] = dict(options)
    return said | {"date": date.fromisoformat(options["date"])} if "date" in options else said
