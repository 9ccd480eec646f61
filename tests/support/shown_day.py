"""What every page shows of a day at an instant, and pages on a phone whose own clock and zone are wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from playwright.sync_api import Browser, Page

from support.movable_clock import MovableClock
from support.workshop_schedule_table import Row

PATHS = ("/", "/now", "/display")
BEFORE = timedelta(milliseconds=1_000)
# The phone thinks that it is seven hours later.
WRONG_CLOCK = """
    const real = Date;
    const ahead = 7 * 3600 * 1000;
    window.Date = class extends real {
      constructor(...args) { args.length ? super(...args) : super(real.now() + ahead); }
      static now() { return real.now() + ahead; }
    };
"""
SHOWN = """() => {
    const ids = (state) => [...new Set([...document.querySelectorAll(`[data-session][data-state=${state}]`)]
        .map((node) => node.dataset.session))].sort();
    const card = (name) => document.querySelector(`[data-slot=${name}] [data-card] [data-part=title]`);
    return {
        phase: document.documentElement.dataset.phase,
        now: ids("now"), next: ids("next"),
        now_title: card("now")?.textContent ?? null, next_title: card("next")?.textContent ?? null,
    };
}"""

ONE_OF = f"""(wanted) => {{
    const shown = JSON.stringify(({SHOWN})());
    return wanted.find((one) => JSON.stringify(one) === shown);
}}"""


def expected(table: list[Row], ids: dict[datetime, str], now: datetime) -> dict[str, Any]:
    """What every page shows at an instant, by the published table alone."""
    on = next((row for row in table if row.start <= now < row.end), None)
    coming = next((row for row in table if row.start > now), None)
    return {
        "phase": "during" if on else "before" if coming is table[0] else "between" if coming else "after",
        "now": [ids[on.start]] if on else [],
        "next": [ids[coming.start]] if coming else [],
        "now_title": on.title if on else None,
        "next_title": coming.title if coming else None,
    }


@contextmanager
def opened(browser: Browser, address: str) -> Iterator[list[Page]]:
    """The pages that turn, on a phone in Tokyo that thinks it is later still."""
    context = browser.new_context(timezone_id="Asia/Tokyo", viewport={"width": 390, "height": 844})
    context.add_init_script(WRONG_CLOCK)
    pages = [context.new_page() for _ in PATHS]
    for page, path in zip(pages, PATHS, strict=True):
        page.goto(address + path)
    yield pages
    context.close()


def set_clock(pages: list[Page], clock: MovableClock, instant: datetime, asked: str = "**/api/now") -> None:
    """Set the server's clock going, and have the pages ask for it as they do when they come into view."""
    clock.set(instant, speed=1.0)
    for page in pages:
        with page.expect_response(asked):
            page.evaluate("dispatchEvent(new Event('online'))")


def watch_the_day_turn(
    pages: list[Page],
    clock: MovableClock,
    table: list[Row],
    ids: dict[datetime, str],
    set_to: Callable[[datetime], None],
) -> None:
    """See each page turn at each boundary of the published table, and not before it."""
    for boundary in sorted({edge for row in table for edge in (row.start, row.end)}):
        set_to(boundary - BEFORE)
        before, after = (expected(table, ids, boundary - BEFORE), expected(table, ids, boundary))
        for page, path in zip(pages, PATHS, strict=True):
            shown = page.wait_for_function(ONE_OF, arg=[before, after], polling=20).json_value()
            # On a slow machine the boundary may have passed meanwhile.
            assert shown == before or clock.now() >= boundary, (path, boundary)
        for page in pages:
            page.wait_for_function(
                f"(want) => JSON.stringify(({SHOWN})()) === JSON.stringify(want)", arg=after, polling=20
            )
