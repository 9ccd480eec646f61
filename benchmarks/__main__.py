"""All benchmarks in one run: a table, `docs/bench.json` and `docs/bench.svg`; status 1 where a target is missed."""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks import drawing, fan_out, growth, open_page, requests_per_second, waiting_times
from benchmarks.compared_servers import NotHere, open_many_files

DOCS = Path(__file__).resolve().parent.parent / "docs"
STREAMS = [1_000, 5_000, 10_000]
SESSIONS = [15, 1_000, 10_000]
EDITS = 20
Found = dict[str, Any]


@dataclass(frozen=True)
class Target:
    """What must hold; ``of`` looks it up among what was found, None where that was not measured."""

    what: str
    most: float
    unit: str
    of: Callable[[Found], float | None]


def _crowd(found: Found) -> Found:
    largest: Found = found["fan_out"][-1]
    return largest["page_over_open_connections"]  # type: ignore[no-any-return]  # as JSON has it


def _shown(path: str) -> Callable[[Found], float | None]:
    return lambda found: found["open_page"].get("milliseconds_from_answer_to_shown", {}).get(path, {}).get("median")


def _visit(name: str) -> Callable[[Found], float | None]:
    return lambda found: found["open_page"].get("first_visit_on_slow_3g", {}).get(name)


def _waiting_time(name: str) -> Callable[[Found], float | None]:
    return lambda found: found.get("waiting_times", {}).get(name)


TARGETS = (
    Target(
        "an edit until the last of 10,000 readers has the new page, over open connections",
        1000,
        "ms",
        lambda found: _crowd(found)["milliseconds_from_answer_to_last"]["median"],
    ),
    Target("readers without the new page", 0, "", lambda found: _crowd(found)["readers_without_it"]),
    *(Target(f"an edit until an open {path} shows it", 1000, "ms", _shown(path)) for path in open_page.PAGES),
    Target("first paint until live, on slow 3G", 2000, "ms", _visit("milliseconds_from_paint_to_live")),
    Target("requests of a first visit", 14, "", _visit("requests")),
    *(Target(name.replace("_", " "), most, "ms", _waiting_time(name)) for name, most in waiting_times.LIMITS.items()),
)


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
    if chosen.quick:
        return
    (DOCS / "bench.json").write_text(json.dumps(found, indent=2) + "\n")
    (DOCS / "bench.svg").write_text(drawing.draw(found))
    missed = list(misses(found))
    if missed:
        sys.exit("\n".join(f"make bench: target missed: {line}" for line in missed))


def misses(found: Found) -> Iterator[str]:
    """What was to hold and does not; what was not measured is said in the table."""
    for target in TARGETS:
        value = target.of(found)
        if value is not None and value > target.most:
            yield f"{target.what}: {value:g} {target.unit}, at most {target.most:g}".replace(" ,", ",")


def measure(chosen: argparse.Namespace) -> Found:
    streams, sessions = ([100], [15]) if chosen.quick else (STREAMS, SESSIONS)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "door").mkdir()
        before = os.getloadavg()[0]
        found: Found = {
            "requests_per_second": requests_per_second.measure(
                folder / "door", runs=chosen.runs, seconds=chosen.seconds
            )
        }
        found["fan_out"] = []
        for number in streams:
            (folder / f"streams-{number}").mkdir()
            found["fan_out"].append(fan_out.measure(folder / f"streams-{number}", number))
        found["open_page"] = _open_page(folder / "open-page", 2 if chosen.quick else EDITS)
        found["waiting_times"] = waiting_times.measure(folder / "waiting_times")
        found["growth"] = growth.measure(folder / "growth", sessions)
    found["machine"] = {
        "cores": len(os.sched_getaffinity(0)),
        "python": platform.python_version(),
        "load_before": round(before, 1),
        "load_after": round(os.getloadavg()[0], 1),
    }
    return found


def _open_page(folder: Path, edits: int) -> Found:
    lacking = open_page.missing()
    if lacking:
        print(f"make bench: open pages are not measured: {lacking}", file=sys.stderr)
        return {"not_measured": lacking}
    folder.mkdir()
    return open_page.measure(folder, edits)


def table(found: Found) -> list[str]:
    """The results, a line each."""
    lines = []
    for part in ("machine", "requests_per_second", "open_page", "waiting_times"):
        lines += ["", part, *_lines(found[part])]
    for part in ("fan_out", "growth"):
        for one in found[part]:
            lines += ["", part, *_lines(one)]
    return lines


def _lines(values: Found, before: str = "") -> list[str]:
    lines = []
    for name, value in values.items():
        words = f"{before}{name.replace('_', ' ')}"
        lines += _lines(value, f"{words}: ") if isinstance(value, dict) else [f"  {words:<60} {value:>12}"]
    return lines


if __name__ == "__main__":
    main()
