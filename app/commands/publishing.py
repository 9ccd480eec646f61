"""`agenda publish`, `agenda diff`, `agenda backup`: the program's files, and copies of what was published."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from app.commands.desk import opened, tell_clock
from app.domain.difference import difference
from app.domain.program import Program
from app.domain.telling import told
from app.formats.folder.hash import hash_of_folder
from app.formats.folder.reader import read_program
from app.settings import Settings
from app.store.backup import backup as back_up
from app.store.outcome import PublishOutcome
from app.store.publishing import publish_files
from app.store.revisions import Revisions


@click.command()
@click.option("--dry-run", is_flag=True, help="Say what would change; publish nothing.")
def publish(*, dry_run: bool) -> None:
    """Take changed files of the program's folder into the running program."""
    settings = Settings.read(os.environ)
    program = read_program(settings.program)
    database, clock = opened(settings)
    revisions = Revisions(database)
    outcome = publish_files(
        revisions, program, source_hash=hash_of_folder(settings.program), now=clock.now(), dry_run=dry_run
    )
    for line in told(outcome.difference) if outcome.difference else ():
        click.echo(line)
    for conflict in outcome.conflicts:
        click.echo(f"conflict  {conflict}", err=True)
    if outcome.conflicts:
        click.echo("What is published goes on as it was: undo the edit, or change the files.", err=True)
        sys.exit(1)
    click.echo(_said(outcome, database.place, dry_run=dry_run))
    tell_clock(clock, program)


@click.command()
@click.argument("before")
@click.argument("after")
def diff(before: str, after: str) -> None:
    """Say what differs between two programs: folders, or numbers of revisions."""
    old, new = _program(before), _program(after)
    for line in told(difference(old, new)):
        click.echo(line)


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def backup(file: Path) -> None:
    """Copy the database to FILE while the service runs; FILE is an SQLite database to serve from."""
    database, _ = opened(Settings.read(os.environ))
    back_up(database, file)
    click.echo(f"{database.place} is copied to {file}.")


COMMANDS = (publish, diff, backup)


def _said(outcome: PublishOutcome, place: str, *, dry_run: bool) -> str:
    if outcome.revision is not None:
        return f"Published as revision {outcome.revision.number} in {place}."
    if dry_run and outcome.kind == "published":
        return "A dry run: nothing was published."
    return f"Nothing new for {place}."


def _program(name: str) -> Program:
    if name.isascii() and name.isdecimal() and not Path(name).is_dir():
        database, _ = opened(Settings.read(os.environ))
        return Revisions(database).get(int(name)).program
    return read_program(Path(name))
