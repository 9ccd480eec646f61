"""A day in a database, for commands."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from support.codeml_day import talk, two_rooms
from support.terminal import Terminal, terminal

from app.formats.program_folder.writer import write_program
from app.store.database import sqlite_url


@pytest.fixture
def at_clock(tmp_path: Path) -> Callable[[str], Terminal]:
    """The first program's day, with a clock that stands at a time."""
    return lambda clock: terminal(sqlite_url(tmp_path / "agenda.sqlite"), clock)


@pytest.fixture
def day(at_clock: Callable[[str], Terminal]) -> Terminal:
    """The day at 10:40."""
    return at_clock("10:40")


@pytest.fixture
def rooms(tmp_path: Path) -> Terminal:
    """A made-up day in a hall and an annex, at 10:40."""
    folder = tmp_path / "rooms"
    program = two_rooms(
        talk("hall-one", "10:00-11:00"),
        talk("hall-two", "11:00-11:30"),
        talk("hall-three", "11:30-12:00"),
        talk("annex-one", "10:15-11:00", "annex"),
        talk("annex-two", "11:00-12:00", "annex"),
    )
    write_program(program, folder)
    return terminal(sqlite_url(tmp_path / "rooms.sqlite"), AGENDA_PROGRAM=str(folder))
