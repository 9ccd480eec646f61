"""Backup of the whole database into one SQLite file, while the service runs, and restore.

Backups of SQLite and of PostgreSQL have the same form: a file that DATABASE_URL can name.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import insert, select

from app.store.database import Database, connect, sqlite_url, stored_schema, upgrade
from app.store.errors import FileExists
from app.store.sqlite_file import copy_content
from app.store.tables import SCHEMA_VERSION, metadata

ROWS_AT_ONCE = 50


def backup(database: Database, path: Path) -> None:
    """Write a consistent copy of a database into a new file; raises `FileExists`.

    The file gets its final name once it is complete.
    """
    if path.exists():
        raise FileExists(str(path))
    unfinished = path.with_name(f"{path.name}.unfinished")
    unfinished.unlink(missing_ok=True)
    with closing(connect(sqlite_url(unfinished))) as copy:
        _copy_tables(database, copy)
    unfinished.rename(path)


def restore(path: Path, url: str) -> None:
    """Fill an empty database from a backup; raises `NoDatabase`, or `DatabaseBroken` where it has tables."""
    with _up_to_date(path) as source, closing(connect(url)) as target:
        _copy_tables(source, target)


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
            upgrade(copy)
            yield copy


def _copy_tables(source: Database, target: Database) -> None:
    """Copy all rows, as of one instant, into an empty database."""
    with source.reading() as reading, target.writing() as writing:
        metadata.create_all(writing, checkfirst=False)
        for table in metadata.sorted_tables:
            rows = reading.execution_options(yield_per=ROWS_AT_ONCE).execute(select(table).order_by(*table.primary_key))
            for part in rows.mappings().partitions():
                writing.execute(insert(table), [dict(row) for row in part])
