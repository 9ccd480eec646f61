"""Pages that have started their modules, as before a reader's first key, swipe or tap; a test's come sooner."""

from __future__ import annotations

from contextlib import suppress

from playwright.sync_api import Error, Page, Response

STARTED = """async () => {
    const main = document.querySelector("script[type=module][src$='/js/main.js']");
    if (main && matchMedia("(scripting: enabled)").matches) await (await import(main.src)).started;
}"""

_goto = Page.goto


def open_and_start(page: Page, url: str, **options: str) -> Response | None:
    """Open an address as `Page.goto` does; a page that is waited for to its end has then started its modules."""
    answer = _goto(page, url, **options)  # type: ignore[arg-type]
    if options.get("wait_until", "load") == "load":
        start(page)
    return answer


def start(page: Page) -> None:
    """Wait until a page has started its modules; not for one that loads itself anew, as one of another build does."""
    with suppress(Error):
        page.evaluate(STARTED)


def sign_in(page: Page, url: str, leads_to: str = "**/organizer") -> None:
    """Open a one-time link in a browser, and use it."""
    page.goto(url)
    page.get_by_role("button", name="Sign in on this browser").click()
    page.wait_for_url(leads_to)
    start(page)
