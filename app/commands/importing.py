"""`agenda import`: a program folder from whatever a workshop has published, and its update from the next version."""

from __future__ import annotations

import os
from datetime import date, datetime
from pathlib import Path

import click

from app.commands import previews
from app.commands.folders import writing
from app.commands.sources import ADDRESS, found
from app.domain.errors import UnknownZone
from app.domain.instants import zone
from app.domain.program import Program
from app.formats.folder.keeping import as_files_hold
from app.formats.folder.pages import PAGES, page_files
from app.formats.folder.reader import FILE, read_program
from app.formats.folder.writer import update_program, write_program
from app.formats.imports import Imported, ImportOptions, import_source

# From here on reading or writing takes long enough to be announced.
LARGE_BYTES = 300_000
MANY_SESSIONS = 1000


def _zone(_: click.Context, __: click.Parameter, name: str | None) -> str | None:
    try:
        return name and str(zone(name))
    except UnknownZone as error:
        raise click.BadParameter(str(error)) from error


def _day(_: click.Context, __: click.Parameter, moment: datetime | None) -> date | None:
    return moment.date() if moment else None


@click.command(name="import")
@click.argument("source")
@click.option("--to", "folder", required=True, type=click.Path(path_type=Path, file_okay=False), help="Program folder.")
@click.option(
    "--date",
    "first_date",
    type=click.DateTime(["%Y-%m-%d"]),
    callback=_day,
    metavar="DAY",
    help="First day, such as 2025-07-18, where none is said.",
)
@click.option("--timezone", metavar="ZONE", callback=_zone, help="Zone of the times, such as America/Vancouver.")
@click.option("--room", metavar="NAME", help="Room of sessions that name none.")
@click.option("--items-of", metavar="SESSION", help="The source lists papers: they become the items of this session.")
@click.option("--dry-run", is_flag=True, help="Say what would be written; write nothing.")
def import_(
    *,
    source: str,
    folder: Path,
    first_date: date | None,
    timezone: str | None,
    room: str | None,
    items_of: str | None,
    dry_run: bool,
) -> None:
    """Make a program folder from SOURCE, or bring one up to it.

    SOURCE is a file, a folder, an http(s) address, or - for standard input, in any form: a page
    with a schedule, a table, a calendar, an export of another system. Into a folder that is there
    already, sessions keep their ids, and what the source does not hold stays.
    """
    former = read_program(folder) if os.path.lexists(folder / FILE) else None
    options = ImportOptions(first_date=first_date, timezone=timezone, room=room, items_of=items_of)
    imported = _imported(source, options, former)
    _say(imported, former)
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
        click.echo(f"{folder / FILE} is written anew: its own comments could not be kept.", err=True)
    click.echo(f"{folder} is brought up to it; `agenda publish` takes it into the running service.")


def _imported(source: str, options: ImportOptions, former: Program | None) -> Imported:
    if ADDRESS.match(source):
        click.echo(f"Fetching {source} …", err=True)
    read = found(source)
    if len(read.data) > LARGE_BYTES:
        click.echo(f"Reading {len(read.data) // 1000} kB of {read.name} …", err=True)
    return import_source(read.data, name=read.name, options=options, former=former)


def _say(imported: Imported, former: Program | None) -> None:
    for sort, lines in (("took", imported.took), ("guessed", imported.guessed), ("left", imported.left)):
        for line in lines:
            click.echo(f"{sort:<8} {line}")
    click.echo()
    if former is None:
        shown = tuple(previews.table(imported.program))
    else:
        shown = previews.changes(former, imported.program) or ("No difference.",)
    for line in shown:
        click.echo(line)
    click.echo(f"\n{previews.summary(imported.program)}")


COMMANDS = (import_,)
