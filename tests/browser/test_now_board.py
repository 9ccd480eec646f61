"""The page of now and next in a real browser: how it fills a screen, turns, and shows the reader's own next."""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from support.many_rooms import with_rooms
from support.movable_clock import AT_TEN_TWENTY, MovableClock
from support.publishing import publish_noted
from support.same_document import Tabs, has_come_by
from support.screens import LAPTOP, PHONE, SMALL_PHONE
from support.waiting import wait_until

from app.domain.edits.edit_types import Announce, Cancel, Edit, EndNow
from app.domain.program import Program
from app.web.running_service import Service

pytestmark = pytest.mark.browser

SARA = "sara-hooker"
ON = "evan-shelhamer"
SIDE = {"viewport": {"width": 844, "height": 390}, "is_mobile": True, "has_touch": True}
SCREENS = {"small phone": SMALL_PHONE, "phone": PHONE, "phone on its side": SIDE, "laptop": LAPTOP}
HIGHEST_TOP_OF_NOW = 160
# How much moves after the first paint (Layout Instability), with what moved.
SHIFTS = """() => new Promise((done) => {
    const found = [];
    new PerformanceObserver((list) => list.getEntries().forEach(({ value, sources }) =>
        found.push([value, ...sources.map(({ node }) => node?.className ?? node?.nodeName)])))
        .observe({ type: "layout-shift", buffered: true });
    requestAnimationFrame(() => setTimeout(() => done(found)));
})"""
# Where each part that follows others stands: of the whole page, and when the page has come as far as its own beginning.
PLACES = """() => {
    const parts = [...document.querySelectorAll(".room-block, .room-screen :is(.slot, .figure-space)")];
    const place = ({ x, y, width }) => [x, y, width].map(Math.round);
    const whole = parts.map((node) => place(node.getBoundingClientRect()));
    const inPart = parts.reverse().map((node) => {
        node.replaceChildren();
        const found = place(node.getBoundingClientRect());
        node.remove();
        return found;
    }).reverse();
    return [whole, inPart];
}"""
TOP_OF_NOW = """() => Math.min(...[...document.querySelectorAll(":is([data-slot=now], [data-group=on]) [data-session]")]
    .filter((node) => node.checkVisibility()).map((node) => node.getBoundingClientRect().top))"""
SIDEWAYS = "document.documentElement.scrollWidth - innerWidth"
# Elements whose text is wider than they are, or hidden in part without an ellipsis.
CUT = """() => [...document.querySelectorAll("main *")].filter((node) => {
    const { overflowX, textOverflow } = getComputedStyle(node);
    const isClipped = overflowX !== "visible" && textOverflow !== "ellipsis" && node.clientWidth > 1;
    return node.checkVisibility() && isClipped && node.scrollWidth > node.clientWidth + 1;
}).map((node) => node.className)"""
SCROLLS_INSIDE = """() => [...document.querySelectorAll("main, main *")].filter((node) =>
    ["auto", "scroll"].includes(getComputedStyle(node).overflowY)).map((node) => node.className)"""
ROWS = """() => Object.fromEntries(["on", "coming"].map((group) => [group,
    [...document.querySelectorAll(`[data-group=${group}] li`)].filter((row) => row.checkVisibility())
        .map((row) => row.querySelector("[data-session]").dataset.session)]))"""
ORDER = """() => [...document.querySelectorAll("[data-group=on] li")].filter((row) => row.checkVisibility())
    .sort((a, b) => a.getBoundingClientRect().top - b.getBoundingClientRect().top)
    .map((row) => row.querySelector("[data-session]").dataset.session)"""
STAR = """(ids) => localStorage.setItem(`stars ${document.documentElement.dataset.service}`, JSON.stringify({
    starred: Object.fromEntries(ids.map((id) => [id, null])),
    pending: {}, keys: null, told: null, remind: false, reminded: {},
}))"""


@pytest.fixture
def program(request: pytest.FixtureRequest, program: Program) -> Program:
    return with_rooms(program, getattr(request, "param", 1))


@pytest.fixture
def address(steady_address: str) -> str:
    return steady_address


@pytest.fixture
def at_the_venue(browser: Browser) -> Iterator[BrowserContext]:
    """A laptop in the zone of the venue."""
    context = browser.new_context(**LAPTOP, service_workers="block", timezone_id="America/Vancouver")
    yield context
    context.close()


ROOMS = pytest.mark.parametrize("program", [1, 2, 5, 30], indirect=True, ids=["1 room", "2", "5", "30"])


def opened(context: BrowserContext, url: str) -> Page:
    page = context.new_page()
    page.goto(url)
    page.wait_for_selector("[data-star]")
    page.wait_for_function("() => document.querySelector('.clock').textContent")
    return page


def places(browser: Browser, address: str, screen: str) -> list[list[list[float]]]:
    context = browser.new_context(**SCREENS[screen], service_workers="block")
    found = opened(context, f"{address}/now").evaluate(PLACES)
    context.close()
    return cast("list[list[list[float]]]", found)


@ROOMS
@pytest.mark.parametrize("screen", SCREENS)
def test_the_page_fits_every_screen_and_nothing_moves_after_the_first_paint(
    browser: Browser, address: str, screen: str
) -> None:
    context = browser.new_context(**SCREENS[screen], service_workers="block", timezone_id="America/Vancouver")
    page = opened(context, f"{address}/now")
    found = {
        "sideways": page.evaluate(SIDEWAYS),
        "cut": page.evaluate(CUT),
        "scrolls inside": page.evaluate(SCROLLS_INSIDE),
        "shifts": page.evaluate(SHIFTS),
        "high enough": page.evaluate(TOP_OF_NOW) < HIGHEST_TOP_OF_NOW,
    }
    context.close()
    assert found == {"sideways": 0, "cut": [], "scrolls inside": [], "shifts": [], "high enough": True}


@pytest.mark.parametrize("program", [2, 3], indirect=True)
@pytest.mark.parametrize("screen", SCREENS)
def test_a_rooms_block_stands_where_it_will_before_the_next_has_come(
    browser: Browser, address: str, screen: str
) -> None:
    whole, in_part = places(browser, address, screen)
    assert in_part == whole


@pytest.mark.parametrize("edit", [None, Cancel(ON), EndNow(ON)], ids=["now", "cancelled", "next"])
@pytest.mark.parametrize("screen", SCREENS)
def test_what_is_next_in_one_room_stands_where_it_will_before_the_minutes_have_come(
    browser: Browser, address: str, service: Service, screen: str, edit: Edit | None
) -> None:
    if edit:
        publish_noted(service, edit)
    whole, in_part = places(browser, address, screen)
    assert in_part == whole


@pytest.mark.parametrize("program", [1], indirect=True)
@pytest.mark.parametrize("screen", ["phone", "phone on its side", "laptop"])
def test_what_is_on_and_what_is_next_in_one_room_are_seen_without_scrolling(
    browser: Browser, address: str, screen: str
) -> None:
    context = browser.new_context(**SCREENS[screen], service_workers="block")
    page = opened(context, f"{address}/now")
    for part in ("[data-slot=now] [data-part=people]", "[data-figure]", "[data-slot=next] [data-part=people]"):
        expect(page.locator(part)).to_be_in_viewport(ratio=1)
    expect(page.locator("[data-big-left]")).to_have_text("25 minutes left")
    context.close()


@pytest.mark.parametrize("program", [5], indirect=True)
def test_at_a_boundary_rows_move_at_once_as_a_fresh_page_has_them(
    at_the_venue: BrowserContext, address: str, service: Service
) -> None:
    clock = cast("MovableClock", service.clock)
    at_the_venue.clock.install()
    tabs = Tabs(at_the_venue, f"{address}/now")
    for boundary in service.current.snapshot.timeline.boundaries:
        if boundary > AT_TEN_TWENTY:
            clock.set(boundary)
            has_come_by(tabs.open, boundary)
            tabs.come_to_be_equal(1, f"{boundary}")


@pytest.mark.parametrize("program", [5], indirect=True)
def test_without_network_rows_move_all_the_same(laptop: BrowserContext, address: str, service: Service) -> None:
    clock = cast("MovableClock", service.clock)
    clock.speed = 1.0
    clock.set(AT_TEN_TWENTY, speed=1.0)
    laptop.clock.install()
    page = opened(laptop, f"{address}/now")
    before = page.evaluate(ROWS)
    laptop.set_offline(True)
    page.clock.fast_forward(26 * 60_000)
    wait_until(lambda: page.evaluate(ROWS)["on"] == before["coming"])
    assert len(before["on"]) == len(before["coming"]) == 5


@pytest.mark.parametrize("program", [5], indirect=True)
def test_an_open_board_with_stars_equals_a_fresh_one_after_edits(
    laptop: BrowserContext, address: str, service: Service
) -> None:
    page = opened(laptop, f"{address}/now")
    page.evaluate(STAR, [SARA])
    page.close()
    tabs = Tabs(laptop, f"{address}/now")
    expect(tabs.open.locator(".my-next")).to_be_visible()
    for number, edit in enumerate((Cancel(SARA), Announce("Lunch is served.")), 2):
        publish_noted(service, edit)
        tabs.come_to_be_equal(number, repr(edit))
    expect(tabs.open.locator(".my-next")).to_be_hidden()


@pytest.mark.parametrize("program", [5], indirect=True)
def test_the_readers_next_star_stands_at_the_foot(laptop: BrowserContext, address: str) -> None:
    page = opened(laptop, f"{address}/now")
    before = page.evaluate(ORDER)
    page.locator(f"[data-group=coming] [data-session={SARA}] [data-star]").click()
    assert page.evaluate(ORDER) == before
    expect(page.locator(".my-next .label")).to_have_text("Your next in 25 min")
    expect(page.locator(".my-next")).to_be_in_viewport(ratio=1)
    expect(page.locator(".my-next [data-session]")).to_have_attribute("data-session", SARA)
    page.locator(".my-next [data-star]").click()
    expect(page.locator(".my-next")).to_be_hidden()


@pytest.mark.parametrize("program", [1], indirect=True)
def test_what_stands_as_next_already_is_not_said_again(laptop: BrowserContext, address: str) -> None:
    page = opened(laptop, f"{address}/now")
    page.evaluate(STAR, [SARA, "contributed-morning"])
    page.reload()
    expect(page.locator("[data-slot=next] [aria-pressed=true]")).to_be_visible()
    expect(page.locator(".my-next")).to_be_hidden()


def test_a_page_without_scripts_shows_what_is_on(browser: Browser, address: str) -> None:
    context = browser.new_context(**PHONE, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}/now")
    expect(page.locator("[data-slot=now] [data-part=title]")).to_contain_text("DIY Deep Learning")
    context.close()
