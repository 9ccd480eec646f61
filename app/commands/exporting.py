"""`agenda export`: the program for other systems, on standard output."""

from __future__ import annotations

import os
import sys
from datetime import UTC, datetime

import click

from app.building import open_existing
from app.commands.desk import tell_clock
from app.domain.changes import stamped
from app.domain.program import Program
from app.formats.exports import FORMS, export_program
from app.formats.folder.reader import FILE, read_program
from app.settings import Settings
from app.store.errors import NoDatabase
from app.store.revisions import Revisions


@click.command()
@click.argument("form", type=click.Choice(list(FORMS)))
@click.option("--report", is_flag=True, help="Say on standard error what the form cannot hold.")
def export(form: str, *, report: bool) -> None:
    """Write the program to standard output: frab's XML or JSON, CSV, a calendar, or this service's own JSON.

    It is the published program; where nothing is published yet, that of the program's folder.
    """
    settings = Settings.read(os.environ)
    program, revision = _published(settings) or _written(settings)
    made = export_program(form, program, revision=revision, base_url=settings.public_url)
    sys.stdout.buffer.write(made.data)
    sys.stdout.flush()
    if report:
        for line in made.left_out or ("nothing",):
            click.echo(f"left out: {line}", err=True)


def _published(settings: Settings) -> tuple[Program, int] | None:
    try:
        database, clock = open_existing(settings, or_rehearsals=True)
    except NoDatabase:
        return None
    click.get_current_context().call_on_close(database.close)
    latest = Revisions(database).latest()
    if latest is None:
        return None
    if clock.rehearsal:
        click.echo(f"Revision {latest.number} in {database.place}.", err=True)
        tell_clock(clock, latest.program, err=True)
    return latest.program, latest.number


def _written(settings: Settings) -> tuple[Program, int]:
    """The folder's program as if published first; its stamps are its file's, so the same file gives the same bytes."""
    program = read_program(settings.program)
    changed_at = datetime.fromtimestamp((settings.program / FILE).stat().st_mtime, UTC)
    return stamped(None, program, changed_at, revision=1), 1


COMMANDS = (export,)
