"""Lighthouse against the production server and a local Chromium: `make lighthouse`.

Asks for 100 in performance, accessibility, best practices and SEO on the workshop's main pages, and for 95 in
performance on the day of FOSDEM 2021, with its 106 rooms, where that fixture is present (`AGENDA_FIXTURES`). Scores are
the medians of three runs; exit status 1 where one is too low.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

LIGHTHOUSE = "lighthouse@12.8.2"
LEAST = {"performance": 100, "accessibility": 100, "best-practices": 100, "seo": 100}
RUNS = 3
REPOSITORY = Path(__file__).resolve().parent.parent
FOSDEM = REPOSITORY / os.environ.get("AGENDA_FIXTURES", "../shared/fixtures") / "schedules" / "giggity-fosdem_2021.xml"
STARTS_WITHIN_SECONDS = 30
MOST_SECONDS = 240
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
FLAGS = "--headless=new --no-sandbox --disable-gpu --no-first-run --disable-background-networking"


@dataclass(frozen=True)
class Conference:
    """A program, the venue time at which it is looked at, its pages, and the least scores."""

    program: Path
    at: str
    paths: tuple[str, ...]
    least: Mapping[str, int]


WORKSHOP = Conference(
    REPOSITORY / "data" / "codeml-2025",
    "2025-07-18 10:20",
    ("/", "/now", "/talks/sara-hooker", "/subscribe", "/my"),
    LEAST,
)


def main() -> int:
    """Print the scores of each page; 1 where one is too low."""
    with tempfile.TemporaryDirectory() as folder:
        good = [are_good(one, Path(folder)) for one in conferences(Path(folder))]
    return 0 if all(good) else 1


def conferences(folder: Path) -> Iterator[Conference]:
    """The workshop, and the conference of many rooms where it is present."""
    yield WORKSHOP
    if not FOSDEM.is_file():
        print(f"not run, since it is not there: {FOSDEM}")
        return
    imported = folder / "fosdem"
    command = [
        sys.executable,
        "-m",
        "app",
        "import",
        str(FOSDEM),
        "--to",
        str(imported),
        "--timezone",
        "Europe/Brussels",
    ]
    subprocess.run(command, check=True, cwd=REPOSITORY, stdout=subprocess.DEVNULL, timeout=MOST_SECONDS)
    yield Conference(imported, "2021-02-06 14:20", ("/",), {**LEAST, "performance": 95})


def are_good(conference: Conference, folder: Path) -> bool:
    """Whether all pages have the scores that are asked for; prints them."""
    good = True
    with served(conference, folder) as address:
        for path in conference.paths:
            runs = [scores(address + path, folder) for _ in range(RUNS)]
            found = {name: round(median(run[name] for run in runs)) for name in LEAST}
            good = good and all(found[name] >= least for name, least in conference.least.items())
            named = f"{conference.program.name} {path}".ljust(32)
            print(named, "  ".join(f"{name} {score}" for name, score in found.items()), flush=True)
    return good


def scores(url: str, folder: Path) -> dict[str, int]:
    """The four scores of a page, of 100; what costs points is printed."""
    report = folder / "report.json"
    command = ["npx", "--yes", LIGHTHOUSE, url, "--output=json", f"--output-path={report}", "--quiet"]
    wanted = [f"--only-categories={','.join(LEAST)}", f"--chrome-flags={FLAGS}"]
    browser = next(filter(None, map(shutil.which, BROWSERS)), "")
    environment = {**os.environ, "CHROME_PATH": browser}
    for tries_left in (1, 0):
        run = subprocess.run(
            [*command, *wanted], env=environment, capture_output=True, text=True, timeout=MOST_SECONDS, check=False
        )
        if run.returncode == 0:
            break
        # Its browser does not start at times: once more.
        print(f"  lighthouse ended with {run.returncode}: {run.stderr.strip()[-500:]}", flush=True)
        if not tries_left:
            run.check_returncode()
    found = json.loads(report.read_text())
    for name, category in found["categories"].items():
        for one in category["auditRefs"]:
            audit = found["audits"][one["id"]]
            if one["weight"] and audit["score"] is not None and audit["score"] < 1 and name != "performance":
                print(f"  {name}: {audit['title']}")
    return {name: round(100 * found["categories"][name]["score"]) for name in LEAST}


@contextmanager
def served(conference: Conference, folder: Path) -> Iterator[str]:
    """A rehearsal of a conference, on a database of its own."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "app", "serve", "--port", str(port), "--at", conference.at, "--speed", "1"]
    environment = {**os.environ, "AGENDA_PROGRAM": str(conference.program), "PYTHONPATH": str(REPOSITORY)}
    with subprocess.Popen(
        command, cwd=folder, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as server:
        try:
            wait_for(f"http://127.0.0.1:{port}/readyz")
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()


def wait_for(url: str) -> None:
    """Return once an address answers; raises `TimeoutError`."""
    deadline = time.monotonic() + STARTS_WITHIN_SECONDS
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(url, timeout=2):
                return
        except OSError:
            time.sleep(0.2)
    raise TimeoutError(url)


if __name__ == "__main__":
    sys.exit(main())
