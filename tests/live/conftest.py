"""Revisions on databases of both kinds, and what is current of them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from publishers import NOW, opened

from app.domain.program import Program
from app.live.current import Current
from app.store.database import Database
from app.store.revisions import Revisions


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """An open database; the test runs on SQLite and on PostgreSQL."""
    with opened(database_url) as database:
        yield database


@pytest.fixture
def revisions(database: Database, program: Program) -> Revisions:
    """A history that holds the first program as revision 1."""
    revisions = Revisions(database)
    revisions.append(program, base=0, author="files", note="", kind="import", now=NOW)
    return revisions


@pytest.fixture
def current(revisions: Revisions) -> Current:
    """What is served of it."""
    return Current(revisions, revisions.get(1))
