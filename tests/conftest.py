"""Fixtures for all tests."""

from __future__ import annotations

import gc
import os
import signal
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, settings
from jinja2.bccache import Bucket, BytecodeCache
from support.movable_clock import AT_TEN_TWENTY, MovableClock
from support.publisher_processes import append_revision, opened
from support.repository import FIRST_PROGRAM, ROOT
from werkzeug.routing import Rule

from app import create_app
from app.domain.program import Program
from app.formats.program_folder.reader import read_program
from app.live.snapshot import CurrentRevision
from app.service_factory import serve_from
from app.settings import Settings
from app.store.database import Database, open_database, sqlite_url
from app.store.revisions import Revisions
from app.web.running_service import Service

pytest_plugins = ["support.postgres"]

# A shell lets what it runs in the background ignore Ctrl-C, and so would each process that a test starts.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

# How long an example takes says more of the machine than of the code.
for name, examples in (("quick", 20), ("acceptance", 100)):
    settings.register_profile(
        name, deadline=None, max_examples=examples, suppress_health_check=[HealthCheck.too_slow], print_blob=True
    )
settings.load_profile("quick")


class CompiledTemplates(BytecodeCache):
    """Templates that an app has compiled, kept for the apps of later tests."""

    def __init__(self) -> None:
        self.compiled: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self.compiled:
            bucket.bytecode_from_string(self.compiled[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self.compiled[bucket.key] = bucket.bytecode_to_string()


_builders: dict[tuple[object, ...], Callable[..., tuple[str, str]]] = {}
_compile_builder = Rule._compile_builder


def compiled_once(rule: Rule, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
    """What builds the URLs of a rule, kept for the apps of later tests."""
    defaults = tuple(sorted((rule.defaults or {}).items()))
    key = (rule.rule, rule.subdomain, defaults, append_unknown)
    if key not in _builders:
        _builders[key] = _compile_builder(rule, append_unknown)
    return _builders[key]


# Compiling both took half the time of a web test.
Flask.jinja_options = {"bytecode_cache": CompiledTemplates()}
Rule._compile_builder = compiled_once


@cache
def published(program: Program, now: datetime) -> bytes:
    """An SQLite database in which a program has been published: copying it takes less than making it."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "agenda.sqlite"
        serve_from(open_database(sqlite_url(file), program.id), program, MovableClock(now)).close()
        return file.read_bytes()


# The fast ones first; folders that are not named here come before the last.
FIRST = ("domain", "formats", "house", "store", "live", "web", "commands")
LAST = "browser"
# Fixtures that start a server.
POSTGRESQL = {"postgres_server", "own_postgres_server"}
SERVERS = {"server", "public"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Sort the tests by their folder."""

    def rank(item: pytest.Item) -> int:
        folder = item.path.relative_to(ROOT / "tests").parts[0]
        return FIRST.index(folder) if folder in FIRST else len(FIRST) + (folder == LAST)

    items.sort(key=rank)
    for item in items:
        if needs_postgresql(item):
            item.add_marker(pytest.mark.postgresql)
        if asks_for(item, SERVERS):
            item.add_marker(pytest.mark.process)
        if reads_a_large_schedule(item):
            item.add_marker(pytest.mark.slow)


def reads_a_large_schedule(item: pytest.Item) -> bool:
    """Whether one of a test's values is a real schedule of hundreds of sessions."""
    values = item.callspec.params.values() if hasattr(item, "callspec") else ()
    return any(large in str(value) for value in values for large in ("fosdem", "emf-2016"))


def needs_postgresql(item: pytest.Item) -> bool:
    """Whether a test asks for a PostgreSQL server, by a fixture or by one of the values of `database_url`."""
    values = item.callspec.params if hasattr(item, "callspec") else {}
    return asks_for(item, POSTGRESQL) or values.get("database_url") == "postgresql"


def asks_for(item: pytest.Item, fixtures: set[str]) -> bool:
    """Whether a test asks for one of some fixtures, or one of its fixtures does."""
    return not fixtures.isdisjoint(getattr(item, "fixturenames", ()))


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
    return MovableClock(AT_TEN_TWENTY)


@pytest.fixture(scope="session")
def first_program() -> Program:
    """The first program, as its folder says."""
    return read_program(FIRST_PROGRAM)


@pytest.fixture
def program(first_program: Program) -> Program:
    """What is served: the first program, where a test file has no other."""
    return first_program


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """An open database; a test that asks for it runs on SQLite and on PostgreSQL."""
    with opened(database_url) as database:
        yield database


@pytest.fixture
def revisions(database: Database, program: Program) -> Revisions:
    """A history that holds the first program as revision 1."""
    revisions = Revisions(database)
    append_revision(revisions, program, author="files", kind="import")
    return revisions


@pytest.fixture
def current(revisions: Revisions) -> CurrentRevision:
    """What is served of it."""
    return CurrentRevision(revisions, revisions.get(1))


@pytest.fixture
def service(tmp_path: Path, program: Program, clock: MovableClock) -> Iterator[Service]:
    """The service on a database of its own, with the program as revision 1."""
    file = tmp_path / "agenda.sqlite"
    file.write_bytes(published(program, clock.now()))
    running = serve_from(open_database(sqlite_url(file), program.id), program, clock)
    yield running
    running.close()


@pytest.fixture
def app(service: Service) -> Flask:
    """The Flask app of the service."""
    settings = Settings(program=FIRST_PROGRAM, secret_key="for tests")
    return create_app(settings, service)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A reader of the service."""
    return app.test_client()


@pytest.fixture(scope="session")
def unchanging_app(tmp_path_factory: pytest.TempPathFactory, first_program: Program) -> Iterator[Flask]:
    """The app of a service that all tests share, with the first program, at twenty past ten."""
    database = open_database(sqlite_url(tmp_path_factory.mktemp("unchanging") / "agenda.sqlite"), first_program.id)
    running = serve_from(database, first_program, MovableClock(AT_TEN_TWENTY))
    yield create_app(Settings(program=FIRST_PROGRAM, secret_key="for tests"), running)
    running.close()


@pytest.fixture
def reader(unchanging_app: Flask) -> FlaskClient:
    """A reader of a service that nobody changes: a new one for each test would take most of its time."""
    return unchanging_app.test_client()


def pytest_collection_finish() -> None:
    """Leave modules and tests, which stay, out of garbage collections, which took a sixth of the time of web tests."""
    gc.collect()
    gc.freeze()
