"""Streams beyond one machine: the service behind real Pushpins, which hold tens of thousands of streams for it.

`python -m benchmarks.grip [NUMBER]` prints what `measure` returns.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.compared_servers import (
    LOAD_CORE,
    NotHere,
    cpu_seconds,
    memory_bytes,
    most_files,
    on_core,
    open_many_files,
    python_server,
)
from benchmarks.pushpin import Pushpin, missing_programs

PUBLISHES = 10
STREAMS = 30_000
# Files that a Pushpin and a process of readers need besides streams.
SPARE_FILES = 1_000
# Between the publishes that are compared: each is published by itself.
PACE_SECONDS = 0.5
# Until a revision's second part was published too.
PAUSE_SECONDS = 2.5
IDLE_SECONDS = 10
LONGEST_SECONDS = 1_200
PATIENCE_SECONDS = 500


class Load:
    """A process of readers at one Pushpin."""

    def __init__(self, port: int, number: int, source: int) -> None:
        self.number = number
        self.opened: list[float] = []
        self.having: dict[int, float] = {}
        self.told: list[tuple[list[int], int]] = []
        self.lost = self.refused = 0
        command = [*on_core(LOAD_CORE), sys.executable, "-m", "benchmarks.grip_readers"]
        self._process = subprocess.Popen(
            [*command, str(port), str(number), str(source), str(LONGEST_SECONDS)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=Path(__file__).parent.parent,
        )
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()

    def end(self) -> None:
        """Have all leave."""
        if self._process.stdin is not None:
            self._process.stdin.close()
        self._thread.join(PATIENCE_SECONDS)
        self._process.wait(PATIENCE_SECONDS)

    def _listen(self) -> None:
        for line in self._process.stdout or ():
            said = json.loads(line)
            if said.get("open") == self.number:
                self.opened.append(said["at"])
            if "revision" in said:
                self.having[said["revision"]] = said["at"]
            if "told" in said:
                self.told = [(revisions, times) for revisions, times in said["told"]]
                self.lost, self.refused = said["lost"], said["refused"]


def measure(folder: Path, number: int = STREAMS) -> dict[str, Any]:
    """A service behind as many Pushpins as so many streams need, ten revisions, and all Pushpins killed."""
    if missing := missing_programs():
        raise NotHere(f"{missing[0]} is not here; on Debian: apt-get install pushpin")
    open_many_files()
    each = most_files() - SPARE_FILES
    proxies = -(-number // each)
    with _site(folder, proxies) as (url, pid, pushpins):
        without = _server_milliseconds(pid, lambda: _publish(url))
        held = sum(map(_memory, pushpins))
        begun = time.monotonic()
        shares = [number // proxies + (place < number % proxies) for place in range(proxies)]
        loads = [
            Load(one.port, share, place + 1) for place, (one, share) in enumerate(zip(pushpins, shares, strict=True))
        ]
        try:
            wait_until(lambda: all(load.opened for load in loads))
            say("all streams are open")
            opening = max(load.opened[-1] for load in loads) - begun
            held = sum(map(_memory, pushpins)) - held
            took: list[float] = []
            used = sum(map(_cpu, pushpins))
            with_streams = _server_milliseconds(pid, lambda: took.append(_heard(url, loads)))
            used = sum(map(_cpu, pushpins)) - used
            say(
                f"ten revisions were heard; the last stream after {median(took):.2f} s, {with_streams:.1f} ms a publish"
            )
            back = _killed(url, pushpins, loads)
        finally:
            for load in loads:
                load.end()
    return {
        "streams": number,
        "pushpins": proxies,
        "seconds_to_open_all": round(opening, 1),
        "bytes_a_stream_at_pushpin": round(held / number),
        "server_milliseconds_a_publish": round(with_streams, 1),
        "server_milliseconds_a_publish_without_streams": round(without, 1),
        "pushpin_milliseconds_a_publish": round(1000 * used / PUBLISHES),
        "milliseconds_from_answer_to_last": {"median": _rounded(median(took)), "worst": _rounded(max(took))},
        "after_pushpin_was_killed": back,
        "told": _told(loads),
    }


@contextmanager
def _site(folder: Path, proxies: int) -> Iterator[tuple[str, int, list[Pushpin]]]:
    pushpins = [Pushpin(folder / f"pushpin-{place}", []) for place in range(proxies)]
    setting = " ".join(one.setting for one in pushpins)
    (folder / "service").mkdir()
    with ExitStack() as stack:
        url, pid = stack.enter_context(python_server("agenda_server", folder / "service", AGENDA_GRIP_URL=setting))
        for one in pushpins:
            one.services = [int(url.rpartition(":")[2])]
            one.folder.mkdir()
            stack.callback(one.stop)
            one.start()
        time.sleep(PAUSE_SECONDS)
        yield url, pid, pushpins


def _publish(url: str) -> tuple[int, float]:
    """Publish a revision; its number, and when the answer came."""
    with urllib.request.urlopen(urllib.request.Request(f"{url}/bench", b""), timeout=PATIENCE_SECONDS) as answer:
        number = int(answer.read())
    return number, time.monotonic()


def _heard(url: str, loads: list[Load]) -> float:
    """Publish; the seconds from the answer until the last stream has heard of it."""
    number, answered = _publish(url)
    wait_until(lambda: all(number in load.having for load in loads))
    return max(load.having[number] for load in loads) - answered


def _server_milliseconds(pid: int, publish: Callable[[], object]) -> float:
    """The service's own processor time for one of ten publishes, with all that it does afterwards.

    Left out is what it uses in the same time while nothing happens, since ten publishes take longer with streams.
    """
    used, begun = cpu_seconds(pid), time.monotonic()
    time.sleep(IDLE_SECONDS)
    idle = (cpu_seconds(pid) - used) / (time.monotonic() - begun)
    used, begun = cpu_seconds(pid), time.monotonic()
    for _ in range(PUBLISHES):
        publish()
        time.sleep(PACE_SECONDS)
    time.sleep(PAUSE_SECONDS)
    return 1000 * (cpu_seconds(pid) - used - idle * (time.monotonic() - begun)) / PUBLISHES


def _killed(url: str, pushpins: list[Pushpin], loads: list[Load]) -> dict[str, Any]:
    """All Pushpins are killed, a revision comes, they start again, and another one comes."""
    times = [len(load.opened) for load in loads]
    for one in pushpins:
        one.kill()
    missed, _ = _publish(url)
    for one in pushpins:
        one.start(amid_requests=True)
    started = time.monotonic()
    wait_until(lambda: all(len(load.opened) > before for load, before in zip(loads, times, strict=True)))
    wait_until(lambda: all(missed in load.having for load in loads))
    back = max(load.opened[-1] for load in loads) - started
    return {"seconds_until_all_are_back": round(back, 1), "milliseconds_to_last": _rounded(_heard(url, loads))}


def _told(loads: list[Load]) -> dict[str, Any]:
    """What the streams heard: how many heard all, in order and each once."""
    revisions = sorted({number for load in loads for told, _ in load.told for number in told})
    whole = sum(times for load in loads for told, times in load.told if told == revisions)
    return {
        "revisions": len(revisions),
        "streams_that_heard_each_once": whole,
        "cut": sum(load.lost for load in loads),
        "asked_again": sum(load.refused for load in loads),
    }


def _memory(pushpin: Pushpin) -> int:
    return sum(map(memory_bytes, pushpin.programs()))


def _cpu(pushpin: Pushpin) -> float:
    return sum(map(cpu_seconds, pushpin.programs()))


def _rounded(seconds: float) -> float:
    return max(0.0, round(1000 * seconds, 1))


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def wait_until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        if time.monotonic() > end:
            raise TimeoutError(f"not so after {PATIENCE_SECONDS} s")
        time.sleep(0.02)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as temporary:
        print(json.dumps(measure(Path(temporary), *map(int, sys.argv[1:])), indent=2))
