"""PostgreSQL's word that a revision was published (LISTEN and NOTIFY)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Protocol, cast

from psycopg import Error
from sqlalchemy import text

from app.store.database import Database
from app.store.errors import DatabaseAway
from app.store.revisions import CHANNEL


class _Driver(Protocol):
    """What is used of psycopg's connection."""

    notifies: Callable[..., Iterable[Any]]


class Listening:
    """A connection of its own that hears of revisions; raises `DatabaseAway` when it is lost."""

    def __init__(self, database: Database) -> None:
        with database.translated():
            self._connection = database.engine.connect().execution_options(isolation_level="AUTOCOMMIT")
            # A connection that waits is none of the pool's.
            self._connection.detach()
            self._connection.execute(text(f"LISTEN {CHANNEL}"))

    def wait(self, seconds: float) -> bool:
        """Whether a revision was published; waits for that, at most so long."""
        driver = cast("_Driver", self._connection.connection.driver_connection)
        try:
            return any(True for _ in driver.notifies(timeout=seconds, stop_after=1))
        except Error as error:
            raise DatabaseAway(str(error).strip()) from error

    def close(self) -> None:
        """Let go of the connection."""
        self._connection.close()
