"""A frozen copy in a real browser: under a sub-path of a plain static host it turns like the service itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from http import HTTPStatus
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from support.movable_clock import MovableClock
from support.offline_phone import wait_for_its_clock
from support.repository import FIRST_PROGRAM
from support.shown_day import opened, set_clock, watch_the_day_turn
from support.static_host import hosted
from support.workshop_schedule_table import rows

from app import create_app
from app.domain.edits.edit_types import ChangeContent
from app.domain.program import Program
from app.domain.rights import Editor
from app.formats.program_folder.reader import read_program
from app.freezing.site_walk import freeze
from app.live.clock import FixedClock
from app.live.edition import Editions
from app.service_factory import serve_from
from app.settings import Settings
from app.store.database import open_database, sqlite_url
from app.store.database_identity import Rehearsal
from app.store.publishing import publish_edit
from app.web.running_service import Service

pytestmark = pytest.mark.browser

SUB_PATH = "/2025/agenda"
ASKED = "**/freeze.json*"


def write(service: Service, folder: Path) -> None:
    published = replace(service, public_url=f"https://conference.example{SUB_PATH}", editions=Editions())
    app = create_app(Settings(program=FIRST_PROGRAM, secret_key="for tests"), published)
    list(freeze(app, folder))


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A host's files, with a copy made at twenty past ten among them."""
    folder, program = tmp_path_factory.mktemp("host"), read_program(FIRST_PROGRAM)
    database = open_database(sqlite_url(tmp_path_factory.mktemp("var") / "agenda.sqlite"), program.id)
    service = serve_from(database, program, FixedClock(datetime(2025, 7, 18, 17, 20, tzinfo=UTC)))
    write(service, folder / SUB_PATH.removeprefix("/"))
    service.close()
    return folder


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """Where a copy is written, with nothing else in it."""
    return tmp_path / "copy"


@pytest.fixture
def address(files: Path, clock: MovableClock) -> Iterator[str]:
    with hosted(files, clock) as host:
        yield f"{host}{SUB_PATH}"


def ask(page: Page) -> None:
    """Have a page ask its host for the time, as it does when it comes into view."""
    with page.expect_response(ASKED):
        page.evaluate("dispatchEvent(new Event('online'))")


@pytest.mark.acceptance
def test_pages_turn_at_each_boundary_by_the_hosts_clock(
    browser: Browser, address: str, clock: MovableClock, program: Program, fixtures_path: Path
) -> None:
    ids = {session.start: session.id for session in program.sessions}
    with opened(browser, address) as pages:
        set_to = partial(set_clock, pages, clock, asked=ASKED)
        watch_the_day_turn(pages, clock, rows(fixtures_path), ids, set_to)


def test_an_open_page_takes_up_a_newer_copy(
    phone: BrowserContext, service: Service, clock: MovableClock, copy: Path
) -> None:
    page = phone.new_page()
    write(service, copy)
    with hosted(copy, clock) as host:
        page.goto(host)
        page.evaluate("window.samePage = true")
        edit = ChangeContent(session="evan-shelhamer", title="On Caffe")
        publish_edit(service.current.revisions, edit, base=1, by=Editor("x"), note="", now=clock.now())
        service.current.refresh()
        write(service, copy)
        ask(page)
        page.wait_for_function(
            "(title) => document.querySelector('[data-slot=now] [data-part=title]').textContent === title",
            arg="On Caffe",
        )
    assert page.evaluate("window.samePage") is True


def test_an_open_page_takes_up_a_copy_of_the_same_revision(
    phone: BrowserContext, service: Service, clock: MovableClock, copy: Path
) -> None:
    """What scripts do not turn by themselves at a boundary follows with the copy that is made after it."""
    # The day before: the page itself comes to no boundary. It waits half a minute at most of a clock that is so fast.
    began, shown = clock.now(), datetime(2025, 7, 17, 17, 20, tzinfo=UTC)
    rehearsal = Rehearsal(began, shown, 60)
    write(replace(service, clock=FixedClock(shown, rehearsal)), copy)
    page = phone.new_page()
    with hosted(copy, clock) as host:
        with page.expect_response(ASKED):
            page.goto(host)
        page.evaluate("window.samePage = true")
        page.wait_for_load_state("networkidle")
        before = (copy / "index.html").read_text()
        write(replace(service, clock=FixedClock(shown + timedelta(days=1), rehearsal)), copy)
        assert (copy / "index.html").read_text() != before
        with page.expect_response(lambda answer: answer.url == f"{host}/" and answer.status == HTTPStatus.OK):
            ask(page)
    assert page.evaluate("window.samePage") is True


def test_a_rehearsals_copy_turns_by_its_own_clock(
    phone: BrowserContext, service: Service, clock: MovableClock, copy: Path
) -> None:
    began, shown = clock.now(), datetime(2025, 7, 18, 16, 20, tzinfo=UTC)
    write(replace(service, clock=FixedClock(shown, Rehearsal(began, shown, 60))), copy)
    page = phone.new_page()
    # A minute by the host is an hour of the rehearsal.
    clock.set(began + timedelta(minutes=1))
    with hosted(copy, clock) as host:
        page.goto(f"{host}/display/")
        page.wait_for_function("() => document.querySelector('[data-clock]').textContent.startsWith('10:2')")
        assert (
            page.get_by_role("region", name="Rehearsal").inner_text() == "Rehearsal: this clock is not the real time."
        )


def test_every_sort_of_page_is_whole(phone: BrowserContext, address: str) -> None:
    page, missing, said = phone.new_page(), list[str](), list[str]()
    page.on("response", lambda answer: answer.status >= 400 and missing.append(answer.url))
    page.on("console", lambda message: said.append(message.text))
    for path in ("", "now/", "display/", "rooms/venue/", "stage/venue/", "talks/tri-dao/", "speakers/", "subscribe/"):
        with page.expect_response(ASKED):
            page.goto(f"{address}/{path}")
        page.wait_for_load_state("networkidle")
    assert (missing, said) == ([], [])


def test_links_lead_from_page_to_page(phone: BrowserContext, address: str) -> None:
    page = phone.new_page()
    page.goto(address)
    page.locator("ol [data-session=tri-dao] [data-part=title]").click()
    expect(page).to_have_url(f"{address}/talks/tri-dao/")
    page.get_by_role("link", name="Day", exact=True).click()
    expect(page).to_have_url(f"{address}/")


def test_a_page_that_is_not_there_leads_back(phone: BrowserContext, address: str, files: Path) -> None:
    page = phone.new_page()
    page.route(
        "**/no/such/page", lambda route: route.fulfill(status=404, path=files / SUB_PATH.removeprefix("/") / "404.html")
    )
    page.goto(f"{address}/no/such/page")
    page.get_by_role("link", name="Day", exact=True).click()
    expect(page).to_have_url(f"{address}/")


def test_without_scripts_a_page_says_how_old_it_is(browser: Browser, address: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address)
    assert page.locator("noscript").inner_text() == "As of Friday 18 July 2025, 10:20."
    context.close()


def test_without_its_host_a_page_says_so_and_goes_on(phone: BrowserContext, address: str, clock: MovableClock) -> None:
    page = phone.new_page()
    page.goto(address)
    wait_for_its_clock(page)
    page.route("**/*", lambda route: route.abort())
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.locator("[data-stale]:visible")).to_have_text("Offline. As of 10:20.")


def test_a_cache_on_the_way_does_not_make_the_clock_slow(phone: BrowserContext, address: str) -> None:
    page = phone.new_page()
    old = {"Age": "500", "Date": "Fri, 18 Jul 2025 17:11:40 GMT"}
    page.route("**/freeze.json", lambda route: route.fulfill(response=route.fetch(), headers=old))
    page.goto(f"{address}/display/")
    page.wait_for_function("() => document.querySelector('[data-clock]').textContent.startsWith('10:20')")


def test_a_phone_keeps_the_copy_for_when_the_network_goes(
    phone: BrowserContext, address: str, clock: MovableClock
) -> None:
    page = phone.new_page()
    page.goto(address)
    page.evaluate("() => navigator.serviceWorker.ready.then(() => {})")
    phone.set_offline(True)
    page.goto(f"{address}/talks/tri-dao/")
    assert page.locator("h1").inner_text() == "Open-Source Attention Optimizations"
    page.goto(f"{address}/no/such/page/")
    assert page.locator("h1").inner_text() == "Not on this phone"
    page.locator("main").get_by_role("link", name="To the day").click()
    expect(page).to_have_url(f"{address}/")


def test_a_talk_is_found_by_a_word_of_its_title(phone: BrowserContext, address: str) -> None:
    page = phone.new_page()
    page.goto(address)
    page.get_by_role("searchbox").fill("attention")
    page.wait_for_function("() => document.querySelectorAll('ol [data-session]:not([hidden] *)').length === 1")
    assert page.locator("ol [data-session=tri-dao]").is_visible()
