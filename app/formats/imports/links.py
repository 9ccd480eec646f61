"""Addresses from outside: which are links that a reader may be given."""

from __future__ import annotations

from urllib.parse import urljoin, urlsplit

from app.domain.session import Link
from app.formats.imports.text import one_line

SCHEMES = frozenset({"http", "https", "mailto"})
LONGEST_URL = 2000


def link(label: str, url: str, base: str = "") -> Link | None:
    """A link with a label; None for an odd scheme, or a relative address without a base to stand on."""
    address = absolute(url, base)
    return Link(one_line(label) or address, address) if address else None


def absolute(url: str, base: str = "") -> str:
    """An address as an absolute one; "" where it is none, or of an odd scheme."""
    text = "".join(one_line(url).split(" "))[:LONGEST_URL] if " " not in one_line(url) else ""
    if not text:
        return ""
    try:
        parts = urlsplit(urljoin(base, text) if base else text)
    except ValueError:
        return ""
    if parts.scheme.lower() not in SCHEMES or not (parts.netloc or parts.scheme.lower() == "mailto"):
        return ""
    return parts.geturl()
