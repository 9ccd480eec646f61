"""`agenda restore`: a backup becomes the database again."""

from __future__ import annotations

import os
from pathlib import Path

import click

from app.building import database_url
from app.formats.folder.reader import read_program
from app.settings import Settings
from app.store.backup import restore as fill
from app.store.database import connect, open_database, sqlite_url
from app.store.errors import FileExists


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def restore(file: Path) -> None:
    """Fill a new, empty database from the backup FILE: DATABASE_URL's, or the usual one under var/.

    Stop the service first. What is there already is never overwritten: move it away.
    """
    settings = Settings.read(os.environ)
    program = read_program(settings.program)
    # Says no to a file that is no backup, or one of another program.
    open_database(sqlite_url(file), program.id, create=False).close()
    url = database_url(settings, program)
    target = connect(url)
    target.close()
    if target.is_sqlite and Path(target.place).stat().st_size:
        raise FileExists(target.place, "stop the service and move it away first")
    fill(file, url)
    click.echo(f"{file} is restored to {target.place}. Next: agenda serve")


COMMANDS = (restore,)
