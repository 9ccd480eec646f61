"""Databases of both kinds, new for each test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from publishers import NOW, opened

from app.domain.program import Program
from app.store.database import Database
from app.store.revisions import Revision, Revisions


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """An open database without a revision; the test runs on SQLite and on PostgreSQL."""
    with opened(database_url) as database:
        yield database


@pytest.fixture
def revisions(database: Database) -> Revisions:
    """Its history, still empty."""
    return Revisions(database)


@pytest.fixture
def first(revisions: Revisions, program: Program) -> Revision:
    """The first program as revision 1."""
    return revisions.append(program, base=0, author="files", note="", kind="import", now=NOW)
