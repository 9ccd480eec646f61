"""The short form of `make soak`: edits every second, readers and streams; no error, memory flat."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.soak import soak

SECONDS = 12


@pytest.mark.slow
def test_edits_readers_and_streams_for_a_while(tmp_path: Path) -> None:
    found = soak(tmp_path, seconds=SECONDS, streams=50, readers=2)
    assert (found["problems"], found["edits"] >= SECONDS // 2, found["requests"] > SECONDS) == ([], True, True)
