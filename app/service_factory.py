"""The composition root: creates the running service from settings."""

from __future__ import annotations

import os
from collections.abc import Iterable
from collections.abc import Set as AbstractSet

from flask import Flask

from app import web
from app.domain.instants import parse_instant
from app.domain.program import Program
from app.formats.pictures import PreparedPicture
from app.formats.program_folder.files import hash_of_folder
from app.formats.program_folder.reader import read_folder, read_program
from app.live.clock import SYSTEM_CLOCK, Clock, DatabaseClock
from app.live.kept_memory import MEGABYTE
from app.live.revision_watcher import RevisionWatcher
from app.live.snapshot import CurrentRevision
from app.program_database import database_url, rehearsals_file
from app.release import shipped_folder
from app.settings import Settings, stored_secret
from app.sources.trial import service_caller
from app.store.database import Database, open_database, sqlite_url
from app.store.database_identity import Rehearsal, claim_real, claim_rehearsal, history_of, identity_of
from app.store.errors import NoDatabase
from app.store.publish_files import publish_files
from app.store.revisions import Revisions
from app.web.running_service import Service


def build_app(settings: Settings | None, service: Service | None) -> Flask:
    """A Flask app for a service; without one the service that the settings describe is opened."""
    settings = settings or Settings.read(os.environ)
    app = Flask("app", template_folder=str(shipped_folder("templates")), static_folder=None)
    app.secret_key = settings.secret_key or stored_secret()
    service = service or open_service(settings)
    service.memory.allowed_bytes = settings.memory_megabytes * MEGABYTE
    service.imports.caller = service_caller(settings.outgoing_allow)
    service.imports.folder = settings.program
    service.imports.forget_old()
    web.install(app, service, proxies=settings.proxies, metrics_wanted=settings.metrics)
    return app


def open_service(settings: Settings) -> Service:
    """The service on its database; the program's files are merged into it first."""
    found = read_folder(settings.program)
    database = open_database(database_url(settings, found.program), found.program.id)
    claim_real(database)
    source_hash = hash_of_folder(settings.program)
    clock = DatabaseClock(database)
    return serve_from(
        database,
        found.program,
        clock,
        settings.public_url,
        source_hash,
        pictures=found.pictures,
        made_ids=found.made_ids,
    )


def serve_from(
    database: Database,
    program: Program,
    clock: Clock,
    public_url: str = "",
    source_hash: str = "",
    *,
    pictures: Iterable[PreparedPicture] = (),
    made_ids: AbstractSet[str] = frozenset(),
) -> Service:
    """A service on an open database; new files of the program are merged into it first, as by `publish_files`."""
    publish_files(
        Revisions(database),
        program,
        source_hash=source_hash,
        now=clock.now(),
        pictures=pictures,
        made_ids=made_ids,
    )
    return serve_published(database, clock, public_url)


def serve_published(database: Database, clock: Clock, public_url: str = "") -> Service:
    """A service on an open database; raises `NoDatabase` where nothing is published in it."""
    revisions = Revisions(database)
    latest = revisions.latest()
    if latest is None:
        raise NoDatabase(database.place)
    current = CurrentRevision(revisions, latest)
    watcher = RevisionWatcher(current, clock if isinstance(clock, DatabaseClock) else None)
    watcher.start()
    service = Service(current, clock, database, watcher, public_url, identity_of(database), history_of(database))
    current.on_revision(service.stats.published)
    return service


def rehearse(settings: Settings, at: str, speed: float) -> str:
    """Set a rehearsal's clock; returns the URL of its database, a separate one unless DATABASE_URL is set."""
    program = read_program(settings.program)
    url = settings.database_url or sqlite_url(rehearsals_file(program.id))
    rehearsal = rehearsal_from(program, at, speed)
    database = open_database(url, program.id)
    claim_rehearsal(database, rehearsal)
    database.close()
    return url


def rehearsal_from(program: Program, at: str, speed: float) -> Rehearsal:
    """A clock that shows a venue time now and runs on from it; raises `TimeError`."""
    shown = parse_instant(at, program.timezone)
    return Rehearsal(SYSTEM_CLOCK.now(), shown, speed)
