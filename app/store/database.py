"""One database, SQLite or PostgreSQL, and the one place where its errors become ours."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, insert, inspect, select
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DatabaseError, OperationalError

from app.store.errors import DatabaseAway, DatabaseBroken, NoDatabase, WrongDatabase
from app.store.tables import SCHEMA_VERSION, meta, metadata

BUSY_SECONDS = 10


@dataclass(frozen=True)
class Database:
    """An engine, and a name for it that may be shown (without a password)."""

    engine: Engine
    place: str

    @property
    def is_sqlite(self) -> bool:
        """Whether this is a file of SQLite."""
        return self.engine.dialect.name == "sqlite"

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """One transaction: all or nothing; writers wait for each other."""
        with self._translated(), self.engine.execution_options(writes=True).begin() as connection:
            yield connection

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection to read with."""
        with self._translated(), self.engine.connect() as connection:
            yield connection

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except OperationalError as error:
            raise DatabaseAway(str(error.orig).splitlines()[0]) from error
        except DatabaseError as error:
            if self.is_sqlite and "not a database" in str(error.orig):
                raise DatabaseBroken(self.place) from error
            raise

    def close(self) -> None:
        """Let go of all connections."""
        self.engine.dispose()


def open_database(url: str, program_id: str, *, create: bool = True) -> Database:
    """Open the database of a program; makes its tables where ``create`` allows.

    Raises `NoDatabase`, `WrongDatabase`, `DatabaseBroken` or `DatabaseAway`.
    """
    address = _address(url)
    database = Database(create_engine(address, **_engine_options(address)), address.render_as_string())
    if database.is_sqlite:
        _prepare_sqlite(database.engine, address, create=create)
    try:
        _make_tables(database, create=create)
        _check_program(database, program_id, create=create)
    except Exception:
        database.close()
        raise
    return database


def sqlite_url(path: Path) -> str:
    """The address of an SQLite file."""
    return f"sqlite:///{path}"


def _address(url: str) -> URL:
    """Read an address; platforms give `postgres://`, SQLAlchemy wants the driver's name."""
    address = make_url(url)
    if address.drivername in {"postgres", "postgresql"}:
        return address.set(drivername="postgresql+psycopg")
    return address


def _engine_options(address: URL) -> dict[str, Any]:
    if address.get_backend_name() == "sqlite":
        return {"connect_args": {"timeout": BUSY_SECONDS, "check_same_thread": False}}
    return {"pool_pre_ping": True, "connect_args": {"connect_timeout": 3}}


def _prepare_sqlite(engine: Engine, address: URL, *, create: bool) -> None:
    path = Path(address.database or "")
    if not create and not path.is_file():
        raise NoDatabase(str(path))
    path.parent.mkdir(parents=True, exist_ok=True)

    @event.listens_for(engine, "connect")
    def _configure(connection: Any, _record: Any) -> None:
        # The driver's own transactions begin too late: we begin them, and take the write lock at once.
        connection.isolation_level = None
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("PRAGMA foreign_keys=ON")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if connection.get_execution_options().get("writes") else "BEGIN")


def _make_tables(database: Database, *, create: bool) -> None:
    with database.reading() as connection:
        present = inspect(connection).has_table(meta.name)
    if present:
        return
    if not create:
        raise NoDatabase(database.place)
    with database.writing() as connection:
        metadata.create_all(connection)
        connection.execute(insert(meta).values(key="schema", value=SCHEMA_VERSION))


def _check_program(database: Database, program_id: str, *, create: bool) -> None:
    with database.writing() as connection:
        holds = connection.scalar(select(meta.c.value).where(meta.c.key == "program"))
        if holds is None and create:
            connection.execute(insert(meta).values(key="program", value=program_id))
        elif holds != program_id:
            raise WrongDatabase(database.place, str(holds), program_id)
