"""A program of three days: each opens in place, by its tab, by keys and by a swipe; offline, and in a frozen copy."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from support.movable_clock import AT_TEN_TWENTY, MovableClock
from support.offline_phone import Pocket
from support.publishing import publish_noted
from support.repository import FIRST_PROGRAM
from support.same_document import Tabs
from support.screens import PHONE
from support.static_host import hosted

from app import create_app
from app.domain.edits.edit_types import ChangeContent
from app.domain.program import Program
from app.domain.session import Session
from app.freezing.site_walk import freeze
from app.live.edition import Editions
from app.settings import Settings
from app.web import static_files
from app.web.day_search import day_of_now
from app.web.running_service import Service
from app.web.template_helpers import days_of, iso

pytestmark = pytest.mark.browser

FRIDAY, SATURDAY, SUNDAY = "2025-07-18", "2025-07-19", "2025-07-20"
DAY = "() => [...document.querySelectorAll('[data-day]:not([hidden])')].map((day) => day.dataset.day).join()"
FOUND = """() => [...document.querySelectorAll("[data-day]:not([hidden]) li:not([hidden]) [data-session]")]
    .map((node) => node.dataset.session).join()"""

PRESENT_DAYS = """async ([module, days, times]) => {
    const { presentDay } = await import(module);
    const links = days.map(([date, begins, ends]) => ({ dataset: { date, begins, ends } }));
    return times.map((time) => presentDay(links, time).dataset.date);
}"""
ALL_HOOKERS = "sara-hooker,sara-hooker-2,sara-hooker-3"


@pytest.fixture
def program(program: Program) -> Program:
    """The workshop, with the first talk and the panel again on the two days after it."""
    more = [later(program.session(name), days) for days in (1, 2) for name in ("sara-hooker", "panel")]
    return replace(program, sessions=(*program.sessions, *sorted(more, key=Session.order)))


def later(session: Session, days: int) -> Session:
    time = timedelta(days=days)
    slot = replace(session.slot, start=session.start + time, end=session.end + time)
    return replace(session, id=f"{session.id}-{days + 1}", slot=slot, scheduled=slot, items=())


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    context = browser.new_context(**PHONE, service_workers="block")
    page = context.new_page()
    page.goto(f"{address}/")
    page.evaluate("window.samePage = true")
    yield page
    context.close()


def shows(page: Page, day: str) -> None:
    """Wait until a page shows one day, and that one's tab is the current one."""
    page.wait_for_function(f"(day) => ({DAY})() === day", arg=day, polling=50)
    expect(page.locator("nav.days [aria-current]")).to_have_attribute("href", re.compile(day))


def swipe(page: Page, start: tuple[int, int], end: tuple[int, int]) -> None:
    """Move a finger over the page."""
    touch = page.context.new_cdp_session(page)
    for kind, points in (("touchStart", [start]), ("touchMove", [end]), ("touchEnd", [])):
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y} for x, y in points]})


def test_a_tab_opens_its_day_in_place_at_its_beginning_with_the_focus_at_its_heading(page: Page, address: str) -> None:
    page.evaluate("scrollTo({ top: document.body.scrollHeight, behavior: 'instant' })")
    page.locator("nav.days a", has_text="Sat 19").click()
    shows(page, SATURDAY)
    expect(page.get_by_role("heading", name="Saturday 19 July")).to_be_focused()
    expect(page.get_by_role("heading", name="Saturday 19 July")).to_be_in_viewport()
    expect(page).to_have_url(f"{address}/?day={SATURDAY}")
    assert page.evaluate("window.samePage") is True


def test_a_day_that_was_opened_in_place_equals_a_fresh_page_and_goes_on_to(
    laptop: BrowserContext, steady_address: str, service: Service
) -> None:
    tabs = Tabs(laptop, f"{steady_address}/")
    tabs.open.locator("nav.days a", has_text="Sat 19").click()
    shows(tabs.open, SATURDAY)
    tabs.come_to_be_equal(1, "another day")
    publish_noted(service, ChangeContent("panel-2", title="Round table"))
    tabs.come_to_be_equal(2, "an edit of it")


def test_arrow_keys_turn_the_days_and_stop_at_the_last(page: Page) -> None:
    for key, day in (("ArrowRight", SATURDAY), ("ArrowRight", SUNDAY), ("ArrowRight", SUNDAY), ("ArrowLeft", SATURDAY)):
        page.keyboard.press(key)
        shows(page, day)


def test_arrow_keys_in_a_field_stay_in_it(page: Page) -> None:
    page.get_by_role("searchbox").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Alt+ArrowRight")
    assert page.evaluate(DAY) == FRIDAY


def test_a_swipe_turns_the_days(page: Page) -> None:
    swipe(page, (300, 600), (200, 610))
    shows(page, SATURDAY)
    swipe(page, (100, 600), (200, 590))
    shows(page, FRIDAY)


@pytest.mark.parametrize("end", [(260, 600), (200, 400), (300, 200)])
def test_what_is_short_or_not_sideways_is_no_swipe(page: Page, end: tuple[int, int]) -> None:
    swipe(page, (300, 600), end)
    swipe(page, (100, 600), (300, 600))
    assert page.evaluate(DAY) == FRIDAY


def test_a_day_that_does_not_come_is_opened_by_the_browser(page: Page, address: str) -> None:
    page.route(
        f"**/?day={SATURDAY}",
        lambda route: route.continue_() if route.request.is_navigation_request() else route.abort(),
    )
    page.locator("nav.days a", has_text="Sat 19").click()
    expect(page).to_have_url(f"{address}/?day={SATURDAY}")
    shows(page, SATURDAY)
    assert page.evaluate("window.samePage ?? false") is False


def test_without_network_each_day_is_there_and_is_searched(pocket: Pocket) -> None:
    pocket.visit_and_keep().close()
    pocket.cable.cut()
    page = pocket.visit()
    page.locator("nav.days a", has_text="Sun 20").click()
    shows(page, SUNDAY)
    search = pocket.visit("/?q=hook")
    search.wait_for_function(f"(want) => ({FOUND})() === want", arg=ALL_HOOKERS, polling=50)


def test_a_day_that_is_asked_for_another_list_is_there_without_network(pocket: Pocket) -> None:
    pocket.visit_and_keep().close()
    pocket.cable.cut()
    shows(pocket.visit(f"/?day={SATURDAY}&view=list"), SATURDAY)


@pytest.mark.parametrize("path", ["/", "/?view=list"])
def test_without_network_a_page_that_names_no_day_shows_the_present_one_under_its_address(
    pocket: Pocket, path: str
) -> None:
    pocket.visit_and_keep(path).close()
    pocket.cable.cut()
    pocket.wait(timedelta(days=1))
    page = pocket.visit(path)
    shows(page, SATURDAY)
    expect(page).to_have_url(f"http://127.0.0.1:{pocket.cable.port}{path}")
    expect(page.locator("[data-stale]")).to_have_text(re.compile("^Offline"))


def test_without_network_a_page_that_stays_open_goes_on_to_the_day_to_come(pocket: Pocket) -> None:
    page = pocket.visit_and_keep()
    pocket.cable.cut()
    pocket.wait(timedelta(hours=9))
    shows(page, SATURDAY)


def test_without_network_a_page_that_names_a_day_stays_at_it(pocket: Pocket) -> None:
    pocket.visit_and_keep().close()
    pocket.cable.cut()
    pocket.wait(timedelta(days=1))
    page = pocket.visit(f"/?day={FRIDAY}")
    # The other page has done by then what this one must not do.
    shows(pocket.visit(), SATURDAY)
    expect(page.locator("[data-stale]")).to_have_text(re.compile("^Offline"))
    shows(page, FRIDAY)


def test_with_network_the_kept_page_of_a_day_that_is_over_is_refreshed_to_the_present_one(
    pocket: Pocket, clock: MovableClock
) -> None:
    pocket.visit_and_keep().close()
    clock.set(AT_TEN_TWENTY + timedelta(days=1))
    page = pocket.visit()
    shows(page, SATURDAY)
    expect(page).to_have_url(f"http://127.0.0.1:{pocket.cable.port}/")


def test_the_present_day_is_the_same_on_the_device_as_in_the_service(page: Page, program: Program) -> None:
    monday, last = later(program.session("panel"), 3), later(program.session("panel"), 4)
    whole = replace(program, days=(), sessions=(*program.sessions, monday, replace(last, cancelled=True)))
    gapped = replace(whole, sessions=tuple(one for one in whole.sessions if one.id != "sara-hooker-2"))
    for one in (whole, gapped, replace(whole, sessions=tuple(map(cancelled_on_saturday, whole.sessions)))):
        days = days_of(one, one.sessions)
        links = [[f"{day.date}", iso(one, day.begins), iso(one, day.ends) if day.ends else ""] for day in days]
        edges = {edge for day in days for edge in (day.begins, day.ends or day.begins)}
        times = sorted(edge + timedelta(minutes=by) for edge in edges for by in (-1, 0, 1))
        module = static_files.address_of("js/modules/present-day.js")
        on_the_device = page.evaluate(PRESENT_DAYS, [module, links, [time.timestamp() * 1000 for time in times]])
        assert on_the_device == [day_of_now(one, days, time) for time in times]


def cancelled_on_saturday(one: Session) -> Session:
    return replace(one, cancelled=one.cancelled or one.id.endswith("-2"))


def test_a_frozen_copy_opens_its_days_and_searches_all_of_them(
    browser: Browser, service: Service, clock: MovableClock, tmp_path: Path
) -> None:
    clock.set(AT_TEN_TWENTY)
    published = replace(service, public_url="https://conference.example/agenda", editions=Editions())
    list(freeze(create_app(Settings(program=FIRST_PROGRAM, secret_key="for tests"), published), tmp_path / "agenda"))
    context = browser.new_context(**PHONE)
    page = context.new_page()
    with hosted(tmp_path, clock) as host:
        page.goto(f"{host}/agenda/")
        page.evaluate("window.samePage = true")
        page.locator("nav.days a", has_text="Sun 20").click()
        shows(page, SUNDAY)
        assert page.evaluate("window.samePage") is True
        page.goto(f"{host}/agenda/")
        page.get_by_role("searchbox").fill("hook")
        page.wait_for_function(f"(want) => ({FOUND})() === want", arg=ALL_HOOKERS, polling=50)
        expect(page.locator("[data-found]")).to_have_text(
            "3 found in titles and names. Abstracts are not searched in this copy."
        )
        expect(page).to_have_url(f"{host}/agenda/?q=hook")
        page.reload()
        page.wait_for_function(f"(want) => ({FOUND})() === want", arg=ALL_HOOKERS, polling=50)
        page.go_back()
        shows(page, FRIDAY)
        friday = page.locator("nav.days a", has_text="Fri 18").evaluate("(link) => link.href")
        clock.set(AT_TEN_TWENTY + timedelta(days=2))
        named = context.new_page()
        named.goto(f"{friday}#main")
        page.goto(f"{host}/agenda/")
        shows(page, SUNDAY)
        shows(named, FRIDAY)
        page.goto(f"{host}/agenda/?day={SUNDAY}&q=hook")
        page.wait_for_function(f"(want) => ({FOUND})() === want", arg="sara-hooker-3", polling=50)
    context.close()
