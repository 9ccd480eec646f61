"""Takes the README's pictures from a rehearsal that is running.

    agenda serve --at "2025-07-18 10:20"      (in one terminal)
    python docs/take_pictures.py http://localhost:8000

The calendar is khal's own view of the service's feed; `make test` installs khal.
"""

from __future__ import annotations

import html
import subprocess
import sys
import tempfile
import urllib.request
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

FOLDER = Path(__file__).parent / "pictures"
ZONE = "America/Vancouver"
PHONE, PROJECTOR = (390, 844), (1920, 1080)
SHOTS = [
    ("phone", "/", PHONE, "light"),
    ("phone-now", "/now", PHONE, "dark"),
    ("phone-talk", "/talks/evan-shelhamer", PHONE, "light"),
    ("projector", "/display", PROJECTOR, "light"),
]
KHAL = """[calendars]
[[day]]
path = {folder}/calendar
[locale]
timeformat = %H:%M
dateformat = %Y-%m-%d
longdateformat = %Y-%m-%d
datetimeformat = %Y-%m-%d %H:%M
longdatetimeformat = %Y-%m-%d %H:%M
local_timezone = America/Vancouver
default_timezone = America/Vancouver
[sqlite]
path = {folder}/khal.db
"""
TERMINAL = """<!doctype html><meta charset="utf-8"><style>
body {{ margin: 0; padding: 24px 28px; background: #16181b; color: #e8e8e4; font: 16px/1.55 monospace; }}
p {{ margin: 0 0 12px; color: #9aa0a8; }} pre {{ margin: 0; font: inherit; }}</style>
<p>$ khal list 2025-07-18 1d</p><pre>{text}</pre>"""


def pages(browser: Browser, address: str) -> None:
    """The service's pages, with the clock's answer on them."""
    for name, path, (width, height), scheme in SHOTS:
        context = browser.new_context(
            viewport={"width": width, "height": height}, color_scheme=scheme, timezone_id=ZONE
        )
        page = context.new_page()
        page.goto(address + path)
        page.wait_for_function("() => [...document.querySelectorAll('[data-left]')].some((node) => node.textContent)")
        page.screenshot(path=FOLDER / f"{name}.png")
        context.close()


def calendar(browser: Browser, address: str) -> None:
    """The feed as a calendar program shows it."""
    page = browser.new_page(viewport={"width": 1180, "height": 480})
    page.set_content(TERMINAL.format(text=html.escape(agenda_of(address))))
    page.screenshot(path=FOLDER / "calendar.png")


def agenda_of(address: str) -> str:
    """What khal lists for the day after importing the feed."""
    with tempfile.TemporaryDirectory() as folder:
        config, feed = Path(folder, "config"), Path(folder, "feed.ics")
        Path(folder, "calendar").mkdir()
        config.write_text(KHAL.format(folder=folder))
        with urllib.request.urlopen(f"{address}/calendar/codeml-2025.ics") as answer:
            feed.write_bytes(answer.read())
        khal = [str(Path(sys.executable).parent / "khal"), "--config", str(config)]
        subprocess.run([*khal, "import", "--batch", "-a", "day", str(feed)], check=True)
        listing = [*khal, "list", "2025-07-18", "1d", "--format", "{start-end-time-style}  {title}"]
        return subprocess.run(listing, check=True, capture_output=True, text=True).stdout


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        pages(chromium, sys.argv[1])
        calendar(chromium, sys.argv[1])
        chromium.close()
