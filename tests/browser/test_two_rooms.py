"""Two rooms: what is edited reaches each room's own pages, and only those that it concerns."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect
from support.movable_clock import MovableClock
from support.publishing import publish as publish_program
from support.publishing import publish_noted
from support.server_thread import served

from app.domain.edits.edit_types import Announce, ChangeContent, ChangeRoom, Delay, Shorten
from app.domain.program import Person, Program, Room
from app.domain.session import Session, Slot
from app.web.running_service import Service

pytestmark = pytest.mark.browser

NINE = datetime(2025, 7, 18, 16, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
SAME_PAGE = "window.samePage = true"


def session(name: str, room: str | None, hour: int, **fields: object) -> Session:
    slot = Slot(start=NINE + hour * HOUR, end=NINE + (hour + 1) * HOUR, room=room)
    return replace(Session(id=name, title=name.title(), slot=slot, scheduled=slot), **fields)


@pytest.fixture
def program(program: Program) -> Program:
    """Opening for all, then two rooms side by side."""
    sessions = (
        session("opening", None, 0),
        session("roots", "hall", 1, speakers=("ann",)),
        session("bark", "annex", 2),
        session("moss", "hall", 3),
    )
    rooms = (Room("hall", "Hall"), Room("annex", "Annex"))
    people = (Person(id="ann", name="Ann Lee"), Person(id="bob", name="Bob Ray"))
    return replace(program, sessions=sessions, rooms=rooms, speakers=people)


@pytest.fixture
def clock() -> MovableClock:
    """Half past ten: Roots is on in the hall."""
    return MovableClock(NINE + 1.5 * HOUR)


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    with served(app) as url:
        yield url


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(service_workers="block")
    yield context.new_page()
    context.close()


def open_page(page: Page, url: str) -> None:
    page.goto(url)
    page.wait_for_function("() => document.querySelector('[data-left]:not(:empty)')")


@pytest.mark.parametrize("path", ["/display/hall", "/rooms/hall", "/stage/hall"])
def test_a_session_that_is_moved_into_a_room_comes_onto_its_open_page(
    page: Page, address: str, service: Service, path: str
) -> None:
    open_page(page, address + path)
    publish_noted(service, ChangeRoom("bark", "hall"))
    expect(page.locator("[data-slot=next] [data-session=bark]")).to_be_visible()


@pytest.mark.parametrize("path", ["/display/hall", "/rooms/hall", "/stage/hall"])
def test_a_room_hears_no_word_to_another(page: Page, address: str, service: Service, path: str) -> None:
    publish_noted(service, Announce("For the annex", room="annex"))
    open_page(page, address + path)
    assert page.locator(".announcement").count() == 0
    publish_noted(service, Announce("For the hall", room="hall"))
    expect(page.locator(".announcement")).to_have_text("For the hall Hall")


def test_a_word_that_is_over_does_not_come_back_with_the_next_revision(
    page: Page, address: str, service: Service, clock: MovableClock
) -> None:
    publish_noted(service, Announce("Short", until=clock.now() + timedelta(minutes=1)))
    clock.set(clock.now() + timedelta(minutes=2))
    open_page(page, f"{address}/")
    page.evaluate(
        """() => { window.seen = []; new MutationObserver((all) => all.forEach(({ addedNodes }) =>
            addedNodes.forEach((node) => node.hidden === false && seen.push(node.textContent))))
            .observe(document.querySelector("#announcements"), { childList: true }); }"""
    )
    publish_noted(service, Announce("Long", room="annex"))
    expect(page.locator(".announcement:visible")).to_have_text("Long Annex")
    assert page.evaluate("seen") == ["Long Annex"]


def test_an_open_talk_page_tells_its_new_length_people_and_story(page: Page, address: str, service: Service) -> None:
    open_page(page, f"{address}/talks/roots")
    page.evaluate(SAME_PAGE)
    publish_noted(service, Shorten("roots", 45))
    expect(page.locator("#talk-kind")).to_contain_text("Talk, 45 minutes")
    expect(page.locator("#talk-story li")).to_have_count(1)
    program = service.current.snapshot.revision.program
    with_bob = replace(program.session("roots"), speakers=("ann", "bob"))
    publish_program(
        service, replace(program, sessions=tuple(with_bob if s.id == "roots" else s for s in program.sessions))
    )
    expect(page.locator("#talk-people .name")).to_have_text(["Ann Lee", "Bob Ray"])
    assert page.evaluate("window.samePage") is True


def test_an_open_talk_page_leads_to_its_new_room(page: Page, address: str, service: Service) -> None:
    open_page(page, f"{address}/talks/bark")
    publish_noted(service, ChangeRoom("bark", "hall"))
    expect(page.locator("#talk-facts a")).to_have_attribute("href", "/rooms/hall")


def test_an_open_page_of_changes_tells_the_next_one(page: Page, address: str, service: Service) -> None:
    page.goto(f"{address}/changes")
    publish_noted(service, ChangeContent("moss", title="On moss"))
    expect(page.locator(".revision")).to_contain_text("On moss")


def test_when_the_day_begins_is_told_anew_where_its_first_session_is_late(
    page: Page, address: str, service: Service, clock: MovableClock
) -> None:
    clock.set(NINE - HOUR)
    open_page(page, f"{address}/")
    page.evaluate(SAME_PAGE)
    publish_noted(service, Delay("opening", 10))
    expect(page.locator("[data-when=before]")).to_have_text("The day begins at 09:10, Friday 18 July 2025.")
    assert page.evaluate("window.samePage") is True


def test_a_session_that_comes_from_another_day_says_which(page: Page, address: str, service: Service) -> None:
    open_page(page, f"{address}/now")
    program = service.current.snapshot.revision.program
    moss = program.session("moss")
    tomorrow = replace(moss.slot, start=moss.start + 24 * HOUR, end=moss.end + 24 * HOUR)
    moved = replace(moss, slot=tomorrow)
    publish_program(service, replace(program, sessions=tuple(moved if s is moss else s for s in program.sessions)))
    expect(page.locator("[data-sources] [data-session=moss] [data-part=was]")).to_have_text("was Fri 18 July 12:00")


def test_a_session_that_moves_to_another_day_stands_under_its_heading(
    page: Page, address: str, service: Service
) -> None:
    open_page(page, f"{address}/")
    program = service.current.snapshot.revision.program
    moss = program.session("moss")
    tomorrow = replace(moss.slot, start=moss.start + 24 * HOUR, end=moss.end + 24 * HOUR)
    moved = replace(moss, slot=tomorrow)
    publish_program(service, replace(program, sessions=tuple(moved if s is moss else s for s in program.sessions)))
    page.get_by_role("navigation", name="Days").get_by_role("link", name="Sat 19").click()
    expect(page.locator("#list-2025-07-19 [data-session=moss]")).to_be_visible()


def test_the_page_of_a_session_for_all_rooms_leads_to_no_room(page: Page, address: str) -> None:
    page.goto(f"{address}/talks/opening")
    expect(page.locator("#talk-facts")).to_contain_text("All rooms")
    assert page.locator("#talk-facts a").count() == 0
