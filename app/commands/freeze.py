"""`agenda freeze`: the published program as files for any static host."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import click

from app import create_app
from app.commands.rehearsal_options import rehearsal_option_errors, rehearsal_options
from app.formats.program_folder.files import hash_of_folder, last_written
from app.formats.program_folder.reader import read_dated_folder
from app.freezing import site_walk
from app.freezing.site_walk import UnpublishedFiles
from app.live.clock import Clock, FixedClock
from app.service_factory import open_existing, rehearsal_from, serve_from, serve_published
from app.settings import Settings
from app.store.database import open_database, sqlite_url
from app.store.database_identity import Rehearsal
from app.store.errors import NoDatabase
from app.web.running_service import Service


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option("--url", metavar="ADDRESS", help="The copy's public address; the default is AGENDA_PUBLIC_URL.")
@click.option("--force", is_flag=True, help="Write into a folder that holds other files; they are kept.")
@rehearsal_options
def freeze(folder: Path, url: str | None, at: str | None, speed: float | None, *, force: bool) -> None:
    """Write the published program into FOLDER as files that any static host serves, under a sub-path too.

    Pages follow the host's clock and look for a newer copy. Running it again on the same folder updates the copy.
    A rehearsal's copy says on each page that it is one, and its clock goes on from when the rehearsal was set.
    """
    settings = Settings.read(os.environ)
    public_url = _public_url(url or settings.public_url)
    if not force:
        site_walk.refuse_foreign(folder)
    settings = replace(settings, public_url=public_url, secret_key="a copy has no console")  # noqa: S106 - no secret
    with rehearsal_option_errors(at, speed), _service_to_freeze(settings, at, speed or 1.0) as (service, unpublished):
        if service.clock.rehearsal and not force:
            site_walk.refuse_rehearsal_over_real(folder)
        files = site_walk.freeze(create_app(settings, service), folder, unpublished)
        with click.progressbar(files, label="Freezing", item_show_func=str, file=sys.stderr, show_pos=True) as named:
            count = sum(1 for _ in named)
        revision, rehearsal = service.current.snapshot.revision, service.clock.rehearsal_settings
    click.echo(f"{revision.program.title}, revision {revision.number}: {count} files in {folder}.")
    if rehearsal:
        began = revision.program.local(rehearsal.shown)
        click.echo(
            f"A rehearsal: its clock began at {began:%Y-%m-%d %H:%M}, at {rehearsal.speed:g} times the real speed."
        )
    click.echo(f"Upload them to {public_url}/")


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
        yield _frozen_in_time(service, at, speed), None if published else _files_of(settings.program)


def _files_of(folder: Path) -> UnpublishedFiles:
    return UnpublishedFiles(hash_of_folder(folder), last_written(folder))


def _frozen_in_time(service: Service, at: str | None, speed: float) -> Service:
    return _rehearsed(service, at, speed) if at else _with_fixed_clock(service, service.clock.rehearsal_settings)


def _rehearsed(service: Service, at: str, speed: float) -> Service:
    """The same program as a rehearsal from now on; phones keep it apart from the real day."""
    rehearsal = rehearsal_from(service.current.snapshot.revision.program, at, speed)
    return _with_fixed_clock(replace(service, identity=f"{service.identity}-rehearsal"), rehearsal)


def _with_fixed_clock(service: Service, rehearsal: Rehearsal | None) -> Service:
    return replace(service, clock=FixedClock(Clock(rehearsal).now(), rehearsal))


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
