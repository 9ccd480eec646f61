"""A name for a database, so that phones never take what they kept of one day for another."""

from __future__ import annotations

import secrets

from sqlalchemy import select

from app.store.database import Database
from app.store.tables import meta
from app.store.writing import upsert

_KEY = "identity"
_OCTETS = 4


def identity_of(database: Database) -> str:
    """Eight letters that are the same for as long as the database lives; made on the first question."""
    with database.publishing() as connection:
        found: str | None = connection.scalar(select(meta.c.value).where(meta.c.key == _KEY))
        if found is None:
            found = secrets.token_hex(_OCTETS)
            upsert(connection, meta, {"key": _KEY}, {"value": found})
        return found
