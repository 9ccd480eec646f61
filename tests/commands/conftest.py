"""A day in a database, for commands."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from support.terminal import Terminal, terminal

from app.store.database import sqlite_url


@pytest.fixture
def at_clock(tmp_path: Path) -> Callable[[str], Terminal]:
    """The first program's day, with a clock that stands at a time."""
    return lambda clock: terminal(sqlite_url(tmp_path / "agenda.sqlite"), clock)


@pytest.fixture
def day(at_clock: Callable[[str], Terminal]) -> Terminal:
    """The day at 10:40."""
    return at_clock("10:40")
