"""`agenda drift`: whether another page or file tells other times, rooms or titles than a program."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from app.commands.import_options import source_options, typed_at_terminal
from app.domain.drift import drift_between
from app.domain.program import Program
from app.formats.program_folder.reader import read_program
from app.importing import Imported, ImportOptions, ImportRefused, ImportReport
from app.importing.report import counted
from app.importing.session_times import ENDS
from app.sources.source_file import import_file, read_source


class ReportOfEnds(ImportReport):
    """A report that also knows of which sessions the source says no end, by their names."""

    def __init__(self) -> None:
        super().__init__()
        self.unsaid_ends: set[str] = set()

    def guessed(self, remark: str, thing: str = "", *, better: str) -> None:
        """Report a guess; those that an end would state better are about an end."""
        super().guessed(remark, thing, better=better)
        if better == ENDS:
            self.unsaid_ends.add(thing)


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False, exists=True))
@click.argument("source")
@source_options
@click.option("--people", is_flag=True, help="Compare the people of sessions, too.")
@click.option("--all", "all_of_them", is_flag=True, help="List each session that only SOURCE has.")
@click.option("--quiet", is_flag=True, help="Print nothing where nothing differs.")
def drift(*, folder: Path, source: str, people: bool, all_of_them: bool, quiet: bool, **given: Any) -> None:
    """Compare the program in FOLDER with what SOURCE says of it; exit with status 1 where they differ.

    SOURCE is a file, a folder, an http(s) address, or - for standard input, such as the conference's own page. Times,
    rooms and titles are compared session by session. A session that is cancelled in FOLDER may be gone from SOURCE.
    """
    here = read_program(folder)
    imported, report = _read(source, ImportOptions(title=here.title, **given), here)
    found = drift_between(here, imported.program, unsaid_ends=report.unsaid_ends, people=people)
    if not found.matched:
        raise ImportRefused(source, f"none of its {counted(len(imported.program.sessions), 'session')} is in {folder}")
    for line in (*found.differences, *(found.of_others if all_of_them else ())):
        click.echo(line)
    if found.of_others and not all_of_them and not (quiet and not found.differences):
        click.echo(f"{counted(len(found.of_others), 'session')} only there, of other programs (--all lists them)")
    if found.differences:
        for line in imported.guessed:
            click.echo(f"guessed  {line}", err=True)
        sys.exit(1)
    if not quiet:
        click.echo(f"No drift: {counted(found.matched, 'session')} agree{'s' if found.matched == 1 else ''}.")


COMMANDS = (drift,)


def _read(source: str, options: ImportOptions, here: Program) -> tuple[Imported, ReportOfEnds]:
    """The source as a program of its own; what it must say and does not, its day or zone, is that of ours.

    Raises `ImportRefused`, `FetchRefused`.
    """
    report = ReportOfEnds()
    file = read_source(source, report, typed_at_terminal())
    try:
        return import_file(file, options, None, report), report
    except ImportRefused:
        if not report.questions:
            raise
    report = ReportOfEnds()
    first_date = options.first_date or (here.days[0] if here.days else None)
    options = replace(options, first_date=first_date, timezone=options.timezone or here.timezone)
    return import_file(file, options, None, report), report
