"""Backup of the whole database into one SQLite file, while the service runs, and restore.

Backups of SQLite and of PostgreSQL have the same form: a file that DATABASE_URL can name.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import insert, inspect, select

from app.store.database import Database, check, connect, has_tables, sqlite_url, stored_schema, upgrade
from app.store.database_identity import begin_history, read_identity
from app.store.errors import BackupFailed, DatabaseBroken, DatabaseUnavailable, FileExists, NoBackup, NotEmpty
from app.store.sqlite_file import copy_content, durable_file
from app.store.tables import SCHEMA_VERSION, metadata

ROWS_AT_ONCE = 50


def backup(database: Database, path: Path) -> None:
    """Write a consistent copy of a database into a new file; raises `FileExists` or `BackupFailed`.

    The file gets its final name once it is complete.
    """
    with _reported(path):
        _check_folder(path)
        if path.exists():
            raise FileExists(str(path))
        _write_copy(database, path)


def replace_backup(database: Database, path: Path, program_id: str) -> None:
    """Write a consistent copy of a database in place of a former copy of it, or where there is none.

    Raises `BackupFailed`, or what `_check_replaceable` raises; then the former copy stays.
    """
    with _reported(path):
        _check_replaceable(database, path, program_id)
        _write_copy(database, path)


def _check_folder(path: Path) -> None:
    """Raise `BackupFailed` where a file's folder does not exist: its disk may not be mounted."""
    if not path.parent.is_dir():
        raise BackupFailed(str(path), f"there is no folder {path.parent}; make it, or connect its disk")


def _check_replaceable(database: Database, path: Path, program_id: str) -> None:
    """Raise a `StoreError` where a file is there that is no copy of this database."""
    _check_folder(path)
    if path.exists():
        check_backup(path, program_id)
        with closing(connect(sqlite_url(path))) as found:
            if read_identity(found) != read_identity(database):
                raise FileExists(str(path), f"it is a copy of another database than {database.place}")
            # Copies never are in this mode; a database is from when it is first opened.
            with found.reading() as connection:
                if connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal":
                    raise FileExists(str(path), "it is the database of a service; name another file, or move it away")


def check_backup(path: Path, program_id: str) -> None:
    """Raise a `StoreError` where a file is no copy of a database of the program; the file stays as it is."""
    if not path.is_file():
        raise NoBackup(str(path))
    with closing(connect(sqlite_url(path))) as found:
        if not has_tables(found):
            raise DatabaseBroken(found.place, "it is empty")
        check(found, program_id)


def _check_empty(target: Database) -> None:
    """Raise `NotEmpty` where a database has tables."""
    with target.reading() as connection:
        is_empty = not inspect(connection).get_table_names()
    if not is_empty:
        file = f"stop its service and move {target.place}* away, or name another file in DATABASE_URL"
        advice = file if target.is_sqlite else "restore into an empty one: `createdb` makes it, DATABASE_URL names it"
        raise NotEmpty(target.place, advice)


def restore(path: Path, url: str) -> str:
    """Fill an empty database from a backup; returns its place. Raises `NoBackup`, or `NotEmpty` where it has tables."""
    if not path.is_file():
        raise NoBackup(str(path))
    with _up_to_date(path) as source, closing(connect(url)) as target:
        _check_empty(target)
        _copy_tables(source, target)
        return target.place


def _write_copy(database: Database, path: Path) -> None:
    try:
        with durable_file(path) as unfinished, closing(connect(sqlite_url(unfinished))) as copy:
            _copy_tables(database, copy)
    except DatabaseUnavailable as error:
        raise BackupFailed(str(path), error.reason) from error


@contextmanager
def _reported(path: Path) -> Iterator[None]:
    """Raise `BackupFailed` where the place of a copy fails: a full disk, a stick that was pulled out."""
    try:
        yield
    except OSError as error:
        raise BackupFailed(str(path), error.strerror or str(error)) from error


@contextmanager
def _up_to_date(path: Path) -> Iterator[Database]:
    """A backup; of one that an older version wrote, an upgraded copy, since the file itself stays as it is."""
    with closing(connect(sqlite_url(path), create=False)) as found:
        with found.reading() as connection:
            schema = stored_schema(connection)
        if not 0 < schema < SCHEMA_VERSION:
            yield found
            return
        with TemporaryDirectory() as folder, closing(connect(sqlite_url(Path(folder) / path.name))) as copy:
            copy_content(found.engine, copy.engine)
            upgrade(copy, keeps_copy=False)
            yield copy


def _copy_tables(source: Database, target: Database) -> None:
    """Copy all rows, as of one instant, into an empty database, which goes on with a history of its own."""
    with source.reading() as reading, target.writing() as writing:
        metadata.create_all(writing, checkfirst=False)
        for table in metadata.sorted_tables:
            rows = reading.execution_options(yield_per=ROWS_AT_ONCE).execute(select(table).order_by(*table.primary_key))
            for part in rows.mappings().partitions():
                writing.execute(insert(table), [dict(row) for row in part])
        begin_history(writing)
