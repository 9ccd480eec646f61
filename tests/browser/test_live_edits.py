"""One tap on the organizer's phone, and every phone and the projector tell the same."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect
from support.console_browser import sign_in_link
from support.movable_clock import MovableClock
from support.network_cable import Cable
from support.screens import PHONE, PROJECTOR
from support.server_thread import served
from support.started_page import sign_in

pytestmark = pytest.mark.browser

# Of those sessions that the page shows: a talk's page has one.
SHOWS = """(times) => {
    const shown = Object.keys(times).filter((id) => document.querySelector(`[data-session="${id}"]`));
    return shown.length > 0 && shown.every((id) => {
        const { start, end } = document.querySelector(`[data-session="${id}"]`).dataset;
        return `${start.slice(11, 16)}-${end.slice(11, 16)}` === times[id];
    });
}"""
PLANNED = {
    "evan-shelhamer": "10:15-10:45",
    "sara-hooker": "10:45-11:15",
    "contributed-morning": "11:15-12:00",
    "lunch": "12:00-13:00",
}
SLIPPED = {
    "evan-shelhamer": "10:15-10:53",
    "sara-hooker": "10:53-11:23",
    "contributed-morning": "11:23-12:00",
    "lunch": "12:00-13:00",
}


Open = Callable[..., Page]


@dataclass
class Floor:
    """An organizer's phone, three attendees' phones and a projector."""

    organizer: Page
    attendees: list[Page]
    projector: Page

    @property
    def readers(self) -> list[Page]:
        return [*self.attendees, self.projector]

    @property
    def all_five(self) -> list[Page]:
        return [*self.readers, self.organizer]


@pytest.fixture
def address(app: Flask, clock: MovableClock) -> Iterator[str]:
    clock.set(datetime(2025, 7, 18, 17, 40, tzinfo=UTC), speed=1.0)  # 10:40
    with served(app) as url:
        yield url


@pytest.fixture
def open_page(browser: Browser) -> Iterator[Open]:
    """Opens an address on a device of its own."""
    contexts = []

    def opened(url: str, **device: Any) -> Page:
        contexts.append(browser.new_context(**device))
        page = contexts[-1].new_page()
        page.goto(url)
        return page

    yield opened
    for context in contexts:
        context.close()


def is_live(page: Page) -> Page:
    page.wait_for_function(
        "() => performance.getEntriesByType('resource').some((one) => one.name.includes('/api/now'))"
    )
    return page


@pytest.fixture
def organizer(open_page: Open, app: Flask, address: str) -> Page:
    page = open_page("about:blank", **PHONE)
    sign_in(page, address + sign_in_link(app))
    expect(page.get_by_text("Running late").first).to_be_visible()
    return page


@pytest.fixture
def attendee(open_page: Open, address: str) -> Page:
    """An attendee's phone that shows the day."""
    return is_live(open_page(f"{address}/", **PHONE))


@pytest.fixture
def cable(address: str) -> Iterator[Cable]:
    """The projector's cable."""
    cable = Cable(int(address.rpartition(":")[2]))
    yield cable
    cable.close()


@pytest.fixture
def projector(open_page: Open, cable: Cable) -> Page:
    return is_live(open_page(f"http://127.0.0.1:{cable.port}/display", **PROJECTOR))


@pytest.fixture
def floor(open_page: Open, address: str, organizer: Page, attendee: Page, projector: Page) -> Floor:
    others = [is_live(open_page(address + path, **PHONE)) for path in ("/now", "/talks/sara-hooker")]
    return Floor(organizer, [attendee, *others], projector)


def wait_for_times(page: Page, times: dict[str, str]) -> None:
    page.wait_for_function(SHOWS, arg=times, polling=20)


def all_show(pages: list[Page], times: dict[str, str]) -> None:
    """Wait until every page shows these times."""
    for page in pages:
        wait_for_times(page, times)


def take_the_way_out(organizer: Page) -> None:
    organizer.get_by_role("button", name="8 min", exact=True).first.click()
    organizer.get_by_role("button", name=re.compile("Shorten .*Contributed talks . demos.* to 37 min")).click(
        no_wait_after=True
    )


def is_published(organizer: Page) -> None:
    """The organizer's page has come back; a browser that is closed before may hang."""
    expect(organizer.get_by_text("Published as revision")).to_be_visible()


def test_the_day_slips_by_eight_minutes_everywhere_and_back(floor: Floor) -> None:
    all_show(floor.all_five, PLANNED)
    take_the_way_out(floor.organizer)
    all_show(floor.all_five, SLIPPED)
    expect(floor.attendees[2].locator("[data-session=sara-hooker] [data-part=was]").first).to_have_text("was 10:45")
    is_published(floor.organizer)
    floor.organizer.get_by_role("button", name="Undo").click(no_wait_after=True)
    all_show(floor.all_five, PLANNED)
    expect(floor.organizer.get_by_text("Published as revision 3.")).to_be_visible()


def test_an_overrun_noticed_at_10_47_goes_on(floor: Floor, clock: MovableClock) -> None:
    clock.set(datetime(2025, 7, 18, 17, 47, tzinfo=UTC), speed=1.0)
    floor.organizer.reload()
    floor.organizer.get_by_role("button", name="Still on: 8 min").click()
    floor.organizer.get_by_role("button", name=re.compile("Shorten .*Contributed talks . demos.* to 37 min")).click(
        no_wait_after=True
    )
    all_show(floor.readers, SLIPPED)
    is_published(floor.organizer)
    for page in floor.readers:
        with page.expect_response("**/api/now"):
            page.evaluate("dispatchEvent(new Event('online'))")
    expect(floor.projector.locator("[data-slot=now] [data-part=title]")).to_contain_text("DIY Deep Learning")


def test_a_projector_without_network_says_so_goes_on_and_catches_up(
    organizer: Page, attendee: Page, projector: Page, cable: Cable
) -> None:
    cable.cut()
    stale = projector.locator("[data-stale]")
    expect(stale).to_be_visible()
    expect(stale).to_have_text(re.compile(r"Offline\. As of 10:4\d\."))
    take_the_way_out(organizer)
    wait_for_times(attendee, SLIPPED)
    wait_for_times(projector, PLANNED)
    expect(projector.locator("[data-slot=now] [data-part=title]")).to_contain_text("DIY Deep Learning")
    cable.mend()
    wait_for_times(projector, SLIPPED)
    expect(stale).to_be_hidden()
    is_published(organizer)


def test_an_announcement_reaches_every_screen_and_can_be_taken_down(floor: Floor, address: str) -> None:
    floor.organizer.goto(f"{address}/organizer/announce")
    floor.organizer.get_by_label("Text").fill("Posters are in Hall B.")
    floor.organizer.get_by_role("button", name="Announce", exact=True).click()
    for page in floor.readers:
        expect(page.get_by_text("Posters are in Hall B.")).to_be_visible()
    floor.organizer.get_by_role("button", name="Undo").click()
    for page in floor.readers:
        expect(page.get_by_text("Posters are in Hall B.")).to_have_count(0)


# The first title in the window, and where it stands: what a revision adds above it does not move it.
IN_SIGHT = """() => [...document.querySelectorAll(".rows .title")]
    .map((one) => [one.textContent, one.getBoundingClientRect().top])
    .find(([, top]) => top >= 0)"""


def test_an_open_page_keeps_what_a_reader_scrolled_to(organizer: Page, attendee: Page) -> None:
    # What scripts add to rows makes them higher: stars, and times in this phone's zone.
    for added in ("[data-star]", ".own"):
        expect(attendee.locator(f".rows {added}").locator("visible=true").first).to_be_visible()
    attendee.evaluate("scrollTo(0, 700)")
    before = attendee.evaluate(IN_SIGHT)
    attendee.evaluate("window.sameDocument = true")
    take_the_way_out(organizer)
    wait_for_times(attendee, SLIPPED)
    is_published(organizer)
    assert (attendee.evaluate(IN_SIGHT), attendee.evaluate("window.sameDocument")) == (before, True)


def test_a_cancelled_session_is_struck_through_where_it_stood(organizer: Page, attendee: Page, address: str) -> None:
    organizer.goto(f"{address}/organizer/talks/panel")
    organizer.get_by_role("button", name="Cancel it…").click()
    organizer.get_by_role("button", name="Publish").click()
    row = attendee.locator(".rows [data-session=panel]")
    expect(row).to_have_attribute("data-status", "cancelled")
    expect(row.get_by_text("Cancelled")).to_be_visible()


def test_the_console_hears_of_the_projector(projector: Page, organizer: Page) -> None:
    organizer.reload()
    expect(organizer.locator("[data-display]")).to_have_attribute("data-alive", "yes")
