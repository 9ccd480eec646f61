"""A talk's page in a browser: what it shows first, the button that leads, sharing, and one calendar for each device."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any, cast

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, expect
from support.console_browser import sign_in_link
from support.movable_clock import AT_TEN_TWENTY, MovableClock
from support.publishing import with_links_of
from support.same_document import Tabs, has_come_by
from support.screens import LAPTOP, PHONE, SMALL_PHONE

from app.domain.program import Program
from app.domain.session import Link
from app.web.running_service import Service

pytestmark = pytest.mark.browser

SARA = "sara-hooker"
LINKS = (
    Link("Live stream", "https://live.example/1"),
    Link("Slides", "https://slides.example/"),
    Link("Video", "https://video.example/"),
)
MINUTE = timedelta(minutes=1)
AGENTS = {
    "iPhone": "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148 Safari/604.1",
    "Android": "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 Chrome/130.0 Mobile Safari/537.36",
    "Windows": "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/130.0 Safari/537.36",
    "Linux": "Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0",
}
# A browser tells its platform in two places.
PLATFORM = "Object.defineProperty(navigator, 'userAgentData', {{ value: {{ platform: '{}' }} }});"
NO_SHEET = "navigator.share = undefined;"
SHEET = "navigator.share = (data) => { window.shared = data.url; return Promise.resolve(); };"
NO_CLIPBOARD = "Object.defineProperty(navigator, 'clipboard', { value: undefined });"
SHIFTS = """new PerformanceObserver((list) => {
    window.shift = (window.shift ?? 0) + list.getEntries().reduce((sum, { value }) => sum + value, 0);
}).observe({ type: "layout-shift", buffered: true });"""
GROUND = "(button) => getComputedStyle(button).backgroundColor !== 'rgba(0, 0, 0, 0)'"
SIDEWAYS = "document.documentElement.scrollWidth - innerWidth"
TOPS = "(nodes) => nodes.map((node) => node.getBoundingClientRect().top)"


@pytest.fixture
def program(program: Program) -> Program:
    """The workshop, with links on the talk that begins in 25 minutes."""
    return with_links_of(program, SARA, *LINKS)


def opened(browser: Browser, address: str, *scripts: str, **screen: Any) -> Page:
    context = browser.new_context(**{"service_workers": "block", **screen})
    for script in scripts:
        context.add_init_script(script)
    page = context.new_page()
    page.goto(f"{address}/talks/{SARA}")
    return page


@pytest.fixture(params=[PHONE, SMALL_PHONE, LAPTOP], ids=["phone", "small phone", "laptop"])
def page(request: pytest.FixtureRequest, browser: Browser, address: str) -> Iterator[Page]:
    page = opened(browser, address, SHIFTS, **request.param)
    yield page
    page.context.close()


def buttons(page: Page) -> list[str]:
    return [text.strip() for text in page.locator(".keep > .actions :is(a, button):visible").all_inner_texts()]


def solid(page: Page) -> list[str]:
    found = page.locator(".keep > .actions :is(a, button):visible").all()
    return [one.inner_text().strip() for one in found if one.evaluate(GROUND)]


def test_nothing_moves_while_the_scripts_come_and_nothing_is_wider_than_the_screen(page: Page) -> None:
    expect(page.get_by_role("button", name="Share")).to_be_enabled()
    expect(page.locator(".lead [data-left]")).to_have_text("in 25 min")
    assert (page.evaluate("window.shift ?? 0"), page.evaluate(SIDEWAYS)) == (0, 0)


def test_the_buttons_are_large_enough_for_a_finger(page: Page) -> None:
    expect(page.get_by_role("button", name="Share")).to_be_enabled()
    boxes = [one.bounding_box() for one in page.locator(".keep > .actions :is(a, button):visible").all()]
    assert [box["height"] >= 44 for box in boxes if box] == [True] * 3


def test_a_phone_shows_the_time_the_room_and_the_title_first(browser: Browser, address: str) -> None:
    page = opened(browser, address, **PHONE)
    tops = page.locator(".lead :is(.when, #talk-facts a, .title)").evaluate_all(TOPS)
    assert [top < 160 for top in tops] == [True, True, True]
    assert page.locator(".code img").is_hidden()


def test_without_scripts_nothing_is_shown_that_does_nothing(browser: Browser, address: str) -> None:
    page = opened(browser, address, **PHONE, java_script_enabled=False)
    assert [text.strip() for text in page.locator(".keep > .actions :is(a, button):visible").all_inner_texts()] == [
        *("Add to calendar", "Slides"),
    ]


def test_across_each_boundary_the_open_page_equals_a_fresh_one_and_one_button_is_solid(
    laptop: BrowserContext, app: Flask, address: str, service: Service
) -> None:
    laptop.clock.install()
    fresh = laptop.new_page()
    fresh.goto(f"{address}{sign_in_link(app)}")
    tabs, clock = Tabs(laptop, f"{address}/talks/{SARA}", fresh), cast("MovableClock", service.clock)
    seen = []
    for minutes in (0, 15, 25, 55):
        instant = AT_TEN_TWENTY + minutes * MINUTE
        clock.set(instant)
        has_come_by(tabs.open, instant)
        tabs.come_to_be_equal(1, f"{instant}")
        seen.append((buttons(tabs.open), solid(tabs.open)))
    assert seen == [
        (["Add to calendar", "Slides", "Share"], ["Add to calendar"]),
        (["Watch", "Add to calendar", "Slides", "Share"], ["Watch"]),
        (["Watch", "Add to calendar", "Slides", "Share"], ["Watch"]),
        (["Video", "Slides", "Share"], ["Video"]),
    ]


def test_the_page_is_shared_by_the_browsers_own_sheet(browser: Browser, address: str) -> None:
    page = opened(browser, address, SHEET, **PHONE)
    page.get_by_role("button", name="Share").click()
    assert page.evaluate("window.shared") == f"{address}/talks/{SARA}"


@pytest.mark.parametrize("clipboard", ["", NO_CLIPBOARD], ids=["clipboard", "selection"])
def test_where_there_is_no_sheet_the_address_is_copied_and_the_button_says_so(
    browser: Browser, address: str, clipboard: str
) -> None:
    page = opened(browser, address, NO_SHEET, clipboard, **PHONE, permissions=["clipboard-read", "clipboard-write"])
    share = page.locator(".share")
    share.click()
    expect(share).to_have_text("Copied")
    expect(page.locator("[data-spoken]")).to_have_text("Copied")
    expect(share).to_be_focused()
    expect(share).to_have_text("Share")
    page.evaluate("document.body.prepend(document.createElement('textarea'))")
    page.locator("body > textarea").press("Control+V")
    expect(page.locator("body > textarea")).to_have_value(f"{address}/talks/{SARA}")


@pytest.mark.parametrize(("device", "agent"), AGENTS.items(), ids=AGENTS)
def test_one_button_adds_the_talk_to_the_calendar_of_this_device(
    browser: Browser, address: str, device: str, agent: str
) -> None:
    page = opened(browser, address, PLATFORM.format(device), **PHONE, user_agent=agent)
    expect(page.get_by_role("button", name="Share")).to_be_enabled()
    calendar = "https://calendar.google.com/calendar/render" if device == "Android" else f"/talks/{SARA}.ics"
    shown = page.locator("[data-module=this-device] a:visible")
    expect(shown).to_have_count(1)
    assert str(shown.get_attribute("href")).partition("?")[0] == calendar
