"""`agenda publish` and `agenda diff`: publish changed files, and compare programs."""

from __future__ import annotations

import os
import sys
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import click

from app.commands import import_preview
from app.commands.service_database import opened, print_clock
from app.domain.change_text import change_lines
from app.domain.program import Program
from app.domain.revision_diff import RevisionDiff
from app.formats.program_folder.files import hash_of_folder
from app.formats.program_folder.reader import read_folder, read_program
from app.live.clock import Clock
from app.program_database import open_existing
from app.settings import Settings
from app.store.publish_files import PublishOutcome, publish_files
from app.store.revisions import Revisions


@click.command()
@click.option("--dry-run", is_flag=True, help="Print what would change; publish nothing.")
def publish(*, dry_run: bool) -> None:
    """Merge changed files of the program folder into the published program."""
    print_publication(publish_folder(Settings.read(os.environ), dry_run=dry_run), dry_run=dry_run)


@dataclass(frozen=True, slots=True)
class Publication:
    """What became of a program's files in a database, by a clock."""

    outcome: PublishOutcome
    program: Program
    place: str
    clock: Clock


def publish_folder(settings: Settings, *, dry_run: bool = False, restored: bool = False) -> Publication:
    """Merge the files of the program that the settings name into the published one, as `publish_files` does."""
    found = read_folder(settings.program)
    database, clock = open_existing(settings)
    with closing(database):
        outcome = publish_files(
            Revisions(database),
            found.program,
            source_hash=hash_of_folder(settings.program),
            now=clock.now(),
            pictures=found.pictures,
            made_ids=found.made_ids,
            dry_run=dry_run,
            restored=restored,
        )
    return Publication(outcome, found.program, database.place, clock)


def print_publication(publication: Publication, *, dry_run: bool = False) -> None:
    """Print what was published, or the conflicts, which end the command with status 1."""
    outcome = publication.outcome
    if outcome.difference:
        _print_changes(outcome.difference)
    for conflict in outcome.conflicts:
        click.echo(f"conflict  {conflict}", err=True)
    if outcome.conflicts:
        click.echo("The published program stays as it is: undo the edit, or change the files.", err=True)
        sys.exit(1)
    click.echo(_summary(outcome, publication.place, dry_run=dry_run))
    print_clock(publication.clock, publication.program)


@click.command()
@click.argument("before")
@click.argument("after")
def diff(before: str, after: str) -> None:
    """Print the differences between two programs: folders, or numbers of revisions."""
    for line in import_preview.changes(_program(before), _program(after)):
        click.echo(line)


COMMANDS = (publish, diff)


def _print_changes(difference: RevisionDiff) -> None:
    for line in change_lines(difference):
        click.echo(line)


def _summary(outcome: PublishOutcome, place: str, *, dry_run: bool) -> str:
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
