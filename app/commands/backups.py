"""`agenda backup` and `agenda restore`: the database to and from one file."""

from __future__ import annotations

import os
from pathlib import Path

import click

from app.commands.service_database import opened
from app.formats.program_folder.reader import read_program
from app.service_factory import database_url
from app.settings import Settings
from app.store import backup as database_backup
from app.store.database import connect, open_database, sqlite_url
from app.store.errors import FileExists


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def backup(file: Path) -> None:
    """Copy the database to FILE while the service runs; FILE is an SQLite database to serve from."""
    database, _ = opened(Settings.read(os.environ))
    database_backup.backup(database, file)
    click.echo(f"{database.place} is copied to {file}.")


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def restore(file: Path) -> None:
    """Fill a new, empty database from the backup FILE: DATABASE_URL's, or the default one under var/.

    Stop the service first. An existing database is never overwritten: move it away.
    """
    settings = Settings.read(os.environ)
    program = read_program(settings.program)
    # Refuses a file that is no backup, or the backup of another program.
    open_database(sqlite_url(file), program.id, create=False).close()
    url = database_url(settings, program)
    target = connect(url)
    target.close()
    if target.is_sqlite and Path(target.place).stat().st_size:
        raise FileExists(target.place, "stop the service and move it away first")
    database_backup.restore(file, url)
    click.echo(f"{file} is restored to {target.place}. Next: agenda serve")


COMMANDS = (backup, restore)
