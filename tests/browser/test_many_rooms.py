"""Many rooms and days in a real browser: FOSDEM 2021 (773 sessions, 106 rooms) and EMF 2016 (5 rooms side by side)."""

from __future__ import annotations

import json
import re
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, Page, Route, expect
from support.axe import load_axe, violations
from support.conference import app_of
from support.import_results import fixture
from support.movable_clock import MovableClock
from support.screens import LAPTOP
from support.search_questions import FIRST
from support.server_thread import served
from support.waiting import wait_until

pytestmark = pytest.mark.browser

FOSDEM, EMF = "schedules/giggity-fosdem_2021.xml", "schedules/emf-2016.xml"
SATURDAY = datetime(2021, 2, 6, 13, 20, tzinfo=UTC)  # 14:20 in Brussels
EIGHT = datetime(2021, 2, 6, 7, 0, tzinfo=UTC)
QUARTER = datetime(2021, 2, 6, 13, 30, tzinfo=UTC)
STATES = """(state) => [...document.querySelectorAll(`[data-times] [data-state=${state}]`)]
    .map((node) => node.dataset.session)"""
# What stands above the times, what under each, and how many are said to be on and over.
PLACES = """() => [
    ...[...document.querySelectorAll("[data-on-now], [data-time]")].map((list) => [list.dataset.time ?? "on",
        ...[...list.querySelectorAll("[data-session]")].map((node) => node.dataset.session)]),
    ...["count-on", "count-over"].map((name) => document.querySelector(`[data-${name}]`).textContent),
]"""
STARTS_IN_SIGHT = """() => [...document.querySelectorAll(".start-time")].filter((one) => {
    const { top, height } = one.getBoundingClientRect();
    return height > 0 && top >= 0 && top < innerHeight;
}).map((one) => one.textContent)"""
SCROLLERS = """() => [...document.querySelectorAll("main *")].filter((one) => one.scrollHeight > one.clientHeight + 1 &&
    ["auto", "scroll"].includes(getComputedStyle(one).overflowY)).map((one) => one.className)"""
# How far each session is from the left edge of its column's head.
OFF_THE_HEADS = r"""() => [...new Set([...document.querySelectorAll(".times .session")]
    .filter((one) => one.checkVisibility()).flatMap((one) => {
        const head = document.querySelector(`.room-heads .c${one.className.match(/ c(\d+)/)[1]}`);
        // The second column of a room has no head of its own.
        return !head ? [] : Math.round(one.getBoundingClientRect().left - head.getBoundingClientRect().left);
    }))]"""
FOUND = "() => [...document.querySelectorAll('.results [data-session]')].map((one) => one.dataset.session)"
ON_NOW = "() => [...document.querySelectorAll('[data-on-now] [data-session]')].map((one) => one.dataset.session)"
TOP = "(node) => node.getBoundingClientRect().top"
FIRST_HOUR = "(hours) => hours.find((hour) => Number(getComputedStyle(hour).opacity) > 0).textContent"
SIDEWAYS = "document.documentElement.scrollWidth > innerWidth"
BOXES = """() => [...document.querySelectorAll("[data-day] [data-session]")]
    .filter((one) => one.checkVisibility()).map((one) => {
    const { left, right, top, bottom } = one.getBoundingClientRect();
    const { room, start, end, session } = one.dataset;
    return { left, right, top, bottom, room, start, end, session };
})"""


@pytest.fixture(scope="module")
def fosdem_clock() -> MovableClock:
    return MovableClock(SATURDAY)


@pytest.fixture(scope="module")
def fosdem_address(
    fixtures_path: Path, tmp_path_factory: pytest.TempPathFactory, fosdem_clock: MovableClock
) -> Iterator[str]:
    program = fixture(fixtures_path, FOSDEM).program
    with app_of(program, tmp_path_factory.mktemp("fosdem"), fosdem_clock) as app, served(app) as address:
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
    program = fixture(fixtures_path, EMF).program
    with app_of(program, tmp_path_factory.mktemp("emf"), at) as app, served(app) as address:
        yield address


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(**LAPTOP, service_workers="block")
    yield context.new_page()
    context.close()


def told(address: str) -> dict[str, set[str]]:
    """What the JSON says is on, and is next, in some room."""
    with urllib.request.urlopen(f"{address}/api/now") as answer:
        rooms = json.load(answer)["rooms"]
    return {state: {one[state]["id"] for one in rooms if one[state]} for state in ("now", "next")}


def shown(page: Page) -> dict[str, set[str]]:
    return {state: set(page.evaluate(STATES, state)) for state in ("now", "next")}


def told_of_today(page: Page, address: str) -> dict[str, set[str]]:
    today = {name for state in ("past", "now", "next", "later") for name in page.evaluate(STATES, state)}
    return {state: names & today for state, names in told(address).items()}


def has_come_to(page: Page, clock: MovableClock, instant: datetime) -> None:
    """Let a page live through the last seconds before an instant."""
    clock.set(instant - timedelta(seconds=3), speed=1.0)
    with page.expect_response("**/api/now"):
        page.evaluate("dispatchEvent(new Event('online'))")
    page.wait_for_function("() => document.querySelector('.clock').textContent === '14:30'")
    # The page's clock may be some milliseconds ahead of the service's.
    clock.set(instant)


def test_106_rooms_turn_at_a_boundary_as_the_api_says(page: Page, fosdem: str, clock: MovableClock) -> None:
    page.goto(fosdem)
    assert shown(page) == told_of_today(page, fosdem)
    has_come_to(page, clock, QUARTER)
    assert shown(page) == told_of_today(page, fosdem)


def test_rows_go_where_a_page_loaded_anew_has_them(page: Page, fosdem: str, clock: MovableClock) -> None:
    page.goto(fosdem)
    before = page.evaluate(PLACES)
    has_come_to(page, clock, QUARTER)
    turned = page.evaluate(PLACES)
    page.reload()
    assert (turned == page.evaluate(PLACES), turned == before) == (True, False)


def test_what_is_over_opens_at_a_tap_and_stays_open(page: Page, fosdem: str, clock: MovableClock) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(fosdem)
    over = page.locator("[data-time] [data-state=past]").first
    expect(over).to_be_hidden()
    page.get_by_text("220 earlier").click()
    expect(over).to_be_visible()
    has_come_to(page, clock, QUARTER)
    expect(over).to_be_visible()


def test_the_way_to_now_leads_to_what_is_on(page: Page, fosdem: str) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(fosdem)
    page.mouse.wheel(0, 4000)
    page.wait_for_function("() => scrollY > 3000")
    page.get_by_role("link", name="Now ↓").click()
    page.wait_for_function("() => scrollY < 400")
    expect(page.locator("[data-on-now] [data-state=now]").first).to_be_in_viewport()


def test_in_the_grid_it_leads_to_the_line_of_the_present_minute(page: Page, fosdem: str) -> None:
    page.goto(fosdem)
    page.mouse.wheel(0, 4000)
    page.wait_for_function("() => scrollY > 1000")
    page.get_by_role("link", name="Now ↓").click()
    expect(page.locator(".now-line")).to_be_in_viewport()


def test_a_page_that_was_kept_shows_what_is_on_when_it_is_opened(page: Page, fosdem: str, clock: MovableClock) -> None:
    with urllib.request.urlopen(fosdem) as answer:
        kept = answer.read().decode()
    clock.set(SATURDAY + timedelta(hours=2))
    page.route(f"{fosdem}/", lambda route: route.fulfill(body=kept) if is_opening(route) else route.abort())
    page.goto(f"{fosdem}/")
    page.wait_for_function("() => document.querySelector('.clock').textContent === '16:20'")
    on = told_of_today(page, fosdem)["now"]
    wait_until(lambda: set(page.evaluate(ON_NOW)) == on)
    assert shown(page)["now"] == on


def is_opening(route: Route) -> bool:
    return route.request.is_navigation_request()


def test_the_days_and_the_time_stay_in_sight(page: Page, fosdem: str) -> None:
    page.set_viewport_size({"width": 320, "height": 640})
    page.goto(fosdem)
    page.mouse.wheel(0, 4000)
    page.wait_for_function("() => scrollY > 3000")
    for one in (".top .clock", ".days a[aria-current]"):
        expect(page.locator(one)).to_be_in_viewport()
    assert page.evaluate(STARTS_IN_SIGHT) != []


def test_no_box_scrolls_up_and_down_inside_the_page(page: Page, fosdem: str) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(fosdem)
    assert page.evaluate(SCROLLERS) == []


def test_five_rooms_stand_side_by_side_by_the_hour_and_never_overlap(page: Page, emf: str) -> None:
    page.goto(f"{emf}/?day=2016-08-07")
    page.wait_for_selector(".timetable.grid .hour:visible")
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


def test_the_grid_of_today_begins_at_the_present_hour_until_what_is_over_is_opened(page: Page, emf: str) -> None:
    page.goto(emf)
    hours = page.locator(".hour:not(.present)")
    assert hours.evaluate_all(FIRST_HOUR) == "14:00"
    page.get_by_text("earlier").click()
    assert hours.evaluate_all(FIRST_HOUR) == "10:00"


def test_the_heads_of_the_grid_stay_above_their_rooms(page: Page, fosdem: str) -> None:
    page.goto(fosdem)
    page.locator("[data-times]").evaluate("(times) => times.scrollTo({ left: 2345, behavior: 'instant' })")
    page.mouse.wheel(0, 900)
    page.wait_for_function("() => scrollY > 600 && document.querySelector('[data-heads]').scrollLeft === 2345")
    assert page.evaluate(OFF_THE_HEADS) == [0]
    expect(page.locator(".room-heads .c16")).to_be_in_viewport()


def test_the_line_of_the_present_minute_stands_between_the_hours(page: Page, emf: str) -> None:
    page.goto(emf)
    expect(page.locator(".hour.present")).to_have_text("14:20")
    tops = [page.locator(one).evaluate(TOP) for one in (".hour-14", ".now-line", ".hour-15")]
    assert (tops, len(set(tops))) == (sorted(tops), 3)


def test_one_click_leads_to_the_list_and_one_back(page: Page, emf: str) -> None:
    page.goto(emf)
    page.get_by_role("link", name="List").click()
    expect(page.locator(".start-time").locator("visible=true").first).to_be_visible()
    assert page.url == f"{emf}/?view=list"
    page.get_by_role("link", name="Grid").click()
    expect(page.locator(".timetable.grid .hour").first).to_be_visible()


def test_without_scripts_the_day_is_a_list(browser: Browser, emf: str) -> None:
    context = browser.new_context(**LAPTOP, java_script_enabled=False)
    plain = context.new_page()
    plain.goto(emf)
    expect(plain.locator(".start-time").locator("visible=true").first).to_be_visible()
    expect(plain.locator(".hour").first).to_be_hidden()
    context.close()


def test_on_a_phone_the_rooms_are_one_list_under_times(page: Page, emf: str) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{emf}/?day=2016-08-07")
    boxes = page.evaluate(BOXES)
    assert len({box["left"] for box in boxes}) == 1
    assert [box["start"] for box in boxes] == sorted(box["start"] for box in boxes)


def test_another_day_opens_in_place_at_its_beginning(page: Page, fosdem: str) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(fosdem)
    page.evaluate("scrollTo({ top: 9000, behavior: 'instant' })")
    page.get_by_role("link", name="Sun 7").click()
    expect(page).to_have_url(f"{fosdem}/?day=2021-02-07")
    expect(page.locator("[data-time] li").first).to_be_in_viewport(ratio=1)


@pytest.mark.parametrize("questions", [[*FIRST][::5], pytest.param([*FIRST], marks=pytest.mark.acceptance)])
def test_questions_find_while_typing_what_their_addresses_find(
    page: Page, fosdem: str, clock: MovableClock, questions: list[str]
) -> None:
    clock.set(EIGHT)
    page.goto(fosdem)
    for question in questions:
        page.get_by_role("searchbox").fill(question)
        page.wait_for_url(lambda url, asked=question: parse_qs(urlsplit(url).query).get("q") == [asked])
        assert page.evaluate(FOUND)[: len(FIRST[question])] == FIRST[question]


def test_a_room_and_words_are_found_among_773_sessions_while_typing(page: Page, fosdem: str) -> None:
    page.goto(fosdem)
    page.get_by_text("Filter").click()
    page.get_by_label("Room", exact=True).select_option("d-python")
    expect(page.locator("[data-found]")).to_have_text(re.compile(r"^\d+ of \d+ on this day\.$"))
    page.get_by_role("searchbox").fill("mypy")
    expect(page.locator(".results [data-part=title]").first).to_have_text("Practical advice for using Mypy")


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
