"""`agenda import`: create or update a program folder from a published schedule."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import click

from app.commands import import_preview
from app.commands.import_source import ADDRESS, csv_address, read_source
from app.commands.program_folders import writing
from app.domain.errors import AgendaError, UnknownZone
from app.domain.instants import zone_named
from app.domain.program import Program
from app.formats.program_folder.files import PAGES, PROGRAM_FILE, page_files
from app.formats.program_folder.reader import read_program
from app.formats.program_folder.stored_fields import as_files_hold
from app.formats.program_folder.writer import update_program, write_program
from app.importing import Imported, ImportOptions, ImportReport, import_source
from app.service_factory import open_existing
from app.settings import Settings
from app.store.errors import NoDatabase
from app.store.revisions import Revisions

# From these sizes on, reading and writing take long enough for a progress message.
LARGE_BYTES = 300_000
MANY_SESSIONS = 1000
LARGEST_NUMBER = 99_999


def _zone(_: click.Context, __: click.Parameter, name: str | None) -> str | None:
    try:
        return name and str(zone_named(name))
    except UnknownZone as error:
        raise click.BadParameter(str(error)) from error


def _date(_: click.Context, __: click.Parameter, midnight: datetime | None) -> date | None:
    return midnight.date() if midnight else None


@click.command(name="import")
@click.argument("source")
@click.option("--to", "folder", required=True, type=click.Path(path_type=Path, file_okay=False), help="Program folder.")
@click.option(
    "--date",
    "first_date",
    type=click.DateTime(["%Y-%m-%d"]),
    callback=_date,
    metavar="DAY",
    help="First day, such as 2025-07-18, where the source gives none.",
)
@click.option("--timezone", metavar="ZONE", callback=_zone, help="Time zone of the source, such as America/Vancouver.")
@click.option("--title", metavar="TEXT", help="Title of a new program.")
@click.option("--room", metavar="NAME", help="Room of sessions that have none.")
@click.option("--items-of", metavar="SESSION", help="Import a list of papers as the items of this session.")
@click.option(
    "--number-from",
    type=click.IntRange(0, LARGEST_NUMBER),
    metavar="N",
    help="With --items-of: papers without a number get the next free ones from N on.",
)
@click.option("--dry-run", is_flag=True, help="Print what would be written; write nothing.")
@click.option("--strict", is_flag=True, help="Write nothing, and end with status 1, where something was guessed.")
def import_(*, source: str, folder: Path, dry_run: bool, strict: bool, **given: Any) -> None:
    """Create a program folder from SOURCE, or update one.

    SOURCE is a file, a folder, an http(s) address, or - for standard input: a web page with a
    schedule, a table, a calendar, an export of another system. In an existing folder sessions and papers keep
    their ids, and fields that SOURCE does not have stay; sessions that are gone from it are cancelled, or removed
    where they were never published. With --items-of SOURCE is a list of papers, such as OpenReview's.
    """
    if given["number_from"] is not None and given["items_of"] is None:
        raise click.UsageError("--number-from numbers papers; --items-of names their session")
    former = read_program(folder) if os.path.lexists(folder / PROGRAM_FILE) else None
    options, unknown = _with_published(ImportOptions(**given), former, folder)
    imported = _imported(source, options, former)
    _print_preview(imported, former, *unknown)
    if strict and imported.guessed:
        raise click.ClickException("something was guessed (above), so nothing is written; say it, or omit --strict")
    if dry_run:
        click.echo("A dry run: nothing was written.")
        return
    if len(imported.program.sessions) > MANY_SESSIONS:
        click.echo("Writing …", err=True)
    with writing(folder):
        if former is None:
            _write(imported.program, folder)
        else:
            _update(former, imported.program, folder)


def _with_published(
    options: ImportOptions, former: Program | None, folder: Path
) -> tuple[ImportOptions, tuple[str, ...]]:
    """The options with what was published of a former program, or a line that says why that is not known."""
    if former is None or options.items_of is not None:
        return options, ()
    try:
        return replace(options, published=_published(folder)), ()
    except AgendaError as error:
        return options, (f"what was published is not known, so nothing is removed ({error})",)


def _write(program: Program, folder: Path) -> None:
    if page_files(folder):
        raise click.ClickException(f"{folder / PAGES} holds pages of something else; name a new folder")
    write_program(program, folder)
    click.echo(f"Written to {folder}. Next: agenda check {folder}; AGENDA_PROGRAM={folder} agenda serve")


def _update(former: Program, program: Program, folder: Path) -> None:
    if as_files_hold(program) == former:
        click.echo(f"{folder} has all this already.")
        return
    if not update_program(former, program, folder):
        click.echo(f"{folder / PROGRAM_FILE} is rewritten: its comments could not be kept.", err=True)
    click.echo(f"{folder} is updated; `agenda publish` takes it into the running service.")


def _published(folder: Path) -> frozenset[str]:
    """The ids of the sessions that the service of a program has ever shown; raises `StoreError`, `BadSetting`.

    A rehearsal shows them to nobody.
    """
    try:
        database, clock = open_existing(replace(Settings.read(os.environ), program=folder))
    except NoDatabase:
        return frozenset()
    try:
        return frozenset() if clock.rehearsal else Revisions(database).sessions_ever()
    finally:
        database.close()


def _imported(source: str, options: ImportOptions, former: Program | None) -> Imported:
    if ADDRESS.match(source):
        source = csv_address(source)
        click.echo(f"Fetching {source} …", err=True)
    report = ImportReport()
    file = read_source(source, report)
    if len(file.data) > LARGE_BYTES:
        click.echo(f"Reading {len(file.data) // 1000} kB of {file.name} …", err=True)
    return import_source(file.data, name=file.name, address=file.address, options=options, former=former, report=report)


def _print_preview(imported: Imported, former: Program | None, *left: str) -> None:
    for label, lines in (("taken", imported.took), ("guessed", imported.guessed), ("left", (*imported.left, *left))):
        for line in lines:
            click.echo(f"{label:<8} {line}")
    click.echo()
    if former is None:
        shown = tuple(import_preview.table(imported.program))
    else:
        shown = import_preview.changes(former, imported.program) or ("No difference.",)
    for line in shown:
        click.echo(line)
    click.echo(f"\n{import_preview.summary(imported.program)}")


COMMANDS = (import_,)
