"""The Content-Security-Policy of pages (CSP 3): styles and scripts are files, but for style elements named by hash."""

from __future__ import annotations

import base64
import hashlib
from functools import lru_cache

HEADER = "Content-Security-Policy"


@lru_cache(maxsize=32)
def content_policy(*inline_styles: str) -> str:
    """The policy of a page with such contents of its style elements."""
    directives = (
        "default-src 'none'",
        "script-src 'self'",
        " ".join(("style-src 'self'", *(f"'{hash_source(style)}'" for style in inline_styles))),
        "img-src 'self' data:",
        "connect-src 'self'",
        "manifest-src 'self'",
        "worker-src 'self'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
    return "; ".join(directives)


def hash_source(content: str) -> str:
    """The hash source of an element's content (CSP 3, 2.3.1)."""
    return f"sha256-{base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()}"
