"""Takes the pictures of the docs from rehearsals that are running, each with the names of its pictures.

agenda serve --at "2025-07-18 10:20"      (in one terminal)
python -m docs.take_pictures http://localhost:8000 phone projector projector-dark stage

agenda serve --at "2025-07-18 08:42"
python -m docs.take_pictures http://localhost:8000 welcome

The three steps of one tap change the day, so they need a rehearsal of their own and its first sign-in link:

agenda serve --at "2025-07-18 09:38" --speed 0.001
python -m docs.take_pictures http://localhost:8000/organizer/sign-in/... one-tap
"""

from __future__ import annotations

import base64
import io
import sys
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlsplit

from PIL import Image
from playwright.sync_api import Browser, Locator, Page, sync_playwright

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
STEPS = "one-tap"
STEP_HEIGHT = 485
# A phone's screen as far as the step needs it.
STEP_PHONE = (390, 600)
CHANGED = "was 09:45"
# The steps side by side. Captions stand in the picture, so that it means something wherever it is shown.
STEPS_PAGE = """<!doctype html><meta charset="utf-8"><style>
body {{ margin: 0; padding: 24px; display: flex; gap: 56px; background: #fff; color: #111214 }}
figure {{ margin: 0; position: relative; font: 22px/1.3 sans-serif }} figcaption {{ margin-block-end: 14px }}
b {{ display: inline-block; inline-size: 34px; line-height: 34px; text-align: center }}
b {{ color: #fff; background: #5b2bd9 }}
img {{ display: block; block-size: {height}px; border: 1px solid #c5c7cb }}
figure + figure::before {{ content: "→"; position: absolute; inset: 50% auto auto -42px; font-size: 34px }}
i {{ position: absolute; inset: auto auto 0 0; outline: 3px solid #5b2bd9; outline-offset: 2px }}</style>
<figure><figcaption><b>1</b> One tap: 8 minutes late</figcaption>{console}</figure>
<figure><figcaption><b>2</b> Every phone follows</figcaption>{phone}</figure>
<figure><figcaption><b>3</b> So does the projector</figcaption>{hall}</figure>"""
STEPS_COLOURS = 64


def take_pictures(browser: Browser, address: str, names: Sequence[str]) -> None:
    """Save the service's pages as pictures, with the minutes left on them."""
    for name in names:
        path, size = SHOTS[name]
        shown(browser, address + path, size).screenshot(path=FOLDER / f"{name}.png")


def take_steps(browser: Browser, link: str) -> None:
    """Save what an organizer taps when a talk runs late, and what is shown then, as one picture; ``link`` signs in."""
    address = "://".join(urlsplit(link)[:2])
    console = opened(browser, link, STEP_PHONE)
    console.get_by_role("button", name="Sign in on this browser").click()
    console.get_by_role("button", name="Here", exact=False).first.click()
    console.locator(".missing:visible").wait_for(state="detached")
    console.evaluate("scrollTo(0, 0)")
    tap = console.get_by_role("button", name="8 min").first
    console.mouse.move(0, 0)
    pictures = {"console": figure_of(console, tap)}
    tap.click()
    console.get_by_role("button", name="Undo").first.wait_for()
    for name, path, size in (("phone", "/", STEP_PHONE), ("hall", "/display", HALL)):
        page = shown(browser, address + path, size)
        pictures[name] = figure_of(page, page.locator("[data-session]", has_text=CHANGED).locator("visible=true").first)
    page = browser.new_page(viewport={"width": 1660, "height": 560})
    page.set_content(STEPS_PAGE.format(height=STEP_HEIGHT, **pictures))
    whole = Image.open(io.BytesIO(page.screenshot(full_page=True)))
    whole.convert("RGB").quantize(STEPS_COLOURS).save(FOLDER / f"{STEPS}.png", optimize=True)


def figure_of(page: Page, marked: Locator) -> str:
    """The picture of a page, as HTML, with a frame around a part of it."""
    box, size = marked.bounding_box(), page.viewport_size
    if box is None or size is None:
        raise LookupError("what is to be marked is not on the page")
    scale = STEP_HEIGHT / size["height"]
    left, bottom = box["x"] * scale, (size["height"] - box["y"] - box["height"]) * scale
    place = f"left:{left}px;bottom:{bottom}px;width:{box['width'] * scale}px;height:{box['height'] * scale}px"
    return f'<img src="{data_address(page.screenshot())}"><i style="{place}"></i>'


def shown(browser: Browser, address: str, size: tuple[int, int]) -> Page:
    """A page that counts its minutes."""
    page = opened(browser, address, size)
    page.wait_for_function(COUNTS)
    return page


def opened(browser: Browser, address: str, size: tuple[int, int]) -> Page:
    """A page on a screen of some pixels, at the venue."""
    page = browser.new_page(viewport={"width": size[0], "height": size[1]}, timezone_id="America/Vancouver")
    page.goto(address)
    return page


def data_address(picture: bytes) -> str:
    """A PNG file as an address of its own."""
    return f"data:image/png;base64,{base64.b64encode(picture).decode()}"


if __name__ == "__main__":
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=browser_path(), args=ARGUMENTS)
        if sys.argv[2:] == [STEPS]:
            take_steps(chromium, sys.argv[1])
        else:
            take_pictures(chromium, sys.argv[1], sys.argv[2:] or [*SHOTS])
        chromium.close()
