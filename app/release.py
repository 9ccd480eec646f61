"""What is released: the version, and the folders that come with the service.

Those are inside the package where it is installed, and beside `app/` in a checkout.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

# A clock that says an earlier time than this version could be installed at is wrong; not later than its release.
RELEASED = datetime(2026, 11, 1, tzinfo=UTC)
VERSION = "0.2.0"
_PACKAGE = Path(__file__).resolve().parent


def shipped_folder(name: str) -> Path:
    """One of them, such as "templates"."""
    inside = _PACKAGE / name
    return inside if inside.is_dir() else _PACKAGE.parent / name
