"""What a request's query asks for, checked."""

from __future__ import annotations

from flask import abort, request


def whole_number(name: str, allowed: range, default: int | None = None) -> int:
    """A whole number of the query; anything else is refused with what is allowed."""
    text = request.args.get(name, "" if default is None else str(default))
    digits = len(str(allowed.stop))
    if not (text.isascii() and text.isdecimal() and len(text) <= digits and int(text) in allowed):
        abort(400, f"expected {name} to be a whole number from {allowed.start} to {allowed.stop - 1}, not {text}")
    return int(text)
