"""Where the database of a program is, and opening the one that is there, without what serves its pages."""

from __future__ import annotations

from pathlib import Path

from app.domain.program import Program
from app.formats.program_folder.reader import read_id
from app.live.clock import Clock, DatabaseClock
from app.settings import VAR, Settings
from app.store.database import Database, open_database, sqlite_url


def open_existing(settings: Settings) -> tuple[Database, Clock]:
    """The service's database and its clock; raises `NoDatabase` instead of creating one.

    A rehearsal's database is used where there is no other. Of the program's files only the id is read, so faults in
    them do not matter.
    """
    program_id = read_id(settings.program)
    files = (_file(program_id), rehearsals_file(program_id))
    file = next(filter(Path.exists, files), files[0])
    database = open_database(settings.database_url or sqlite_url(file), program_id, create=False)
    return database, DatabaseClock(database)


def database_url(settings: Settings, program: Program) -> str:
    """The URL of a program's database."""
    return settings.database_url or sqlite_url(_file(program.id))


def rehearsals_file(program_id: str) -> Path:
    """The file of a program's rehearsals, which leave its own database alone."""
    return VAR / f"{program_id}-rehearsal.sqlite"


def _file(program_id: str) -> Path:
    return VAR / f"{program_id}.sqlite"
