"""All benchmarks, as one table of figures with their limits; status 1 where one is missed.

The whole run writes `docs/bench.json` and `docs/bench.svg`. With --only they are written with --write alone: then
what was measured takes its place among what they have of the other parts.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import tempfile
import time
import traceback
from collections.abc import Sequence
from pathlib import Path

from benchmarks import drawing
from benchmarks.compared_servers import NotHere, open_many_files
from benchmarks.parts import PARTS, Effort, Part
from benchmarks.results import Found, Result, as_json, judged, machine_lines, misses, table

DOCS = Path(__file__).resolve().parent.parent / "docs"
NAMES = ", ".join(part.name for part in PARTS)


def main() -> None:
    chosen = _options().parse_args()
    parts = chosen.only or list(PARTS)
    open_many_files()
    found = measure(parts, Effort(quick=chosen.quick, runs=chosen.runs, seconds=chosen.seconds))
    sys.exit(report(parts, found, quick=chosen.quick, write=chosen.write or not chosen.only))


def _options() -> argparse.ArgumentParser:
    raw = argparse.RawDescriptionHelpFormatter
    options = argparse.ArgumentParser(
        prog="python -m benchmarks", description=__doc__, epilog=f"parts: {NAMES}", formatter_class=raw
    )
    options.add_argument(
        "--only", action="append", type=part_named, metavar="NAME", help="one of the parts below; may be repeated"
    )
    options.add_argument("--write", action="store_true", help="with --only: write what was measured into docs/")
    options.add_argument("--runs", type=int, default=5, help="of each server; the median counts")
    options.add_argument("--seconds", type=int, default=2, help="of each run")
    options.add_argument(
        "--quick", action="store_true", help="small numbers, to see that it works; judges nothing, writes nothing"
    )
    return options


def part_named(name: str) -> Part:
    """The part of a name; argparse says which there are."""
    found = next((part for part in PARTS if part.name == name), None)
    if found is None:
        raise argparse.ArgumentTypeError(f"there is no part {name!r}; there are {NAMES}")
    return found


def measure(parts: Sequence[Part], effort: Effort) -> Found:
    """What each part found, under its key, and on what machine; says on standard error how far it is."""
    before = os.getloadavg()[0]
    found: Found = {}
    with tempfile.TemporaryDirectory() as folder:
        for number, part in enumerate(parts, start=1):
            tell(f"{part.name} ({number} of {len(parts)}) …")
            begun = time.monotonic()
            found[part.key] = one_part(part, Path(folder) / part.name, effort)
            tell(f"{part.name} took {time.monotonic() - begun:.0f} s")
    found["machine"] = {
        "cores": len(os.sched_getaffinity(0)),
        "python": platform.python_version(),
        "load_before": round(before, 1),
        "load_after": round(os.getloadavg()[0], 1),
    }
    return found


def one_part(part: Part, folder: Path, effort: Effort) -> object:
    """What a part found; where it cannot run or does not get to its end, why. The others are measured all the same."""
    folder.mkdir()
    try:
        return part.measure(folder, effort)
    except NotHere as missing:
        tell(f"{part.name} is not measured: {missing}")
        return {"not_measured": str(missing)}
    except Exception as error:  # noqa: BLE001 - what the others found must not be lost; a failed part is a miss
        traceback.print_exc()
        return {"failed": f"{type(error).__name__}: {error}"}


def tell(line: str) -> None:
    """Say how far it is."""
    print(f"make bench: {line}", file=sys.stderr, flush=True)


def report(parts: Sequence[Part], found: Found, *, quick: bool, write: bool) -> int:
    """Print the table, write what is to be written, and name what is missed; returns the exit status."""
    results = judged_all(parts, found)
    print("\n".join(table(found["machine"], results)))
    failed = [part.name for part in parts if "failed" in found[part.key]]
    if quick:
        return 1 if failed else 0
    if write:
        write_docs(found, DOCS)
    missed = misses(results)
    for line in missed:
        tell(f"missed: {line}")
    return 1 if missed else 0


def judged_all(parts: Sequence[Part], found: Found) -> list[Result]:
    """The rows of some parts, in their order."""
    return [result for part in parts for result in judged(part.name, part.rows, found[part.key])]


def write_docs(found: Found, folder: Path) -> None:
    """Write the figures and their picture; what was measured in another run stays, with the machine's state of then."""
    file = folder / "bench.json"
    machine = found["machine"]
    measured = [part for part in PARTS if part.key in found]
    if len(measured) < len(PARTS) and file.exists():
        before = json.loads(file.read_text())
        alone = before.get("measured_alone", {}) | {part.name: machine for part in measured}
        found = before | found | {"machine": before["machine"], "measured_alone": alone}
    results = judged_all([part for part in PARTS if part.key in found], found)
    found["table"] = as_json(results)
    file.write_text(json.dumps(found, indent=2, ensure_ascii=False) + "\n")
    (folder / "bench.svg").write_text(drawing.draw(machine_lines(found["machine"]), results))


if __name__ == "__main__":
    main()
