"""A whole bad day from the console: by touch, by keyboard alone, and by forms alone where scripts are off.

Readers' open screens are at each step what a fresh one is. The day and its steps are those that are typed in
`test_bad_day.py`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, cast

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Locator, Page, Route, expect
from support.bad_day import DAYS, OFFSET, STEPS, Step, program_folder, told, whole_day
from support.console_browser import sign_in_link
from support.console_hands import FormsAlone, Hand, Keyboard
from support.movable_clock import MovableClock
from support.network_cable import Cable
from support.publishing import publish_noted
from support.same_document import Tabs, has_come_by
from support.screens import LAPTOP, PHONE, PROJECTOR
from support.server_thread import served
from support.started_page import sign_in
from support.waiting import wait_until

from app.domain.edits.edit_types import ChangeRoom, StartNow
from app.domain.program import Program
from app.formats.program_folder.reader import read_program
from app.live.clock import SYSTEM_CLOCK
from app.store.sign_ins import SignIns
from app.web.running_service import Service, service_of

pytestmark = [pytest.mark.browser, pytest.mark.slow]

MINUTE = timedelta(minutes=1)
READERS = (("/", PHONE), ("/", LAPTOP), ("/display", PROJECTOR), ("/rooms/hall", PHONE), ("/stage/hall", LAPTOP))
# Presses of each step, without those that give its reason afterwards.
PRESSES = {
    "a late start": 1,
    "a no-show, the next first": 2,
    "an added five-minute talk": 2,
    "a delay into lunch, a squeezed lunch": 2,
    "a talk cancelled while it is on": 2,
    "a moved room": 2,
    "a wrong end": 1,
    "the wrong end undone": 1,
}
# Before these steps the network goes, and comes back when their first tap has not been answered.
WITHOUT_NETWORK = {"a late start", "a wrong end"}


def instant(date: str, clock: str) -> datetime:
    return datetime.fromisoformat(f"{date}T{clock}{OFFSET}")


@pytest.fixture(params=[DAYS[0], pytest.param(DAYS[1], marks=pytest.mark.acceptance)])
def date(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def program(tmp_path: Path, date: str) -> Program:
    return read_program(program_folder(tmp_path / "program", date))


@pytest.fixture
def clock(date: str) -> MovableClock:
    clock = MovableClock(instant(date, "09:00:30"))
    # So slowly that no page counts a second while the test runs.
    clock.speed = 0.001
    return clock


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    with served(app) as url:
        yield url


Opened = Callable[..., BrowserContext]


@pytest.fixture
def opened(browser: Browser) -> Iterator[Opened]:
    """Opens a browser of its own for each person and screen."""
    contexts: list[BrowserContext] = []

    def open_context(**device: Any) -> BrowserContext:
        contexts.append(browser.new_context(**device, service_workers="block"))
        return contexts[-1]

    yield open_context
    for context in contexts:
        context.close()


def number(service: Service) -> int:
    return service.current.snapshot.revision.number


class Day:
    """A person who does the steps of the day, and says why."""

    def __init__(self, hand: Hand, service: Service) -> None:
        self.hand, self.page, self.service = hand, hand.page, service
        self.home = self.page.url

    def on(self, room: str, session: str) -> Locator:
        return self.page.locator(f"#on-{room}-{session}")

    def press(self, place: Locator | Page, name: str, role: Any = "button") -> None:
        self.hand.press(place.get_by_role(role, name=name, exact=True))

    def fill_note(self, note: str) -> None:
        self.hand.fill(self.page.get_by_label("Note for readers"), note)

    def late_start(self) -> None:
        self.press(self.on("hall", "opening"), "Starts only now")

    def no_show(self) -> None:
        self.press(self.on("hall", "tri-dao"), "Not here…", "link")
        self.fill_note("Tri Dao is on the way.")
        self.press(self.page, "Next first")

    def added_talk(self) -> None:
        self.press(self.page, "Add a session", "link")
        self.hand.fill(self.page.get_by_label("Title"), "A call for maintainers")
        self.hand.fill(self.page.get_by_label("Minutes"), "5")
        self.hand.choose(self.page.get_by_label("After"), "evan-shelhamer")
        self.hand.fill(self.page.get_by_label("Speaker 1"), "Ada Lovelace")
        self.fill_note("Five minutes for a call.")
        self.press(self.page, "Publish")

    def delay_into_lunch(self) -> None:
        self.press(self.on("hall", "sara-hooker"), "8 min")
        self.hand.press(
            self.page.get_by_role("button", name=re.compile("Lunch and discussion.* late and end it on time"))
        )

    def cancelled_talk(self) -> None:
        self.press(self.on("hall", "matt-johnson"), "Not here…", "link")
        self.fill_note("Matt Johnson has lost his voice.")
        self.press(self.page, "Cancel it")

    def moved_room(self) -> None:
        self.hand.press(self.page.locator("#next-hall-chris-rackauckas .title a"))
        self.press(self.page, "Annex")

    def wrong_end(self) -> None:
        self.press(self.on("annex", "chris-rackauckas"), "End")

    def wrong_end_undone(self) -> None:
        self.press(self.page.locator("#done"), "Undo")

    def comes_to(self, step: Step) -> datetime:
        """Set the clock to a step's time."""
        now = instant(self.service.current.snapshot.revision.program.days[0].isoformat(), step.clock)
        cast("MovableClock", self.service.clock).set(now)
        return now

    def play(self, step: Step, do: Callable[[Day, Step], None] = lambda day, step: DEEDS[step.name](day)) -> int:
        """Open the console, do a step, and say why; returns how many presses the step took."""
        self.page.goto(self.home)
        before, revision = self.hand.presses, number(self.service)
        do(self, step)
        self.published(revision + 1)
        presses = self.hand.presses - before
        if step.note and self.service.current.snapshot.revision.note != step.note:
            self.explain(step.note)
        return presses

    def explain(self, note: str) -> None:
        """Give the reason after the edit."""
        revision = number(self.service)
        self.fill_note(note)
        self.press(self.page.locator("#done"), "Add")
        self.published(revision + 1)

    def published(self, revision: int) -> None:
        """Wait until a revision is published and the page has come back with it."""
        wait_until(lambda: number(self.service) == revision)
        expect(self.page.locator("html")).to_have_attribute("data-revision", str(revision))


DEEDS: dict[str, Callable[[Day], None]] = {
    "a late start": Day.late_start,
    "a no-show, the next first": Day.no_show,
    "an added five-minute talk": Day.added_talk,
    "a delay into lunch, a squeezed lunch": Day.delay_into_lunch,
    "a talk cancelled while it is on": Day.cancelled_talk,
    "a moved room": Day.moved_room,
    "a wrong end": Day.wrong_end,
    "the wrong end undone": Day.wrong_end_undone,
}


def day_of(hand: type[Hand], opened: Opened, app: Flask, address: str, service: Service) -> Day:
    page = opened(**hand.device).new_page()
    sign_in(page, address + sign_in_link(app))
    return Day(hand(page), service)


def program_told(app: Flask) -> dict[str, Any]:
    return {one["id"]: told(one) for one in app.test_client().get("/api/program").get_json()["sessions"]}


def test_by_touch_and_five_screens_are_at_each_step_what_fresh_ones_are(
    opened: Opened, app: Flask, address: str, service: Service
) -> None:
    cable = Cable(int(address.rpartition(":")[2]))
    near = f"http://127.0.0.1:{cable.port}"
    day, presses = day_of(Hand, opened, app, near, service), {}
    screens = [screen(opened(**device), f"{near}{path}") for path, device in READERS]
    for count, step in enumerate(STEPS, 1):
        now = day.comes_to(step)
        for tabs in screens:
            has_come_by(tabs.open, now)
        if step.name in WITHOUT_NETWORK:
            presses[step.name] = day.play(step, partial(without_network, cable, screens))
        else:
            presses[step.name] = day.play(step)
        assert program_told(app) == whole_day(count)
        for tabs in screens:
            tabs.come_to_be_equal(number(service), step.name)
    assert presses == PRESSES
    cable.close()


def screen(context: BrowserContext, url: str) -> Tabs:
    """A reader's screen, whose timers the test moves."""
    context.clock.install()
    return Tabs(context, url)


def without_network(cable: Cable, screens: list[Tabs], day: Day, step: Step) -> None:
    """A step whose first tap is not answered: the page says so, and sends it once more when the network is back."""
    cable.cut()
    for tabs in screens:
        tabs.open.evaluate("dispatchEvent(new Event('offline'))")
    DEEDS[step.name](day)
    expect(day.page.get_by_role("alert")).to_contain_text("No network")
    for tabs in screens:
        expect(tabs.open.locator("[data-stale]")).to_be_visible()
        tabs.open.clock.fast_forward(60_000)
    cable.mend()
    day.page.get_by_role("button", name="Try again").tap()
    for tabs in screens:
        tabs.open.evaluate("dispatchEvent(new Event('online'))")


@pytest.mark.parametrize("hand", [pytest.param(Keyboard, marks=pytest.mark.acceptance), FormsAlone])
def test_without_a_finger_and_without_scripts(
    opened: Opened, app: Flask, address: str, service: Service, hand: type[Hand]
) -> None:
    day, presses = day_of(hand, opened, app, address, service), {}
    for count, step in enumerate(STEPS, 1):
        day.comes_to(step)
        presses[step.name] = day.play(step)
        assert program_told(app) == whole_day(count)
    assert presses == PRESSES


# Several people


class Held:
    """Chairs' forms on their way, which the test lets through."""

    def __init__(self) -> None:
        self._routes: dict[Page, Route] = {}

    def tap(self, page: Page, name: str) -> None:
        """Tap a button of the day, and hold what it sends."""
        page.route("**/organizer/edit", lambda route: self._routes.update({page: route}))
        with page.expect_request("**/organizer/edit"):
            page.locator(".floor.now").get_by_role("button", name=name, exact=True).tap()
        # The request is told of before it comes here; each answer of the page lets its events be handled.
        wait_until(lambda: page.evaluate("true") and page in self._routes)

    def let_through(self, page: Page) -> None:
        """Let a form arrive."""
        self._routes.pop(page).continue_()


@pytest.fixture
def afternoon(service: Service, clock: MovableClock, date: str) -> None:
    """Something is on in each room."""
    clock.set(instant(date, "13:35:20"))
    publish_noted(service, ChangeRoom("chris-rackauckas", "annex"))
    publish_noted(service, StartNow("contributed-afternoon"))


def chairs_page(opened: Opened, app: Flask, address: str, name: str, room: str) -> Page:
    sign_ins, now = SignIns(service_of(app).database), SYSTEM_CLOCK.now()
    sign_ins.add(name, now, "chair", room)
    page = opened(**PHONE).new_page()
    sign_in(page, f"{address}/organizer/sign-in/{sign_ins.new_link(name, now)}")
    return page


@pytest.mark.usefixtures("afternoon")
def test_two_chairs_tap_in_two_rooms_at_once_and_both_are_published(
    opened: Opened, app: Flask, address: str, service: Service
) -> None:
    hall, annex = (chairs_page(opened, app, address, f"Chair of {room}", room) for room in ("hall", "annex"))
    held, before = Held(), {one.id: one for one in service.current.snapshot.revision.program.sessions}
    for page in (hall, annex):
        held.tap(page, "+5")
    for page in (hall, annex):
        held.let_through(page)
        expect(page.get_by_text("Published as revision")).to_be_visible()
    now = service.current.snapshot.revision.program
    longer = {one.id: one.slot.length - before[one.id].slot.length for one in now.sessions}
    assert {name: added for name, added in longer.items() if added} == {
        "contributed-afternoon": 5 * MINUTE,
        "chris-rackauckas": 5 * MINUTE,
    }
    assert number(service) == 5


@pytest.mark.usefixtures("afternoon")
def test_of_two_people_in_one_room_the_second_is_refused_and_told_whose_edit_was_first(
    opened: Opened, app: Flask, address: str, service: Service
) -> None:
    ada = chairs_page(opened, app, address, "Ada", "hall")
    frank = opened(**PHONE).new_page()
    sign_in(frank, address + sign_in_link(app))
    frank.goto(f"{address}/organizer?room=hall")
    held = Held()
    held.tap(ada, "End")
    held.tap(frank, "+5")
    held.let_through(frank)
    expect(frank.get_by_text("Published as revision 4")).to_be_visible()
    held.let_through(ada)
    expect(ada.get_by_role("heading", name="Somebody was faster")).to_be_visible()
    expect(ada.get_by_role("heading", name="Revision 4, by Frank")).to_be_visible()
    assert number(service) == 4
