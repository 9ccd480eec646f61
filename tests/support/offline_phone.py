"""A phone in somebody's pocket: its own clock is wrong, and its network can be cut."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from playwright.sync_api import BrowserContext, Page

from app.domain.edits.edit_types import Delay
from support.network_cable import Cable
from support.waiting import wait_until

WRONG_BY = timedelta(hours=7)
PANEL_LATER = Delay("panel", 10, push=frozenset({"closing"}))  # from 16:00
IS_KEPT = """async ([path, revision]) => {
    const kept = await caches.match(path);
    return Boolean(kept) && (!revision || (await kept.text()).includes(`data-revision="${revision}"`));
}"""


@dataclass
class Pocket:
    """A phone whose own clock is seven hours ahead, on a network that can be cut."""

    context: BrowserContext
    cable: Cable

    def visit(self, path: str = "/") -> Page:
        page = self.context.new_page()
        page.goto(f"http://127.0.0.1:{self.cable.port}{path}", wait_until="commit")
        return page

    def visit_and_keep(self, path: str = "/") -> Page:
        """Visit with network, until the phone has kept the day and has set its clock."""
        page = self.visit(path)
        page.wait_for_function("() => navigator.serviceWorker.controller !== null")
        wait_for_its_clock(page)
        return page

    def wait(self, time: timedelta) -> None:
        """Let time pass for the phone."""
        self.context.clock.fast_forward(int(time.total_seconds() * 1000))


def wait_until_kept(page: Page, path: str, revision: int | None = None) -> None:
    """Wait until the phone has a page in its store, of a revision or of any. (What a page waits for by itself may
    not be a promise: it takes one for the truth.)"""
    wait_until(lambda: page.evaluate(IS_KEPT, [path, revision]))


def wait_for_its_clock(page: Page) -> None:
    """Wait until the page has set its clock by the service, and has stored that."""
    page.wait_for_function("() => Object.keys(localStorage).some((key) => key.startsWith('clock '))")
