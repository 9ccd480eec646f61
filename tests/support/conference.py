"""An app that serves a program on a database of its own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Flask

from app import create_app
from app.domain.program import Program
from app.live.clock import Clock
from app.service_factory import serve_from
from app.settings import Settings
from app.store.database import open_database, sqlite_url


@contextmanager
def app_of(program: Program, folder: Path, clock: Clock) -> Iterator[Flask]:
    """The app, with its database in a folder; its service ends with it."""
    service = serve_from(open_database(sqlite_url(folder / "agenda.sqlite"), program.id), program, clock)
    yield create_app(Settings(program=Path("unread"), secret_key="for tests"), service)
    service.close()
