"""Tabs of a browser that are told the time by a stream whose heartbeats come as the test lets time pass."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

from playwright.sync_api import BrowserContext, Page

from app.server.fan_out import HEARTBEAT_SECONDS
from support.movable_clock import MovableClock
from support.network_cable import Cable
from support.server_thread import RunningServer
from support.waiting import wait_until

BETWEEN_HEARTBEATS = timedelta(seconds=HEARTBEAT_SECONDS)
BETWEEN_QUESTIONS = timedelta(seconds=30)
# How often a page opened a stream, was told the time by it, lost it, and set its clock, which it stores.
COUNTS = """
    window.streams = window.beats = window.errors = window.contacts = 0;
    globalThis.EventSource = class extends EventSource {
        constructor(...given) {
            super(...given);
            window.streams += 1;
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
    def streams(self) -> int:
        """How many it has opened."""
        return int(self.page.evaluate("window.streams"))

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
