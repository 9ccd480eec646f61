"""Histories that are still empty, on databases of both kinds."""

from __future__ import annotations

import pytest
from support.publisher_processes import append_revision

from app.domain.program import Program
from app.store.database import Database
from app.store.revisions import Revision, Revisions


@pytest.fixture
def revisions(database: Database) -> Revisions:
    """Its history, still empty."""
    return Revisions(database)


@pytest.fixture
def first(revisions: Revisions, program: Program) -> Revision:
    """The first program as revision 1."""
    return append_revision(revisions, program, author="files", kind="import")
