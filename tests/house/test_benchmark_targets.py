"""`make bench` fails where a target is missed, and says which."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest
from support.repository import ROOT

from benchmarks.__main__ import misses


def found(last_milliseconds: float, without: int, open_page: dict[str, Any]) -> dict[str, Any]:
    page = {"milliseconds_from_answer_to_last": {"median": last_milliseconds}, "readers_without_it": without}
    return {"fan_out": [{"page_over_open_connections": page}], "open_page": open_page}


def shown(milliseconds: float, requests: int) -> dict[str, Any]:
    return {
        "milliseconds_from_answer_to_shown": {
            path: {"median": milliseconds} for path in ("/", "/display", "/organizer")
        },
        "first_visit_on_slow_3g": {"milliseconds_from_paint_to_live": 1900, "requests": requests},
    }


def test_what_holds_is_no_miss() -> None:
    assert list(misses(found(1000, 0, shown(1000, 14)))) == []


def test_each_missed_target_is_named_with_what_was_found() -> None:
    assert list(misses(found(1200.5, 3, shown(40, 17)))) == [
        "an edit until the last of 10,000 readers has the new page, over open connections: 1200.5 ms, at most 1000",
        "readers without the new page: 3, at most 0",
        "requests of a first visit: 17, at most 14",
    ]


def test_what_was_not_measured_is_no_miss() -> None:
    assert list(misses(found(900, 0, {"not_measured": "no Chromium is here"}))) == []


@pytest.mark.acceptance
@pytest.mark.timeout(600)
def test_every_benchmark_runs_to_its_end() -> None:
    command = [sys.executable, "-m", "benchmarks", "--quick", "--runs", "1", "--seconds", "1"]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if "is not here" in run.stderr:
        pytest.skip(run.stderr.strip())
    assert (run.returncode, "growth" in run.stdout) == (0, True), run.stderr
