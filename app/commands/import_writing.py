"""What imports print before they write, and how they write."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import click

from app.commands import import_preview
from app.domain.errors import AgendaError
from app.domain.program import Program
from app.formats.program_folder.files import PAGES, PROGRAM_FILE, page_files
from app.formats.program_folder.stored_fields import as_files_hold
from app.formats.program_folder.writer import update_program, write_program
from app.importing import Imported
from app.program_database import open_existing
from app.settings import Settings
from app.store.errors import NoDatabase
from app.store.revisions import Revisions


def published_sessions(folder: Path) -> tuple[frozenset[str] | None, tuple[str, ...]]:
    """The ids of the sessions that the service of a program has ever shown, or None and a line that says why not.

    A rehearsal shows them to nobody.
    """
    try:
        database, clock = open_existing(replace(Settings.read(os.environ), program=folder))
        try:
            return frozenset() if clock.rehearsal else Revisions(database).sessions_ever(), ()
        finally:
            database.close()
    except NoDatabase:
        return frozenset(), ()
    except AgendaError as error:
        return None, (f"what was published is not known, so nothing is removed ({error})",)


def print_report(imported: Imported, *left: str) -> None:
    """Print what an import took, guessed and left."""
    for label, lines in (("taken", imported.took), ("guessed", imported.guessed), ("left", (*imported.left, *left))):
        for line in lines:
            click.echo(f"{label:<8} {line}")


def print_program(program: Program, former: Program | None) -> None:
    """Print a new program as a table, or what differs from the former one."""
    if former is None:
        shown = tuple(import_preview.table(program))
    else:
        shown = import_preview.changes(former, program) or ("No difference.",)
    for line in ("", *shown, "", import_preview.summary(program)):
        click.echo(line)


def write_new(program: Program, folder: Path) -> None:
    """Write a new program into a folder without pages of something else, and print what comes next."""
    if page_files(folder):
        raise click.ClickException(f"{folder / PAGES} holds pages of something else; name a new folder")
    write_program(program, folder)
    click.echo(f"Written to {folder}. Next: agenda check {folder}; AGENDA_PROGRAM={folder} agenda serve")


def update(former: Program, program: Program, folder: Path) -> bool:
    """Update a folder that holds ``former``; whether that changes it, which is printed."""
    if as_files_hold(program) == former:
        click.echo(f"{folder} has all this already.")
        return False
    if not update_program(former, program, folder):
        click.echo(f"{folder / PROGRAM_FILE} is rewritten: its comments could not be kept.", err=True)
    return True
