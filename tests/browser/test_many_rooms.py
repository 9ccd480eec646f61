"""Many rooms and days in a real browser: FOSDEM 2021 (773 sessions, 106 rooms) and EMF 2016 (5 rooms side by side)."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect
from support.axe import load_axe, violations
from support.import_results import fixture
from support.movable_clock import MovableClock
from support.screens import LAPTOP
from support.server_thread import served
from support.waiting import wait_until

from app import create_app
from app.service_factory import serve_from
from app.settings import Settings
from app.store.database import open_database, sqlite_url

pytestmark = pytest.mark.browser

FOSDEM, EMF = "schedules/giggity-fosdem_2021.xml", "schedules/emf-2016.xml"
SATURDAY = datetime(2021, 2, 6, 13, 20, tzinfo=UTC)  # 14:20 in Brussels
QUARTER = datetime(2021, 2, 6, 13, 30, tzinfo=UTC)
BOARD = """() => Object.fromEntries([...document.querySelectorAll("[data-room-board]")].map((board) => {
    const shown = (slot) => board.querySelector(`[data-slot=${slot}] [data-session]`)?.dataset.session ?? null;
    const { boardGroup } = board.closest("[data-board-group]").dataset;
    return [board.dataset.roomBoard, [boardGroup, shown("now"), shown("next")]];
}))"""
OPEN_DAYS = "() => [...document.querySelectorAll('[data-day]:not([hidden])')].map((day) => day.dataset.day)"
SIDEWAYS = "document.documentElement.scrollWidth > innerWidth"
BOXES = """() => [...document.querySelectorAll("[data-day]:not([hidden]) li:not([hidden])")].map((row) => {
    const { left, right, top, bottom } = row.getBoundingClientRect();
    const { room, start, end, session } = row.querySelector("[data-session]").dataset;
    return { left, right, top, bottom, room, start, end, session };
})"""


def conference(name: str, fixtures: Path, folder: Path, clock: MovableClock) -> Iterator[Flask]:
    program = fixture(fixtures, name).program
    service = serve_from(open_database(sqlite_url(folder / "agenda.sqlite"), program.id), program, clock)
    yield create_app(Settings(program=Path("unread"), secret_key="for tests"), service)
    service.close()


@pytest.fixture(scope="module")
def fosdem_clock() -> MovableClock:
    return MovableClock(SATURDAY)


@pytest.fixture(scope="module")
def fosdem_address(
    fixtures_path: Path, tmp_path_factory: pytest.TempPathFactory, fosdem_clock: MovableClock
) -> Iterator[str]:
    for app in conference(FOSDEM, fixtures_path, tmp_path_factory.mktemp("fosdem"), fosdem_clock):
        with served(app) as address:
            yield address


@pytest.fixture
def clock(fosdem_clock: MovableClock) -> MovableClock:
    """FOSDEM's, set back from where another test has left it."""
    fosdem_clock.set(SATURDAY)
    return fosdem_clock


@pytest.fixture
def fosdem(fosdem_address: str, clock: MovableClock) -> str:
    """A service that tests only read; at twenty past two."""
    return fosdem_address


@pytest.fixture(scope="module")
def emf(fixtures_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A service that tests only read."""
    at = MovableClock(datetime(2016, 8, 6, 13, 20, tzinfo=UTC))
    for app in conference(EMF, fixtures_path, tmp_path_factory.mktemp("emf"), at):
        with served(app) as address:
            yield address


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(**LAPTOP, service_workers="block")
    yield context.new_page()
    context.close()


def told(address: str) -> dict[str, list[str | None]]:
    """What the JSON says of each room: whether something is on, what, and what is next."""
    with urllib.request.urlopen(f"{address}/api/now") as answer:
        rooms = json.load(answer)["rooms"]
    ids = [(one["room"], *(one[slot] and one[slot]["id"] for slot in ("now", "next"))) for one in rooms]
    return {room: ["on" if now else "idle", now, following] for room, now, following in ids}


def test_106_rooms_turn_at_a_boundary_as_the_api_says(page: Page, fosdem: str, clock: MovableClock) -> None:
    page.goto(fosdem)
    assert page.evaluate(BOARD) == told(fosdem)
    clock.set(QUARTER - timedelta(seconds=3), speed=1.0)
    with page.expect_response("**/api/now"):
        page.evaluate("dispatchEvent(new Event('online'))")
    page.wait_for_function("() => document.querySelector('.clock').textContent === '14:30'")
    # The page's clock may be some milliseconds ahead of the service's.
    clock.set(QUARTER)
    after = told(fosdem)
    assert page.evaluate(BOARD) == after
    on = sum(group == "on" for group, *_ in after.values())
    expect(page.locator("[data-board-group=on] [data-count]")).to_have_text(str(on))


def test_a_tab_shows_another_day_in_place_and_back_returns(page: Page, fosdem: str) -> None:
    page.goto(fosdem)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if request.is_navigation_request() else None)
    assert page.evaluate(OPEN_DAYS) == ["2021-02-06"]
    page.get_by_role("link", name="Sun 7 February").click()
    expect(page).to_have_url(f"{fosdem}/?day=2021-02-07")
    expect(page.get_by_role("link", name="Sun 7 February")).to_have_attribute("aria-current", "true")
    assert page.evaluate(OPEN_DAYS) == ["2021-02-07"]
    page.go_back()
    expect(page.get_by_role("link", name="Sat 6 February")).to_have_attribute("aria-current", "true")
    assert (page.evaluate(OPEN_DAYS), page.url, asked) == (["2021-02-06"], f"{fosdem}/", [])


def test_a_room_and_words_are_found_among_773_sessions_while_typing(page: Page, fosdem: str) -> None:
    page.goto(fosdem)
    page.get_by_label("Room", exact=True).select_option("d-python")
    expect(page.locator("[data-found]")).to_have_text("16 of 773 found.")
    page.get_by_role("searchbox").fill("mypy")
    expect(page.locator("[data-day] li:visible [data-part=title]")).to_have_text(["Practical advice for using Mypy"])


def test_coming_up_leads_past_what_is_over(page: Page, fosdem: str) -> None:
    page.goto(fosdem)
    link = page.get_by_role("link", name="Coming up")

    def leads_to_a_session() -> str:
        # Until its module has come, the link is one like any other.
        link.click()
        start: str = page.evaluate("document.activeElement.closest('[data-session]')?.dataset.start ?? ''")
        return start

    wait_until(leads_to_a_session)
    assert (leads_to_a_session()[:16], page.evaluate("scrollY > innerHeight")) == ("2021-02-06T14:25", True)


def test_five_rooms_stand_side_by_side_by_the_hour_and_never_overlap(page: Page, emf: str) -> None:
    page.goto(f"{emf}/?day=2016-08-06")
    page.wait_for_selector(".timeline.columns:not([hidden])")
    boxes = page.evaluate(BOXES)
    assert len({(box["left"], box["room"]) for box in boxes}) == 5
    by_start: dict[str, set[float]] = {}
    for box in boxes:
        by_start.setdefault(box["start"], set()).add(round(box["top"]))
    assert {start: len(tops) for start, tops in by_start.items() if len(tops) > 1} == {}
    clashes = [
        (one["session"], other["session"])
        for one in boxes
        for other in boxes
        if one["left"] == other["left"] and one["top"] < other["top"] < one["bottom"] - 1
    ]
    assert clashes == []


def test_on_a_phone_the_rooms_are_one_list(page: Page, emf: str) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(emf)
    boxes = page.evaluate(BOXES)
    assert len({box["left"] for box in boxes}) == 1
    assert [box["start"] for box in boxes] == sorted(box["start"] for box in boxes)


@pytest.mark.parametrize(
    ("path", "width"),
    [
        ("/", 1280),
        ("/now", 320),
        pytest.param("/", 320, marks=pytest.mark.acceptance),
        pytest.param("/now", 1280, marks=pytest.mark.acceptance),
    ],
)
def test_axe_finds_nothing_and_nothing_scrolls_sideways(page: Page, emf: str, path: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(emf + path)
    load_axe(page)
    assert (violations(page), page.evaluate(SIDEWAYS)) == ([], False)


@pytest.mark.parametrize("path", ["/", "/now", "/rooms/d-python", "/display"])
def test_106_rooms_fit_a_narrow_phone(page: Page, fosdem: str, path: str) -> None:
    page.set_viewport_size({"width": 320, "height": 640})
    page.goto(fosdem + path)
    assert page.evaluate(SIDEWAYS) is False
