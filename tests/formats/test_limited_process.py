"""Programs in a process of their own: which processes end where memory is short."""

from __future__ import annotations

import pytest

from app.formats.limited_process import OOM_SCORE, output_of


@pytest.mark.skipif(not OOM_SCORE.exists(), reason="needs Linux")
def test_where_memory_is_short_the_kernel_ends_such_a_process_before_the_service() -> None:
    before = OOM_SCORE.read_text()
    limits = {"seconds": 60, "cpu_seconds": 60, "memory": 2**30, "output": 2**20}
    # The library's own module, which runs a line of Python and prints more.
    shown = output_of("timeit", b"", "-n1", "-r1", f"print(open('{OOM_SCORE}').read())", **limits)
    assert (shown.split()[0], OOM_SCORE.read_text()) == (b"1000", before)
