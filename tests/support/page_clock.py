"""What an open page thinks that the time is."""

from __future__ import annotations

from datetime import UTC, datetime

from playwright.sync_api import Page

# An expression for scripts that tests run in a page: a promise of its own clock module (`app/static/js/core/clock.js`).
CLOCK = 'import(document.querySelector("script[type=module]").src.replace("main.js", "core/clock.js"))'


def its_time(page: Page) -> datetime:
    """The time that a page goes by, not the device's."""
    return datetime.fromtimestamp(page.evaluate(f"async () => (await {CLOCK}).now()") / 1000, UTC)
