"""Fixtures for all tests."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def fixtures_path() -> Path:
    """The real schedules; tests that read them are skipped where they are absent."""
    path = Path(os.environ.get("AGENDA_FIXTURES", ROOT.parent / "shared" / "fixtures"))
    if not path.is_dir():
        pytest.skip(f"real schedules are not at {path} (AGENDA_FIXTURES says where they are)")
    return path
