"""A long day in short: an edit every second, which all open pages hear of and fetch, and other readers all the while.

`python -m benchmarks.soak [--seconds 600] [--streams 500]` says what went wrong; status 1 if anything did.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Iterable
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.compared_servers import cpu_seconds, memory_bytes, open_many_files, python_server
from benchmarks.simulated_readers import Readers, Round, reading

EDITS_EACH_SECONDS = 1.0
PATHS = ("/", "/now", "/display", "/talks/tri-dao", "/calendar/codeml-2025.ics", "/api/now", "/api/program", "/changes")
# What a process may take up while it warms up is not counted: memory is watched from here on.
WARM_SHARE = 0.25
# Editions and stored answers are bounded by number and size; a leak would be more within minutes.
MOST_GROWTH = 0.10
SLACK_BYTES = 4_000_000


@dataclass
class Reader(threading.Thread):
    """Asks for one page after the other; notes what went wrong."""

    url: str
    done: threading.Event
    requests: int = 0
    errors: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(daemon=True)

    def __hash__(self) -> int:
        return id(self)

    def run(self) -> None:
        while not self.done.wait(0.02):
            path = PATHS[self.requests % len(PATHS)]
            self.requests += 1
            try:
                with urllib.request.urlopen(self.url + path, timeout=20) as answer:
                    answer.read()
            except OSError as error:
                self.errors.append(f"{path}: {error}")


def soak(
    folder: Path, *, seconds: float = math.inf, edits: float = math.inf, streams: int, readers: int = 3
) -> dict[str, Any]:
    """Run it for so long, or for so many edits; ``problems`` lists what should not have been, ``growth`` apart."""
    with ExitStack() as stack:
        url, pid = stack.enter_context(python_server("agenda_server", folder))
        following = stack.enter_context(reading(url, streams, pid))
        following.visit()
        done = threading.Event()
        crowd = [Reader(url, done) for _ in range(readers)]
        for reader in crowd:
            reader.start()
        begun, used = time.monotonic(), cpu_seconds(pid)
        memory, rounds = _edits(pid, following, begun + seconds, edits)
        took = time.monotonic() - begun
        used = (cpu_seconds(pid) - used) / took
        done.set()
        for reader in crowd:
            reader.join()
        heard, lost = following.streams.heard, following.streams.lost
    warm = memory[int(len(memory) * WARM_SHARE)]
    problems = [error for reader in crowd for error in reader.errors]
    problems += [f"{lost} streams were lost"] if lost else []
    problems += ["a stream missed a revision, or heard of one twice"] if any(one != heard[0] for one in heard) else []
    without = sum(one.without for one in rounds)
    problems += [f"{without} times an open page did not get the new page"] if without else []
    grew = memory[-1] > warm * (1 + MOST_GROWTH) + SLACK_BYTES
    return {
        "seconds": round(took),
        "edits": len(heard[0]),
        "requests": sum(reader.requests for reader in crowd),
        "streams": streams,
        "megabytes_when_warm": round(warm / 1e6, 1),
        "megabytes_at_the_end": round(memory[-1] / 1e6, 1),
        "milliseconds_from_edit_to_last_stream": _slowest(one.last_heard - one.asked for one in rounds),
        "milliseconds_from_edit_to_last_page": _slowest(one.last_had - one.asked for one in rounds),
        "processor_percent_of_a_core": round(100 * used, 1),
        "problems": problems,
        "growth": [f"memory grew from {warm / 1e6:.1f} to {memory[-1] / 1e6:.1f} MB"] if grew else [],
    }


def _edits(pid: int, following: Readers, end: float, most: float) -> tuple[list[int], list[Round]]:
    """An edit each second, which all open pages follow, and the server's memory after each."""
    memory, rounds = list[int](), list[Round]()
    while (time.monotonic() < end and len(rounds) < most) or not rounds:
        due = time.monotonic() + EDITS_EACH_SECONDS
        made = following.round(follow=True)
        # A reader's times are as many as there are readers, for ten minutes.
        made.took.clear()
        rounds.append(made)
        memory.append(memory_bytes(pid))
        time.sleep(max(0.0, due - time.monotonic()))
    return memory, rounds


def _slowest(seconds: Iterable[float]) -> int:
    return round(1000 * max(seconds))


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--seconds", type=float, default=600)
    options.add_argument("--streams", type=int, default=500)
    chosen = options.parse_args()
    open_many_files()
    with tempfile.TemporaryDirectory() as folder:
        found = soak(Path(folder), seconds=chosen.seconds, streams=chosen.streams)
    print(json.dumps(found, indent=2))
    sys.exit(1 if found["problems"] + found["growth"] else 0)


if __name__ == "__main__":
    main()
