"""`agenda backup` and `agenda restore`: the database to and from one file."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import click

from app.commands.repeating import interval, print_with_time, stopping_signals
from app.commands.service_database import opened
from app.domain.errors import AgendaError
from app.formats.program_folder.reader import read_id, read_program
from app.program_database import database_url, open_existing
from app.settings import Settings
from app.store import backup as database_backup
from app.store.database import Database
from app.store.revisions import Revisions


@click.command()
@click.option(
    "--every", metavar="TIME", callback=interval, help="Go on until stopped: replace FILE each 30s, 1m or 2h."
)
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def backup(file: Path, every: int | None) -> None:
    """Copy the database to FILE while the service runs; FILE is an SQLite database to serve from.

    With --every FILE may be there, as a former copy of the same database; it is complete at each moment.
    """
    settings = Settings.read(os.environ)
    if every is None:
        database, _ = opened(settings)
        database_backup.backup(database, file)
        click.echo(f"{database.place} is copied to {file}.")
    else:
        _copy_until_stopped(Copies(settings, file), every)


@dataclass
class Copies:
    """Copies of a database that replace each other, and what was printed of them last: each message comes once."""

    settings: Settings
    file: Path
    revision: int = 0
    failure: str = ""

    def first(self, every: int) -> str:
        """Make the first copy; the message of it. Raises `StoreError` where that is not possible."""
        with self._database() as database:
            return f"{database.place} is copied to {self.file} each {every} s. {self._copy(database)}"

    def next(self) -> str:
        """Make another copy, of the database as it is found then; the message of it, "" where nothing is new."""
        try:
            with self._database() as database:
                return self._copy(database)
        except AgendaError as error:
            if self.failure == str(error):
                return ""
            self.failure = str(error)
            return f"{self.failure}; {self.file} stays as it was, and this goes on trying."

    def _copy(self, database: Database) -> str:
        # Before the copy: what is published meanwhile may not be in it.
        latest = Revisions(database).latest()
        database_backup.replace_backup(database, self.file, read_id(self.settings.program))
        number = latest.number if latest else 0
        if not self.failure and number == self.revision:
            return ""
        again = "Copying again. " if self.failure else ""
        self.revision, self.failure = number, ""
        return f"{again}Revision {number} is in it."

    @contextmanager
    def _database(self) -> Iterator[Database]:
        """The database, opened anew: it may be away, or another file, since the last copy."""
        database, _ = open_existing(self.settings)
        with closing(database):
            yield database


def _copy_until_stopped(copies: Copies, every: int) -> None:
    """Copy each so many seconds; SIGTERM and SIGINT end it after the copy that is being made."""
    with stopping_signals() as signal_within:
        print_with_time(copies.first(every))
        while not signal_within(every):
            if message := copies.next():
                print_with_time(message)
        print_with_time(f"Stopped. Revision {copies.revision} is in {copies.file}.")


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def restore(file: Path) -> None:
    """Fill a new, empty database from the backup FILE: DATABASE_URL's, or the default one under var/.

    Stop the service first. An existing database is never overwritten: move it away.
    """
    settings = Settings.read(os.environ)
    program = read_program(settings.program)
    database_backup.check_backup(file, program.id)
    url = database_url(settings, program)
    place = database_backup.restore(file, url)
    click.echo(f"{file} is restored to {place}. Next: agenda serve")


COMMANDS = (backup, restore)
