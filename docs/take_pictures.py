"""Takes the README's pictures from rehearsals that are running, each with the names of its pictures.

agenda serve --at "2025-07-18 10:20"      (in one terminal)
python -m docs.take_pictures http://localhost:8000 phone projector projector-dark stage

agenda serve --at "2025-07-18 08:42"
python -m docs.take_pictures http://localhost:8000 welcome
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from benchmarks.open_page import ARGUMENTS, browser_path

FOLDER = Path(__file__).parent / "pictures"
HALL = (1920, 1080)
# Of each picture its page and the size of its screen.
SHOTS = {
    "phone": ("/", (390, 844)),
    "projector": ("/display", HALL),
    "projector-dark": ("/display?theme=dark", HALL),
    "welcome": ("/display", HALL),
    "stage": ("/stage/venue", HALL),
}
COUNTS = (
    "() => document.body.dataset.level || document.querySelector('[data-left]:not(:empty), [data-figure]:not(:empty)')"
)


def take_pictures(browser: Browser, address: str, names: Sequence[str]) -> None:
    """Save the service's pages as pictures, with the minutes left on them."""
    for name in names:
        path, (width, height) = SHOTS[name]
        page = browser.new_page(viewport={"width": width, "height": height}, timezone_id="America/Vancouver")
        page.goto(address + path)
        page.wait_for_function(COUNTS)
        page.screenshot(path=FOLDER / f"{name}.png")


if __name__ == "__main__":
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=browser_path(), args=ARGUMENTS)
        take_pictures(chromium, sys.argv[1], sys.argv[2:] or [*SHOTS])
        chromium.close()
