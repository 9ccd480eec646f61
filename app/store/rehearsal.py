"""Which clock a database lives by: a database is real or a rehearsal from its first start."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from pydantic import TypeAdapter
from sqlalchemy import Connection, select

from app.store.database import Database
from app.store.errors import WrongClock
from app.store.tables import meta
from app.store.writing import upsert

_KEY = "clock"
_REAL = "real"


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """The rehearsed clock showed ``shown`` at the real instant ``anchor``, and goes ``speed`` times as fast."""

    anchor: datetime
    shown: datetime
    speed: float


_REHEARSAL: TypeAdapter[Rehearsal] = TypeAdapter(Rehearsal)


def read_rehearsal(database: Database) -> Rehearsal | None:
    """The rehearsal that this database lives by; None when its clock is the real one."""
    with database.reading() as connection:
        return _read(connection)


def claim_real(database: Database) -> Rehearsal | None:
    """Mark a new database as real; one that is a rehearsal stays it, and its clock is joined."""
    with database.publishing() as connection:
        if _text(connection) is None:
            upsert(connection, meta, {"key": _KEY}, {"value": _REAL})
        return _read(connection)


def claim_rehearsal(database: Database, rehearsal: Rehearsal) -> None:
    """Set a rehearsal's clock; raises `WrongClock` on a real day's database.

    A database that is a rehearsal already is set anew: the day starts over for every process on
    it, with the edits made so far. Stamps do not follow the clock back: they only rise.
    """
    with database.publishing() as connection:
        if _text(connection) == _REAL:
            raise WrongClock(database.place)
        upsert(connection, meta, {"key": _KEY}, {"value": _REHEARSAL.dump_json(rehearsal).decode()})


def _text(connection: Connection) -> str | None:
    return connection.scalar(select(meta.c.value).where(meta.c.key == _KEY))


def _read(connection: Connection) -> Rehearsal | None:
    text = _text(connection)
    return None if text is None or text == _REAL else _REHEARSAL.validate_json(text)
