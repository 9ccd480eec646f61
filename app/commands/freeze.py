"""`agenda freeze`: the published program as files for any static host."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import click

from app import create_app
from app.commands.freeze_watch import follow, rehearsed
from app.commands.rehearsal_options import rehearsal_option_errors, rehearsal_options
from app.domain.errors import AgendaError
from app.formats.program_folder.files import hash_of_folder, last_written
from app.formats.program_folder.reader import read_dated_folder
from app.freezing import site_walk
from app.freezing.copy_folder import CopyFolder
from app.freezing.copy_inputs import current_files, published_inputs, unpublished_inputs
from app.freezing.file_maker import MadeFile
from app.freezing.site_walk import UnpublishedFiles
from app.freezing.worker_processes import usable_processes
from app.live.clock import SYSTEM_CLOCK, Clock, FixedClock
from app.service_factory import open_existing, serve_from, serve_published
from app.settings import Settings
from app.store.database import open_database, sqlite_url
from app.store.errors import NoDatabase
from app.web.running_service import Service


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
        if watch:
            follow(settings, place, at, speed or 1.0, force=force)
            return
        files = None if at else _current_files(settings, place)
        if files is None:
            _freeze_once(settings, place, at, speed or 1.0, force=force)
        else:
            click.echo(f"Nothing has changed since the copy was made: {files} files in {folder}.")


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


def _freeze_once(settings: Settings, place: CopyFolder, at: str | None, speed: float, *, force: bool) -> None:
    with _service_to_freeze(settings, at, speed) as (service, unpublished):
        if service.clock.rehearsal and not force:
            place.refuse_rehearsal_over_real()
        files = site_walk.freeze(create_app(settings, service), place.path, unpublished, processes=usable_processes())
        with click.progressbar(
            files, label="Freezing", item_show_func=_name_of, file=sys.stderr, show_pos=True
        ) as named:
            written = [one.is_written for one in named]
        revision, rehearsal = service.current.snapshot.revision, service.clock.rehearsal_settings
    counted = f"{len(written)} files in {place.path}, {sum(written)} of them written"
    click.echo(f"{revision.program.title}, revision {revision.number}: {counted}.")
    if rehearsal:
        began = revision.program.local(rehearsal.shown)
        click.echo(
            f"A rehearsal: its clock began at {began:%Y-%m-%d %H:%M}, at {rehearsal.speed:g} times the real speed."
        )
    click.echo(f"Upload them to {settings.public_url}/")


def _name_of(made: MadeFile | None) -> str | None:
    return made.name if made else None


def _public_url(url: str) -> str:
    parts = urlsplit(url)
    if not url:
        raise click.UsageError("codes and feeds need the copy's public address: --url https://example.org/agenda")
    if parts.scheme not in {"http", "https"} or not parts.netloc or parts.query or parts.fragment:
        raise click.UsageError(f"--url {url!r}: expected an address such as https://example.org/agenda")
    return url.rstrip("/")


@contextmanager
def _service_to_freeze(
    settings: Settings, at: str | None, speed: float
) -> Iterator[tuple[Service, UnpublishedFiles | None]]:
    """The published program, else the folder's with its files, at one instant and one revision: all pages agree."""
    with ExitStack() as stack:
        published = _published(settings)
        service = published or stack.enter_context(_unpublished(settings))
        stack.callback(service.close)
        service.watcher.stop()
        if at:
            service = rehearsed(service, at, speed)
        rehearsal = service.clock.rehearsal_settings
        clock = FixedClock(Clock(rehearsal).now(), rehearsal)
        yield replace(service, clock=clock), None if published else _files_of(settings.program)


def _files_of(folder: Path) -> UnpublishedFiles:
    return UnpublishedFiles(hash_of_folder(folder), last_written(folder))


def _published(settings: Settings) -> Service | None:
    try:
        database, clock = open_existing(settings)
    except NoDatabase:
        return None
    return serve_published(database, clock, settings.public_url)


@contextmanager
def _unpublished(settings: Settings) -> Iterator[Service]:
    """The folder's program as its first revision, in a temporary database."""
    found, written_at = read_dated_folder(settings.program)
    program, clock = found.program, FixedClock(written_at)
    with tempfile.TemporaryDirectory() as folder:
        database = open_database(sqlite_url(Path(folder) / "agenda.sqlite"), program.id)
        service = serve_from(database, program, clock, settings.public_url, pictures=found.pictures)
        # Phones name their cache for it: the same folder gives the same identity at every freeze.
        yield replace(service, identity=program.id)


COMMANDS = (freeze,)
