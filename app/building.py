"""The composition root: settings become a running service."""

from __future__ import annotations

import os
from pathlib import Path

from flask import Flask

from app import web
from app.domain.instants import parse_instant
from app.domain.program import Program
from app.formats.folder.hash import hash_of_folder
from app.formats.folder.reader import read_id, read_program
from app.live.clock import SYSTEM_CLOCK, Clock, DatabaseClock
from app.live.current import Current
from app.live.watch import Watch
from app.settings import VAR, Settings, kept_secret, templates_folder
from app.store.database import Database, open_database, sqlite_url
from app.store.errors import NoDatabase
from app.store.identity import identity_of
from app.store.publishing import publish_files
from app.store.rehearsal import Rehearsal, claim_real, claim_rehearsal
from app.store.revisions import Revisions
from app.web.service import Service


def build_app(settings: Settings | None, service: Service | None) -> Flask:
    """A Flask app on a service; opens the service that the settings describe where none is given."""
    settings = settings or Settings.read(os.environ)
    app = Flask("app", template_folder=str(templates_folder()), static_folder=None)
    app.secret_key = settings.secret_key or kept_secret()
    web.install(app, service or open_service(settings), proxies=settings.proxies, metrics_wanted=settings.metrics)
    return app


def open_service(settings: Settings) -> Service:
    """The service on its database, with the program's first revision in it at least."""
    program = read_program(settings.program)
    database = open_database(database_url(settings, program), program.id)
    claim_real(database)
    source_hash = hash_of_folder(settings.program)
    return serve_from(database, program, DatabaseClock(database), settings.public_url, source_hash)


def serve_from(
    database: Database, program: Program, clock: Clock, public_url: str = "", source_hash: str = ""
) -> Service:
    """A service on an open database, which takes in the program's files first, where they are new to it."""
    publish_files(Revisions(database), program, source_hash=source_hash, now=clock.now())
    return serve_published(database, clock, public_url)


def serve_published(database: Database, clock: Clock, public_url: str = "") -> Service:
    """A service on what an open database has; raises `NoDatabase` where nothing is published in it."""
    revisions = Revisions(database)
    latest = revisions.latest()
    if latest is None:
        raise NoDatabase(database.place)
    current = Current(revisions, latest)
    watch = Watch(current, clock if isinstance(clock, DatabaseClock) else None)
    watch.start()
    service = Service(current, clock, database, watch, public_url, identity_of(database))
    current.on_revision(service.counts.published)
    return service


def rehearse(settings: Settings, at: str, speed: float) -> str:
    """Set the clock of a rehearsal; returns the address of its database, its own unless one was set."""
    program = read_program(settings.program)
    url = settings.database_url or sqlite_url(_rehearsals_file(program.id))
    shown = parse_instant(at.strip().replace(" ", "T", 1), program.timezone)
    database = open_database(url, program.id)
    claim_rehearsal(database, Rehearsal(SYSTEM_CLOCK.now(), shown, speed))
    database.close()
    return url


def open_existing(settings: Settings, *, or_rehearsals: bool = False) -> tuple[Database, Clock]:
    """The database that a service made, and the clock it lives by; a command never makes one.

    With ``or_rehearsals`` a rehearsal's own one is taken where there is no other. A fault in the
    program's files is in nobody's way: the day goes on from what was published.
    """
    program_id = read_id(settings.program)
    file = _file(program_id)
    if or_rehearsals and not file.exists() and _rehearsals_file(program_id).exists():
        file = _rehearsals_file(program_id)
    database = open_database(settings.database_url or sqlite_url(file), program_id, create=False)
    return database, DatabaseClock(database)


def database_url(settings: Settings, program: Program) -> str:
    """Where a program's revisions are kept."""
    return settings.database_url or sqlite_url(_file(program.id))


def _file(program_id: str) -> Path:
    return VAR / f"{program_id}.sqlite"


def _rehearsals_file(program_id: str) -> Path:
    return VAR / f"{program_id}-rehearsal.sqlite"
