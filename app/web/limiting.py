"""How often the same may be asked for: by one key first, by one address only beyond what a full hall needs.

A thousand phones in a hall stand behind one address. What is guarded by 256 random bits needs no
limit against guessing; these are against noise that costs the database.
"""

from __future__ import annotations

import secrets
from hashlib import blake2b

from flask import request
from flask_limiter import Limiter

PER_KEY = "20 per minute"
PER_ADDRESS = "3000 per minute"
# A reader stars quickly, and looks at page after page.
PER_READER = "90 per minute"
# Each phone of a hall begins a set of stars once; what is begun is kept for a year.
BEGINNINGS = "1500 per minute; 6000 per day"

# Made anew at each start: what is counted cannot be compared with anything outside this process.
_PEPPER = secrets.token_bytes(16)
_DIGEST_BYTES = 12


def _hashed(kind: str, text: str) -> str:
    """A name to count by. The limiter logs and keeps names, so addresses and keys must not stand in them."""
    # JSON may hold half of a surrogate pair, which UTF-8 has no bytes for.
    octets = text.encode(errors="surrogatepass")
    return f"{kind} {blake2b(octets, key=_PEPPER, digest_size=_DIGEST_BYTES).hexdigest()}"


def address_of_reader() -> str:
    """Where the request comes from."""
    return _hashed("address", request.remote_addr or "")


def key_of_address() -> str:
    """The key that stands in the request's address, whatever a route calls it."""
    names = request.view_args or {}
    return _hashed("key", names.get("key") or names.get("token") or "")


def key_of_reader() -> str:
    """The key to a set of stars that the request brings along."""
    return _hashed("reader", request.headers.get("Authorization", ""))


def brings_a_key() -> bool:
    """Whether a request is about a set of stars that there is already."""
    return "Authorization" in request.headers


def name_of_display() -> str:
    """The name that a display gave itself."""
    said = request.get_json(silent=True)
    return _hashed("display", str(said.get("id")) if isinstance(said, dict) else "")


limiter = Limiter(address_of_reader, storage_uri="memory://")
