"""Secret keys that are shown once; the database stores only their hashes."""

from __future__ import annotations

import hashlib
import secrets

KEY_BYTES = 32


def new_key() -> str:
    """A new key: 256 random bits, in characters that a URL may hold."""
    return secrets.token_urlsafe(KEY_BYTES)


def key_hash(key: str) -> str:
    """The hash of a key. Keys are long and random, so one round of SHA-256 is enough."""
    return hashlib.sha256(key.encode()).hexdigest()
