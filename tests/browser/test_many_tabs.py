"""The open tabs of one browser share one stream: browsers allow few connections to a host."""

from __future__ import annotations

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from support.publishing import publish_noted
from support.waiting import wait_until

from app.domain.edits.edit_types import ChangeContent
from app.web.running_service import Service

pytestmark = pytest.mark.browser

PATHS = ("/organizer", *(["/display"] * 5), "/stage/venue", "/", "/talks/evan-shelhamer", "/my")
TALK = "[data-session=evan-shelhamer] [data-part=title]"
IN_VIEW = """(isInView) => {
    Object.defineProperty(document, "hidden", { value: !isInView, configurable: true });
    document.dispatchEvent(new Event("visibilitychange"));
}"""


def test_ten_tabs_follow_an_edit_by_one_stream_and_go_on_when_one_is_closed(
    laptop: BrowserContext, console: Page, address: str, service: Service
) -> None:
    pages = [console, *(laptop.new_page() for _ in PATHS[1:])]
    for page, path in zip(pages, PATHS, strict=True):
        page.goto(f"{address}{path}")
    for number in (1, 2):
        publish_noted(service, ChangeContent("evan-shelhamer", title=f"Title {number}"))
        for page in pages:
            expect(page.locator(TALK).first).to_have_text(f"Title {number}")
        # The stage has a stream of its own, which begins with its cue.
        wait_until(lambda: service.stats.readers() == 2)
        pages.pop(0).close()


def test_the_stream_ends_with_the_last_tab(laptop: BrowserContext, address: str, service: Service) -> None:
    pages = [laptop.new_page() for _ in range(2)]
    for page in pages:
        page.goto(address)
    wait_until(lambda: service.stats.readers() == 1)
    for page in pages:
        page.close()
    wait_until(lambda: service.stats.readers() == 0)


def test_a_tab_that_goes_out_of_view_hands_the_stream_on_and_still_hears(
    laptop: BrowserContext, address: str, service: Service
) -> None:
    first, second = (laptop.new_page() for _ in range(2))
    for page in (first, second):
        page.goto(address)
    first.evaluate(IN_VIEW, False)
    publish_noted(service, ChangeContent("evan-shelhamer", title="Title 1"))
    for page in (first, second):
        expect(page.locator(TALK).first).to_have_text("Title 1")
    wait_until(lambda: service.stats.readers() == 1)
    second.evaluate(IN_VIEW, False)
    wait_until(lambda: service.stats.readers() == 0)
    first.evaluate(IN_VIEW, True)
    wait_until(lambda: service.stats.readers() == 1)


def test_without_locks_each_tab_in_view_has_a_stream_of_its_own(
    laptop: BrowserContext, address: str, service: Service
) -> None:
    laptop.add_init_script("delete Navigator.prototype.locks")
    pages = [laptop.new_page() for _ in range(2)]
    for page in pages:
        page.goto(address)
    wait_until(lambda: service.stats.readers() == 2)
    publish_noted(service, ChangeContent("evan-shelhamer", title="Title 1"))
    for page in pages:
        expect(page.locator(TALK).first).to_have_text("Title 1")
    pages[0].evaluate(IN_VIEW, False)
    wait_until(lambda: service.stats.readers() == 1)
