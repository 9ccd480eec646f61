"""The short form of `make soak`, which also watches memory: an edit each second, readers and streams; no error."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.soak import soak

EDITS = 4


@pytest.mark.process
def test_edits_readers_and_streams_for_a_while(tmp_path: Path) -> None:
    found = soak(tmp_path, edits=EDITS, streams=50, readers=2)
    assert (found["problems"], found["edits"], found["requests"] > 0) == ([], EDITS, True)
