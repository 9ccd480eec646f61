"""What was kept on a phone gives way to what is new: edits, releases, rehearsals, another day."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from support.movable_clock import AT_TEN_TWENTY, MovableClock
from support.network_cable import Cable
from support.offline_phone import PANEL_LATER, Pocket, wait_until_kept
from support.page_clock import its_time
from support.publishing import publish as publish_program
from support.publishing import publish_noted
from support.screens import PHONE
from support.server_thread import served
from support.two_releases import release, started

from app import create_app
from app.domain.edits.edit_types import Cancel, ChangeContent
from app.domain.program import Program
from app.domain.session import Slot
from app.service_factory import serve_from
from app.settings import Settings
from app.store.database import open_database, sqlite_url
from app.web.running_service import Service

pytestmark = pytest.mark.browser

RELEASES_AT = "2025-07-18 10:20"
INK = "() => getComputedStyle(document.documentElement).getPropertyValue('--ink')"


class Trouble(BaseHTTPRequestHandler):
    """What a proxy says of a service that is down."""

    def do_GET(self) -> None:
        self.send_error(502)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def in_trouble() -> Iterator[int]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Trouble)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_address[1]
    server.shutdown()
    server.server_close()


def later(slot: Slot) -> Slot:
    return replace(slot, start=slot.end, end=slot.end + timedelta(hours=2))


def test_pages_that_were_kept_before_are_brought_up_to_a_new_revision(pocket: Pocket, service: Service) -> None:
    page = pocket.visit_and_keep()
    publish_noted(service, PANEL_LATER)
    publish_noted(service, Cancel("posters"))
    expect(page.locator(".rows [data-session=posters]")).to_have_attribute("data-status", "cancelled")
    # The phones of a hall do so at a random moment of a minute.
    pocket.wait(timedelta(minutes=1))
    for path in ("/talks/panel", "/talks/posters"):
        wait_until_kept(page, path, 3)
    page.close()
    pocket.cable.cut()
    expect(pocket.visit("/talks/panel").locator(".lead [data-part=was]")).to_have_text("was 16:00")
    page = pocket.visit("/talks/posters")
    expect(page.locator(".lead [data-part=cancelled]")).to_be_visible()
    assert page.evaluate("Number(document.documentElement.dataset.revision)") == 3


def test_any_page_that_is_newer_than_what_is_kept_brings_it_up(pocket: Pocket, service: Service) -> None:
    pocket.visit_and_keep().close()
    publish_noted(service, Cancel("posters"))
    page = pocket.visit("/changes")
    expect(page.locator("html")).to_have_attribute("data-revision", "2")
    pocket.wait(timedelta(minutes=1))
    wait_until_kept(page, "/talks/posters", 2)


def test_what_was_missed_without_network_is_taken_up_in_place(pocket: Pocket, service: Service) -> None:
    pocket.visit_and_keep().close()
    pocket.cable.cut()
    publish_noted(service, PANEL_LATER)
    page = pocket.visit()
    page.evaluate("window.sameDocument = true")
    row = page.locator(".rows [data-session=panel] [data-part=start]")
    expect(row).to_have_text("16:00")
    pocket.cable.mend()
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(row).to_have_text("16:10")
    assert page.evaluate("window.sameDocument") is True
    expect(page.locator("[data-stale]")).to_be_hidden()


def test_a_day_that_opens_from_the_phone_with_network_learns_what_is_new(pocket: Pocket, service: Service) -> None:
    pocket.visit_and_keep().close()
    publish_noted(service, PANEL_LATER)
    page = pocket.context.new_page()
    answer = page.goto(f"http://127.0.0.1:{pocket.cable.port}/talks/panel", wait_until="commit")
    assert answer is not None
    assert answer.from_service_worker
    expect(page.locator(".lead [data-part=start]")).to_have_text("16:10")


def test_a_reload_asks_the_network(pocket: Pocket, service: Service) -> None:
    page = pocket.visit_and_keep("/talks/panel")
    publish_noted(service, ChangeContent("panel", title="The panel"))
    answer = page.reload()
    assert answer is not None
    assert answer.from_service_worker
    assert "The panel</h1>" in answer.text()


def test_a_service_in_trouble_leaves_what_was_kept(pocket: Pocket) -> None:
    page = pocket.visit_and_keep()
    with in_trouble() as port:
        pocket.cable.lead_to(port)
        page.reload()
        expect(page.locator("[data-slot=now] [data-part=title]")).to_contain_text("DIY Deep Learning")
        expect(page.locator("[data-stale]")).to_have_text(re.compile(r"^Offline\. As of 10:2[01]\.$"))


def test_a_session_that_is_added_comes_onto_an_open_page_and_is_kept(pocket: Pocket, service: Service) -> None:
    page = pocket.visit_and_keep()
    program = service.current.snapshot.revision.program
    social = replace(program.session("closing"), id="social", title="Drinks", kind="social")
    social = replace(social, slot=later(social.slot), scheduled=later(social.slot))
    publish_program(service, replace(program, sessions=(*program.sessions, social)))
    expect(page.locator(".rows [data-session=social]")).to_be_visible()
    pocket.wait(timedelta(minutes=1))
    wait_until_kept(page, "/talks/social")


def test_a_rehearsal_asks_the_network_first(pocket: Pocket, clock: MovableClock, service: Service) -> None:
    clock.rehearsal = True
    pocket.visit_and_keep("/now").close()
    publish_noted(service, PANEL_LATER)
    answer = pocket.context.new_page().goto(f"http://127.0.0.1:{pocket.cable.port}/talks/panel")
    assert answer is not None
    assert "16:10" in answer.text()
    pocket.cable.cut()
    page = pocket.visit()
    expect(page.locator("[data-slot=now] [data-part=title]")).to_contain_text("DIY Deep Learning")
    expect(page.get_by_text("Rehearsal")).to_be_visible()


def test_a_rehearsal_goes_on_at_its_own_speed_without_network(pocket: Pocket, clock: MovableClock) -> None:
    clock.rehearsal, clock.speed = True, 60.0
    clock.set(AT_TEN_TWENTY, speed=60.0)
    pocket.visit_and_keep().close()
    pocket.cable.cut()
    pocket.wait(timedelta(minutes=2))
    page = pocket.visit()
    assert abs(its_time(page) - clock.now() - timedelta(hours=2)) < timedelta(minutes=4)


def test_another_day_at_the_same_address_replaces_what_was_kept(
    pocket: Pocket, tmp_path: Path, program: Program, clock: MovableClock, service: Service
) -> None:
    pocket.visit_and_keep()
    publish_noted(service, PANEL_LATER)
    pocket.context.pages[0].close()
    database = open_database(sqlite_url(tmp_path / "other.sqlite"), program.id)
    other = serve_from(database, replace(program, title="The other day"), clock)
    with served(create_app(Settings(program=tmp_path, secret_key="for tests"), other)) as url:
        pocket.cable.lead_to(int(url.rpartition(":")[2]))
        page = pocket.visit()
        expect(page.locator(".wordmark")).to_have_text("The other day")
        expect(page.locator(".rows [data-session=panel] [data-part=start]")).to_have_text("16:00")
        page.close()
        pocket.cable.cut()
        expect(pocket.visit("/talks/panel").locator(".wordmark")).to_have_text("The other day")
    other.close()


def kept_by_an_old_release(browser: Browser, tmp_path: Path, path: str) -> tuple[Pocket, Page]:
    """A phone on which an old release, stopped meanwhile, has kept the day and `/display`; and its page of a path."""
    old = release(tmp_path / "old", ink="#010203")
    with started(old, tmp_path / "day.sqlite", RELEASES_AT) as port:
        pocket = Pocket(browser.new_context(**PHONE), Cable(port))
        page = pocket.visit_and_keep(path)
        wait_until_kept(page, "/offline")
        assert page.evaluate(INK) == "#010203"
        wait_until_kept(pocket.visit("/display"), "/display")
    return pocket, page


def a_new_release(tmp_path: Path) -> AbstractContextManager[int]:
    """The next release on the same database; gives its port."""
    return started(release(tmp_path / "new", ink="#040506"), tmp_path / "day.sqlite", RELEASES_AT)


def test_a_new_release_replaces_the_old_files_without_a_mix(browser: Browser, tmp_path: Path) -> None:
    pocket, page = kept_by_an_old_release(browser, tmp_path, "/changes")
    with a_new_release(tmp_path) as port:
        pocket.cable.lead_to(port)
        for open_page in pocket.context.pages:
            open_page.evaluate("dispatchEvent(new Event('online'))")
        for open_page in pocket.context.pages:
            open_page.wait_for_function(f"() => ({INK})() === '#040506'")
            open_page.close()
    pocket.cable.cut()
    for path in ("/", "/talks/panel", "/display"):
        page = pocket.visit(path)
        expect(page.locator("[data-slot=now], .lead").first).to_be_visible()
        builds = page.evaluate(
            "[...new Set(document.documentElement.outerHTML.match(/static\\/[0-9a-f]{12}/g))].length"
        )
        assert (page.evaluate(INK), builds) == ("#040506", 1)
    pocket.context.close()
    pocket.cable.close()


@pytest.mark.acceptance
def test_a_page_that_was_visited_in_the_release_before_is_there_without_network_and_new_with_it(
    browser: Browser, tmp_path: Path
) -> None:
    pocket, page = kept_by_an_old_release(browser, tmp_path, "/")
    pocket.context.pages[-1].close()
    with a_new_release(tmp_path) as port:
        pocket.cable.lead_to(port)
        page.evaluate("dispatchEvent(new Event('online'))")
        page.wait_for_function(f"() => ({INK})() === '#040506'")
        pocket.cable.cut()
        visited = pocket.visit("/display")
        expect(visited.locator("[data-slot=now]")).to_be_visible()
        assert visited.evaluate(INK) == "#010203"
        pocket.cable.mend()
        visited.evaluate("dispatchEvent(new Event('online'))")
        visited.wait_for_function(f"() => ({INK})() === '#040506'")
    pocket.context.close()
    pocket.cable.close()
