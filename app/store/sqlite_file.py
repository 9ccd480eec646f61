"""SQLite: a file that only its owner can read, and transactions that take their lock at the start."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path
from time import monotonic, sleep
from typing import Any

from sqlalchemy import Connection, Engine, event

from app.store.deadline import COMMAND_SECONDS, seconds_left
from app.store.errors import DatabaseUnavailable

RETRY_SECONDS = 0.02


def make_file(path: Path) -> None:
    """Create an empty file that only its owner can read."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
    except OSError as error:
        raise DatabaseUnavailable(f"{path}: {error.strerror}") from error


def configure(engine: Engine, path: Path) -> None:
    """Configure an engine's connections; with the option ``writes`` a transaction takes the write lock at once.

    Raises `DatabaseUnavailable` where the file was removed or replaced: SQLite itself would go on writing to the
    removed file, create an empty one, or mix what is in memory with another file's revisions.
    """
    opened = _file_identity(path)

    @event.listens_for(engine, "do_connect")
    @event.listens_for(engine, "checkout")
    def _check_same_file(*_: Any) -> None:
        if _file_identity(path) != opened:
            raise DatabaseUnavailable(f"{path} was replaced; start the service again")

    @event.listens_for(engine, "connect")
    def _set_pragmas(connection: Any, _record: Any) -> None:
        # Python's driver would begin a transaction only at the first write; `_begin` does it instead.
        connection.isolation_level = None
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("PRAGMA foreign_keys=ON")

    @event.listens_for(engine, "checkout")
    def _set_busy_timeout(connection: Any, *_: Any) -> None:
        connection.execute(f"PRAGMA busy_timeout={seconds_left() * 1000:.0f}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if connection.get_execution_options().get("writes") else "BEGIN")


def copy_content(source: Engine, target: Engine) -> None:
    """Make one SQLite database like another one; raises `DatabaseUnavailable` where that cannot be read or written."""
    with closing(source.raw_connection()) as reading, closing(target.raw_connection()) as writing:
        try:
            reading.cursor().connection.backup(writing.cursor().connection)
        except sqlite3.Error as error:
            raise DatabaseUnavailable(str(error)) from error


def keep_copy(engine: Engine, path: Path) -> None:
    """Copy a database into a new file that only its owner can read; it has its name once it is complete.

    Raises `OSError` or `sqlite3.Error`; then there is no such file.
    """
    unfinished = path.with_name(f"{path.name}.unfinished")
    try:
        unfinished.unlink(missing_ok=True)
        unfinished.touch(mode=0o600)
        with closing(engine.raw_connection()) as reading, closing(sqlite3.connect(unfinished)) as writing:
            reading.cursor().connection.backup(writing)
        rename_durably(unfinished, path)
    finally:
        unfinished.unlink(missing_ok=True)


def rename_durably(unfinished: Path, path: Path) -> None:
    """Give a complete file its name, in place of what had it; both are on the disk when this returns."""
    _write_to_disk(unfinished)
    unfinished.replace(path)
    _write_to_disk(path.parent)


def _write_to_disk(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _file_identity(path: Path) -> tuple[int, int]:
    """A file's identity, device and inode; raises `DatabaseUnavailable`."""
    try:
        found = path.stat()
    except OSError as error:
        raise DatabaseUnavailable(f"{path}: {error.strerror}") from error
    return found.st_dev, found.st_ino


def enable_wal(engine: Engine) -> None:
    """Switch the file to write-ahead logging, which lets readers and one writer work at the same time.

    The setting is stored in the file (https://www.sqlite.org/wal.html). SQLite refuses without waiting while another
    process uses the file, so this retries.
    """
    deadline = monotonic() + COMMAND_SECONDS
    while True:
        try:
            with closing(engine.raw_connection()) as connection:
                connection.cursor().execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            if monotonic() > deadline:
                raise DatabaseUnavailable(str(error)) from error
            sleep(RETRY_SECONDS)
        else:
            return
