"""PostgreSQL's word that a revision was published (LISTEN and NOTIFY)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import cast

import psycopg

from app.store.database import Database
from app.store.errors import DatabaseAway
from app.store.revisions import CHANNEL


class Listening:
    """A connection of its own that hears of revisions; raises `DatabaseAway` when it is lost."""

    def __init__(self, database: Database) -> None:
        with database.translated(), _translated():
            self._held = database.engine.raw_connection()
            # A connection that waits is none of the pool's.
            self._held.detach()
            try:
                self._driver.autocommit = True
                self._driver.execute(f"LISTEN {CHANNEL}")
            except psycopg.Error:
                self.close()
                raise

    def wait(self, seconds: float) -> bool:
        """Whether a revision was published; waits for that, at most so long."""
        with _translated():
            return any(True for _ in self._driver.notifies(timeout=seconds, stop_after=1))

    def close(self) -> None:
        """Let go of the connection."""
        self._held.close()

    @property
    def _driver(self) -> psycopg.Connection:
        return cast("psycopg.Connection", self._held.dbapi_connection)


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except psycopg.Error as error:
        raise DatabaseAway(str(error).strip()) from error
