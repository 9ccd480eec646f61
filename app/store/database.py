"""A database, SQLite or PostgreSQL; SQLAlchemy's errors become those of `app.store.errors` here alone."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import chain, count
from pathlib import Path

import psycopg
from psycopg.conninfo import make_conninfo
from psycopg.errors import ConnectionTimeout, InsufficientPrivilege
from sqlalchemy import Connection, Engine, create_engine, func, inspect, select, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import (
    ArgumentError,
    DatabaseError,
    InterfaceError,
    InternalError,
    NoSuchModuleError,
    OperationalError,
)
from sqlalchemy.exc import TimeoutError as PoolExhausted

from app.release import VERSION
from app.store import postgres_connection, sqlite_file
from app.store.deadline import CircuitBreaker
from app.store.errors import (
    BadDatabaseUrl,
    DatabaseBroken,
    DatabaseTimeout,
    DatabaseUnavailable,
    NewerDatabase,
    NoDatabase,
    NoRights,
    NotUpgraded,
    NotWritable,
    ServerUnavailable,
    StoreError,
    WrongDatabase,
)
from app.store.tables import (
    PROGRAM,
    SCHEMA,
    SCHEMA_VERSION,
    UPGRADES,
    WRITTEN_BY,
    meta,
    metadata,
    read_fact,
    write_fact,
)

log = logging.getLogger(__name__)

# The advisory lock that publishers on PostgreSQL take; SQLite has one writer anyway.
PUBLISHING_LOCK = 0x0C0DE31
# SQLite's result codes for a lock that did not become free in time, and for a file that is damaged, incomplete or of
# another kind (https://www.sqlite.org/rescode.html).
_SQLITE_BUSY = 5
_SQLITE_BROKEN = frozenset({1, 11, 26})
_POSTGRESQL_BROKEN = frozenset({"UndefinedTable", "UndefinedColumn", "DuplicateTable", "DuplicateColumn"})


@dataclass(frozen=True)
class Database:
    """An engine, and its place for messages: a file, or an address without the password."""

    engine: Engine
    place: str
    # They are one where a database hangs as a whole; an SQLite file can be read while others hold its lock.
    _for_reading: CircuitBreaker = field(default_factory=CircuitBreaker)
    _for_writing: CircuitBreaker = field(default_factory=CircuitBreaker)

    @property
    def is_sqlite(self) -> bool:
        """Whether this is an SQLite file."""
        return self.engine.dialect.name == "sqlite"

    def trace(self) -> object:
        """What differs once something was written, for one or two system calls; None where only a query tells."""
        return sqlite_file.trace_of(Path(self.place)) if self.is_sqlite else None

    @property
    def hangs(self) -> bool:
        """Whether it did not answer when readers last asked it."""
        return self._for_reading.is_open

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """One transaction that writes."""
        with (
            self._for_writing.protecting(),
            self._translated(),
            self.engine.execution_options(writes=True).begin() as connection,
        ):
            yield connection

    @contextmanager
    def publishing(self) -> Iterator[Connection]:
        """One transaction that holds the publishing lock: concurrent publishers wait."""
        with self.writing() as connection:
            if not self.is_sqlite:
                connection.execute(select(func.pg_advisory_xact_lock(PUBLISHING_LOCK)))
            yield connection

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """One transaction that reads a consistent snapshot."""
        isolation = {} if self.is_sqlite else {"isolation_level": "REPEATABLE READ"}
        with self.answering(), self.engine.connect().execution_options(**isolation) as connection:
            yield connection

    @contextmanager
    def answering(self) -> Iterator[None]:
        """Whatever else is asked of the engine; raises `DatabaseUnavailable` at once while the database hangs."""
        with self._for_reading.protecting(), self._translated():
            yield

    @contextmanager
    def _translated(self) -> Iterator[None]:
        """Translate the errors of SQLAlchemy and its drivers to `StoreError`."""
        try:
            yield
        except PoolExhausted as error:
            raise DatabaseUnavailable("all connections are in use") from error
        except (DatabaseError, InterfaceError) as error:
            translated = self._translation(error)
            if translated is None:
                raise
            raise translated from error

    def _translation(self, error: DatabaseError | InterfaceError) -> StoreError | None:
        """The `StoreError` for an error; None for one that only a bug in this program can cause."""
        code = getattr(error.orig, "sqlite_errorcode", 0) & 0xFF
        if code in _SQLITE_BROKEN or type(error.orig).__name__ in _POSTGRESQL_BROKEN:
            return DatabaseBroken(self.place, _reason(error))
        if isinstance(error.orig, InsufficientPrivilege):
            return NoRights(self.place, _reason(error))
        if code in sqlite_file.NOT_WRITABLE:
            return NotWritable(self.place, _reason(error))
        if code == _SQLITE_BUSY or isinstance(error.orig, ConnectionTimeout):
            return DatabaseTimeout(_reason(error))
        # PostgreSQL reports as internal, for one, that it only reads, as a standby does after a failover.
        passing = isinstance(error, OperationalError | InterfaceError | InternalError)
        unavailable = DatabaseUnavailable if self.is_sqlite else ServerUnavailable
        return unavailable(_reason(error)) if passing else None

    def close(self) -> None:
        """Close all connections."""
        self.engine.dispose()

    def forget_connections(self) -> None:
        """In a forked process: leave the connections to the process that opened them, and open others."""
        self.engine.dispose(close=False)


def open_database(url: str, program_id: str, *, create: bool = True) -> Database:
    """Open the database of a program, and upgrade an older one; with ``create`` it is created where there is none.

    Raises `BadDatabaseUrl`, `NoDatabase`, `WrongDatabase`, `NewerDatabase`, `NotUpgraded`, `DatabaseBroken` or
    `DatabaseUnavailable`.
    """
    database = connect(url, create=create)
    try:
        if not has_tables(database):
            _make_tables(database, program_id, create=create)
        check(database, program_id)
        upgrade(database)
        if database.is_sqlite:
            sqlite_file.enable_wal(database.engine)
    except BaseException:
        database.close()
        raise
    return database


def connect(url: str, *, create: bool = True) -> Database:
    """A database whose content is not checked; raises `BadDatabaseUrl` or, without ``create``, `NoDatabase`."""
    address = _address(url)
    if address.get_backend_name() != "sqlite":
        engine = create_engine(address, hide_parameters=True, **postgres_connection.OPTIONS)
        postgres_connection.configure(engine)
        breaker = CircuitBreaker()
        return Database(engine, address.render_as_string(), breaker, breaker)
    path = Path(address.database or "")
    if not path.is_file():
        if not create:
            raise NoDatabase(str(path))
        sqlite_file.make_file(path)
    engine = create_engine(address, hide_parameters=True)
    sqlite_file.configure(engine, path)
    return Database(engine, str(path))


def upgrade(database: Database, *, keeps_copy: bool = True) -> None:
    """Bring the tables of an older version up to date, in one transaction; of several processes one does it.

    An SQLite file is copied first; raises `NotUpgraded` where it cannot be. An upgrade that fails leaves all as it was.
    """
    with database.reading() as connection:
        if stored_schema(connection) == SCHEMA_VERSION:
            return
    copy: Path | None = None
    try:
        # The lock of writers is taken first: nobody else upgrades, or writes what the copy would lack.
        with database.publishing() as connection:
            schema = stored_schema(connection)
            if schema == SCHEMA_VERSION:
                return
            copy = _kept_copy(database, schema) if keeps_copy and database.is_sqlite else None
            for statement in chain.from_iterable(UPGRADES[schema - 1 :]):
                connection.execute(text(statement))
            metadata.create_all(connection)
            _write_schema_facts(connection)
    except BaseException:
        if copy is not None:
            copy.unlink(missing_ok=True)
        raise
    if keeps_copy:
        kept = copy or "the backup that `agenda backup` made before"
        log.warning("%s is upgraded to version %s; to go back, restore %s", database.place, VERSION, kept)


def _kept_copy(database: Database, schema: int) -> Path:
    """The new file beside a database that has a copy of it; raises `NotUpgraded`."""
    path = Path(database.place)
    names = chain(
        [f"{path.name}.schema-{schema}.backup"], (f"{path.name}.schema-{schema}.{n}.backup" for n in count(2))
    )
    copy = next(one for one in map(path.with_name, names) if not one.exists())
    try:
        sqlite_file.keep_copy(database.engine, copy)
    except (OSError, sqlite3.Error) as error:
        raise NotUpgraded(database.place, str(copy), str(error)) from error
    return copy


def _write_schema_facts(connection: Connection) -> None:
    """Note the version of the tables, and of this program as the one that made them so."""
    write_fact(connection, SCHEMA, str(SCHEMA_VERSION))
    write_fact(connection, WRITTEN_BY, VERSION)


def stored_schema(connection: Connection) -> int:
    """The version of a database's tables; 0 where it does not say."""
    found = read_fact(connection, SCHEMA) or ""
    return int(found) if found.isdecimal() else 0


def sqlite_url(path: Path) -> str:
    """The address of an SQLite file."""
    return f"sqlite:///{path}"


def _address(url: str) -> URL:
    """Parse an address; hosting platforms write `postgres://`, SQLAlchemy needs the driver's name."""
    try:
        address = make_url(url.strip())
        if address.drivername in {"postgres", "postgresql"}:
            address = address.set(drivername="postgresql+psycopg")
        address.get_dialect()
        options = make_conninfo(**dict.fromkeys(address.query, ""))
    except psycopg.Error as error:
        raise BadDatabaseUrl(f" ({str(error).strip()})") from error
    except (ArgumentError, NoSuchModuleError, ValueError) as error:
        raise BadDatabaseUrl from error
    in_memory = address.database in {None, "", ":memory:"}
    is_sqlite = address.drivername in {"sqlite", "sqlite+pysqlite"}
    if not (is_sqlite or address.drivername == "postgresql+psycopg") or in_memory or (is_sqlite and options):
        raise BadDatabaseUrl
    if "@" in (address.host or ""):
        # The rest of a password stands in the host, which messages name.
        raise BadDatabaseUrl("; in a password write @ as %40 and / as %2F")
    return address


def has_tables(database: Database) -> bool:
    """Whether the tables exist; raises `DatabaseBroken` for an SQLite file with other tables."""
    with database.reading() as connection:
        names = inspect(connection).get_table_names()
    if database.is_sqlite and names and meta.name not in names:
        raise DatabaseBroken(database.place, "it holds something else")
    return meta.name in names


def _make_tables(database: Database, program_id: str, *, create: bool) -> None:
    """Create the tables and their facts in one transaction; of several processes one does it."""
    if not create:
        raise NoDatabase(database.place)
    with database.publishing() as connection:
        if inspect(connection).has_table(meta.name):
            return
        metadata.create_all(connection)
        _write_schema_facts(connection)
        write_fact(connection, PROGRAM, program_id)


def check(database: Database, program_id: str) -> None:
    """Raise `DatabaseBroken`, `NewerDatabase` or `WrongDatabase` where it is no usable database of the program."""
    with database.reading() as connection:
        schema, stored_program = stored_schema(connection), read_fact(connection, PROGRAM)
        version = read_fact(connection, WRITTEN_BY)
    if stored_program is None or not schema:
        raise DatabaseBroken(database.place, "it does not say what it holds")
    if schema > SCHEMA_VERSION:
        raise NewerDatabase(database.place, version, VERSION)
    if stored_program != program_id:
        raise WrongDatabase(database.place, stored_program, program_id)


def _reason(error: DatabaseError | InterfaceError) -> str:
    first = next(iter(str(error.orig).strip().splitlines()), type(error.orig).__name__)
    return first.removeprefix("connection failed: ")
