"""My day: what is on and next of the starred sessions, overlaps side by side, free time between, all in real pages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from itertools import combinations
from typing import Any, cast

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from support.codeml_day import at
from support.movable_clock import AT_TEN_TWENTY, MovableClock
from support.publishing import publish, publish_noted
from support.same_document import Tabs
from support.screens import LAPTOP, PHONE, SMALL_PHONE
from support.starring import give_stars, star

from app.domain.edits.edit_types import Cancel
from app.domain.program import Program
from app.domain.session import Session, Slot
from app.web.running_service import Service

pytestmark = pytest.mark.browser

MINUTE = timedelta(minutes=1)
AT_THE_VENUE = "America/Vancouver"
# The rows and lines that are shown, with their boxes.
ROWS = """() => [...document.querySelectorAll("[data-my-day] li")].filter((one) => one.checkVisibility()).map((row) => {
    const { left, right, top, bottom } = row.getBoundingClientRect();
    const { session, start, end } = row.querySelector("[data-session]")?.dataset ?? {};
    return { session, start, end, text: session ? "" : row.textContent, left, right, top, bottom };
})"""
SHIFTS = """window.shifts = [];
    new PerformanceObserver((list) => window.shifts.push(...list.getEntries().map(({ value }) => value)))
        .observe({ type: "layout-shift", buffered: true });"""
FOCUSED = """() => document.activeElement.closest("[data-session]")?.dataset.session + " "
    + (document.activeElement.matches("[data-star]") ? "star" : document.activeElement.localName)"""


@dataclass(frozen=True)
class Case:
    """Starred sessions and their times on the workshop's day, and the lines between them."""

    name: str
    times: tuple[tuple[str, str], ...]
    lines: tuple[str, ...]


CASES = (
    Case("one", (("11:00", "12:00"),), ()),
    Case("one after the other", (("11:00", "12:00"), ("12:00", "13:00")), ()),
    Case("nine minutes between", (("11:00", "12:00"), ("12:09", "13:00")), ()),
    Case("ten minutes between", (("11:00", "12:00"), ("12:10", "13:00")), ("10 min free",)),
    Case("long between", (("11:00", "12:00"), ("13:05", "14:00")), ("1 h 5 min free",)),
    Case("two partly", (("11:00", "11:30"), ("11:25", "12:00")), ("5 min overlap",)),
    Case("two equal", (("11:00", "12:00"), ("11:00", "12:00")), ("At the same time",)),
    Case("one inside another", (("11:00", "12:00"), ("11:10", "11:30")), ("At the same time",)),
    Case("two inside another", (("11:00", "12:00"), ("11:00", "11:30"), ("11:30", "12:00")), ("At the same time",)),
    Case("three", (("11:00", "12:00"), ("11:15", "12:15"), ("11:30", "12:30")), ("At the same time",)),
    Case("a chain", (("11:00", "11:30"), ("11:20", "11:50"), ("11:40", "12:10")), ("At the same time",)),
    Case("no length", (("11:00", "12:00"), ("11:30", "11:30"), ("12:00", "12:00")), ()),
    Case("no length alone", (("11:00", "11:00"), ("11:30", "12:00")), ("30 min free",)),
    Case(
        "free after the last to end",
        (("11:00", "13:00"), ("11:10", "11:30"), ("13:20", "13:40")),
        ("At the same time", "20 min free"),
    ),
    Case(
        "twice",
        (("11:00", "12:00"), ("11:30", "12:30"), ("14:00", "15:00"), ("14:00", "14:50")),
        ("30 min overlap", "1 h 30 min free", "At the same time"),
    ),
)
FIVE = Case("five", tuple((f"11:{minute:02}", "12:30") for minute in range(0, 50, 10)), ("At the same time",))


def starred_at(number: int, start: datetime, end: datetime) -> Session:
    slot = Slot(start=start, end=end, room="venue")
    return Session(id=f"starred-{number}", title=f"Starred {number}", slot=slot, scheduled=slot)


def with_starred(program: Program, *times: tuple[datetime, datetime]) -> Program:
    """The program with sessions more, which overlap others."""
    added = [starred_at(number, *one) for number, one in enumerate(times)]
    return replace(program, sessions=tuple(sorted((*program.sessions, *added), key=Session.order)))


@pytest.fixture
def new_page(new_context: Callable[..., BrowserContext], address: str) -> Callable[[dict[str, Any]], Page]:
    def make(screen: dict[str, Any]) -> Page:
        page = new_context(**screen, timezone_id=AT_THE_VENUE).new_page()
        page.goto(f"{address}/subscribe")
        return page

    return make


@pytest.fixture
def my_day(new_page: Callable[..., Page], address: str, service: Service) -> Callable[..., Page]:
    """Opens the page of a reader who has starred sessions at these times."""

    def make(times: tuple[tuple[str, str], ...], screen: dict[str, Any] = LAPTOP) -> Page:
        publish(service, with_starred(program_of(service), *((at(start), at(end)) for start, end in times)))
        page = new_page(screen)
        give_stars(page, *(f"starred-{number}" for number in range(len(times))))
        page.add_init_script(SHIFTS)
        page.goto(f"{address}/my")
        expect(page.locator("[data-my-day] [data-star]:visible")).to_have_count(len(times))
        return page

    return make


def program_of(service: Service) -> Program:
    return service.current.snapshot.revision.program


def rows(page: Page) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = page.evaluate(ROWS)
    return found


def lines(page: Page) -> tuple[str, ...]:
    return tuple(row["text"] for row in rows(page) if not row["session"])


def share(one: dict[str, Any], other: dict[str, Any], start: str, end: str) -> bool:
    return bool(one[start] < other[end] - 1 and other[start] < one[end] - 1)


def overlap(one: dict[str, Any], other: dict[str, Any]) -> bool:
    """Whether two sessions are on at the same time; one without length never is."""
    held = all(row["start"] < row["end"] for row in (one, other))
    return held and bool(one["start"] < other["end"] and other["start"] < one["end"])


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_what_overlaps_stands_side_by_side_and_the_rest_below(case: Case, my_day: Callable[..., Page]) -> None:
    page = my_day(case.times)
    sessions = [row for row in rows(page) if row["session"]]
    side_by_side = [
        (one["session"], other["session"])
        for one, other in combinations(sessions, 2)
        if share(one, other, "top", "bottom") and not share(one, other, "left", "right")
    ]
    assert side_by_side == [
        (one["session"], other["session"]) for one, other in combinations(sessions, 2) if overlap(one, other)
    ]
    assert [row["top"] for row in sessions] == sorted(row["top"] for row in sessions)
    assert lines(page) == case.lines


@pytest.mark.parametrize(("screen", "columns"), [(PHONE, 2), (SMALL_PHONE, 1)], ids=["phone", "small phone"])
def test_five_at_once_stand_on_a_phone_in_the_columns_that_can_be_read(
    my_day: Callable[..., Page], screen: dict[str, Any], columns: int
) -> None:
    page = my_day(FIVE.times, screen)
    sessions = [row for row in rows(page) if row["session"]]
    assert (len({row["left"] for row in sessions}), lines(page)) == (columns, FIVE.lines)
    assert [pair for pair in combinations(sessions, 2) if _cover(*pair)] == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth") is True


def _cover(one: dict[str, Any], other: dict[str, Any]) -> bool:
    return share(one, other, "top", "bottom") and share(one, other, "left", "right")


def test_what_is_cancelled_stays_struck_overlaps_nothing_and_leaves_its_time_free(
    my_day: Callable[..., Page], service: Service
) -> None:
    page = my_day((("11:00", "12:00"), ("11:40", "12:40"), ("13:00", "14:00")))
    assert lines(page) == ("20 min overlap", "20 min free")
    publish_noted(service, Cancel("starred-1"))
    expect(page.locator("[data-my-day] [data-session=starred-1]")).to_have_attribute("data-status", "cancelled")
    assert lines(page) == ("1 h free",)
    assert [row["session"] for row in rows(page) if row["session"]] == ["starred-0", "starred-1", "starred-2"]


def test_a_session_after_midnight_belongs_to_the_evening_and_a_night_is_no_gap(
    new_page: Callable[..., Page], address: str, service: Service, program: Program
) -> None:
    evening, next_day = at("22:00"), at("09:00") + 24 * 60 * MINUTE
    spans = ((evening, 0, 60), (evening, 150, 200), (next_day, 0, 30))
    times = [(start + first * MINUTE, start + last * MINUTE) for start, first, last in spans]
    days = (*program.days, program.days[-1] + timedelta(days=1))
    publish(service, with_starred(replace(program, days=days), *times))
    page = new_page(LAPTOP)
    give_stars(page, "starred-0", "starred-1", "starred-2")
    page.goto(f"{address}/my")
    expect(page.locator("[data-my-count]:visible")).to_have_text(["2 stars", "1 star"])
    assert lines(page) == ("1 h 30 min free",)


def test_on_the_night_of_a_clock_change_minutes_are_counted_as_they_pass(
    new_page: Callable[..., Page], address: str, service: Service, program: Program
) -> None:
    # At 03:00 in Berlin clocks went back to 02:00: at 01:00 UTC.
    midnight = datetime(2025, 10, 26, 0, 0, tzinfo=UTC)
    sessions = (
        starred_at(0, midnight, midnight + 30 * MINUTE),
        starred_at(1, midnight + 70 * MINUTE, midnight + 90 * MINUTE),
    )
    changed = replace(program, timezone="Europe/Berlin", days=(date(2025, 10, 25),), sessions=sessions, speakers=())
    publish(service, changed)
    page = new_page(LAPTOP)
    give_stars(page, "starred-0", "starred-1")
    page.goto(f"{address}/my")
    expect(page.locator("[data-my-day] [data-star]:visible")).to_have_count(2)
    assert [row["text"] or row["start"][11:] for row in rows(page)] == [
        "02:00:00+02:00",
        "40 min free",
        "02:10:00+01:00",
    ]


def test_what_is_on_and_what_is_next_stand_at_the_top_with_the_time_left(
    my_day: Callable[..., Page], service: Service
) -> None:
    page = my_day((("13:05", "13:20"), ("13:05", "13:30"), ("15:00", "16:00")))
    star_from_the_day(page, "evan-shelhamer")
    now, following = page.locator("[data-my-slot=now]"), page.locator("[data-my-slot=next]")
    expect(now.locator("[data-session]")).to_contain_text(["DIY Deep Learning"])
    expect(now.locator("[data-left]")).to_have_text("25 min left")
    expect(following.get_by_role("heading", level=2)).to_have_text("Next in 2 h 45 min")
    expect(following.locator("[data-part=title]")).to_have_text(["Starred 0", "Starred 1"])
    cast("MovableClock", service.clock).set(AT_TEN_TWENTY + 25 * MINUTE)
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(now).to_be_hidden()
    expect(following.get_by_role("heading", level=2)).to_have_text("Next in 2 h 20 min")


def star_from_the_day(page: Page, name: str) -> None:
    path = page.url
    page.goto(path.replace("/my", "/"))
    star(page, name)
    page.goto(path)


def test_days_are_headings_and_those_that_are_over_are_folded(
    new_page: Callable[..., Page], address: str, service: Service, program: Program
) -> None:
    before = at("11:00") - 24 * 60 * MINUTE
    days = (program.days[0] - timedelta(days=1), *program.days)
    publish(service, with_starred(replace(program, days=days), (before, before + 60 * MINUTE)))
    page = new_page(LAPTOP)
    give_stars(page, "starred-0", "panel")
    page.goto(f"{address}/my")
    headings = page.locator("[data-my-day] h2")
    expect(headings).to_have_text(["Thursday 17 July 2025 1 star", "Friday 18 July 2025 1 star"])
    assert [row["session"] for row in rows(page)] == ["panel"]
    headings.first.click()
    assert [row["session"] for row in rows(page)] == ["starred-0", "panel"]


def test_who_has_no_stars_reads_what_to_do(new_page: Callable[..., Page], address: str) -> None:
    page = new_page(PHONE)
    page.goto(f"{address}/my")
    expect(page.get_by_text("Nothing starred yet.")).to_be_visible()
    page.get_by_role("link", name="Choose from the day").click()
    page.wait_for_url(f"{address}/")


@pytest.mark.parametrize("times", [(), FIVE.times], ids=["no stars", "five"])
def test_nothing_moves_after_the_first_paint(my_day: Callable[..., Page], times: tuple[tuple[str, str], ...]) -> None:
    page = my_day(times, PHONE)
    expect(page.get_by_text("Nothing starred yet.") if not times else page.locator(".overlap")).to_be_visible()
    expect(page.locator("[data-clock]")).to_have_text("10:20")
    assert (
        page.evaluate("new Promise((done) => requestAnimationFrame(() => setTimeout(() => done(window.shifts))))") == []
    )


def test_the_keyboard_leads_along_the_day_and_then_to_the_settings(my_day: Callable[..., Page]) -> None:
    page = my_day((("11:00", "12:00"), ("11:30", "12:30"), ("13:00", "14:00")))
    page.locator("[data-my-day] [data-session=starred-0] a").focus()
    stops = []
    for _ in range(5):
        page.keyboard.press("Tab")
        stops.append(page.evaluate(FOCUSED))
    assert stops == ["starred-0 star", "starred-1 a", "starred-1 star", "starred-2 a", "starred-2 star"]
    page.keyboard.press("Tab")
    expect(page.get_by_label("Remind me here")).to_be_focused()


def test_the_focus_goes_on_to_the_next_star_when_a_row_leaves(my_day: Callable[..., Page]) -> None:
    page = my_day((("11:00", "12:00"), ("11:30", "12:30")))
    page.locator("[data-my-day] [data-session=starred-0] [data-star]").press("Enter")
    expect(page.locator("[data-my-day] [data-session=starred-0]")).to_be_hidden()
    assert (page.evaluate(FOCUSED), lines(page)) == ("starred-1 star", ())


def test_a_refresh_keeps_the_composition_and_the_focus_and_equals_a_fresh_page(
    my_day: Callable[..., Page], service: Service
) -> None:
    page = my_day((("11:00", "12:00"), ("11:30", "12:30"), ("13:00", "14:00")))
    tabs = Tabs(page.context, page.url)
    tabs.open.locator("[data-my-day] [data-session=starred-1] [data-star]").focus()
    renamed = [replace(one, title="Renamed") if one.id == "starred-1" else one for one in program_of(service).sessions]
    publish(service, replace(program_of(service), sessions=tuple(renamed)))
    tabs.come_to_be_equal(service.current.snapshot.revision.number, "a new title")
    assert tabs.open.evaluate(FOCUSED) == "starred-1 star"
    assert lines(tabs.open) == ("30 min overlap", "30 min free")
    expect(tabs.open.locator("[data-my-day] [data-session=starred-1] [data-part=title]")).to_have_text("Renamed")


def test_the_calendar_has_an_address_of_its_own_on_the_page(my_day: Callable[..., Page]) -> None:
    page = my_day(FIVE.times, PHONE)
    path = page.url
    page.goto("about:blank")
    page.goto(f"{path}#calendar")
    expect(page.locator("#calendar")).to_be_in_viewport()
