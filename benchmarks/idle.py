"""What open pages cost while nothing happens: their streams with heartbeats, and what they ask meanwhile.

The streams are opened, and the server's processor time is counted; what a page asks is counted of a real one in
Chromium, and each question costs what the server needs for it. The streams run in a process of their own:
`python -m benchmarks.idle URL PID NUMBER SECONDS` prints JSON. `python -m benchmarks.idle` measures all.
"""

from __future__ import annotations

import http.client
import json
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from benchmarks.compared_servers import LOAD_CORE, cpu_seconds, on_core, open_many_files, python_server
from benchmarks.fan_out import SETTLE_SECONDS
from benchmarks.open_page import ARGUMENTS, PHONE, browser_path, require
from benchmarks.simulated_readers import reading

PAGES = 10_000
# More than two heartbeats, and more than four of the intervals in which a page without a stream asks for the time.
SECONDS = 120
QUESTIONS = 500
HEADERS = {"Accept-Encoding": "gzip, deflate, br", "Accept": "*/*", "Cache-Control": "no-cache"}


def measure(folder: Path, pages: int = PAGES, seconds: int = SECONDS) -> dict[str, Any]:
    """So many open pages on a new server, for so long; raises `NotHere` without a Chromium."""
    require()
    with python_server("agenda_server", folder) as (url, pid):
        asked = questions(url, seconds)
        cost = {path: _processor_seconds(url, pid, path) for path in asked}
        command = [
            *on_core(LOAD_CORE),
            sys.executable,
            "-m",
            "benchmarks.idle",
            url,
            str(pid),
            str(pages),
            str(seconds),
        ]
        said = subprocess.run(command, stdout=subprocess.PIPE, check=True, cwd=Path(__file__).parent.parent).stdout
    streams = float(json.loads(said))
    share = sum(pages * number / seconds * cost[path] for path, number in asked.items())
    return {
        "pages": pages,
        "seconds": seconds,
        "percent_of_a_core": round(100 * (streams + share), 2),
        "percent_of_a_core_for_streams": round(100 * streams, 2),
        "percent_of_a_core_for_questions": round(100 * share, 2),
        "questions_of_a_page": dict(asked),
        "microseconds_of_a_question": {path: round(1e6 * used, 1) for path, used in cost.items()},
    }


def questions(url: str, seconds: int) -> Counter[str]:
    """What a day's page in view asks in so many seconds, once it is open; by path."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - only the test extra has it

    asked: Counter[str] = Counter()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path(), args=ARGUMENTS)
        context = browser.new_context(**PHONE)
        page = context.new_page()
        page.goto(url, wait_until="load")
        page.wait_for_timeout(1000 * SETTLE_SECONDS)
        context.on("request", lambda request: asked.update([urlsplit(request.url).path]))
        page.wait_for_timeout(1000 * seconds)
        browser.close()
    return asked


def _processor_seconds(url: str, pid: int, path: str) -> float:
    """What the server needs for one question over an open connection."""
    host = urlsplit(url).netloc
    connection = http.client.HTTPConnection(host, timeout=60)
    used = 0.0
    for turn in range(1 + QUESTIONS):
        # The first is not counted: it may make what is kept.
        used = cpu_seconds(pid) if turn == 1 else used
        connection.request("GET", path, headers=HEADERS)
        connection.getresponse().read()
    used = cpu_seconds(pid) - used
    connection.close()
    return used / QUESTIONS


def observe(url: str, pid: int, pages: int, seconds: int) -> float:
    """The share of a core for streams in which nothing but heartbeats comes."""
    with reading(url, pages, pid):
        time.sleep(SETTLE_SECONDS)
        used = cpu_seconds(pid)
        time.sleep(seconds)
        return (cpu_seconds(pid) - used) / seconds


def main(given: list[str]) -> None:
    open_many_files()
    if given:
        print(json.dumps(observe(given[0], int(given[1]), int(given[2]), int(given[3]))))
        return
    with tempfile.TemporaryDirectory() as folder:
        print(json.dumps(measure(Path(folder)), indent=2))


if __name__ == "__main__":
    main(sys.argv[1:])
