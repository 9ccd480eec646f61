"""The keys of good requests: they have a lane of their own, so that a flood of made-up keys does not delay them."""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import blake2b

from werkzeug.exceptions import TooManyRequests

MOST_KNOWN_KEYS = 20_000
# Requests that are handled or wait: a phone sends two or three.
MOST_AT_ONCE = 8
DIGEST_BYTES = 12
# Measured: what one takes.
KNOWN_KEY_BYTES = 150


class KnownKeys:
    """Keys, by their digests: links, readers' keys, displays' tokens. Whether one still is good, the database says.

    Not thread-safe: it belongs to the event loop.
    """

    def __init__(self) -> None:
        self._hash_key = secrets.token_bytes(DIGEST_BYTES)
        self._known: dict[bytes, None] = {}
        self._in_use: Counter[bytes] = Counter()

    @property
    def kept_bytes(self) -> int:
        """What they take in memory."""
        return len(self._known) * KNOWN_KEY_BYTES

    def __contains__(self, key: str) -> bool:
        """Whether a request with this key was good."""
        return self._digest(key) in self._known

    def add(self, key: str) -> None:
        """Note that a request with this key was good; the key that has not been used for longest is forgotten."""
        digest = self._digest(key)
        self._known.pop(digest, None)
        self._known[digest] = None
        if len(self._known) > MOST_KNOWN_KEYS:
            del self._known[next(iter(self._known))]

    @contextmanager
    def using(self, key: str) -> Iterator[None]:
        """Handle a request with a key; raises `TooManyRequests` where too many with the same one are handled."""
        digest = self._digest(key)
        if self._in_use[digest] >= MOST_AT_ONCE:
            raise TooManyRequests
        self._in_use[digest] += 1
        try:
            yield
        finally:
            self._in_use[digest] -= 1
            if not self._in_use[digest]:
                del self._in_use[digest]

    def _digest(self, key: str) -> bytes:
        return blake2b(key.encode(errors="surrogatepass"), key=self._hash_key, digest_size=DIGEST_BYTES).digest()
