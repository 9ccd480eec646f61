"""A real PostgreSQL for tests, started from the system's binaries, and databases of both kinds.

Ask for `postgres_url` (an empty database) or `database_url` (the test runs once on SQLite
and once on PostgreSQL).
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from contextlib import suppress
from itertools import count
from pathlib import Path

import psycopg
import pytest

from support.waiting import wait_until

STARTS_WITHIN_SECONDS = 30
# PostgreSQL refuses to run as root; one of these is on every system.
OTHER_USERS = ("postgres", "nobody")
# States of processes (proc_pid_stat(5)).
STOPPED_OR_ENDED = {"T", "Z", "X"}


class PostgresServer:
    """One server with a folder of its own, on a free port of the loopback."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="agenda-postgres-"))
        with socket.create_server(("127.0.0.1", 0)) as probe:
            self.port = probe.getsockname()[1]
        self._names = count(1)
        self._as_user = _other_user(self.folder)
        self._process: subprocess.Popen[bytes] | None = None
        initdb = ("initdb", "--pgdata", str(self._data), "--auth=trust", "--username=agenda", "--no-sync")
        self._run(*initdb, "--encoding=UTF8", "--locale=C").wait()
        self.start()

    def url(self, name: str = "postgres", scheme: str = "postgresql") -> str:
        """The address of one of its databases."""
        return f"{scheme}://agenda@127.0.0.1:{self.port}/{name}"

    def new_database(self) -> str:
        """Make an empty database; returns its address."""
        name = f"agenda{next(self._names)}"
        with psycopg.connect(self.url(), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}".encode())
        return self.url(name)

    def empty(self, url: str) -> None:
        """Close what is connected to a database of this server, and make it as good as new: in a tenth of the time."""
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
            connection.execute("DROP SCHEMA public CASCADE")
            connection.execute("CREATE SCHEMA public")

    def start(self) -> None:
        """Start, and wait until it answers."""
        settings = ("fsync=off", "unix_socket_directories=", "max_connections=200")
        options = [word for setting in settings for word in ("-c", setting)]
        self._process = self._run("postgres", "-D", str(self._data), "-h", "127.0.0.1", "-p", str(self.port), *options)
        for _ in range(STARTS_WITHIN_SECONDS * 50):
            if self._process.poll() is not None:
                raise RuntimeError(f"PostgreSQL ended at its start:\n{self._log.read_text()}")
            try:
                psycopg.connect(self.url()).close()
            except psycopg.OperationalError:
                threading.Event().wait(0.02)
            else:
                return
        raise RuntimeError(f"PostgreSQL did not start:\n{self._log.read_text()}")

    def stop(self) -> None:
        """Stop at once, as if the machine had failed."""
        if self._process is not None:
            self._process.send_signal(signal.SIGQUIT)
            self._process.wait()
            self._process = None

    def hang(self) -> None:
        """Go on accepting connections and saying nothing, until `resume`.

        The first process is stopped before the others are looked for: it makes one for each new connection.
        """
        if self._process is not None:
            _stop(self._process.pid)
            for pid in _children(self._process.pid):
                _stop(pid)

    def resume(self) -> None:
        """Go on where it hung."""
        if self._process is not None:
            for pid in (*_children(self._process.pid), self._process.pid):
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGCONT)

    def remove(self) -> None:
        """Stop, and leave nothing behind."""
        self.resume()
        self.stop()
        shutil.rmtree(self.folder)

    @property
    def _data(self) -> Path:
        return self.folder / "data"

    @property
    def _log(self) -> Path:
        return self.folder / "log"

    def _run(self, program: str, *arguments: str) -> subprocess.Popen[bytes]:
        environment = {"PATH": os.environ["PATH"], "LC_ALL": "C", "TZ": "UTC"}
        with self._log.open("ab") as log:
            return subprocess.Popen(
                [_binaries() / program, *arguments],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self.folder,
                env=environment,
                user=self._as_user,
            )


def _children(main: int) -> list[int]:
    return [int(pid) for pid in Path(f"/proc/{main}/task/{main}/children").read_text().split()]


def _stop(pid: int) -> None:
    """Stop a process, and wait until it has stopped or ended."""
    with suppress(ProcessLookupError, FileNotFoundError):
        os.kill(pid, signal.SIGSTOP)
        wait_until(lambda: Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] in STOPPED_OR_ENDED)


def _binaries() -> Path:
    """Where PostgreSQL's programs are; Debian keeps them out of the way."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: float(path.parts[4]))
    if found:
        return found[-1].parent
    on_path = shutil.which("initdb")
    if on_path:
        return Path(on_path).parent
    raise RuntimeError("PostgreSQL's programs (initdb, postgres) are not installed; `make test` installs them")


def _other_user(folder: Path) -> str | None:
    """Give the folder to a user who may run PostgreSQL, where we may not."""
    if os.getuid() != 0:
        return None
    for user in OTHER_USERS:
        try:
            shutil.chown(folder, user)
        except LookupError:
            continue
        return user
    raise RuntimeError(f"PostgreSQL does not run as root, and there is no user {' or '.join(OTHER_USERS)}")


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """The server that all tests share; who stops it asks for `own_postgres_server`."""
    server = PostgresServer()
    yield server
    server.remove()


@pytest.fixture
def own_postgres_server() -> Iterator[PostgresServer]:
    """A server that the test may stop."""
    server = PostgresServer()
    yield server
    server.remove()


@pytest.fixture(scope="session")
def shared_postgres_url(postgres_server: PostgresServer) -> str:
    """The address of a database that tests use one after the other."""
    return postgres_server.new_database()


@pytest.fixture
def postgres_url(postgres_server: PostgresServer, shared_postgres_url: str) -> Iterator[str]:
    """The address of an empty PostgreSQL database."""
    yield shared_postgres_url
    postgres_server.empty(shared_postgres_url)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database: first SQLite, then PostgreSQL."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'agenda.sqlite'}"
    url: str = request.getfixturevalue("postgres_url")
    return url
