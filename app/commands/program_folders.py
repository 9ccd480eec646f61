"""`agenda check` and `agenda new`: program folders."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import click

from app.domain.ids import slug_or_digest
from app.domain.instants import in_zone
from app.domain.program import Program
from app.domain.session import Session
from app.formats.program_folder.reader import check_folder, read_program
from app.formats.program_folder.writer import write_program
from app.importing.report import counted
from app.live.clock import SYSTEM_CLOCK
from app.settings import starter_program

# A top-level domain that names no host (RFC 2606, 2): calendar ids of a new program must not match anybody's.
NO_HOST = "invalid"


@contextmanager
def writing(folder: Path) -> Iterator[None]:
    """Turn an error of the file system into one line and exit status 1."""
    try:
        yield
    except OSError as error:
        raise click.ClickException(f"{error.filename or folder}: {error.strerror or error}") from error


@click.command()
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--strict", is_flag=True, help="Treat warnings as faults.")
def check(path: Path, *, strict: bool) -> None:
    """Print what is wrong with the program in PATH; exit with status 1 if it has faults."""
    report = check_folder(path)
    for fault in report.faults:
        click.echo(f"fault    {fault}")
    for warning in report.warnings:
        click.echo(f"warning  {warning}")
    warnings = counted(len(report.warnings), "warning")
    if report.faults or (strict and report.warnings):
        click.echo(f"{path}: {counted(len(report.faults), 'fault')}, {warnings}", err=True)
        sys.exit(1)
    if report.program is not None:
        sessions, speakers = len(report.program.sessions), len(report.program.speakers)
        click.echo(f"{path}: good; {counted(sessions, 'session')}, {counted(speakers, 'speaker')}, {warnings}")


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
def new(folder: Path) -> None:
    """Write a starter program into FOLDER, which must be new or empty."""
    with writing(folder):
        if folder.exists() and any(folder.iterdir()):
            raise click.ClickException(f"{folder} is not empty; name a new folder")
        write_program(_starter(read_program(starter_program()), folder.resolve().name), folder)
    click.echo(f"Written to {folder}: a day with talks, breaks, people and a page, each part explained.")
    click.echo(f"Next: change {folder / 'program.toml'}, begin with title and timezone;")
    click.echo(f"      agenda check {folder}; AGENDA_PROGRAM={folder} agenda serve")


COMMANDS = (check, new)


def _starter(program: Program, name: str) -> Program:
    """The starter program, named after its folder and moved to today."""
    title = " ".join(name.replace("_", " ").replace("-", " ").split()) or "Workshop"
    program_id = slug_or_digest(title, "workshop")
    today = in_zone(SYSTEM_CLOCK.now(), program.zone).date()
    return replace(
        program,
        id=program_id,
        title=title[0].upper() + title[1:],
        domain=f"{program_id}.{NO_HOST}",
        days=(today,),
        sessions=tuple(_moved(session, today - program.days[0]) for session in program.sessions),
        dates=tuple(replace(one, day=today) for one in program.dates),
    )


def _moved(session: Session, by: timedelta) -> Session:
    slot = replace(session.slot, start=session.start + by, end=session.end + by)
    return replace(session, slot=slot, scheduled=slot)
