"""A real Chromium, found on the system, and the production server in front of a clock that tests set."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright
from support.console_browser import sign_in_link
from support.movable_clock import AT_TEN_TWENTY, MovableClock
from support.network_cable import Cable
from support.offline_phone import WRONG_BY, Pocket
from support.screens import LAPTOP, PHONE, PROJECTOR
from support.server_thread import served, served_by_a_clock
from support.started_page import open_and_start, sign_in
from support.told_tabs import COUNTS, Room

from benchmarks.open_page import ARGUMENTS, BROWSERS, browser_path

PATIENCE_MILLISECONDS = 30_000


@pytest.fixture(scope="session", autouse=True)
def _modules_are_started() -> Iterator[None]:
    """`Page.goto` returns when the page takes keys, swipes and taps."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Page, "goto", open_and_start)
        yield


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One browser for all tests; each test gets contexts of its own."""
    # Chromium without its windows, where the system has it: a page takes half the time.
    path = shutil.which("chromium-headless-shell") or browser_path()
    if path is None:
        pytest.fail(f"no browser found ({', '.join(BROWSERS)}); .ci/tools installs one")
    # A busy machine must not fail a test: what is a matter of speed is measured by `make bench`.
    expect.set_options(timeout=PATIENCE_MILLISECONDS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def whole_browser(browser: Browser) -> Iterator[Browser]:
    """Chromium with its windows, for what its headless shell does not know."""
    whole = browser.browser_type.launch(executable_path=browser_path(), args=ARGUMENTS)
    yield whole
    whole.close()


@pytest.fixture
def phone(browser: Browser) -> Iterator[BrowserContext]:
    """An attendee's phone."""
    context = browser.new_context(**PHONE, device_scale_factor=2)
    yield context
    context.close()


@pytest.fixture
def projector(browser: Browser) -> Iterator[BrowserContext]:
    """The projector's browser."""
    context = browser.new_context(**PROJECTOR)
    yield context
    context.close()


@pytest.fixture
def laptop(browser: Browser) -> Iterator[BrowserContext]:
    """A browser on a laptop, without a store for when the network goes."""
    context = browser.new_context(**LAPTOP, service_workers="block")
    yield context
    context.close()


@pytest.fixture
def address(app: Flask, clock: MovableClock) -> Iterator[str]:
    """The service, at twenty past ten."""
    clock.set(AT_TEN_TWENTY)
    with served(app) as url:
        yield url


@pytest.fixture
def steady_address(app: Flask, clock: MovableClock) -> Iterator[str]:
    """The same, with a clock so slow that no page counts a minute while a test runs."""
    clock.set(AT_TEN_TWENTY)
    clock.speed = 0.001
    with served(app) as url:
        yield url


@pytest.fixture
def new_phone(browser: Browser) -> Iterator[Callable[[], BrowserContext]]:
    """Gives phones, each with a memory of its own."""
    phones: list[BrowserContext] = []

    def make() -> BrowserContext:
        phones.append(browser.new_context(**PHONE))
        return phones[-1]

    yield make
    for phone in phones:
        phone.close()


@pytest.fixture
def new_context(browser: Browser) -> Iterator[Callable[..., BrowserContext]]:
    """Makes contexts without a store for when the network goes, which end with the test."""
    contexts: list[BrowserContext] = []

    def make(**options: Any) -> BrowserContext:
        contexts.append(browser.new_context(service_workers="block", **options))
        return contexts[-1]

    yield make
    for context in contexts:
        context.close()


@pytest.fixture
def console(laptop: BrowserContext, app: Flask, address: str) -> Page:
    """An organizer's console on the laptop, just signed in."""
    page = laptop.new_page()
    sign_in(page, f"{address}{sign_in_link(app)}")
    expect(page.get_by_text("Running late").first).to_be_visible()
    return page


@pytest.fixture
def cable(app: Flask, clock: MovableClock) -> Iterator[Cable]:
    """A cable to the service, whose clock goes on from twenty past ten."""
    clock.set(AT_TEN_TWENTY, speed=1.0)
    with served(app) as url:
        cable = Cable(int(url.rpartition(":")[2]))
        yield cable
        cable.close()


@pytest.fixture
def pocket(browser: Browser, cable: Cable) -> Iterator[Pocket]:
    """A phone at the end of the cable, seven hours off and in another zone."""
    context = browser.new_context(**PHONE, device_scale_factor=2, timezone_id="Asia/Tokyo")
    context.clock.install(time=AT_TEN_TWENTY + WRONG_BY)
    yield Pocket(context, cable)
    context.close()


@pytest.fixture
def room(
    app: Flask, clock: MovableClock, new_context: Callable[..., BrowserContext], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Room]:
    """A phone whose clock and zone are wrong, at the end of a cable."""
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
