"""The real Pushpin, where it is installed."""

from __future__ import annotations

import pytest

from benchmarks.pushpin import missing_programs


def needs_pushpin() -> None:
    """Skip the test where Debian's Pushpin is not installed."""
    if missing := missing_programs():
        pytest.skip(f"needs Debian's pushpin ({', '.join(missing)} missing): `.ci/tools` installs it")
