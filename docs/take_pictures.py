"""Takes the README's pictures from a rehearsal that is running.

agenda serve --at "2025-07-18 10:20"      (in one terminal)
python -m docs.take_pictures http://localhost:8000
"""

from __future__ import annotations

import sys
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from benchmarks.open_page import ARGUMENTS, browser_path

FOLDER = Path(__file__).parent / "pictures"
SHOTS = [("phone", "/", (390, 844)), ("projector", "/display", (1920, 1080))]


def take_pictures(browser: Browser, address: str) -> None:
    """Save the service's pages as pictures, with the minutes left on them."""
    for name, path, (width, height) in SHOTS:
        page = browser.new_page(viewport={"width": width, "height": height}, timezone_id="America/Vancouver")
        page.goto(address + path)
        page.wait_for_function("() => [...document.querySelectorAll('[data-left]')].some((node) => node.textContent)")
        page.screenshot(path=FOLDER / f"{name}.png")


if __name__ == "__main__":
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=browser_path(), args=ARGUMENTS)
        take_pictures(chromium, sys.argv[1])
        chromium.close()
