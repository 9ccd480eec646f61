"""How often the same may be asked for: by one key first, by one address only beyond what a full hall needs.

A thousand phones in a hall stand behind one address. What is guarded by 256 random bits needs no
limit against guessing; these are against noise that costs the database.
"""

from __future__ import annotations

from flask import request
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

PER_KEY = "20 per minute"
PER_ADDRESS = "3000 per minute"

limiter = Limiter(get_remote_address, storage_uri="memory://")


def key_of_address() -> str:
    """The key that stands in the request's address, whatever a route calls it."""
    names = request.view_args or {}
    return f"key {names.get('key') or names.get('token') or ''}"


def name_of_display() -> str:
    """The name that a display gave itself."""
    said = request.get_json(silent=True)
    return f"display {said.get('id') if isinstance(said, dict) else ''}"[:100]
