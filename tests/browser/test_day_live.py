"""A whole rehearsed day in a real browser, on a phone whose own clock and zone are wrong."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from moving_clock import MovableClock
from playwright.sync_api import Browser, Page
from serving import served
from site_table import DAY, Row, rows

from app.domain.program import Program
from app.formats.folder import read_program

pytestmark = pytest.mark.browser

FIRST_PROGRAM = Path(__file__).resolve().parents[2] / "data" / "codeml-2025"
# Zone data from before 2026 would have Vancouver's clocks at -08:00 on that day.
NEW_YEAR_2027 = date(2027, 1, 1)
PATHS = ("/", "/now", "/display")
BEFORE = timedelta(milliseconds=1_800)
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


@pytest.fixture(params=[DAY, NEW_YEAR_2027], ids=str)
def day(request: pytest.FixtureRequest) -> date:
    return request.param


@pytest.fixture
def program(day: date, tmp_path: Path) -> Program:
    """The workshop, were it on that day."""
    folder = shutil.copytree(FIRST_PROGRAM, tmp_path / "program")
    text = (folder / "program.toml").read_text()
    (folder / "program.toml").write_text(text.replace(f"{DAY}", f"{day}"))
    return read_program(folder)


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    with served(app) as url:
        yield url


@pytest.fixture
def pages(browser: Browser, address: str) -> Iterator[list[Page]]:
    context = browser.new_context(timezone_id="Asia/Tokyo", viewport={"width": 390, "height": 844})
    context.add_init_script(WRONG_CLOCK)
    opened = [context.new_page() for _ in PATHS]
    for page, path in zip(opened, PATHS, strict=True):
        page.goto(address + path)
    yield opened
    context.close()


def set_clock(pages: list[Page], clock: MovableClock, instant: datetime) -> None:
    """Set the server's clock going, and have the pages ask for it as they do when they come into view."""
    clock.set(instant, speed=1.0)
    for page in pages:
        with page.expect_response("**/api/now"):
            page.evaluate("dispatchEvent(new Event('online'))")


def test_pages_turn_at_each_boundary_of_the_published_table(
    pages: list[Page], clock: MovableClock, app: Flask, fixtures_path: Path, day: date
) -> None:
    table = rows(fixtures_path, day)
    service = app.extensions["agenda"]
    ids = {session.start: session.id for session in service.current.snapshot.revision.program.sessions}
    boundaries = sorted({edge for row in table for edge in (row.start, row.end)})
    assert len(table) == 15
    for boundary in boundaries:
        set_clock(pages, clock, boundary - BEFORE)
        before, after = (expected(table, ids, boundary - BEFORE), expected(table, ids, boundary))
        for page, path in zip(pages, PATHS, strict=True):
            page.wait_for_function(f"(want) => JSON.stringify(({SHOWN})()) === JSON.stringify(want)", arg=before)
            assert clock.now() < boundary, path
        for page, path in zip(pages, PATHS, strict=True):
            page.wait_for_function(
                f"(want) => JSON.stringify(({SHOWN})()) === JSON.stringify(want)", arg=after, polling=20, timeout=5_000
            )
            late = clock.now() - boundary
            assert timedelta(milliseconds=-50) < late < timedelta(seconds=1), (path, boundary)


@pytest.mark.parametrize("path", PATHS)
def test_without_scripts_each_page_says_what_is_now_and_next(
    browser: Browser, address: str, path: str, fixtures_path: Path, day: date
) -> None:
    table = rows(fixtures_path, day)
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    for instant, now, after in [("10:20", 3, 4), ("12:00", 6, 7), ("16:59:59", 14, None)]:
        page.goto(f"{address}{path}?at={day}T{instant}")
        shown = page.locator("[data-slot=now] [data-part=title]").inner_text()
        following = page.locator("[data-slot=next] [data-part=title]").all_inner_texts()
        assert (shown, following) == (table[now].title, [] if after is None else [table[after].title])
    context.close()
