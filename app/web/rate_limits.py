"""Rate limits per key and per IP address.

A thousand phones in a hall share one IP address, so the limit of an address is high. The limits protect the database
from load; keys of 256 random bits need no protection from guessing.
"""

from __future__ import annotations

import secrets
from hashlib import blake2b

from flask import request
from flask_limiter import Limiter

PER_KEY = "20 per minute"
PER_IP_ADDRESS = "3000 per minute"
# Readers star quickly, and each page that they open fetches their stars.
PER_READER = "90 per minute"
# Each phone of a hall starts one set of stars, which is kept for a year.
PER_IP_ADDRESS_NEW_STARS = "1500 per minute; 6000 per day"

# New at each start, so that hashes cannot be compared with anything outside this process.
_HASH_KEY = secrets.token_bytes(16)
_DIGEST_BYTES = 12


def _hashed(kind: str, text: str) -> str:
    """The name of a counter. The limiter logs and stores it, so it must not contain addresses or keys."""
    # JSON may contain a lone surrogate, which UTF-8 cannot encode.
    data = text.encode(errors="surrogatepass")
    return f"{kind} {blake2b(data, key=_HASH_KEY, digest_size=_DIGEST_BYTES).hexdigest()}"


def ip_address_counter() -> str:
    """The counter of the request's IP address."""
    return _hashed("address", request.remote_addr or "")


def sign_in_key_counter() -> str:
    """The counter of the key in the request's path."""
    return _hashed("key", (request.view_args or {}).get("key", ""))


def star_key_counter() -> str:
    """The counter of the request's key to a set of stars."""
    return _hashed("reader", request.headers.get("Authorization", ""))


def has_star_key() -> bool:
    """Whether a request is about an existing set of stars."""
    return "Authorization" in request.headers


def name_of_display() -> str:
    """The counter of the display that reports."""
    sent = request.get_json(silent=True)
    return _hashed("display", str(sent.get("id")) if isinstance(sent, dict) else "")


limiter = Limiter(ip_address_counter, storage_uri="memory://")
