"""`agenda freeze`: the published program as files for any static host."""

from __future__ import annotations

import os
from contextlib import closing, suppress
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import click

from app.commands.rehearsal_options import rehearsal_option_errors, rehearsal_options
from app.domain.errors import AgendaError
from app.formats.program_folder.files import hash_of_folder
from app.freezing.copy_folder import CopyFolder
from app.freezing.copy_inputs import current_files, published_inputs, unpublished_inputs
from app.live.clock import SYSTEM_CLOCK
from app.program_database import open_existing
from app.settings import Settings
from app.store.errors import NoDatabase


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option("--url", metavar="ADDRESS", help="The copy's public address; the default is AGENDA_PUBLIC_URL.")
@click.option("--force", is_flag=True, help="Write into a folder that holds other files; they are kept.")
@click.option("--watch", is_flag=True, help="Go on until stopped: freeze again after each revision and each boundary.")
@rehearsal_options
def freeze(folder: Path, url: str | None, at: str | None, speed: float | None, *, force: bool, watch: bool) -> None:
    """Write the published program into FOLDER as files that any static host serves, under a sub-path too.

    Pages follow the host's clock and look for a newer copy. Running it again on the same folder updates the copy:
    only what differs is made and written, and nothing where nothing has changed. A rehearsal's copy says on each page
    that it is one, and its clock goes on from when the rehearsal was set.
    """
    settings = Settings.read(os.environ)
    public_url, place = _public_url(url or settings.public_url), CopyFolder(folder)
    if not force:
        place.refuse_foreign()
    settings = replace(settings, public_url=public_url, secret_key="a copy has no console")  # noqa: S106 - no secret
    with rehearsal_option_errors(at, speed):
        files = None if watch or at else _current_files(settings, place)
        if files is not None:
            click.echo(f"Nothing has changed since the copy was made: {files} files in {folder}.")
            return
        # What makes pages takes a second to load.
        from app.commands import freeze_once, freeze_watch  # noqa: PLC0415

        if watch:
            freeze_watch.follow(settings, place, at, speed or 1.0, force=force)
        else:
            freeze_once.freeze_once(settings, place, at, speed or 1.0, force=force)


def _current_files(settings: Settings, place: CopyFolder) -> int | None:
    """How many files a copy has that needs nothing; None where one must be made. The program is not read for it."""
    if "copy" not in place.mark():
        return None
    # What is wrong with a program or a database is said by what reads all of it.
    with suppress(AgendaError, OSError):
        try:
            database, clock = open_existing(settings)
        except NoDatabase:
            inputs = unpublished_inputs(hash_of_folder(settings.program), settings.public_url)
            return current_files(place, inputs, SYSTEM_CLOCK.now())
        with closing(database):
            return current_files(place, published_inputs(database, clock, settings.public_url), clock.now())
    return None


def _public_url(url: str) -> str:
    parts = urlsplit(url)
    if not url:
        raise click.UsageError("codes and feeds need the copy's public address: --url https://example.org/agenda")
    if parts.scheme not in {"http", "https"} or not parts.netloc or parts.query or parts.fragment:
        raise click.UsageError(f"--url {url!r}: expected an address such as https://example.org/agenda")
    return url.rstrip("/")


COMMANDS = (freeze,)
