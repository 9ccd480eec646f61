"""Secret keys that are shown once; the database stores only their hashes."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable

from sqlalchemy import Column, select, union_all

from app.store.database import Database

KEY_BYTES = 32


def new_key() -> str:
    """A new key: 256 random bits, in characters that a URL may hold."""
    return secrets.token_urlsafe(KEY_BYTES)


def key_hash(key: str) -> str:
    """The hash of a key. Keys are long and random, so one round of SHA-256 is enough."""
    return hashlib.sha256(key.encode()).hexdigest()


def stored_among(database: Database, keys: Iterable[str], *columns: Column[str]) -> frozenset[str]:
    """Those of some keys whose hashes are in one of the columns; raises `StoreError`."""
    key_of_hash = {key_hash(key): key for key in keys}
    found = union_all(*(select(column).where(column.in_(key_of_hash)) for column in columns))
    with database.reading() as connection:
        return frozenset(key_of_hash[one] for one in connection.scalars(found))
