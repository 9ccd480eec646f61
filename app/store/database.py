"""One database, SQLite or PostgreSQL, and the one place where its errors become ours."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, func, insert, inspect, select
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DatabaseError, InterfaceError, NoSuchModuleError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolExhausted

from app.store.errors import (
    BadDatabaseUrl,
    DatabaseAway,
    DatabaseBroken,
    NewerDatabase,
    NoDatabase,
    StoreError,
    WrongDatabase,
)
from app.store.sqlite_file import BUSY_SECONDS, make_file, prepare, share
from app.store.tables import SCHEMA_VERSION, meta, metadata

# A server that vanished is noticed after this many seconds, not after TCP's quarter of an hour.
PATIENCE_SECONDS = 5
# Publishers of one PostgreSQL database queue up behind this lock; SQLite has one writer anyway.
PUBLISHING_LOCK = 0x0C0DE31
# What SQLite says of a file that is damaged, foreign or half-made (https://www.sqlite.org/rescode.html).
_SQLITE_BROKEN = frozenset({1, 11, 26})
_POSTGRESQL_BROKEN = frozenset({"UndefinedTable", "UndefinedColumn", "DuplicateTable"})


@dataclass(frozen=True)
class Database:
    """An engine, and a name for it that may be shown: a file, or an address without its password."""

    engine: Engine
    place: str

    @property
    def is_sqlite(self) -> bool:
        """Whether this is a file of SQLite."""
        return self.engine.dialect.name == "sqlite"

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """One transaction: all or nothing."""
        with self.translated(), self.engine.execution_options(writes=True).begin() as connection:
            yield connection

    @contextmanager
    def publishing(self) -> Iterator[Connection]:
        """One transaction that no other publisher shares: they wait for each other."""
        with self.writing() as connection:
            if not self.is_sqlite:
                # A publisher whose machine died in between must not hold up the others for long.
                for limit in ("lock_timeout", "idle_in_transaction_session_timeout"):
                    connection.execute(select(func.set_config(limit, f"{BUSY_SECONDS}s", True)))
                connection.execute(select(func.pg_advisory_xact_lock(PUBLISHING_LOCK)))
            yield connection

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """One transaction to read with: all that is read in it is of one instant."""
        isolation = {} if self.is_sqlite else {"isolation_level": "REPEATABLE READ"}
        with self.translated(), self.engine.connect().execution_options(**isolation) as connection:
            yield connection

    @contextmanager
    def translated(self) -> Iterator[None]:
        """Turn the errors of SQLAlchemy and its drivers into ours."""
        try:
            yield
        except PoolExhausted as error:
            raise DatabaseAway("all connections are in use") from error
        except (DatabaseError, InterfaceError) as error:
            ours = self._ours(error)
            if ours is None:
                raise
            raise ours from error

    def _ours(self, error: DatabaseError | InterfaceError) -> StoreError | None:
        """An error as ours; None for one that only a mistake in this program can cause."""
        code = getattr(error.orig, "sqlite_errorcode", None)
        if code is not None and code & 0xFF in _SQLITE_BROKEN:
            return DatabaseBroken(self.place, _reason(error))
        if type(error.orig).__name__ in _POSTGRESQL_BROKEN:
            return DatabaseBroken(self.place, _reason(error))
        return DatabaseAway(_reason(error)) if isinstance(error, OperationalError | InterfaceError) else None

    def close(self) -> None:
        """Let go of all connections."""
        self.engine.dispose()


def open_database(url: str, program_id: str, *, create: bool = True) -> Database:
    """Open the database of a program; makes its tables where ``create`` allows.

    Raises `BadDatabaseUrl`, `NoDatabase`, `WrongDatabase`, `NewerDatabase`, `DatabaseBroken` or `DatabaseAway`.
    """
    database = connect(url, create=create)
    try:
        _settle(database, program_id, create=create)
    except BaseException:
        database.close()
        raise
    return database


def _settle(database: Database, program_id: str, *, create: bool) -> None:
    if not _has_tables(database):
        if not create:
            raise NoDatabase(database.place)
        _make_tables(database, program_id)
    _check(database, program_id)
    if database.is_sqlite:
        share(database.engine)


def connect(url: str, *, create: bool = True) -> Database:
    """A database as it is, not looked into; raises `BadDatabaseUrl` or, without ``create``, `NoDatabase`."""
    address = _address(url)
    if address.get_backend_name() != "sqlite":
        return Database(create_engine(address, **_postgresql_options()), address.render_as_string())
    path = Path(address.database or "")
    if not path.is_file():
        if not create:
            raise NoDatabase(str(path))
        make_file(path)
    engine = create_engine(address, connect_args={"timeout": BUSY_SECONDS})
    prepare(engine, path)
    return Database(engine, str(path))


def sqlite_url(path: Path) -> str:
    """The address of an SQLite file."""
    return f"sqlite:///{path}"


def _address(url: str) -> URL:
    """Read an address; platforms give `postgres://`, SQLAlchemy wants the driver's name."""
    try:
        address = make_url(url.strip())
        if address.drivername in {"postgres", "postgresql"}:
            address = address.set(drivername="postgresql+psycopg")
        address.get_dialect()
    except (ArgumentError, NoSuchModuleError, ValueError) as error:
        raise BadDatabaseUrl from error
    in_memory = address.database in {None, "", ":memory:"}
    if address.drivername not in {"sqlite", "sqlite+pysqlite", "postgresql+psycopg"} or in_memory:
        raise BadDatabaseUrl
    return address


def _postgresql_options() -> dict[str, Any]:
    """Options of the pool and of libpq (PostgreSQL manual, 34.1.2)."""
    return {
        "pool_pre_ping": True,
        "pool_timeout": PATIENCE_SECONDS,
        "connect_args": {
            "connect_timeout": PATIENCE_SECONDS,
            "keepalives_idle": PATIENCE_SECONDS,
            "keepalives_interval": 1,
            "keepalives_count": PATIENCE_SECONDS,
            "tcp_user_timeout": PATIENCE_SECONDS * 1000,
        },
    }


def _has_tables(database: Database) -> bool:
    """Whether the tables are there; an SQLite file with tables of something else is refused."""
    with database.reading() as connection:
        names = inspect(connection).get_table_names()
    if database.is_sqlite and names and meta.name not in names:
        raise DatabaseBroken(database.place, "it holds something else")
    return meta.name in names


def _make_tables(database: Database, program_id: str) -> None:
    """Make the tables and say what they hold in one transaction; of several processes one does it."""
    with database.publishing() as connection:
        if inspect(connection).has_table(meta.name):
            return
        metadata.create_all(connection)
        connection.execute(
            insert(meta), [{"key": "schema", "value": str(SCHEMA_VERSION)}, {"key": "program", "value": program_id}]
        )


def _check(database: Database, program_id: str) -> None:
    with database.reading() as connection:
        facts = {row.key: row.value for row in connection.execute(select(meta))}
    schema, holds = facts.get("schema", ""), facts.get("program")
    if holds is None or not schema.isdecimal():
        raise DatabaseBroken(database.place, "it does not say what it holds")
    if int(schema) > SCHEMA_VERSION:
        raise NewerDatabase(database.place, schema)
    if holds != program_id:
        raise WrongDatabase(database.place, holds, program_id)


def _reason(error: DatabaseError | InterfaceError) -> str:
    return next(iter(str(error.orig).strip().splitlines()), type(error.orig).__name__)
