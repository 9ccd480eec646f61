"""`agenda check`: what is wrong with a program folder, all of it at once."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from app.formats.folder.reader import check_folder


@click.command()
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--strict", is_flag=True, help="Warnings count as faults.")
def check(path: Path, *, strict: bool) -> None:
    """Say what is wrong with the program in PATH; status 1 when something is."""
    report = check_folder(path)
    for fault in report.faults:
        click.echo(f"fault    {fault}")
    for warning in report.warnings:
        click.echo(f"warning  {warning}")
    if report.faults or (strict and report.warnings):
        click.echo(f"{path}: {len(report.faults)} faults, {len(report.warnings)} warnings", err=True)
        sys.exit(1)
    if report.program is not None:
        counts = f"{len(report.program.sessions)} sessions, {len(report.program.speakers)} speakers"
        click.echo(f"{path}: good; {counts}, {len(report.warnings)} warnings")


COMMANDS = (check,)
