"""A line-up of six, one of them absent and one added, that ends on time: by taps and by the clock.

Followed by a chair's phone, the stage, the projector and two readers; in between one page is loaded anew, the service
starts again, and the hall has no network for a while.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext, Locator, Page, expect
from support.axe import load_axe, violations
from support.codeml_day import at
from support.console_browser import sign_in_link
from support.console_hands import FormsAlone
from support.movable_clock import MovableClock
from support.network_cable import Cable
from support.publishing import publish_noted
from support.same_document import Tabs, has_come_by
from support.screens import LAPTOP, PHONE, PROJECTOR, SMALL_PHONE
from support.server_thread import served
from support.started_page import sign_in

from app import create_app
from app.domain.edits.edit_types import AddItem, Edit, ItemAbsent, OrderItems, RemoveItem, Step
from app.domain.program import Program
from app.domain.session import Item
from app.service_factory import serve_from
from app.settings import Settings
from app.store.database import open_database, sqlite_url
from app.web.running_service import Service

pytestmark = pytest.mark.browser

DEMOS = "contributed-morning"
TITLES = ("Anvils", "Bellows", "Chisels", "Drills", "Emery", "Files")
ABSENT, ADDED = "Chisels", "Gauges"
# Who is on from when on; lunch follows.
TURNS = (("11:22", "Bellows"), ("11:29", "Drills"), ("11:36", "Emery"), ("11:43", "Files"), ("11:50", ADDED))
# The first is short, then two are long; the last one begins on time.
TAPS = ("11:21", "11:30", "11:36", "11:44", "11:50")
BEGINS, ENDS = "11:15", "12:00"
HALL = (("/stage/venue", LAPTOP), ("/display", PROJECTOR), ("/", PHONE), ("/now", PHONE))
# The service's clock hardly goes on by itself, so that no page counts a minute while a test runs.
SPEED = 0.001
MILLISECONDS_OF_A_MINUTE = 60_000


@pytest.fixture
def program(program: Program) -> Program:
    """The workshop, whose contributed talks are six of seven minutes from a quarter past eleven on."""
    items = tuple(Item(id=title.lower(), title=title, minutes=7, authors=(f"Ann {title[0]}.",)) for title in TITLES)
    sessions = (replace(one, items=items) if one.id == DEMOS else one for one in program.sessions)
    return replace(program, sessions=tuple(sessions))


@dataclass
class Day:
    """A chair's phone, and in the hall the stage, the projector and two readers, at the end of a cable of their own."""

    clock: MovableClock
    own_cable: Cable
    hall_cable: Cable
    chair: Page
    hall: list[Page]
    restart: Callable[[], None]

    def comes_to(self, time: str) -> None:
        """Every page knows that it is so late."""
        self.clock.set(at(time), SPEED)
        for page in (self.chair, *self.hall):
            has_come_by(page, at(time))

    def chair_has_answer(self, title: str) -> None:
        """The chair's page is told that its tap has arrived; without the answer it waits for a second try."""
        expect(on_in_line_up(self.chair)).to_contain_text(title)
        expect(self.chair.locator("[data-unsent]")).to_have_count(0)

    def shows(self, title: str, *, position: int, of: int = 6) -> None:
        """Every page comes to say what is on."""
        for page in (self.chair, *self.hall):
            expect(on_in_line_up(page)).to_contain_text(f"{position} of {of} {title} Ann {title[0]}.")

    def is_over(self) -> None:
        """Every page comes to say that it is lunch."""
        for page in (self.chair, *self.hall):
            expect(on_in_line_up(page)).to_have_count(0)
        expect(self.hall[-1].locator("[data-slot=now] .title")).to_have_text("Lunch and discussion")


def on_in_line_up(page: Page) -> Locator:
    return page.locator(".in-line-up:not([data-following]) .place-in-line")


@pytest.fixture
def start_again(clock: MovableClock, program: Program, tmp_path: Path) -> Iterator[Callable[[], int]]:
    """Starts the service once more, on the same database, and gives its port."""
    running = []

    def start() -> int:
        again = serve_from(open_database(sqlite_url(tmp_path / "agenda.sqlite"), program.id), program, clock)
        server = served(create_app(Settings(program=Path("unread"), secret_key="for tests"), again))
        running.append(server)
        return port_of(server.__enter__())

    yield start
    for server in running:
        server.__exit__(None, None, None)


def port_of(url: str) -> int:
    return int(url.rpartition(":")[2])


@pytest.fixture
def line_up_day(
    app: Flask,
    clock: MovableClock,
    new_context: Callable[..., BrowserContext],
    start_again: Callable[[], int],
) -> Iterator[Day]:
    clock.set(at(BEGINS), SPEED)
    # What pages are told, which count so slowly too.
    clock.speed = SPEED
    with served(app) as url:
        cables = [Cable(port_of(url)) for _ in range(2)]

        def opened(path: str, cable: Cable, **screen: object) -> Page:
            context = new_context(**screen)
            context.clock.install()
            page = context.new_page()
            page.goto(f"http://127.0.0.1:{cable.port}{path}")
            return page

        own, hall = cables
        link = sign_in_link(app, "Ada", "venue")
        chair = opened(link, own, **PHONE)
        sign_in(chair, f"http://127.0.0.1:{own.port}{link}")

        def restart() -> None:
            port = start_again()
            for cable in cables:
                cable.lead_to(port)

        yield Day(clock, own, hall, chair, [opened(path, hall, **screen) for path, screen in HALL], restart)
        for cable in cables:
            cable.close()


def mark_absent(chair: Page) -> None:
    chair.get_by_text("Line-up: 5 to come").tap()
    chair.get_by_role("button", name="Not here 3 of 6").tap()
    expect(chair.get_by_text("Line-up: 4 to come, 1 not here")).to_be_visible()


def add_one(chair: Page, minutes: str = "10") -> None:
    form = chair.locator("[id^=add-item-]")
    form.get_by_label("Title").fill(ADDED)
    form.get_by_label("Minutes").fill(minutes)
    form.get_by_label("Names").fill("Ann G.")
    form.get_by_role("button", name="Add").tap()


def test_by_taps_six_end_on_time(line_up_day: Day) -> None:
    day = line_up_day
    day.shows("Anvils", position=1)
    mark_absent(day.chair)
    day.chair.get_by_text("Add to the line-up").tap()
    add_one(day.chair)
    expect(day.chair.get_by_text("Line-up: 5 to come, 1 not here")).to_be_visible()
    day.shows("Anvils", position=1)
    for position, (time, (_, title)) in enumerate(zip(TAPS, TURNS, strict=True), start=2):
        day.comes_to(time)
        if title == "Emery":
            day.hall_cable.cut()
        day.chair.get_by_role("button", name=f"Next: {position} of 6 {title}").tap()
        if title == "Bellows":
            day.hall[-1].reload()
        if title in {"Drills", "Emery"}:
            day.chair_has_answer(title)
        if title == "Drills":
            day.restart()
        if title == "Emery":
            mend(day)
        day.shows(title, position=position)
    expect(day.chair.get_by_text("over the session’s end")).to_have_count(0)
    day.comes_to(ENDS)
    day.is_over()


def mend(day: Day) -> None:
    day.hall_cable.mend()
    for page in day.hall:
        page.evaluate("dispatchEvent(new Event('online'))")


def test_by_the_clock_six_end_on_time(line_up_day: Day, service: Service) -> None:
    day = line_up_day
    publish_noted(service, ItemAbsent(DEMOS, ABSENT.lower()))
    publish_noted(service, AddItem(DEMOS, ADDED, 10, ("Ann G.",)))
    for position, (time, title) in enumerate(TURNS, start=2):
        if title == "Emery":
            day.hall_cable.cut()
            turn_without_network(day, time)
            mend(day)
        else:
            day.comes_to(time)
        if title == "Bellows":
            day.hall[-1].reload()
        if title == "Drills":
            day.restart()
        day.shows(title, position=position)
    day.comes_to(ENDS)
    day.is_over()


def turn_without_network(day: Day, time: str) -> None:
    """The hall's pages turn by themselves, seven minutes after what they know."""
    day.clock.set(at(time), SPEED)
    has_come_by(day.chair, at(time))
    for page in day.hall:
        page.evaluate("dispatchEvent(new Event('offline'))")
        page.clock.fast_forward(int(7 * MILLISECONDS_OF_A_MINUTE / SPEED) + MILLISECONDS_OF_A_MINUTE)
        expect(on_in_line_up(page)).to_contain_text("Emery")


def test_a_step_back_and_the_clock_again_are_a_tap_each(line_up_day: Day) -> None:
    day = line_up_day
    day.comes_to("11:24")
    day.shows("Bellows", position=2)
    day.chair.get_by_role("button", name="Next: 3 of 6 Chisels").tap()
    day.shows("Chisels", position=3)
    day.chair.get_by_role("button", name="Back to 2 of 6").tap()
    day.shows("Bellows", position=2)
    day.chair.get_by_role("button", name="By the clock").tap()
    expect(day.chair.get_by_text("It goes by the clock, until Next is tapped.")).to_be_visible()


def edits() -> Iterator[tuple[str, Edit]]:
    yield "a step", Step(DEMOS, "bellows")
    yield "absent", ItemAbsent(DEMOS, "chisels")
    yield "added", AddItem(DEMOS, ADDED, 20, ("Ann G.",))
    yield "another order", OrderItems(DEMOS, ("files", "drills"))
    yield "the one that is on is absent", ItemAbsent(DEMOS, "bellows")
    yield "here after all", ItemAbsent(DEMOS, "chisels", absent=False)
    yield "removed", RemoveItem(DEMOS, ADDED.lower())
    yield "a step back", Step(DEMOS, "anvils")
    yield "by the clock", Step(DEMOS, None)


PAGES = ["/", "/now", "/display", "/stage/venue", "/organizer", f"/talks/{DEMOS}", f"/organizer/talks/{DEMOS}"]


@pytest.fixture
def tabs_at(app: Flask, clock: MovableClock, laptop: BrowserContext) -> Iterator[Callable[[str, str], Tabs]]:
    """Opens a page, and its fresh one, at a time."""
    laptop.clock.install()
    clock.set(at(BEGINS), SPEED)
    clock.speed = SPEED
    with served(app) as url:

        def opened(path: str, time: str) -> Tabs:
            clock.set(at(time), SPEED)
            fresh = laptop.new_page()
            sign_in(fresh, f"{url}{sign_in_link(app)}")
            return Tabs(laptop, f"{url}{path}", fresh)

        yield opened


@pytest.mark.parametrize("path", PAGES)
def test_after_each_step_an_open_page_equals_a_fresh_one(
    tabs_at: Callable[[str, str], Tabs], service: Service, path: str
) -> None:
    tabs = tabs_at(path, "11:18")
    for number, (name, edit) in enumerate(edits(), start=2):
        publish_noted(service, edit)
        tabs.come_to_be_equal(number, name)


@pytest.mark.parametrize("path", PAGES)
def test_after_each_turn_by_the_clock_an_open_page_equals_a_fresh_one(
    tabs_at: Callable[[str, str], Tabs], clock: MovableClock, path: str
) -> None:
    tabs = tabs_at(path, "11:10")
    for time in ("11:15", "11:22", "11:50", "11:57", "12:00"):
        come_to(tabs.open, clock, at(time))
        tabs.come_to_be_equal(1, time)


def come_to(page: Page, clock: MovableClock, instant: datetime) -> None:
    clock.set(instant, SPEED)
    has_come_by(page, instant)


UNFOLD = "() => document.querySelectorAll('.line-up details').forEach((one) => (one.open = true))"
SMALL_TARGETS = """() => {
    const controls = document.querySelectorAll("[id^=steps-] button, .line-up :is(button, summary, input, select)");
    const isSmall = (one) => one.checkVisibility() && one.getBoundingClientRect().height < 44;
    return [...controls].filter(isSmall).map((one) => one.outerHTML);
}"""
SIDEWAYS = "() => document.documentElement.scrollWidth - innerWidth"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_fits_a_small_phone_has_large_targets_and_nothing_that_keeps_people_from_reading_it(
    app: Flask, clock: MovableClock, service: Service, new_context: Callable[..., BrowserContext], scheme: str
) -> None:
    clock.set(at("11:31"), SPEED)
    publish_noted(service, AddItem(DEMOS, "An idea that came late, and has more words than fit into its line", 20))
    publish_noted(service, ItemAbsent(DEMOS, "drills"))
    page = new_context(**SMALL_PHONE, color_scheme=scheme, reduced_motion="reduce").new_page()
    with served(app) as url:
        sign_in(page, f"{url}{sign_in_link(app)}")
        for path in ("/organizer", f"/organizer/talks/{DEMOS}"):
            page.goto(url + path)
            assert what_is_wrong(page) == ([], [], 0), path
        add_one(page, minutes="0")
        expect(page.get_by_text("An item lasts 1 to 1440 minutes, not 0.").last).to_be_visible()
        assert what_is_wrong(page) == ([], [], 0)


def what_is_wrong(page: Page) -> tuple[list[str], list[str], int]:
    """What axe finds, what is too small to be tapped, and by how much the page is too wide; with all unfolded."""
    page.evaluate(UNFOLD)
    load_axe(page)
    return violations(page), page.evaluate(SMALL_TARGETS), page.evaluate(SIDEWAYS)


def test_without_scripts_forms_alone_step_and_arrange(
    app: Flask, clock: MovableClock, service: Service, new_context: Callable[..., BrowserContext]
) -> None:
    clock.set(at("11:25"))
    hand = FormsAlone(new_context(**FormsAlone.device).new_page())
    with served(app) as url:
        hand.page.goto(f"{url}{sign_in_link(app)}")
        hand.press(hand.page.get_by_role("button", name="Sign in on this browser"))
        hand.press(hand.page.get_by_role("button", name="Next: 3 of 6 Chisels"))
        hand.press(hand.page.get_by_role("button", name="Later 4 of 6"))
        hand.press(hand.page.get_by_role("button", name="Next: 4 of 6 Emery"))
        expect(hand.page.get_by_text("It goes by hand")).to_be_visible()
    service.current.refresh()
    assert [step.item for step in service.current.snapshot.revision.program.session(DEMOS).steps][-2:] == [
        "chisels",
        "emery",
    ]
