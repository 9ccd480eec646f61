"""What a stream tells a page makes it fetch a revision once, within its spread, and miss none."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import Page, Route, expect
from support.publishing import publish_noted
from support.told_tabs import PASSES_ON, Room
from support.waiting import wait_until

from app.domain.edits.edit_types import ChangeContent
from app.web.running_service import Service

pytestmark = pytest.mark.browser

TITLE = ".rows [data-session=panel] [data-part=title]"
SPREAD = timedelta(hours=1)
# Counted where it begins: a request that is held comes to the test some time after.
COUNTS_FETCHES = """() => {
    window.fetches = 0;
    const send = fetch;
    globalThis.fetch = (address, ...options) => {
        window.fetches += address === location.pathname;
        return send(address, ...options);
    };
}"""


class Fetches:
    """How often a page fetched itself, and those of its requests that wait for an answer."""

    def __init__(self, page: Page, address: str) -> None:
        self._page = page
        self.routes: list[Route] = []
        page.evaluate(COUNTS_FETCHES)
        page.route(f"{address}/", lambda route: self.routes.append(route))  # noqa: PLW0108 - playwright reads its code

    @property
    def count(self) -> int:
        return int(self._page.evaluate("window.fetches"))

    def wait(self, count: int) -> None:
        """Wait until so many wait for an answer, or have had one; asking the page lets them come in."""
        wait_until(lambda: self.count >= count and len(self.routes) >= count)


def retitle(service: Service, number: int) -> None:
    publish_noted(service, ChangeContent("panel", title=f"Title {number}"))


def test_a_heartbeat_while_a_revision_is_fetched_does_not_fetch_it_again(room: Room, service: Service) -> None:
    tab = room.tab()
    fetches = Fetches(tab.page, room.address)
    for number in (1, 2):
        retitle(service, number)
        fetches.wait(number)
        room.beat(tab)
        fetches.routes[-1].continue_()
        expect(tab.page.locator(TITLE)).to_have_text(f"Title {number}")
        assert fetches.count == number


def test_a_revision_that_a_heartbeat_names_while_an_older_one_is_fetched_is_not_missed(
    room: Room, service: Service
) -> None:
    tab, other = room.tab(), room.tab("/now")
    fetches = Fetches(tab.page, room.address)
    retitle(service, 1)
    fetches.wait(1)
    newer = service.current.snapshot.revision.number + 1
    other.page.evaluate(PASSES_ON, {"now": room.clock.now().isoformat(), "revision": newer})
    tab.has("contacts", 1)
    fetches.routes[0].continue_()
    expect(tab.page.locator(TITLE)).to_have_text("Title 1")
    room.wait(timedelta(seconds=0.5))
    fetches.wait(2)


def test_a_request_that_is_cut_off_after_the_network_came_back_is_made_again_at_once(
    room: Room, service: Service
) -> None:
    tab = room.tab()
    fetches = Fetches(tab.page, room.address)
    retitle(service, 1)
    fetches.wait(1)
    room.beat(tab)
    fetches.routes[0].abort()
    fetches.wait(2)
    fetches.routes[1].continue_()
    expect(tab.page.locator(TITLE)).to_have_text("Title 1")


@pytest.mark.parametrize("was_lost", [False, True])
def test_a_heartbeat_waits_for_the_spread_of_its_revision(room: Room, service: Service, *, was_lost: bool) -> None:
    room.context.add_init_script("Math.random = () => 0.5")
    tab, other = room.tab(), room.tab("/now")
    fetches = Fetches(tab.page, room.address)
    if was_lost:
        tab.page.evaluate("dispatchEvent(new Event('offline'))")
    newer = service.current.snapshot.revision.number + 1
    told = {"now": room.clock.now().isoformat(), "revision": newer}
    other.page.evaluate(PASSES_ON, told | {"type": "revision", "spread": SPREAD.total_seconds()})
    other.page.evaluate(PASSES_ON, told)
    tab.has("contacts", 1)
    assert fetches.count == 0
    room.wait(SPREAD / 2)
    fetches.wait(1)
    assert fetches.count == 1


def test_a_heartbeat_that_names_a_revision_of_which_nothing_was_said_makes_a_page_fetch_it_at_once(
    room: Room, service: Service
) -> None:
    tab, other = room.tab(), room.tab("/now")
    fetches = Fetches(tab.page, room.address)
    newer = service.current.snapshot.revision.number + 1
    other.page.evaluate(PASSES_ON, {"now": room.clock.now().isoformat(), "revision": newer})
    fetches.wait(1)
