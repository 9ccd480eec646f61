"""The open tabs of one browser share one stream: browsers allow few connections to a host."""

from __future__ import annotations

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from pocket import publish
from waiting import wait_until

from app.domain.edits import Rename
from app.web.service import Service

pytestmark = pytest.mark.browser

PATHS = ("/organizer", *(["/display"] * 5), "/stage/venue", "/", "/talks/evan-shelhamer", "/my")
TALK = "[data-session=evan-shelhamer] [data-part=title]"


def test_ten_tabs_follow_an_edit_by_one_stream_and_go_on_when_one_is_closed(
    laptop: BrowserContext, console: Page, address: str, service: Service
) -> None:
    pages = [console, *(laptop.new_page() for _ in PATHS[1:])]
    for page, path in zip(pages, PATHS, strict=True):
        page.goto(f"{address}{path}")
    for number in (1, 2):
        publish(service, Rename("evan-shelhamer", f"Title {number}"))
        for page in pages:
            expect(page.locator(TALK).first).to_have_text(f"Title {number}")
        wait_until(lambda: service.counts.readers() == 1)
        pages.pop(0).close()


def test_the_stream_ends_with_the_last_tab(laptop: BrowserContext, address: str, service: Service) -> None:
    pages = [laptop.new_page() for _ in range(2)]
    for page in pages:
        page.goto(address)
    wait_until(lambda: service.counts.readers() == 1)
    for page in pages:
        page.close()
    wait_until(lambda: service.counts.readers() == 0)
