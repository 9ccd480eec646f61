"""Open pages in a real Chromium: how soon one shows a change, and how soon a first visit on a slow network is live.

Runs in a process of its own: `python -m benchmarks.open_page URL FOLDER EDITS` prints JSON. Needs playwright (the
`test` extra) and a Chromium. The server has its core as always; the browser takes whichever is free.
"""

from __future__ import annotations

import importlib.util
import json
import shutil
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any, NamedTuple

from app.formats.program_folder.reader import read_program
from app.live.clock import SYSTEM_CLOCK
from app.settings import first_program
from app.store.database import open_database, sqlite_url
from app.store.sign_ins import SignIns
from benchmarks.compared_servers import NotHere, python_server

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
# A closed network refuses the browser's own calls home; without them it starts sooner.
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# At the venue: who is elsewhere fetches one part more, which tells their own time.
PHONE: dict[str, Any] = {
    "timezone_id": "America/Vancouver",
    "viewport": {"width": 390, "height": 844},
    "device_scale_factor": 2,
    "is_mobile": True,
    "has_touch": True,
}
PROJECTOR: dict[str, Any] = {"viewport": {"width": 1920, "height": 1080}}
NOW, STAGE = "/now", "/stage/venue"
PAGES = {"/": PHONE, "/display": PROJECTOR, "/organizer": PHONE, STAGE: PROJECTOR, NOW: PHONE}


class Change(NamedTuple):
    """What is sent to the server: in words, its address, and the word before its number on the page."""

    text: str
    address: str
    word: str


EDIT = Change("an edit", "/bench", "Title")
# All other pages are sent an edit.
CHANGES = {
    STAGE: Change("a cue", "/bench/cue", "Cue"),
    NOW: Change("a step of a line-up", "/bench/step", "Step"),
}
# Chromium's own "slow 3G": 400 kbit/s each way, 400 ms there and back.
SLOW_3G = {"offline": False, "latency": 400, "downloadThroughput": 50_000, "uploadThroughput": 50_000}
FIRST_VISITS = 5
PATIENCE_MILLISECONDS = 20_000
# Between two edits; and after a page is live, for what it still asks for.
PAUSE_SECONDS = 0.5
QUIET_SECONDS = 2.0

# Notes when each title, cue and step was painted: the frame after the one in which it stands in the document.
WATCH = """() => {
    window.painted = {};
    const look = () => {
        for (const [found] of document.querySelector("main").textContent.matchAll(/(?:Title|Cue|Step) \\d+/g)) {
            if (found in painted) continue;
            painted[found] = 0;
            requestAnimationFrame(() => setTimeout(() => (painted[found] = Date.now())));
        }
    };
    const all = { subtree: true, childList: true, characterData: true };
    new MutationObserver(look).observe(document.documentElement, all);
    look();
}"""
# Notes when the stream is open.
HEAR = """(() => {
    globalThis.EventSource = class extends EventSource {
        constructor(...given) {
            super(...given);
            this.addEventListener("open", () => (window.streamOpen ??= performance.now()));
        }
    };
})()"""
LIVE = """() => {
    const asked = performance.getEntriesByType("resource").find((one) => one.name.endsWith("/api/now"));
    const paint = performance.getEntriesByName("first-contentful-paint")[0];
    if (!asked?.responseEnd || !paint || !window.streamOpen) return null;
    return { paint: paint.startTime, clock: asked.responseEnd, stream: window.streamOpen };
}"""


def missing() -> str:
    """What this needs and is not here; "" where all is."""
    if importlib.util.find_spec("playwright") is None:
        return "playwright is not installed; pip install 'codeml-agenda[test]'"
    return "" if browser_path() else "no Chromium is here; on Debian: apt-get install chromium"


def require() -> None:
    """Raise `NotHere` where something that this needs is missing."""
    if lacking := missing():
        raise NotHere(lacking)


def measure(folder: Path, edits: int) -> dict[str, Any]:
    """A new server, and a browser that meets nobody else's pages."""
    require()
    with python_server("agenda_server", folder, BENCH_STEPS=str(edits)) as (url, _):
        command = [sys.executable, "-m", "benchmarks.open_page", url, str(folder), str(edits)]
        said = subprocess.run(command, stdout=subprocess.PIPE, check=True, cwd=Path(__file__).parent.parent).stdout
    told: dict[str, Any] = json.loads(said)
    return told


def observe(url: str, folder: Path, edits: int) -> dict[str, Any]:
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - only the test extra has it

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path(), args=ARGUMENTS)
        shown = {path: _shown(browser, url, folder, path, edits) for path in PAGES}
        visits = [_first_visit(browser, url) for _ in range(min(FIRST_VISITS, edits))]
        browser.close()
    return {
        "milliseconds_from_answer_to_shown": {
            path: {"median": round(median(times)), "worst": round(max(times))} for path, times in shown.items()
        },
        "first_visit_on_slow_3g": {name: round(median(one[name] for one in visits)) for name in visits[0]},
    }


def browser_path() -> str | None:
    """The Chromium that is installed; None where none is."""
    return next(filter(None, map(shutil.which, BROWSERS)), None)


def _shown(browser: Browser, url: str, folder: Path, path: str, edits: int) -> list[float]:
    """Of each change: the milliseconds from the server's answer until the page has painted it."""
    context = browser.new_context(**PAGES[path])
    page = context.new_page()
    if path.startswith("/organizer"):
        page.goto(url + _sign_in_link(folder))
        page.get_by_role("button", name="Sign in on this browser").click()
        page.wait_for_url("**/organizer")
    page.goto(url + path)
    page.evaluate(WATCH)
    page.wait_for_function(
        "() => performance.getEntriesByType('resource').some((one) => one.name.endsWith('/api/now'))"
    )
    times = [_made(page, url, CHANGES.get(path, EDIT)) for _ in range(edits)]
    context.close()
    return times


def _made(page: Page, url: str, change: Change) -> float:
    time.sleep(PAUSE_SECONDS)
    with urllib.request.urlopen(url + change.address, data=b"") as answer:
        text = f"{change.word} {answer.read().decode()}"
    answered = 1000 * time.time()
    shown = page.wait_for_function("(text) => window.painted[text]", arg=text, timeout=PATIENCE_MILLISECONDS)
    return max(0.0, float(shown.json_value()) - answered)


def _sign_in_link(folder: Path) -> str:
    """A new organizer's one-time link, from the server's own database."""
    database = open_database(sqlite_url(folder / "agenda.sqlite"), read_program(first_program()).id)
    sign_ins, now = SignIns(database), SYSTEM_CLOCK.now()
    sign_ins.add("Frank", now)
    return f"/organizer/sign-in/{sign_ins.new_link('Frank', now)}"


def _first_visit(browser: Browser, url: str) -> dict[str, float]:
    """A phone that has nothing yet, on slow 3G: milliseconds after the first paint, and requests."""
    context = browser.new_context(**PHONE)
    page, asked = context.new_page(), list[str]()
    context.add_init_script(HEAR)
    cdp = context.new_cdp_session(page)
    cdp.on("Network.requestWillBeSent", lambda event: asked.append(event["request"]["url"]))
    cdp.send("Network.enable")
    cdp.send("Network.emulateNetworkConditions", SLOW_3G)
    page.goto(url)
    live: dict[str, float] = page.wait_for_function(LIVE, timeout=PATIENCE_MILLISECONDS).json_value()
    page.wait_for_timeout(1000 * QUIET_SECONDS)
    context.close()
    return {
        "milliseconds_to_first_paint": live["paint"],
        "milliseconds_from_paint_to_clock": max(0.0, live["clock"] - live["paint"]),
        "milliseconds_from_paint_to_live": max(0.0, live["clock"] - live["paint"], live["stream"] - live["paint"]),
        "requests": len(asked),
    }


if __name__ == "__main__":
    print(json.dumps(observe(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]))))
