"""`agenda new`: a program folder for those who have nothing yet."""

from __future__ import annotations

from pathlib import Path

import click

from app.commands.folders import writing
from app.domain.instants import in_zone, zone
from app.formats.folder.writer import write_program
from app.formats.starter import starter
from app.live.clock import SYSTEM_CLOCK

# Where a workshop will be is not known yet; the file says where to change it.
ZONE = "UTC"


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
def new(folder: Path) -> None:
    """Write a program to begin with into FOLDER, which must be new or empty."""
    today = in_zone(SYSTEM_CLOCK.now(), zone(ZONE)).date()
    with writing(folder):
        if folder.exists() and any(folder.iterdir()):
            raise click.ClickException(f"{folder} is not empty; name a new folder")
        write_program(starter(folder.resolve().name, today, ZONE), folder)
    click.echo(f"Written to {folder}: a day with talks, breaks, people and a page, each part explained.")
    click.echo(f"Next: change {folder / 'program.toml'}, begin with title and timezone;")
    click.echo(f"      agenda check {folder}; AGENDA_PROGRAM={folder} agenda serve")


COMMANDS = (new,)
