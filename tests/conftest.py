"""Fixtures for all tests."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, settings
from moving_clock import MovableClock

from app import create_app
from app.building import serve_from
from app.domain.program import Program
from app.formats.folder.reader import read_program
from app.settings import Settings
from app.store.database import open_database, sqlite_url
from app.web.service import Service

pytest_plugins = ["postgres"]

# How long an example takes says more of the machine than of the code.
settings.register_profile("agenda", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("agenda")

ROOT = Path(__file__).resolve().parent.parent
# The fast ones first; folders that are not named here come before the last.
FIRST = ("domain", "formats", "house", "store", "live", "web", "commands")
LAST = "browser"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Sort the tests by their folder."""

    def rank(item: pytest.Item) -> int:
        folder = item.path.relative_to(ROOT / "tests").parts[0]
        return FIRST.index(folder) if folder in FIRST else len(FIRST) + (folder == LAST)

    items.sort(key=rank)


@pytest.fixture(scope="session")
def fixtures_path() -> Path:
    """The real schedules; tests that read them are skipped where they are absent."""
    path = Path(os.environ.get("AGENDA_FIXTURES", ROOT.parent / "shared" / "fixtures"))
    if not path.is_dir():
        pytest.skip(f"real schedules are not at {path} (AGENDA_FIXTURES says where they are)")
    return path


@pytest.fixture
def clock() -> MovableClock:
    """The service's clock, set by the test; at first twenty past ten on the workshop's day."""
    return MovableClock(datetime(2025, 7, 18, 17, 20, tzinfo=UTC))


@pytest.fixture
def program() -> Program:
    """The first program, as its folder says."""
    return read_program(ROOT / "data" / "codeml-2025")


@pytest.fixture
def service(tmp_path: Path, program: Program, clock: MovableClock) -> Iterator[Service]:
    """The service on a new database."""
    database = open_database(sqlite_url(tmp_path / "agenda.sqlite"), program.id)
    running = serve_from(database, program, clock)
    yield running
    running.close()


@pytest.fixture
def app(service: Service) -> Flask:
    """The Flask app of the service."""
    settings = Settings(program=ROOT / "data" / "codeml-2025", secret_key="for tests")
    return create_app(settings, service)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A reader."""
    return app.test_client()
