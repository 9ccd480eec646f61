"""All benchmarks in one run: a table, `docs/bench.json` and `docs/bench.svg`."""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import tempfile
from pathlib import Path
from typing import Any

from benchmarks import drawing, fan_out, front_door, growth
from benchmarks.servers import NotHere, open_many_files

DOCS = Path(__file__).resolve().parent.parent / "docs"
STREAMS = [1_000, 5_000, 10_000]
SESSIONS = [15, 1_000, 10_000]


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--runs", type=int, default=5, help="of each server; the median counts")
    options.add_argument("--seconds", type=int, default=2, help="of each run")
    options.add_argument("--quick", action="store_true", help="small numbers, to see that it works; writes nothing")
    chosen = options.parse_args()
    open_many_files()
    try:
        found = measure(chosen)
    except NotHere as missing:
        sys.exit(f"make bench: {missing}")
    print("\n".join(table(found)))
    if not chosen.quick:
        (DOCS / "bench.json").write_text(json.dumps(found, indent=2) + "\n")
        (DOCS / "bench.svg").write_text(drawing.draw(found))


def measure(chosen: argparse.Namespace) -> dict[str, Any]:
    streams, sessions = ([100], [15]) if chosen.quick else (STREAMS, SESSIONS)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "door").mkdir()
        before = os.getloadavg()[0]
        found: dict[str, Any] = {
            "front_door": front_door.measure(folder / "door", runs=chosen.runs, seconds=chosen.seconds)
        }
        found["fan_out"] = []
        for number in streams:
            (folder / f"streams-{number}").mkdir()
            found["fan_out"].append(fan_out.measure(folder / f"streams-{number}", number))
        found["growth"] = growth.measure(folder / "growth", sessions)
    found["machine"] = {
        "cores": len(os.sched_getaffinity(0)),
        "python": platform.python_version(),
        "load_before": round(before, 1),
        "load_after": round(os.getloadavg()[0], 1),
    }
    return found


def table(found: dict[str, Any]) -> list[str]:
    """The results, a line each."""
    lines = []
    for part in ("machine", "front_door"):
        lines += ["", part, *_lines(found[part])]
    for part in ("fan_out", "growth"):
        for one in found[part]:
            lines += ["", part, *_lines(one)]
    return lines


def _lines(values: dict[str, Any], before: str = "") -> list[str]:
    lines = []
    for name, value in values.items():
        words = f"{before}{name.replace('_', ' ')}"
        lines += _lines(value, f"{words}: ") if isinstance(value, dict) else [f"  {words:<60} {value:>12}"]
    return lines


if __name__ == "__main__":
    main()
