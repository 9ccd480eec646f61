"""Everything by keyboard alone: a reader finds, opens and subscribes; an organizer delays a talk."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect
from support.screens import LAPTOP
from support.server_thread import served

from app.live.clock import SYSTEM_CLOCK
from app.store.sign_ins import SignIns
from app.web.running_service import service_of

pytestmark = pytest.mark.browser

MOST_STOPS = 80
# What has the focus: its words, and whether the eye sees that it has it.
FOCUSED = """() => {
    const node = document.activeElement;
    const { outlineStyle, outlineWidth } = getComputedStyle(node);
    const name = node.labels?.[0]?.textContent.trim() || node.ariaLabel || (node.localName !== "button" && node.value)
        || node.textContent.trim().replace(/\\s+/g, " ");
    return { name, ringed: outlineStyle !== "none" && parseFloat(outlineWidth) >= 2 };
}"""


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    with served(app) as url:
        yield url


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    context = browser.new_context(**LAPTOP)
    page = context.new_page()
    page.goto(f"{address}/")
    yield page
    context.close()


def tab_to(page: Page, name: str) -> None:
    """Press Tab until a control has the focus whose words begin so; each on the way is seen to have it."""
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        focused = page.evaluate(FOCUSED)
        assert focused["ringed"], focused
        if focused["name"].startswith(name):
            return
    raise AssertionError(f"{name} is not within {MOST_STOPS} stops")


def test_the_first_stop_leads_past_the_head_of_the_page(page: Page) -> None:
    tab_to(page, "Skip to content")
    page.keyboard.press("Enter")
    tab_to(page, "DIY Deep Learning")


def test_a_reader_finds_a_talk_opens_it_and_copies_the_feeds_address(page: Page, address: str) -> None:
    tab_to(page, "Find a talk")
    page.keyboard.type("hooker")
    expect(page.locator("[data-found]")).to_have_text("1 found.")
    tab_to(page, "Beyond the Research Paper")
    page.keyboard.press("Enter")
    page.wait_for_url(f"{address}/talks/sara-hooker")
    tab_to(page, "Subscribe")
    page.keyboard.press("Enter")
    page.wait_for_url(f"{address}/subscribe")
    tab_to(page, "Or copy the address")
    assert page.evaluate("getSelection().toString()") == f"{address}/calendar/codeml-2025.ics"


def test_a_reader_stars_a_talk_and_finds_it_in_their_day(page: Page, address: str) -> None:
    page.wait_for_selector(".rows [data-star]")
    tab_to(page, "Star: Beyond the Research Paper")
    page.keyboard.press("Space")
    page.goto(f"{address}/my")
    tab_to(page, "Beyond the Research Paper")
    tab_to(page, "Star: Beyond the Research Paper")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Nothing starred yet")).to_be_visible()


def test_an_organizer_delays_a_talk(page: Page, app: Flask, address: str) -> None:
    sign_ins, now = SignIns(service_of(app).database), SYSTEM_CLOCK.now()
    sign_ins.add("Frank", now)
    page.goto(f"{address}/organizer/sign-in/{sign_ins.new_link('Frank', now)}")
    tab_to(page, "Sign in")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Running late").first).to_be_visible()
    tab_to(page, "5 min")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Ways out")).to_be_visible()
    tab_to(page, "Do this")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Published as revision 2.")).to_be_visible()
    moved = service_of(app).current.snapshot.revision.program.session("sara-hooker")
    assert (moved.status, f"{moved.start:%H:%M}") == ("moved", "17:50")
