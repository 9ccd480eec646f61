"""The composition root: settings become a running service."""

from __future__ import annotations

import os
from datetime import datetime

from flask import Flask

from app import web
from app.domain.instants import parse_instant
from app.domain.program import Program
from app.formats.folder import read_program
from app.live.clock import Clock, RehearsalClock, SystemClock
from app.live.current import Current
from app.live.watch import Watch
from app.settings import VAR, Settings, kept_secret, templates_folder
from app.store.database import Database, open_database, sqlite_url
from app.store.rehearsal import Rehearsal, claim_real, claim_rehearsal
from app.store.revisions import Revision, Revisions
from app.web.service import Service

FIRST_NOTE = "The program as published."


def build_app(settings: Settings | None, service: Service | None) -> Flask:
    """A Flask app on a service; opens the service that the settings describe where none is given."""
    settings = settings or Settings.read(os.environ)
    app = Flask("app", template_folder=str(templates_folder()), static_folder=None)
    app.secret_key = settings.secret_key or kept_secret()
    web.install(app, service or open_service(settings))
    return app


def open_service(settings: Settings) -> Service:
    """The service on its database, with the program's first revision in it at least."""
    program = read_program(settings.program)
    database = open_database(database_url(settings, program), program.id)
    clock = clock_of(claim_real(database))
    return serve_from(database, program, clock, settings.public_url)


def serve_from(database: Database, program: Program, clock: Clock, public_url: str = "") -> Service:
    """A service that reads from an open database; the program becomes revision 1 where there is none."""
    revisions = Revisions(database)
    current = Current(revisions, revisions.latest() or first_revision(revisions, program, clock.now()))
    watch = Watch(current)
    watch.start()
    return Service(current, clock, database, watch, public_url)


def first_revision(revisions: Revisions, program: Program, now: datetime) -> Revision:
    """Publish the program's files as revision 1."""
    return revisions.append(program, base=0, author="files", note=FIRST_NOTE, kind="import", now=now)


def rehearse(settings: Settings, at: str, speed: float) -> str:
    """Set the clock of a rehearsal; returns the address of its database, its own unless one was set."""
    program = read_program(settings.program)
    url = settings.database_url or sqlite_url(VAR / f"{program.id}-rehearsal.sqlite")
    shown = parse_instant(at.strip().replace(" ", "T", 1), program.timezone)
    database = open_database(url, program.id)
    claim_rehearsal(database, Rehearsal(SystemClock().now(), shown, speed))
    database.close()
    return url


def database_url(settings: Settings, program: Program) -> str:
    """Where a program's revisions are kept."""
    return settings.database_url or sqlite_url(VAR / f"{program.id}.sqlite")


def clock_of(rehearsal: Rehearsal | None) -> Clock:
    """The clock that a database lives by."""
    if rehearsal is None:
        return SystemClock()
    return RehearsalClock(rehearsal.anchor, rehearsal.shown, rehearsal.speed)
