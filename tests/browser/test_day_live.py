"""A whole rehearsed day in a real browser, on a phone whose own clock and zone are wrong."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import date
from functools import partial
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page
from support.movable_clock import MovableClock
from support.repository import FIRST_PROGRAM
from support.server_thread import served
from support.shown_day import PATHS, opened, set_clock, watch_the_day_turn
from support.workshop_schedule_table import DAY, rows

from app.domain.program import Program
from app.formats.program_folder.reader import read_program

pytestmark = pytest.mark.browser

# Zone data from before 2026 would have Vancouver's clocks at -08:00 on that day.
NEW_YEAR_2027 = date(2027, 1, 1)


@pytest.fixture(params=[DAY, pytest.param(NEW_YEAR_2027, marks=pytest.mark.acceptance)], ids=str)
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
    with opened(browser, address) as pages:
        yield pages


def test_pages_turn_at_each_boundary_of_the_published_table(
    pages: list[Page], clock: MovableClock, app: Flask, fixtures_path: Path, day: date
) -> None:
    table = rows(fixtures_path, day)
    service = app.extensions["agenda"]
    ids = {session.start: session.id for session in service.current.snapshot.revision.program.sessions}
    assert len(table) == 15
    watch_the_day_turn(pages, clock, table, ids, partial(set_clock, pages, clock))


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
