"""What SQLite needs: a file of its owner's, and transactions that begin when they should."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from time import monotonic, sleep
from typing import Any

from sqlalchemy import Connection, Engine, event

from app.store.errors import DatabaseAway

BUSY_SECONDS = 10
RETRY_SECONDS = 0.02


def make_file(path: Path) -> None:
    """An empty file that only its owner reads: hashed keys are secret too."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
    except OSError as error:
        raise DatabaseAway(f"{path}: {error.strerror}") from error


def prepare(engine: Engine, path: Path) -> None:
    """Set each connection up, and begin its transactions: with option ``writes`` the lock is taken at once.

    A file that was removed or replaced is not written to: SQLite itself would go on with the one
    that nobody finds any more, or make an empty one.
    """

    @event.listens_for(engine, "do_connect")
    def _find(*_: Any) -> None:
        _file_at(path)

    @event.listens_for(engine, "checkout")
    def _same(_connection: Any, record: Any, _proxy: Any) -> None:
        if record.info["file"] != _file_at(path):
            raise DatabaseAway(f"{path} was replaced; start the service again")

    @event.listens_for(engine, "connect")
    def _configure(connection: Any, record: Any) -> None:
        record.info["file"] = _file_at(path)
        # The driver's own transactions begin too late: we begin them, and take the write lock at once.
        connection.isolation_level = None
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("PRAGMA foreign_keys=ON")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if connection.get_execution_options().get("writes") else "BEGIN")


def _file_at(path: Path) -> tuple[int, int]:
    """Which file stands at a path: its device and number on it; raises `DatabaseAway`."""
    try:
        found = path.stat()
    except OSError as error:
        raise DatabaseAway(f"{path}: {error.strerror}") from error
    return found.st_dev, found.st_ino


def share(engine: Engine) -> None:
    """Let readers and one writer work side by side, by the write-ahead log; the file remembers it (https://www.sqlite.org/wal.html).

    SQLite refuses at once while somebody else uses the file, as when several processes start.
    """
    deadline = monotonic() + BUSY_SECONDS
    while True:
        try:
            with closing(engine.raw_connection()) as connection:
                connection.cursor().execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            if monotonic() > deadline:
                raise DatabaseAway(str(error)) from error
            sleep(RETRY_SECONDS)
        else:
            return
