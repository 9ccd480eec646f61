"""What is released: the version, and the folders that come with the service.

Those are inside the package where it is installed, and beside `app/` in a checkout.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

VERSION = "0.2.0"
# A machine's clock that says an earlier time is wrong.
RELEASED = datetime(2026, 11, 28, tzinfo=UTC)
_PACKAGE = Path(__file__).resolve().parent


def shipped_folder(name: str) -> Path:
    """One of them, such as "templates"."""
    inside = _PACKAGE / name
    return inside if inside.is_dir() else _PACKAGE.parent / name
