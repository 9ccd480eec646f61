"""What tests of deployments share: a bare Debian, kept for the whole run."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from support.debian_root import make_debian, why_no_debian

MakeDebian = Callable[..., Path]


@pytest.fixture
def debian(tmp_path_factory: pytest.TempPathFactory, tmp_path: Path) -> MakeDebian:
    """Makes a bare Debian with the packages that it is given, in a folder of the test's own; skips where it cannot."""
    reason = why_no_debian()
    if reason:
        pytest.skip(reason)
    base = tmp_path_factory.getbasetemp()
    # With xdist each worker has a folder of its own in the one that they share.
    shared = base.parent if base.name.startswith("popen-") else base
    return lambda *packages: make_debian(shared, tmp_path / "debian", *packages)
