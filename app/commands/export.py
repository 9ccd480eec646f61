"""`agenda export`: the program for other systems, on standard output."""

from __future__ import annotations

import os
import sys

import click

from app.commands.service_database import opened, print_clock
from app.domain.change_stamps import with_stamps
from app.domain.program import Program
from app.formats.export_formats import FORMS, export_program
from app.formats.program_folder.reader import read_dated_folder
from app.settings import Settings
from app.store.errors import NoDatabase
from app.store.revisions import Revisions


@click.command()
@click.argument("form", type=click.Choice(list(FORMS)))
@click.option("--report", is_flag=True, help="Print to standard error what the format cannot hold.")
def export(form: str, *, report: bool) -> None:
    """Write the program to standard output: frab's XML or JSON, CSV, a calendar, or this service's own JSON.

    "papers" are the items of all sessions as CSV.
    That is the published program; where nothing is published yet, the program folder's.
    """
    settings = Settings.read(os.environ)
    program, revision = _published(settings) or _from_folder(settings)
    made = export_program(form, program, revision=revision, base_url=settings.public_url)
    sys.stdout.buffer.write(made.data)
    sys.stdout.flush()
    if report:
        for line in made.left_out or ("nothing",):
            click.echo(f"left out: {line}", err=True)


def _published(settings: Settings) -> tuple[Program, int] | None:
    try:
        database, clock = opened(settings)
    except NoDatabase:
        return None
    revisions = Revisions(database)
    latest = revisions.latest()
    if latest is None:
        return None
    if clock.rehearsal:
        click.echo(f"Revision {latest.number} in {database.place}.", err=True)
        print_clock(clock, latest.program, err=True)
    return latest.program, revisions.newest_told_number()


def _from_folder(settings: Settings) -> tuple[Program, int]:
    """The folder's program as revision 1, stamped with its file's time."""
    found, written_at = read_dated_folder(settings.program)
    return with_stamps(None, found.program, written_at, revision=1), 1


COMMANDS = (export,)
