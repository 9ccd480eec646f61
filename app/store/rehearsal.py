"""Which clock a database lives by: a database is real or a rehearsal from its first start."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select

from app.store.database import Database
from app.store.errors import WrongClock
from app.store.tables import meta

_KEY = "clock"


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """The rehearsed clock showed ``shown`` at the real instant ``anchor``, and goes ``speed`` times as fast."""

    anchor: datetime
    shown: datetime
    speed: float


def read_rehearsal(database: Database) -> Rehearsal | None:
    """The rehearsal that this database lives by; None when its clock is the real one."""
    with database.reading() as connection:
        return _read(connection)


def claim_real(database: Database) -> Rehearsal | None:
    """Mark a new database as real; one that is a rehearsal stays it, and its clock is joined."""
    with database.writing() as connection:
        if _text(connection) is None:
            connection.execute(insert(meta).values(key=_KEY, value="real"))
        return _read(connection)


def claim_rehearsal(database: Database, rehearsal: Rehearsal) -> None:
    """Set a rehearsal's clock, anew where there was one; raises `WrongClock` on a real day's database."""
    with database.writing() as connection:
        if _text(connection) == "real":
            raise WrongClock(database.place)
        value = json.dumps(
            {
                "anchor": rehearsal.anchor.isoformat(),
                "shown": rehearsal.shown.isoformat(),
                "speed": rehearsal.speed,
            }
        )
        connection.execute(delete(meta).where(meta.c.key == _KEY))
        connection.execute(insert(meta).values(key=_KEY, value=value))


def _text(connection: Connection) -> str | None:
    return connection.scalar(select(meta.c.value).where(meta.c.key == _KEY))


def _read(connection: Connection) -> Rehearsal | None:
    text = _text(connection)
    if text is None or text == "real":
        return None
    value = json.loads(text)
    return Rehearsal(
        datetime.fromisoformat(value["anchor"]), datetime.fromisoformat(value["shown"]), float(value["speed"])
    )
