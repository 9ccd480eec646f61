"""`agenda freeze` where a copy must be made: the service that is frozen, its progress, and what is said of it."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import replace
from pathlib import Path

import click

from app import create_app
from app.commands.freeze_watch import rehearsed, standing
from app.formats.program_folder.files import hash_of_folder, last_written
from app.formats.program_folder.reader import read_dated_folder
from app.freezing import site_walk
from app.freezing.copy_folder import CopyFolder
from app.freezing.file_maker import MadeFile
from app.freezing.site_walk import UnpublishedFiles
from app.freezing.worker_processes import usable_processes
from app.live.clock import Clock, FixedClock
from app.program_database import open_existing
from app.service_factory import serve_from, serve_published
from app.settings import Settings
from app.store.database import open_database, sqlite_url
from app.store.errors import NoDatabase
from app.web.running_service import Service


def freeze_once(settings: Settings, place: CopyFolder, at: str | None, speed: float, *, force: bool) -> None:
    """Freeze what is published, or the program's folder, and say what was made; raises `CannotFreeze`."""
    with _service_to_freeze(settings, at, speed) as (service, unpublished):
        # Again with the folder locked; here it is said before there is anything of progress.
        if service.clock.rehearsal and not force:
            place.refuse_real()
        app = create_app(settings, service)
        files = site_walk.freeze(app, place.path, unpublished, processes=usable_processes(), force=force)
        # An interrupt may come between two files: the processes end then too.
        with (
            closing(files),
            click.progressbar(
                files, label="Freezing", item_show_func=_name_of, file=sys.stderr, show_pos=True
            ) as named,
        ):
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


@contextmanager
def _service_to_freeze(
    settings: Settings, at: str | None, speed: float
) -> Iterator[tuple[Service, UnpublishedFiles | None]]:
    """The published program, else the folder's with its files, at one instant and one revision: all pages agree."""
    with ExitStack() as stack:
        published = _published(settings)
        service = published or stack.enter_context(_unpublished(settings))
        stack.callback(service.close)
        stack.enter_context(standing(service, service.watcher))
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
