"""A page whose stream is alive asks for the time once: heartbeats tell it, and it asks again only at a doubt."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext, Page, Route, expect
from support.console_browser import sign_in_link
from support.movable_clock import AT_TEN_TWENTY, MovableClock
from support.network_cable import Cable
from support.offline_phone import WRONG_BY, its_time
from support.server_thread import RunningServer, served_by_a_clock
from support.started_page import sign_in
from support.waiting import wait_until

from app.server.fan_out import HEARTBEAT_SECONDS
from app.web.running_service import Service

pytestmark = pytest.mark.browser

BETWEEN_HEARTBEATS = timedelta(seconds=HEARTBEAT_SECONDS)
BETWEEN_QUESTIONS = timedelta(seconds=30)
SILENCE = 2.5 * BETWEEN_HEARTBEATS
HOURS = timedelta(hours=1)
CLOCK = """() => import(document.querySelector("script[type=module]").src.replace("main.js", "core/clock.js"))"""
# How often its stream told the time, and failed; and how often the page set its clock, which it stores.
COUNTS = """
    window.beats = window.errors = window.contacts = 0;
    globalThis.EventSource = class extends EventSource {
        constructor(...given) {
            super(...given);
            this.addEventListener("time", () => (window.beats += 1));
            this.addEventListener("error", () => (window.errors += 1));
        }
    };
    const store = Storage.prototype.setItem;
    Storage.prototype.setItem = function (key, value) {
        window.contacts += key.startsWith("clock ");
        store.call(this, key, value);
    };
"""
# What another tab of the browser heard, as it passes it on.
PASSES_ON = """(told) => {
    const { service, build, history = "", revision, live = "live" } = document.documentElement.dataset;
    const beat = { type: "time", service, build, history, revision: Number(revision), speed: 1, ...told };
    new BroadcastChannel(live === "live" ? `stream ${service}` : `stream ${live} ${service}`).postMessage(beat);
}"""
IN_VIEW = """(isInView) => {
    Object.defineProperty(document, "hidden", { value: !isInView, configurable: true });
    document.dispatchEvent(new Event("visibilitychange"));
}"""


@dataclass
class Tab:
    """A page, and its questions for the time."""

    page: Page
    asked: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("request", lambda request: request.url.endswith("/api/now") and self.asked.append(request.url))

    @property
    def questions(self) -> int:
        """How often it has asked; what it has just done is waited for."""
        self.page.evaluate("true")
        return len(self.asked)

    @property
    def contacts(self) -> int:
        return int(self.page.evaluate("window.contacts"))

    def has(self, name: str, count: int) -> None:
        """Wait until it has had so many contacts, heartbeats of its own stream, or errors of that."""
        self.page.wait_for_function("([name, count]) => window[name] >= count", arg=[name, count], polling=20)

    def settles(self, beats: int) -> Tab:
        """It has been told the time; its contacts are counted from here on."""
        self.has("contacts", 1)
        self.has("beats", beats)
        self.page.evaluate("window.contacts = 0")
        return self


@dataclass
class Room:
    """A phone whose clock and zone are wrong, and a service whose heartbeats come as the test lets its time pass."""

    context: BrowserContext
    server: RunningServer
    clock: MovableClock
    cable: Cable

    def tab(self, path: str = "/") -> Tab:
        """Another tab, which is told the time by the browser's stream from here on."""
        tab = Tab(self.context.new_page())
        tab.page.goto(self.address + path)
        return tab.settles(beats=int(len(self.context.pages) == 1))

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.cable.port}"

    def beat(self, *tabs: Tab) -> None:
        """One heartbeat, which makes a contact of each of the tabs, with a question or without."""
        before = [tab.contacts for tab in tabs]
        self.server.let_pass(1.01)
        for tab, contacts in zip(tabs, before, strict=True):
            wait_until(lambda tab=tab, contacts=contacts: tab.contacts > contacts)

    def wait(self, time: timedelta) -> None:
        """Let time pass, for the service and for the phone."""
        self.clock.set(self.clock.now() + time, speed=1.0)
        self.context.clock.fast_forward(int(time.total_seconds() * 1000))


@pytest.fixture
def room(
    app: Flask, clock: MovableClock, new_context: Callable[..., BrowserContext], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Room]:
    monkeypatch.setattr("app.server.fan_out.HEARTBEAT_SECONDS", 1)
    clock.set(AT_TEN_TWENTY, speed=1.0)
    context = new_context(timezone_id="Asia/Tokyo")
    context.clock.install(time=AT_TEN_TWENTY + WRONG_BY)
    context.add_init_script(COUNTS)
    with served_by_a_clock(app) as server:
        cable = Cable(server.port)
        with server.only_as_let_pass():
            yield Room(context, server, clock, cable)
        cable.close()


def is_right(page: Page, clock: MovableClock) -> bool:
    """Whether a page shows the service's time, and not a later one."""
    shown = its_time(page)
    return timedelta() <= clock.now() - shown < timedelta(seconds=2)


@pytest.mark.parametrize("path", ["/", "/display", "/stage/venue", "/talks/panel"])
def test_a_page_with_a_live_stream_asks_once(room: Room, path: str) -> None:
    tab = room.tab(path)
    for _ in range(5):
        room.wait(BETWEEN_HEARTBEATS)
        room.beat(tab)
    assert tab.questions == 1
    assert is_right(tab.page, room.clock)


def test_a_console_with_a_live_stream_asks_once(room: Room, app: Flask) -> None:
    page = room.context.new_page()
    sign_in(page, f"{room.address}{sign_in_link(app)}")
    tab = Tab(page)
    page.goto(f"{room.address}/organizer/announce")
    tab.settles(beats=1)
    for _ in range(3):
        room.wait(BETWEEN_HEARTBEATS)
        room.beat(tab)
    assert tab.questions == 1


def test_two_tabs_ask_once_each(room: Room, service: Service) -> None:
    tabs = [room.tab(), room.tab("/now")]
    for _ in range(4):
        room.wait(BETWEEN_HEARTBEATS)
        room.beat(*tabs)
    assert [tab.questions for tab in tabs] == [1, 1]
    assert service.stats.readers() == 1


def test_a_tab_that_loses_the_view_beside_one_in_view_asks_no_more(room: Room) -> None:
    tabs = [room.tab(), room.tab("/now")]
    tabs[0].page.evaluate(IN_VIEW, False)
    tabs[1].has("beats", 1)
    for _ in range(3):
        room.wait(BETWEEN_HEARTBEATS)
        room.beat(*tabs)
    tabs[0].page.evaluate(IN_VIEW, True)
    assert [tab.questions for tab in tabs] == [1, 1]


def test_out_of_view_without_a_stream_it_asks_at_intervals_and_at_once_when_it_is_back(room: Room) -> None:
    tab = room.tab()
    tab.page.evaluate(IN_VIEW, False)
    for number in (1, 2):
        room.wait(BETWEEN_QUESTIONS)
        tab.has("contacts", number)
        assert tab.questions == number + 1
    tab.page.evaluate(IN_VIEW, True)
    tab.has("beats", 2)
    tab.has("contacts", 3)
    room.wait(BETWEEN_QUESTIONS)
    assert tab.questions == 4


def test_a_lost_stream_asks_at_once_and_not_at_each_try(room: Room) -> None:
    tab = room.tab()
    room.cable.cut()
    expect(tab.page.locator("[data-stale]")).to_be_visible()
    tab.has("errors", 2)
    assert tab.questions == 2
    room.cable.mend()
    expect(tab.page.locator("[data-stale]")).to_be_hidden()
    room.beat(tab)
    room.wait(BETWEEN_QUESTIONS)
    assert tab.questions == 2


def test_where_no_stream_comes_it_asks_at_intervals(room: Room) -> None:
    tab = Tab(room.context.new_page())
    held = list[Route]()
    tab.page.route("**/live?*", lambda route: held.append(route))  # noqa: PLW0108 - playwright reads its code
    tab.page.goto(room.address)
    wait_until(lambda: tab.questions and held)
    tab.settles(beats=0)
    held[0].fulfill(status=503)
    tab.has("contacts", 1)
    for number in (2, 3, 4):
        room.wait(BETWEEN_QUESTIONS)
        tab.has("contacts", number)
        assert tab.questions == number + 1


def test_a_stream_that_is_open_and_silent_is_opened_anew_and_the_page_asks(room: Room) -> None:
    tab = room.tab()
    with tab.page.expect_response("**/api/now"):
        room.wait(SILENCE)
    tab.has("beats", 2)
    asked = tab.questions
    room.wait(BETWEEN_QUESTIONS)
    room.beat(tab)
    assert tab.questions == asked


def test_silence_is_that_of_two_and_a_half_heartbeats(room: Room) -> None:
    silence = room.tab().page.evaluate(f"async () => (await ({CLOCK})()).SILENCE_MILLISECONDS")
    assert timedelta(milliseconds=silence) == SILENCE


@pytest.mark.parametrize(("by", "phase"), [(-2 * HOURS, "before"), (8 * HOURS, "after")])
def test_a_service_whose_clock_is_set_is_followed_at_the_next_heartbeat(room: Room, by: timedelta, phase: str) -> None:
    tab = room.tab()
    room.clock.set(room.clock.now() + by, speed=1.0)
    room.beat(tab)
    expect(tab.page.locator("html")).to_have_attribute("data-phase", phase)
    assert tab.questions == 2
    room.beat(tab)
    assert tab.questions == 2


def test_a_service_whose_clock_is_set_back_a_little_is_followed_after_some_heartbeats(room: Room) -> None:
    tab = room.tab()
    room.clock.set(room.clock.now() - timedelta(milliseconds=900), speed=1.0)
    for _ in range(4):
        room.beat(tab)
    assert tab.questions == 2
    assert is_right(tab.page, room.clock)


def test_a_rehearsal_whose_speed_is_changed_is_followed(room: Room) -> None:
    tab = room.tab()
    room.clock.speed = 60.0
    room.clock.set(room.clock.now(), speed=60.0)
    room.beat(tab)
    room.beat(tab)
    assert tab.questions == 2
    assert tab.page.evaluate(f"async () => (await ({CLOCK})()).speed()") == 60


def test_a_heartbeat_that_waited_on_its_way_sets_no_clock_back(room: Room) -> None:
    tab, other = room.tab(), room.tab("/now")
    with tab.page.expect_response("**/api/now"):
        other.page.evaluate(PASSES_ON, {"now": (room.clock.now() - timedelta(minutes=5)).isoformat()})
    assert tab.questions == 2
    assert is_right(tab.page, room.clock)


@pytest.mark.parametrize("name", ["service", "history", "build"])
def test_what_another_service_says_through_the_same_stream_is_a_doubt(room: Room, name: str) -> None:
    tab, other = room.tab(), room.tab("/now")
    with tab.page.expect_response("**/api/now"):
        other.page.evaluate(PASSES_ON, {"now": room.clock.now().isoformat(), name: "another"})
    room.beat(tab)
    assert tab.questions == 2
