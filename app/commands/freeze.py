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
from app.formats.program_folder.reader import read_dated_folder
from app.freezing import site_walk
from app.live.clock import SYSTEM_CLOCK, FixedClock
from app.service_factory import open_existing, serve_from, serve_published
from app.settings import Settings
from app.store.database import open_database, sqlite_url
from app.store.errors import NoDatabase
from app.web.running_service import Service


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option("--url", metavar="ADDRESS", help="The copy's public address; the default is AGENDA_PUBLIC_URL.")
@click.option("--force", is_flag=True, help="Write into a folder that holds other files; they are kept.")
def freeze(folder: Path, url: str | None, *, force: bool) -> None:
    """Write the published program into FOLDER as files that any static host serves, under a sub-path too.

    Pages follow the host's clock and look for a newer copy. Running it again on the same folder updates the copy.
    """
    settings = Settings.read(os.environ)
    public_url = _public_url(url or settings.public_url)
    if not force:
        site_walk.refuse_foreign(folder)
    settings = replace(settings, public_url=public_url, secret_key="a copy has no console")  # noqa: S106 - no secret
    with _service(settings) as service:
        files = site_walk.freeze(create_app(settings, service), folder)
        with click.progressbar(files, label="Freezing", item_show_func=str, file=sys.stderr, show_pos=True) as named:
            count = sum(1 for _ in named)
        revision = service.current.snapshot.revision
    click.echo(f"{revision.program.title}, revision {revision.number}: {count} files in {folder}.")
    click.echo(f"Upload them to {public_url}/")


def _public_url(url: str) -> str:
    parts = urlsplit(url)
    if not url:
        raise click.UsageError("codes and feeds need the copy's public address: --url https://example.org/agenda")
    if parts.scheme not in {"http", "https"} or not parts.netloc or parts.query or parts.fragment:
        raise click.UsageError(f"--url {url!r}: expected an address such as https://example.org/agenda")
    return url.rstrip("/")


@contextmanager
def _service(settings: Settings) -> Iterator[Service]:
    """The published program, else the folder's, at one instant and one revision, so that all pages agree."""
    with ExitStack() as stack:
        service = _published(settings) or stack.enter_context(_unpublished(settings))
        stack.callback(service.close)
        service.watcher.stop()
        yield replace(service, clock=FixedClock(SYSTEM_CLOCK.now()))


def _published(settings: Settings) -> Service | None:
    try:
        database, clock = open_existing(settings)
    except NoDatabase:
        return None
    if clock.rehearsal:
        database.close()
        raise site_walk.CannotFreeze(f"{database.place} is a rehearsal; a copy goes by the real time")
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
