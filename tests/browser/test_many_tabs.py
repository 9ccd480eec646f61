"""The open tabs of one browser share one stream: browsers allow few connections to a host."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from console import sign_in_link
from flask import Flask
from moving_clock import MovableClock
from playwright.sync_api import Browser, BrowserContext, expect
from pocket import AT_TEN_TWENTY, publish
from serving import served
from waiting import wait_until

from app.domain.edits import Rename
from app.web.service import Service

pytestmark = pytest.mark.browser

PATHS = ("/organizer", *(["/display"] * 5), "/stage/venue", "/", "/talks/evan-shelhamer", "/my")
TALK = "[data-session=evan-shelhamer] [data-part=title]"


@pytest.fixture
def address(app: Flask, clock: MovableClock) -> Iterator[str]:
    clock.set(AT_TEN_TWENTY)
    with served(app) as url:
        yield url


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context()
    yield context
    context.close()


def test_ten_tabs_follow_an_edit_by_one_stream_and_go_on_when_one_is_closed(
    context: BrowserContext, app: Flask, address: str, service: Service
) -> None:
    page = context.new_page()
    page.goto(f"{address}{sign_in_link(app)}")
    page.get_by_role("button", name="Sign in on this browser").click()
    pages = [page, *(context.new_page() for _ in PATHS[1:])]
    for page, path in zip(pages, PATHS, strict=True):
        page.goto(f"{address}{path}")
    for number in (1, 2):
        publish(service, Rename("evan-shelhamer", f"Title {number}"))
        for page in pages:
            expect(page.locator(TALK).first).to_have_text(f"Title {number}")
        wait_until(lambda: service.counts.readers() == 1)
        pages.pop(0).close()


def test_the_stream_ends_with_the_last_tab(context: BrowserContext, address: str, service: Service) -> None:
    pages = [context.new_page() for _ in range(2)]
    for page in pages:
        page.goto(address)
    wait_until(lambda: service.counts.readers() == 1)
    for page in pages:
        page.close()
    wait_until(lambda: service.counts.readers() == 0)
