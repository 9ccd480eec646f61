"""SQLite: a file that only its owner can read, and transactions that take their lock at the start."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from time import monotonic, sleep
from typing import Any

from sqlalchemy import Connection, Engine, event
from sqlalchemy.exc import DisconnectionError

from app.store.deadline import COMMAND_SECONDS, seconds_left
from app.store.errors import DatabaseUnavailable, FileExists, NotWritable
from app.store.open_file import OpenFile, write_to_disk

RETRY_SECONDS = 0.02
# SQLite's result codes for a file that cannot be written or opened, or whose folder cannot.
NOT_WRITABLE = frozenset({8, 14})
_FILE = "file"


def trace_of(path: Path) -> object:
    """What each transaction that writes changes about a database's files: two traces that differ tell of one.

    Two within one tick of the system's clock may leave the same.
    """
    # SQLite's log lies beside the file to which a link leads.
    file = path.resolve()
    return tuple(map(_trace, (file, file.with_name(f"{file.name}-wal"))))


def _trace(file: Path) -> tuple[int, ...]:
    try:
        found = file.stat()
    except OSError:
        return ()
    return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns


def make_file(path: Path) -> None:
    """Create an empty file that only its owner can read."""
    if path.is_dir():
        raise NotWritable(str(path), "it is a folder")
    _refuse_orphan_log(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
    except OSError as error:
        raise NotWritable(str(path), error.strerror or "it cannot be made") from error


def _refuse_orphan_log(path: Path) -> None:
    """Raise `FileExists` where a database was taken away without its write-ahead log, which has its last edits.

    SQLite would delete the log (https://www.sqlite.org/wal.html).
    """
    log = path.with_name(f"{path.name}-wal")
    # In this order: another process that is creating the same database writes its log last.
    if log.is_file() and log.stat().st_size and not path.exists():
        raise FileExists(str(log), "it has the last edits of a database that was moved without it; move it there too")


def configure(engine: Engine, path: Path) -> None:
    """Configure an engine's connections; with the option ``writes`` a transaction takes the write lock at once.

    Raises `DatabaseUnavailable` where the file was moved away or replaced: SQLite itself would go on writing to the
    former file, create an empty one, or mix what is in memory with another file's revisions. A deleted one is written
    again.
    """
    file = OpenFile(path)

    @event.listens_for(engine, "do_connect")
    def _check_file(*_: Any) -> None:
        file.check()

    @event.listens_for(engine, "checkout")
    def _check_same_file(connection: sqlite3.Connection, record: Any, _fairy: Any) -> None:
        file.check(connection)
        if record.info[_FILE] != file.identity:
            # The pool then connects anew.
            raise DisconnectionError(f"{path} was written again")

    @event.listens_for(engine, "connect")
    def _set_pragmas(connection: Any, record: Any) -> None:
        record.info[_FILE] = file.identity
        # Python's driver would begin a transaction only at the first write; `_begin` does it instead.
        connection.isolation_level = None
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("PRAGMA foreign_keys=ON")

    @event.listens_for(engine, "checkout")
    def _set_busy_timeout(connection: Any, *_: Any) -> None:
        connection.execute(f"PRAGMA busy_timeout={seconds_left() * 1000:.0f}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        if connection.get_execution_options().get("writes"):
            _begin_writing(connection, file)
        else:
            connection.exec_driver_sql("BEGIN")


def _begin_writing(connection: Connection, file: OpenFile) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")
    # While this waited, the file may have been deleted and written again: what is published here would be lost.
    file.check()
    if connection.info[_FILE] != file.identity:
        raise DatabaseUnavailable(f"{file.path} was written again just now; try again")


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
    with (
        durable_file(path) as unfinished,
        closing(engine.raw_connection()) as reading,
        closing(sqlite3.connect(unfinished)) as writing,
    ):
        reading.cursor().connection.backup(writing)


@contextmanager
def durable_file(path: Path) -> Iterator[Path]:
    """An empty file that only its owner can read; after the block it gets its name, in place of what had it.

    Both are on the disk then. Where the block fails, the file is deleted and what has its name stays.
    """
    unfinished = path.with_name(f"{path.name}.unfinished")
    try:
        unfinished.unlink(missing_ok=True)
        unfinished.touch(mode=0o600)
        yield unfinished
        write_to_disk(unfinished)
        unfinished.replace(path)
        write_to_disk(path.parent)
    finally:
        unfinished.unlink(missing_ok=True)


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
            if error.sqlite_errorcode & 0xFF in NOT_WRITABLE:
                raise NotWritable(str(engine.url.database), str(error)) from error
            if monotonic() > deadline:
                raise DatabaseUnavailable(str(error)) from error
            sleep(RETRY_SECONDS)
        else:
            return
