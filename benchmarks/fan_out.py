"""From a publish to thousands of open pages: until each has heard of it, and until each has fetched the new page.

Runs in a process of its own: `python -m benchmarks.fan_out URL PID NUMBER` prints JSON.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.compared_servers import LOAD_CORE, cpu_seconds, memory_bytes, on_core, open_many_files, python_server
from benchmarks.simulated_readers import Readers, Round, reading

PUBLISHES = 10
# By then each connection has been looked after once (`HEADER_SECONDS`): what follows is how it goes on for hours.
SETTLE_SECONDS = 13
IDLE_SECONDS = 10
PAUSE_SECONDS = 0.5


def measure(folder: Path, number: int) -> dict[str, Any]:
    """A new server, so many streams, some publishes."""
    with python_server("agenda_server", folder) as (url, pid):
        command = [*on_core(LOAD_CORE), sys.executable, "-m", "benchmarks.fan_out", url, str(pid), str(number)]
        said = subprocess.run(command, stdout=subprocess.PIPE, check=True, cwd=Path(__file__).parent.parent).stdout
    told: dict[str, Any] = json.loads(said)
    return told


def observe(url: str, pid: int, number: int) -> dict[str, Any]:
    before = memory_bytes(pid)
    with reading(url, number, pid) as readers:
        held = memory_bytes(pid) - before
        idle = _idle(pid)
        used = cpu_seconds(pid)
        heard = [_publish(readers, follow=False) for _ in range(PUBLISHES)]
        used = (cpu_seconds(pid) - used) / PUBLISHES
        readers.visit()
        over_open = [_publish(readers, follow=True) for _ in range(PUBLISHES)]
        over_new = [_publish(readers, follow=True, anew=True) for _ in range(PUBLISHES)]
        event, page = readers.streams.octets, readers.pages.octets
    return {
        "streams": number,
        "lost": readers.streams.lost,
        "every_stream_heard_every_revision": _heard_all(readers.streams.heard, 3 * PUBLISHES),
        "milliseconds_from_answer_to_last": _last([one.last_heard - one.answered for one in heard]),
        "milliseconds_from_publish_to_answer": _milliseconds([one.answered - one.asked for one in heard]),
        "server_milliseconds_a_publish": round(1000 * used, 1),
        "bytes_a_stream": round(held / number),
        "idle_percent_of_a_core": round(100 * idle, 2),
        "bytes_of_an_edit_for_a_phone": {"event": event, "page": page, "sum": event + page},
        "page_over_open_connections": _followed(over_open),
        "page_over_new_connections": _followed(over_new),
    }


def _idle(pid: int) -> float:
    """The share of a core that open streams cost while nothing happens."""
    time.sleep(SETTLE_SECONDS)
    used = cpu_seconds(pid)
    time.sleep(IDLE_SECONDS)
    return (cpu_seconds(pid) - used) / IDLE_SECONDS


def _publish(readers: Readers, *, follow: bool, anew: bool = False) -> Round:
    if anew:
        readers.pages.close()
    time.sleep(PAUSE_SECONDS)
    return readers.round(follow=follow)


def _followed(rounds: list[Round]) -> dict[str, Any]:
    """How long it took until the last reader had the new page, and who was busy meanwhile."""
    took = sorted(seconds for one in rounds for seconds in one.took)
    shares = {
        "server works": [one.server_share for one in rounds],
        "server waits for its core": [one.server_waited_share for one in rounds],
        "load works": [one.load_share for one in rounds],
        "load waits for its core": [one.load_waited_share for one in rounds],
    }
    return {
        "milliseconds_from_answer_to_last": _last([one.last_had - one.answered for one in rounds]),
        "milliseconds_from_answer_to_last_event": _milliseconds([one.last_heard - one.answered for one in rounds]),
        "milliseconds_of_a_request": {
            "median": _milliseconds(took),
            "p99": round(1000 * took[int(0.99 * len(took))], 1),
        },
        "readers_without_it": sum(one.without for one in rounds),
        "asked_again_over_a_new_connection": sum(one.asked_again for one in rounds),
        "percent_of_the_time": {name: round(100 * median(found)) for name, found in shares.items()},
    }


def _last(seconds: list[float]) -> dict[str, float]:
    """The last of all may have been served before the publish's own answer."""
    return {"median": _milliseconds(seconds), "worst": max(0.0, round(1000 * max(seconds), 1))}


def _milliseconds(seconds: list[float]) -> float:
    return max(0.0, round(1000 * median(seconds), 1))


def _heard_all(heard: list[list[int]], publishes: int) -> bool:
    return len(heard[0]) == publishes and all(one == heard[0] for one in heard)


if __name__ == "__main__":
    open_many_files()
    print(json.dumps(observe(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))))
