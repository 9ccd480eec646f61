"""`agenda import`: create or update a program folder from a published schedule."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from app.commands.import_again import Again, again_options, follow
from app.commands.import_options import source_options, typed_at_terminal
from app.commands.import_writing import print_program, print_report, published_sessions, update, write_new
from app.commands.program_folders import writing
from app.domain.items import LARGEST_FIRST_NUMBER
from app.domain.program import Program
from app.formats.program_folder.files import PROGRAM_FILE
from app.formats.program_folder.reader import read_program
from app.importing import Imported, ImportOptions, ImportReport
from app.live.clock import SYSTEM_CLOCK
from app.outgoing.fetch import without_password
from app.sources.following import remembered_as, with_guesses_seen
from app.sources.raw_address import ADDRESS, raw_address
from app.sources.remembered import RememberedSource, place_in, remember, remembered_sources, said_options
from app.sources.source_file import STANDARD_INPUT, SourceFile, import_file, read_source

AGAIN_ONLY = ("yes", "publish", "every")
# From these sizes on, reading and writing take long enough for a progress message.
LARGE_BYTES = 300_000
MANY_SESSIONS = 1000


@click.command(name="import")
@click.argument("source", required=False)
@click.option("--to", "folder", type=click.Path(path_type=Path, file_okay=False), help="Program folder.")
@source_options
@click.option("--title", metavar="TEXT", help="Title of a new program.")
@click.option("--items-of", metavar="SESSION", help="Import a list of papers as the items of this session.")
@click.option(
    "--number-from",
    type=click.IntRange(0, LARGEST_FIRST_NUMBER),
    metavar="N",
    help="With --items-of: papers without a number get the next free ones from N on.",
)
@click.option("--dry-run", is_flag=True, help="Print what would be written; write nothing.")
@click.option("--strict", is_flag=True, help="Write nothing, and end with status 1, where something was guessed.")
@again_options
def import_(*, again: Path | None, **given: Any) -> None:
    """Create a program folder from SOURCE, or update one.

    SOURCE is a file, a folder, an http(s) address, or - for standard input: a web page with a
    schedule, a table, a calendar, an export of another system. In an existing folder sessions and papers keep
    their ids, and fields that SOURCE does not have stay; sessions that are gone from it are cancelled, or removed
    where they were never published. With --items-of SOURCE is a list of papers, such as OpenReview's.
    """
    if again is not None:
        _import_again(again, **given)
        return
    for option in AGAIN_ONLY:
        if given.pop(option):
            raise click.UsageError(f"--{option} goes with --again FOLDER")
    for name, label in (("source", "SOURCE"), ("folder", "--to FOLDER")):
        if given[name] is None:
            raise click.UsageError(f"{label} is missing; or read remembered sources by --again FOLDER")
    _import_typed(**given)


def _import_again(
    again: Path, *, dry_run: bool, strict: bool, yes: bool, publish: bool, every: int | None, **given: Any
) -> None:
    if any(value is not None for value in given.values()):
        raise click.UsageError("--again takes the source, its folder and its options as they are remembered")
    if every is not None and (dry_run or not yes):
        raise click.UsageError("--every goes with --yes, since it asks nobody, and without --dry-run")
    job = Again(folder=again, yes=yes, publish=publish, strict=strict, dry_run=dry_run)
    follow(job, every) if every else job.once()


def _import_typed(*, source: str, folder: Path, dry_run: bool, strict: bool, **given: Any) -> None:
    if given["number_from"] is not None and given["items_of"] is None:
        raise click.UsageError("--number-from numbers papers; --items-of names their session")
    former = read_program(folder) if os.path.lexists(folder / PROGRAM_FILE) else None
    said = ImportOptions(**given)
    published, unknown = (None, ()) if former is None or said.items_of else published_sessions(folder)
    file, imported = _imported(source, replace(said, published=published), former)
    print_report(imported, *unknown)
    print_program(imported.program, former)
    if strict and imported.guessed:
        raise click.ClickException("something was guessed (above), so nothing is written; say it, or omit --strict")
    if dry_run:
        click.echo("A dry run: nothing was written.")
        return
    if len(imported.program.sessions) > MANY_SESSIONS:
        click.echo("Writing …", err=True)
    with writing(folder):
        if former is None:
            write_new(imported.program, folder)
        elif update(former, imported.program, folder):
            click.echo(f"{folder} is updated; `agenda publish` takes it into the running service.")
        if source != STANDARD_INPUT:
            _remember(source, folder, said, file, imported)


def _remember(source: str, folder: Path, said: ImportOptions, file: SourceFile, imported: Imported) -> None:
    """Remember a source with its options, and with its guesses as seen: they were printed to whoever typed it."""
    typed = RememberedSource(place=place_in(folder, source), options=said_options(said))
    former = next((one for one in remembered_sources(folder) if one.items_of == typed.items_of), None)
    found = remembered_as(typed.continuing(former), file, imported, SYSTEM_CLOCK.now())
    if former is None or replace(found, etag=former.etag, last_modified=former.last_modified) != former:
        remember(folder, with_guesses_seen(found, imported.guessed))


def _imported(source: str, options: ImportOptions, former: Program | None) -> tuple[SourceFile, Imported]:
    if ADDRESS.match(source):
        click.echo(f"Fetching {without_password(raw_address(source))} …", err=True)
    report = ImportReport()
    file = read_source(source, report, typed_at_terminal())
    if len(file.data) > LARGE_BYTES:
        click.echo(f"Reading {len(file.data) // 1000} kB of {file.name} …", err=True)
    return file, import_file(file, options, former, report)


COMMANDS = (import_,)
