"""Facts about a database as a whole: its identity, its history, and whether it is real or a rehearsal."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime

from pydantic import TypeAdapter
from sqlalchemy import Connection

from app.store.database import Database
from app.store.errors import WrongClock
from app.store.tables import read_fact, write_fact

_CLOCK = "clock"
_IDENTITY = "identity"
_HISTORY = "history"
_REAL = "real"
_IDENTITY_OCTETS = 4


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """A clock that showed ``shown`` at the real instant ``anchor`` and runs ``speed`` times as fast as real time."""

    anchor: datetime
    shown: datetime
    speed: float = 1.0


_REHEARSAL: TypeAdapter[Rehearsal] = TypeAdapter(Rehearsal)


def read_rehearsal(database: Database) -> Rehearsal | None:
    """The database's rehearsal; None where it uses the real time."""
    with database.reading() as connection:
        text = read_fact(connection, _CLOCK)
    return None if text in {None, _REAL} else _REHEARSAL.validate_json(str(text))


def claim_real(database: Database) -> None:
    """Mark a new database as real; a rehearsal's stays one."""
    with database.publishing() as connection:
        if read_fact(connection, _CLOCK) is None:
            write_fact(connection, _CLOCK, _REAL)


def claim_rehearsal(database: Database, rehearsal: Rehearsal) -> None:
    """Set or reset a rehearsal's clock; raises `WrongClock` on a real day's database.

    A reset starts the day over for every process on the database, with the edits made so far. Timestamps of
    revisions do not follow the clock back: they only rise.
    """
    with database.publishing() as connection:
        if read_fact(connection, _CLOCK) == _REAL:
            raise WrongClock(database.place)
        write_fact(connection, _CLOCK, _REHEARSAL.dump_json(rehearsal).decode())


def begin_history(connection: Connection) -> None:
    """Mark a copy: from here on its revisions may have the numbers of revisions that it does not have.

    Pages take over what a service with another history says, even where its number is lower.
    """
    write_fact(connection, _HISTORY, secrets.token_hex(_IDENTITY_OCTETS))


def history_of(database: Database) -> str:
    """What changes with each copy that is made of a database; "" for one that is no copy."""
    with database.reading() as connection:
        return read_fact(connection, _HISTORY) or ""


def read_identity(database: Database) -> str | None:
    """The database's identity; None where it has none yet."""
    with database.reading() as connection:
        return read_fact(connection, _IDENTITY)


def identity_of(database: Database) -> str:
    """Eight hexadecimal digits that identify the database for its lifetime; chosen on the first call."""
    with database.publishing() as connection:
        identity = read_fact(connection, _IDENTITY)
        if identity is None:
            identity = secrets.token_hex(_IDENTITY_OCTETS)
            write_fact(connection, _IDENTITY, identity)
        return identity
