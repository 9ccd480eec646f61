"""From a publish to the last of thousands of open streams, and what the streams cost meanwhile.

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

from benchmarks.servers import LOAD_CORE, cpu_seconds, memory_bytes, on_core, open_many_files, python_server
from benchmarks.streams import Pages, Publisher, Streams, opened

PUBLISHES = 10
# By then each connection has been looked after once (`HEADER_SECONDS`): what follows is how it goes on for hours.
SETTLE_SECONDS = 13
IDLE_SECONDS = 10
PAUSE_SECONDS = 0.3


def measure(folder: Path, number: int) -> dict[str, Any]:
    """A new server, so many streams, some publishes."""
    with python_server("agenda_server", folder) as (url, pid):
        command = [*on_core(LOAD_CORE), sys.executable, "-m", "benchmarks.fan_out", url, str(pid), str(number)]
        said = subprocess.run(command, stdout=subprocess.PIPE, check=True, cwd=Path(__file__).parent.parent).stdout
    told: dict[str, Any] = json.loads(said)
    return told


def observe(url: str, pid: int, number: int) -> dict[str, Any]:
    before = memory_bytes(pid)
    with opened(url, number) as streams:
        held = memory_bytes(pid) - before
        time.sleep(SETTLE_SECONDS)
        idle = cpu_seconds(pid)
        time.sleep(IDLE_SECONDS)
        idle = (cpu_seconds(pid) - idle) / IDLE_SECONDS
        pages = Pages(url)
        pages.start()
        used = cpu_seconds(pid)
        times = [_publish(url, streams) for _ in range(PUBLISHES)]
        used = (cpu_seconds(pid) - used) / PUBLISHES
        pages.stop()
        first = streams.heard[0]
        whole = len(first) == PUBLISHES and all(heard == first for heard in streams.heard)
    took = sorted(pages.took)
    return {
        "streams": number,
        "lost": streams.lost,
        "every_stream_heard_every_revision": whole,
        "milliseconds_from_answer_to_last": {
            "median": round(1000 * median(last for last, _ in times), 1),
            "worst": round(1000 * max(last for last, _ in times), 1),
        },
        "milliseconds_from_publish_to_answer": round(1000 * median(answer for _, answer in times), 1),
        "server_milliseconds_a_publish": round(1000 * used, 1),
        "bytes_a_stream": round(held / number),
        "idle_percent_of_a_core": round(100 * idle, 2),
        "page_milliseconds": {
            "median": round(1000 * median(took), 1),
            "p99": round(1000 * took[int(0.99 * len(took))], 1),
            "requests": len(took),
        },
    }


def _publish(url: str, streams: Streams) -> tuple[float, float]:
    """The seconds from the publish's answer to the last stream, and to its answer."""
    publisher = Publisher(url)
    wanted = (streams.heard[0][-1] if streams.heard[0] else 1) + 1
    publisher.start()
    last = streams.listen_until(wanted)
    publisher.join()
    time.sleep(PAUSE_SECONDS)
    return max(0.0, last - publisher.answered), publisher.answered - publisher.asked


if __name__ == "__main__":
    open_many_files()
    print(json.dumps(observe(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))))
