"""`agenda import`: create or update a program folder from a published schedule."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import fields
from datetime import date, datetime
from pathlib import Path

import click

from app.commands.import_source import ADDRESS, read_source
from app.commands.program_folders import writing
from app.domain.change_text import change_lines
from app.domain.errors import UnknownZone
from app.domain.instants import zone_named
from app.domain.program import Program
from app.domain.revision_diff import compare_programs
from app.domain.session import Session
from app.formats.program_folder.files import PAGES, PROGRAM_FILE, page_files
from app.formats.program_folder.reader import read_program
from app.formats.program_folder.stored_fields import as_files_hold
from app.formats.program_folder.writer import update_program, write_program
from app.importing import Imported, ImportOptions, import_source
from app.importing.report import counted, shortened
from app.web.template_helpers import days_of, long_date

# From these sizes on, reading and writing take long enough for a progress message.
LARGE_BYTES = 300_000
MANY_SESSIONS = 1000
LONGEST_TITLE = 64
LONGEST_NAMES = 40
MOST_ROWS = 200
# The fields of a program that are compared as a whole, and the names of those whose own names say less.
PARTS = [field.name for field in fields(Program) if field.name not in {"sessions", "speakers"}]
NAMES = {"timezone": "time zone", "dates": "important dates"}


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
@click.option("--room", metavar="NAME", help="Room of sessions that have none.")
@click.option("--items-of", metavar="SESSION", help="Import a list of papers as the items of this session.")
@click.option("--dry-run", is_flag=True, help="Print what would be written; write nothing.")
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
    """Create a program folder from SOURCE, or update one.

    SOURCE is a file, a folder, an http(s) address, or - for standard input: a web page with a
    schedule, a table, a calendar, an export of another system. In an existing folder sessions keep
    their ids, and what SOURCE does not contain stays.
    """
    former = read_program(folder) if os.path.lexists(folder / PROGRAM_FILE) else None
    options = ImportOptions(first_date=first_date, timezone=timezone, room=room, items_of=items_of)
    imported = _imported(source, options, former)
    _print_preview(imported, former)
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
        click.echo(f"{folder / PROGRAM_FILE} is rewritten: its comments could not be kept.", err=True)
    click.echo(f"{folder} is updated; `agenda publish` takes it into the running service.")


def _imported(source: str, options: ImportOptions, former: Program | None) -> Imported:
    if ADDRESS.match(source):
        click.echo(f"Fetching {source} …", err=True)
    data, name = read_source(source)
    if len(data) > LARGE_BYTES:
        click.echo(f"Reading {len(data) // 1000} kB of {name} …", err=True)
    return import_source(data, name=name, options=options, former=former)


def _print_preview(imported: Imported, former: Program | None) -> None:
    for label, lines in (("took", imported.took), ("guessed", imported.guessed), ("left", imported.left)):
        for line in lines:
            click.echo(f"{label:<8} {line}")
    click.echo()
    if former is None:
        shown = tuple(_table(imported.program))
    else:
        shown = _changes(former, imported.program) or ("No difference.",)
    for line in shown:
        click.echo(line)
    click.echo(f"\n{_summary(imported.program)}")


def _table(program: Program) -> Iterator[str]:
    """A program's sessions by day: time, id, kind, room where there are several, title, people."""
    widths = [max(map(len, column), default=0) for column in zip(*_cells(program, program.sessions), strict=True)]
    shown = program.sessions[:MOST_ROWS]
    for day in days_of(program, shown):
        yield long_date(day.date)
        for row in _cells(program, day.sessions):
            yield "  " + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
    if len(shown) < len(program.sessions):
        yield f"… and {len(program.sessions) - len(shown)} more"


def _changes(before: Program, after: Program) -> tuple[str, ...]:
    """What an update would change, one line each."""
    lines = change_lines(compare_programs(before, after))
    parts = [f"the {NAMES.get(name, name)}" for name in PARTS if getattr(before, name) != getattr(after, name)]
    if set(before.speakers) != set(after.speakers):
        parts.append("the speakers")
    return (*lines, f"Changed besides: {', '.join(parts)}") if parts else lines


def _summary(program: Program) -> str:
    """A program in one line: CODEML: 15 sessions, 6 speakers, 1 room, 1 day, America/Vancouver."""
    parts = (program.sessions, program.speakers, program.rooms, program.days)
    counts = [counted(len(part), name) for part, name in zip(parts, ("session", "speaker", "room", "day"), strict=True)]
    return f"{program.title}: {', '.join(counts)}, {program.timezone}"


def _cells(program: Program, sessions: Iterable[Session]) -> Iterator[tuple[str, ...]]:
    several = len(program.rooms) > 1
    for session in sessions:
        title = f"CANCELLED: {session.title}" if session.cancelled else session.title
        room = program.room_name(session.room)
        yield (
            f"{program.clock(session.start)}–{program.clock(session.end)}",
            session.id,
            session.kind,
            *([shortened(room, LONGEST_NAMES)] if several else []),
            shortened(title, LONGEST_TITLE),
            shortened(", ".join(person.name for person in program.speakers_of(session)), LONGEST_NAMES),
        )


COMMANDS = (import_,)
