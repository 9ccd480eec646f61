"""Secret keys, of which the database stores only hashes; some are made of a salt, so that they can be shown again."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections.abc import Iterable

from sqlalchemy import Column, select, union_all

from app.store.database import Database

KEY_BYTES = 32


def new_key() -> str:
    """A new key: 256 random bits, in characters that a URL may hold."""
    return secrets.token_urlsafe(KEY_BYTES)


def derived_key(secret: str | bytes, salt: str) -> str:
    """The key that a random salt gives under the service's secret key, as long as a new one."""
    octets = secret.encode() if isinstance(secret, str) else secret
    # The prefix keeps it apart from all else that is signed with the secret.
    digest = hmac.digest(octets, f"agenda-sign-in-link {salt}".encode(), hashlib.sha256)
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def key_hash(key: str) -> str:
    """The hash of a key. Keys are long and random, so one round of SHA-256 is enough."""
    return hashlib.sha256(key.encode()).hexdigest()


def stored_among(database: Database, keys: Iterable[str], *columns: Column[str]) -> frozenset[str]:
    """Those of some keys whose hashes are in one of the columns; raises `StoreError`."""
    key_of_hash = {key_hash(key): key for key in keys}
    found = union_all(*(select(column).where(column.in_(key_of_hash)) for column in columns))
    with database.reading() as connection:
        return frozenset(key_of_hash[one] for one in connection.scalars(found))
