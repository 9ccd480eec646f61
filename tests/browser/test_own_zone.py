"""The reader's own time beside the venue's, where it differs."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect
from support.movable_clock import MovableClock
from support.server_thread import served

from app.domain.edits.edit_types import Delay
from app.domain.rights import Editor
from app.store.publishing import publish_edit
from app.web.running_service import Service

pytestmark = pytest.mark.browser


@pytest.fixture
def address(app: Flask, clock: MovableClock) -> Iterator[str]:
    clock.set(datetime(2025, 7, 18, 17, 20, tzinfo=UTC), speed=1.0)
    with served(app) as url:
        yield url


def page_in(browser: Browser, zone: str, address: str) -> Page:
    page = browser.new_context(timezone_id=zone).new_page()
    page.goto(address)
    page.wait_for_function("() => document.querySelector('.clock').textContent !== ''")
    return page


@pytest.mark.parametrize(
    ("zone", "words", "lunch"),
    [
        ("Asia/Tokyo", "Your clock is 16 h ahead.", "Sat 04:00 for you"),
        ("Asia/Kolkata", "Your clock is 12 h 30 min ahead.", "Sat 00:30 for you"),
        ("Pacific/Honolulu", "Your clock is 3 h behind.", "09:00 for you"),
    ],
)
def test_a_reader_elsewhere_sees_their_own_time_beside_the_venues(
    browser: Browser, address: str, zone: str, words: str, lunch: str
) -> None:
    page = page_in(browser, zone, address)
    expect(page.locator("[data-module=reader-zone]")).to_have_text(words)
    row = page.locator(".rows [data-session=lunch]")
    expect(row.locator("[data-part=start]")).to_have_text("12:00")
    expect(row.locator(".own")).to_have_text(lunch)
    page.context.close()


def test_a_reader_at_the_venue_sees_one_time(browser: Browser, address: str) -> None:
    page = page_in(browser, "America/Vancouver", address)
    expect(page.locator("[data-module=reader-zone]")).to_be_hidden()
    expect(page.get_by_text("for you")).to_have_count(0)
    page.context.close()


def test_their_own_time_follows_a_delay(browser: Browser, address: str, service: Service) -> None:
    page = page_in(browser, "Asia/Tokyo", address)
    edit = Delay("panel", 10, push=frozenset({"closing"}))
    publish_edit(service.current.revisions, edit, base=1, by=Editor("Frank"), note="", now=service.clock.now())
    service.current.refresh()
    expect(page.locator(".rows [data-session=panel] .own")).to_have_text("Sat 08:10 for you")
    page.context.close()


def test_minutes_left_and_minutes_until_the_next(browser: Browser, address: str) -> None:
    page = page_in(browser, "Asia/Tokyo", address)
    lefts = [page.locator(f"[data-slot={name}] [data-left]") for name in ("now", "next")]
    assert [left.inner_text() for left in lefts] == ["25 min left", "in 25 min"]
    page.context.close()
