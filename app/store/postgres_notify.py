"""Notifications from PostgreSQL that a revision was published (LISTEN and NOTIFY)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import cast

import psycopg

from app.store.database import Database
from app.store.errors import DatabaseUnavailable
from app.store.revisions import CHANNEL


class NotifyListener:
    """A dedicated connection that listens for revisions; raises `DatabaseUnavailable` when it is lost."""

    def __init__(self, database: Database) -> None:
        with database.answering(), _translated():
            connection = database.engine.raw_connection()
            # It waits for long, so it must not occupy a place in the pool.
            connection.detach()
            self._connection = cast("psycopg.Connection", connection.dbapi_connection)
            try:
                self._connection.autocommit = True
                self._connection.execute(f"LISTEN {CHANNEL}")
            except psycopg.Error:
                self.close()
                raise

    def wait(self, seconds: float) -> bool:
        """Whether a revision was published; waits for at most so many seconds."""
        with _translated():
            return any(True for _ in self._connection.notifies(timeout=seconds, stop_after=1))

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except psycopg.Error as error:
        raise DatabaseUnavailable(str(error).strip()) from error
