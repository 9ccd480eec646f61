"""A second machine goes on from the last backup of the first: open pages and phones follow, whatever they knew."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from support.movable_clock import MovableClock
from support.network_cable import Cable
from support.offline_phone import Pocket, wait_until_kept
from support.publishing import publish_noted
from support.repository import FIRST_PROGRAM
from support.server_thread import served
from support.waiting import wait_until

from app import create_app
from app.domain.edits.edit_types import ChangeContent
from app.service_factory import serve_published
from app.settings import Settings
from app.store.backup import backup, restore
from app.store.database import open_database, sqlite_url
from app.web.running_service import Service

pytestmark = pytest.mark.browser

IS_KEPT_AS = """async ([path, text]) => ((await (await caches.match(path))?.text()) ?? "").includes(text)"""


def titled(title: str) -> ChangeContent:
    return ChangeContent("panel", title=title)


def title_of_panel(page: Page) -> str:
    return page.locator(".rows [data-session=panel] [data-part=title]").first.inner_text()


@contextmanager
def second_machine(copy: Path, clock: MovableClock) -> Iterator[tuple[Service, int]]:
    """A service on what a backup holds, and its port."""
    url = sqlite_url(copy.with_name("second.sqlite"))
    restore(copy, url)
    service = serve_published(open_database(url, "codeml-2025"), clock)
    with served(create_app(Settings(program=FIRST_PROGRAM, secret_key="for tests"), service)) as address:
        yield service, int(address.rpartition(":")[2])
    service.close()


@pytest.fixture
def copy(service: Service, tmp_path: Path) -> Path:
    """A backup of revision 1, the newest that the second machine gets."""
    backup(service.database, tmp_path / "agenda.backup")
    return tmp_path / "agenda.backup"


@pytest.fixture
def page(copy: Path, service: Service, cable: Cable, new_context: Callable[..., BrowserContext]) -> Page:
    """An open page that has seen revision 2, which no backup has."""
    page = new_context().new_page()
    page.goto(f"http://127.0.0.1:{cable.port}/")
    publish_noted(service, titled("A lost title"))
    expect(page.locator("html")).to_have_attribute("data-revision", "2")
    return page


def test_an_open_page_goes_back_to_what_the_second_machine_has(
    page: Page, copy: Path, cable: Cable, clock: MovableClock
) -> None:
    cable.cut()
    with second_machine(copy, clock) as (_, port):
        cable.lead_to(port)
        expect(page.locator("html")).to_have_attribute("data-revision", "1")
        assert title_of_panel(page) == "Panel discussion"


@pytest.mark.acceptance
def test_a_page_that_cannot_follow_says_that_it_is_from_before(
    page: Page, copy: Path, cable: Cable, clock: MovableClock
) -> None:
    page.route(f"http://127.0.0.1:{cable.port}/", lambda route: route.fulfill(status=503))
    cable.cut()
    with second_machine(copy, clock) as (_, port):
        cable.lead_to(port)
        expect(page.locator("[data-stale]")).to_have_text(re.compile(r"^Not up to date\. From before 10:2\d\.$"))


@pytest.mark.acceptance
def test_an_open_page_follows_another_revision_of_the_number_that_it_knew(
    page: Page, copy: Path, cable: Cable, clock: MovableClock
) -> None:
    cable.cut()
    with second_machine(copy, clock) as (service, port):
        publish_noted(service, titled("Who pays?"))
        cable.lead_to(port)
        expect(page.locator(".rows [data-session=panel] [data-part=title]").first).to_have_text("Who pays?")
        publish_noted(service, titled("Who pays, and why?"))
        expect(page.locator(".rows [data-session=panel] [data-part=title]").first).to_have_text("Who pays, and why?")


@pytest.mark.acceptance
def test_a_starred_change_is_called_out_though_a_lost_revision_had_its_number(
    page: Page, copy: Path, cable: Cable, clock: MovableClock
) -> None:
    page.locator(".rows [data-session=panel] [data-star]").first.click()
    cable.cut()
    with second_machine(copy, clock) as (service, port):
        cable.lead_to(port)
        expect(page.locator("html")).to_have_attribute("data-revision", "1")
        publish_noted(service, titled("Who pays?"))
        expect(page.locator('[data-callout="change panel"] a')).to_contain_text("Who pays?")


@pytest.mark.acceptance
def test_a_phone_stores_what_the_second_machine_has(
    copy: Path, service: Service, pocket: Pocket, cable: Cable, clock: MovableClock
) -> None:
    page = pocket.visit_and_keep()
    publish_noted(service, titled("A lost title"))
    expect(page.locator("html")).to_have_attribute("data-revision", "2")
    pocket.wait(timedelta(minutes=1))
    wait_until_kept(page, "/", 2)
    cable.cut()
    with second_machine(copy, clock) as (second, port):
        publish_noted(second, titled("Who pays?"))
        cable.lead_to(port)
        pocket.wait(timedelta(minutes=1))
        expect(page.locator(".rows [data-session=panel] [data-part=title]").first).to_have_text("Who pays?")
        pocket.wait(timedelta(minutes=1))
        for path in ("/", "/talks/panel"):
            wait_until(lambda path=path: page.evaluate(IS_KEPT_AS, [path, "Who pays?"]))
