"""How readers' pages are laid out: their head, days, stars, and what is cancelled."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from support.movable_clock import MovableClock
from support.publishing import publish
from support.screens import LAPTOP, PHONE, SMALL_PHONE

from app.domain.edits.edit_types import Cancel
from app.domain.identity import NO_IDENTITY
from app.domain.program import Program, Room
from app.domain.rights import Editor
from app.store.publishing import publish_edit
from app.web.running_service import Service

pytestmark = pytest.mark.browser

LONG_NAME = "The International Conference of Everything That Was Ever Measured"
PAGES = (
    *("/", "/now", "/my", "/speakers", "/speakers/tri-dao", "/subscribe", "/talks/tri-dao", "/rooms/venue"),
    *("/changes", "/pages/about", "/print", "/not-here"),
)
# Where the name, the clock and the first link of the head begin, and how high they are.
HEAD = """() => Object.fromEntries([".wordmark", ".clock", "nav a"].map((part) => {
    const { left, top, height } = document.querySelector(`.top ${part}`).getBoundingClientRect();
    return [part, [left, top, height].map(Math.round)];
}))"""
TOPS = "(links) => [...new Set(links.map((link) => Math.round(link.getBoundingClientRect().top)))]"
# How far the middle of a star is from the middle of the first line of its row.
OFF_THE_LINE = """(stars) => stars.filter((star) => star.checkVisibility()).map((star) => {
    const range = document.createRange();
    const text = document.createTreeWalker(star.closest("[data-session]"), NodeFilter.SHOW_TEXT, (node) =>
        node.data.trim() && node.parentElement.checkVisibility() ? NodeFilter.FILTER_ACCEPT : NodeFilter.FILTER_SKIP);
    let first = { top: Infinity };
    for (let node = text.nextNode(); node; node = text.nextNode()) {
        range.selectNodeContents(node);
        const [line] = range.getClientRects();
        if (line.width > 1 && line.top + line.height / 2 < first.top + (first.height ?? 0) / 2) first = line;
    }
    const { top, width, height } = star.getBoundingClientRect();
    return [Math.abs(top + height / 2 - first.top - first.height / 2) <= 4, width, height];
})"""
RIGHT_EDGES = """(stars) => [...new Set(stars.filter((star) => star.checkVisibility())
    .map((star) => Math.round(star.getBoundingClientRect().right)))]"""
IS_ON_ONE_LINE = "(word) => word.getBoundingClientRect().height < 2 * parseFloat(getComputedStyle(word).fontSize)"
SIZE = "(node) => parseFloat(getComputedStyle(node).fontSize)"
SIDEWAYS = "document.documentElement.scrollWidth - innerWidth"


def opened(browser: Browser, address: str, **screen: Any) -> Page:
    context = browser.new_context(**screen, base_url=address, service_workers="block")
    return context.new_page()


@pytest.fixture(params=[PHONE, SMALL_PHONE, LAPTOP], ids=["phone", "small phone", "laptop"])
def page(request: pytest.FixtureRequest, browser: Browser, address: str) -> Iterator[Page]:
    page = opened(browser, address, **request.param)
    yield page
    page.context.close()


@pytest.fixture
def small(browser: Browser, address: str) -> Iterator[Page]:
    page = opened(browser, address, **SMALL_PHONE)
    yield page
    page.context.close()


@pytest.fixture
def long_name(service: Service, program: Program) -> None:
    publish(service, replace(program, title=LONG_NAME, identity=NO_IDENTITY))


@pytest.fixture
def cancelled(service: Service, clock: MovableClock, address: str) -> None:
    """What is on is cancelled; its note is said to readers."""
    assert address
    base = service.current.snapshot.revision.number
    edit, by = Cancel("evan-shelhamer"), Editor("Frank")
    publish_edit(service.current.revisions, edit, base=base, by=by, note="Evan is ill.", now=clock.now())
    service.current.refresh()


def heads(page: Page) -> dict[str, dict[str, list[int]]]:
    found = {}
    for path in PAGES:
        page.goto(path)
        expect(page.locator(".top .clock")).to_have_text("10:20")
        found[path] = page.evaluate(HEAD)
    return found


def test_the_head_is_the_same_on_every_page(page: Page) -> None:
    found = heads(page)
    assert found == dict.fromkeys(PAGES, found["/"])


def test_the_head_is_the_same_on_every_page_with_several_rooms(page: Page, service: Service, program: Program) -> None:
    publish(service, replace(program, rooms=(*program.rooms, Room("annex", "Annex"))))
    found = heads(page)
    assert found == dict.fromkeys(PAGES, found["/"])


@pytest.mark.usefixtures("long_name")
def test_a_long_name_stands_on_one_line_of_48_pixels(page: Page) -> None:
    found = heads(page)
    assert found == dict.fromkeys(PAGES, found["/"])
    assert (found["/"][".wordmark"][2], page.evaluate(SIDEWAYS)) == (48, 0)


def test_the_days_stand_on_one_line(small: Page, service: Service, program: Program) -> None:
    sessions = tuple(
        replace(one, id=f"{one.id}-{day}", items=(), slot=one.slot.starting_at(one.start + timedelta(days=day)))
        for day in range(3)
        for one in program.sessions[:2]
    )
    rooms = tuple(Room(f"room-{number}", f"Room {number}") for number in range(4))
    days = tuple(program.days[0] + timedelta(days=day) for day in range(3))
    publish(service, replace(program, days=days, rooms=(*program.rooms, *rooms), sessions=sessions))
    small.goto("/")
    links = small.locator("nav.days a")
    assert (links.count(), len(links.evaluate_all(TOPS)), small.evaluate(SIDEWAYS)) == (3, 1, 0)


@pytest.mark.usefixtures("cancelled")
@pytest.mark.parametrize("path", ["/", "/now", "/rooms/venue", "/talks/sara-hooker", "/talks/evan-shelhamer"])
def test_a_star_stands_beside_the_first_line_of_its_row(page: Page, path: str) -> None:
    page.goto(path)
    expect(page.locator("[data-star]").first).to_be_visible()
    found = page.locator("[data-star]").evaluate_all(OFF_THE_LINE)
    assert found == [[True, 44, 44]] * len(found)


def test_the_stars_of_a_phones_day_stand_on_one_edge(small: Page) -> None:
    small.goto("/")
    expect(small.locator("[data-star]").first).to_be_visible()
    assert len(small.locator("[data-star]").evaluate_all(RIGHT_EDGES)) == 1


@pytest.mark.parametrize("path", ["/", "/talks/tri-dao", "/speakers/tri-dao"])
def test_a_title_does_not_break_at_a_hyphen(page: Page, path: str) -> None:
    page.goto(path)
    words = page.locator(".whole:visible").all()
    assert [word.evaluate(IS_ON_ONE_LINE) for word in words] == [True] * len(words) != []


def test_a_word_with_hyphens_that_is_longer_than_a_line_breaks(small: Page, service: Service, program: Program) -> None:
    panel = replace(program.session("panel"), title="-".join(["measured"] * 9))
    publish(service, replace(program, sessions=tuple(panel if one.id == "panel" else one for one in program.sessions)))
    small.goto("/talks/panel")
    assert small.evaluate(SIDEWAYS) == 0


SLOT, TALK = ("cancelled", "note", "start", "title"), ("cancelled", "note", "title", "start")
# The day's page says the note in the slot and in the row.
CANCELLED = {
    "/": ("[data-slot=cancelled]", SLOT, 2),
    "/now": ("[data-slot=cancelled]", SLOT, 1),
    "/talks/evan-shelhamer": (".lead", TALK, 1),
}


@pytest.mark.usefixtures("cancelled")
@pytest.mark.parametrize("path", CANCELLED)
def test_cancelled_stands_above_the_struck_title_and_is_larger(page: Page, path: str) -> None:
    within, order, notes = CANCELLED[path]
    page.goto(path)
    parts = [page.locator(f"{within} [data-part={name}]") for name in order]
    for part in parts:
        expect(part).to_be_visible()
    tops = [part.evaluate("(node) => node.getBoundingClientRect().top") for part in parts]
    sizes = [part.evaluate(SIZE) for part in parts]
    assert (tops, sizes[0] > max(sizes[1:])) == (sorted(tops), True)
    expect(page.get_by_text("Evan is ill.").locator("visible=true")).to_have_count(notes)


@pytest.mark.usefixtures("cancelled")
def test_all_of_a_struck_title_is_struck(small: Page, service: Service, clock: MovableClock) -> None:
    base = service.current.snapshot.revision.number
    publish_edit(service.current.revisions, Cancel("tri-dao"), base=base, by=Editor("Frank"), note="", now=clock.now())
    service.current.refresh()
    small.goto("/talks/tri-dao")
    struck = "(word) => getComputedStyle(word).textDecorationLine"
    assert small.locator(".lead .whole").evaluate(struck) == "line-through"


@pytest.mark.usefixtures("cancelled")
def test_the_time_of_a_note_is_paler_than_its_text(small: Page) -> None:
    small.goto("/")
    look = "(node) => [getComputedStyle(node).fontWeight, getComputedStyle(node).color]"
    time, text, ink = (small.locator(one).first.evaluate(look) for one in (".note time", ".note span", "body"))
    assert (time[0], text, time[1] == ink[1]) == ("400", ink, False)


@pytest.mark.parametrize("path", ["/", "/rooms/venue"])
@pytest.mark.parametrize(("slot", "said"), [("now", "25 min left"), ("next", "in 25 min")])
def test_the_minutes_stand_beside_the_time(page: Page, path: str, slot: str, said: str) -> None:
    page.goto(path)
    when = page.locator(f"[data-slot={slot}] .when")
    expect(when.locator("[data-left]")).to_have_text(said)
    parts = (when.locator(one).bounding_box() or {"y": 0, "height": 0} for one in (".start", "[data-left]"))
    middles = [one["y"] + one["height"] / 2 for one in parts]
    assert abs(middles[0] - middles[1]) < 8
