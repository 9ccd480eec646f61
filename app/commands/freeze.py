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
from app.commands.rehearsal_options import rehearsal_options, told_of_options
from app.formats.program_folder.files import last_written
from app.formats.program_folder.reader import read_dated_folder
from app.freezing import site_walk
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
    with told_of_options(at, speed), _copied(settings, at, speed or 1.0) as (service, number):
        if service.clock.rehearsal and not force:
            site_walk.refuse_rehearsal_over_real(folder)
        files = site_walk.freeze(create_app(settings, service), folder, number)
        with click.progressbar(files, label="Freezing", item_show_func=str, file=sys.stderr, show_pos=True) as named:
            count = sum(1 for _ in named)
        revision, rehearsal = service.current.snapshot.revision, service.clock.set_as
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
def _copied(settings: Settings, at: str | None, speed: float) -> Iterator[tuple[Service, int | None]]:
    """The published program, else the folder's, at one instant and one revision, so that all pages agree.

    With the number of the copy, where that is not the revision's: the folder's program always is revision 1.
    """
    with ExitStack() as stack:
        published = _published(settings)
        service = published or stack.enter_context(_unpublished(settings))
        stack.callback(service.close)
        service.watcher.stop()
        number = None if published else int(last_written(settings.program).timestamp())
        yield _rehearsed(service, at, speed) if at else _at_one_instant(service, service.clock.set_as), number


def _rehearsed(service: Service, at: str, speed: float) -> Service:
    """The same program as a rehearsal from now on; phones keep it apart from the real day."""
    rehearsal = rehearsal_from(service.current.snapshot.revision.program, at, speed)
    return _at_one_instant(replace(service, identity=f"{service.identity}-rehearsal"), rehearsal)


def _at_one_instant(service: Service, rehearsal: Rehearsal | None) -> Service:
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
