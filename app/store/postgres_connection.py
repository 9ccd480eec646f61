"""PostgreSQL: connections on which every wait ends, also where the server or the network says nothing at all."""

from __future__ import annotations

from collections.abc import Generator
from time import monotonic
from typing import Any, TypeVar

import psycopg
from psycopg.errors import ConnectionTimeout
from sqlalchemy import Engine, event

from app.store.deadline import COMMAND_SECONDS, PATIENCE_SECONDS, seconds_left

# Who waits for a place in the pool waits for others, who each have their own time.
POOL_SECONDS = 0.5
# Options of the connection pool and of libpq (PostgreSQL manual, 34.1.2).
OPTIONS: dict[str, Any] = {
    "pool_pre_ping": True,
    "pool_timeout": POOL_SECONDS,
    "connect_args": {
        # Each number of keys that are looked up together is a statement of its own; kept, they are megabytes.
        "prepare_threshold": None,
        "connect_timeout": int(COMMAND_SECONDS),
        "keepalives_idle": int(PATIENCE_SECONDS),
        "keepalives_interval": 1,
        "keepalives_count": int(PATIENCE_SECONDS),
        "tcp_user_timeout": int(PATIENCE_SECONDS * 1000),
    },
}
# The server ends what a client no longer waits for (PostgreSQL manual, 19.11.1), and frees its locks.
_SERVER_TIMEOUTS = ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout")

Yielded = TypeVar("Yielded")
Returned = TypeVar("Returned")


class DeadlineConnection(psycopg.Connection[Any]):
    """A connection that is closed when an answer takes too long: the answer might still come, to another question.

    psycopg's own timeout is for connecting alone, and for each of a host's addresses.
    """

    @classmethod
    def _connect_gen(cls, *args: Any, **kwargs: Any) -> Generator[Any, Any, Any]:
        return _until_deadline(super()._connect_gen(*args, **kwargs))

    def wait(self, gen: Generator[Any, Any, Returned], *args: Any, **kwargs: Any) -> Returned:
        """Wait as psycopg does, but no longer than the deadline; raises `ConnectionTimeout`."""
        try:
            return super().wait(_until_deadline(gen), *args, **kwargs)
        except ConnectionTimeout:
            self.close()
            raise


def configure(engine: Engine) -> None:
    """Give an engine such connections."""

    @event.listens_for(engine, "do_connect")
    def _connect(_dialect: Any, _record: Any, args: Any, options: Any) -> psycopg.Connection[Any]:
        return DeadlineConnection.connect(*args, **options)

    @event.listens_for(engine, "connect")
    def _set_timeouts(connection: psycopg.Connection[Any], _record: Any) -> None:
        # Not by libpq's `options`, which connection poolers refuse.
        for name in _SERVER_TIMEOUTS:
            connection.execute("SELECT set_config(%s, %s, false)", (name, f"{COMMAND_SECONDS:.0f}s"))
        connection.commit()


def _until_deadline(gen: Generator[Yielded, Any, Returned]) -> Generator[Yielded, Any, Returned]:
    """The generator of a wait, ended where nothing has come by the deadline.

    psycopg sends it a false value ten times a second while nothing comes, otherwise what the socket is ready for.
    """
    end = monotonic() + seconds_left()
    try:
        wanted = next(gen)
        while True:
            ready = yield wanted
            if not ready and monotonic() >= end:
                raise ConnectionTimeout("no answer in time")
            wanted = gen.send(ready)
    except StopIteration as done:
        returned: Returned = done.value
        return returned
