"""Opens pages, and waits until their script modules have started: keys, swipes and taps before that are lost."""

from __future__ import annotations

from contextlib import suppress

from playwright.sync_api import Error, Page, Response

STARTED = """async () => {
    const main = document.querySelector("script[type=module][src$='/js/main.js']");
    if (main && matchMedia("(scripting: enabled)").matches) await (await import(main.src)).started;
}"""

_goto = Page.goto


def open_and_start(page: Page, url: str, **options: str) -> Response | None:
    """Open an address as `Page.goto` does and, unless another event is waited for, wait until modules have started."""
    answer = _goto(page, url, **options)  # type: ignore[arg-type]
    if options.get("wait_until", "load") == "load":
        start(page)
    return answer


def start(page: Page) -> None:
    """Wait until a page has started its modules, unless it reloads itself meanwhile, as for a new build."""
    with suppress(Error):
        page.evaluate(STARTED)


def sign_in(page: Page, url: str, leads_to: str = "**/organizer") -> None:
    """Open a one-time link in a browser, and use it."""
    page.goto(url)
    page.get_by_role("button", name="Sign in on this browser").click()
    page.wait_for_url(leads_to)
    start(page)
