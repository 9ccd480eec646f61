"""`/subscribe` on each device: one button that fits it, nothing that moves, and an open page equal to a fresh one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from support.publishing import publish
from support.same_document import Tabs
from support.screens import LAPTOP, PHONE, SMALL_PHONE

from app.domain.program import Program, Room
from app.web.running_service import Service

pytestmark = pytest.mark.browser

WEBKIT = "AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5"
CHROME = "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0"
IPHONE = f"Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) {WEBKIT} Mobile/15E148 Safari/604.1"
IPAD = f"Mozilla/5.0 (iPad; CPU OS 12_5 like Mac OS X) {WEBKIT} Mobile/15E148 Safari/604.1"
# Since iPadOS 13 an iPad says the same.
MAC = f"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) {WEBKIT} Safari/605.1.15"
ANDROID = f"Mozilla/5.0 (Linux; Android 10; K) {CHROME} Mobile Safari/537.36"
WINDOWS = f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {CHROME} Safari/537.36"
LINUX = "Mozilla/5.0 (X11; Linux x86_64; rv:126.0) Gecko/20100101 Firefox/126.0"
APPLE_BUTTON = ("Apple Calendar\nFollows within 20–40 min", "webcal")
# The browser's own words, the button's, and the scheme of its link.
DEVICES: dict[str, tuple[str, str, str]] = {
    "iPhone": (IPHONE, *APPLE_BUTTON),
    "iPad": (IPAD, *APPLE_BUTTON),
    "Mac": (MAC, *APPLE_BUTTON),
    "Android": (ANDROID, "Android, with ICSx⁵\nFollows as set in ICSx⁵", "webcal"),
    "Windows": (WINDOWS, "Outlook 365\nFollows within about 3 hours", "https"),
    "Linux": (LINUX, "Your calendar\nFollows when it next looks", "webcal"),
}
PATHS = ("/subscribe", "/subscribe?what=talks", "/subscribe?what=person", "/subscribe?person=tri-dao")
PATHS += ("/subscribe?what=room", "/subscribe?room=annex")
SOLID = """() => [...document.querySelectorAll("main .button")]
    .filter((button) => button.checkVisibility() && getComputedStyle(button).backgroundColor !== "rgba(0, 0, 0, 0)")
    .map((button) => [button.innerText, button.href.split(":")[0]])"""
SHIFTS = """() => new Promise((resolve) => {
    const shifts = [];
    const observer = new PerformanceObserver((list) => shifts.push(...list.getEntries()));
    observer.observe({type: "layout-shift", buffered: true});
    requestAnimationFrame(() => setTimeout(() => resolve(shifts.reduce((sum, {value}) => sum + value, 0))));
})"""
SIDEWAYS = "document.documentElement.scrollWidth - innerWidth"


@pytest.fixture
def program(program: Program) -> Program:
    """The workshop, with a second room."""
    return replace(program, rooms=(*program.rooms, Room("annex", "Annex")))


def opened(browser: Browser, address: str, **options: Any) -> Page:
    return browser.new_context(**options, base_url=address, service_workers="block").new_page()


@pytest.fixture
def small(browser: Browser, address: str) -> Iterator[Page]:
    page = opened(browser, address, **SMALL_PHONE, user_agent=ANDROID)
    yield page
    page.context.close()


@pytest.mark.parametrize("device", DEVICES)
def test_each_device_has_one_solid_button_for_it(browser: Browser, address: str, device: str) -> None:
    user_agent, *button = DEVICES[device]
    page = opened(browser, address, **LAPTOP, user_agent=user_agent)
    page.goto("/subscribe")
    expect(page.locator(".for-device a:visible")).to_have_text(button[0].replace("\n", " "))
    assert page.evaluate(SOLID) == [button]
    page.context.close()


def test_without_scripts_there_is_one_solid_button_too(browser: Browser, address: str) -> None:
    page = opened(browser, address, **PHONE, user_agent=IPHONE, java_script_enabled=False)
    page.goto("/subscribe")
    assert page.locator(".for-device a:visible").all_inner_texts() == [DEVICES["Linux"][1]]
    expect(page.get_by_role("button", name="Copy")).to_be_hidden()
    page.context.close()


@pytest.mark.parametrize("device", DEVICES)
@pytest.mark.parametrize(
    "screen",
    [
        pytest.param(SMALL_PHONE, id="small phone"),
        pytest.param(PHONE, id="phone", marks=pytest.mark.acceptance),
        pytest.param(LAPTOP, id="laptop", marks=pytest.mark.acceptance),
    ],
)
def test_nothing_moves_when_the_button_of_the_device_is_shown(
    browser: Browser, address: str, screen: dict[str, Any], device: str
) -> None:
    page = opened(browser, address, **screen, user_agent=DEVICES[device][0])
    page.goto("/subscribe")
    expect(page.locator(".for-device a:visible")).to_contain_text(DEVICES[device][1].partition("\n")[0])
    assert page.evaluate(SHIFTS) == 0
    page.context.close()


@pytest.mark.parametrize("size", ["100%", "200%"])
def test_all_buttons_have_the_same_height(small: Page, size: str) -> None:
    small.goto("/subscribe")
    small.evaluate("(size) => (document.documentElement.style.fontSize = size)", size)
    heights = small.evaluate(
        """() => [...document.querySelectorAll(".for-device a")].map((link) => {
            link.hidden = false;
            return Math.round(link.getBoundingClientRect().height);
        })"""
    )
    assert heights == heights[:1] * 4


def test_no_page_scrolls_sideways(small: Page) -> None:
    wide = {}
    for path in PATHS:
        small.goto(path)
        for summary in small.locator("main summary").all():
            summary.click()
        wide[path] = small.evaluate(SIDEWAYS)
    assert wide == dict.fromkeys(PATHS, 0)


def test_a_phone_does_not_show_a_code_of_what_it_has_in_hand(browser: Browser, address: str) -> None:
    shown = []
    for screen in (SMALL_PHONE, PHONE, LAPTOP):
        page = opened(browser, address, **screen)
        page.goto("/subscribe")
        shown.append(page.locator("main .code").is_visible())
        page.context.close()
    assert shown == [False, False, True]


def test_the_address_is_copied(browser: Browser, address: str) -> None:
    page = opened(browser, address, **PHONE, permissions=["clipboard-read", "clipboard-write"])
    page.goto("/subscribe?what=talks")
    page.get_by_role("button", name="Copy").click()
    expect(page.locator("#copied")).to_have_text("Copied")
    assert page.evaluate("navigator.clipboard.readText()") == f"{address}/calendar/talks.ics"
    page.context.close()


@pytest.mark.parametrize("path", ["/subscribe", "/subscribe?what=person", "/subscribe?person=tri-dao"])
def test_an_open_page_is_a_fresh_one_after_a_revision(
    browser: Browser, address: str, service: Service, program: Program, path: str
) -> None:
    context = browser.new_context(**PHONE, user_agent=IPHONE, service_workers="block")
    tabs = Tabs(context, address + path)
    people = tuple(replace(one, name=f"Dr. {one.name}") for one in program.speakers)
    publish(service, replace(program, speakers=people, rooms=program.rooms[:1], dates=()))
    tabs.come_to_be_equal(2, "a revision with other names and fewer feeds")
    context.close()


def test_a_revision_leaves_the_button_of_the_device(
    browser: Browser, address: str, service: Service, program: Program
) -> None:
    page = opened(browser, address, **PHONE, user_agent=IPHONE)
    page.goto("/subscribe")
    publish(service, replace(program, dates=()))
    expect(page.locator(".chips").get_by_text("Important dates")).to_have_count(0)
    assert page.evaluate(SOLID) == [list(APPLE_BUTTON)]
    page.context.close()
