"""A cue from the chair's phone: on the stage and nowhere else, also after a restart and a loss of the network."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect
from support.console_browser import sign_in_link
from support.movable_clock import AT_TEN_TWENTY, MovableClock
from support.network_cable import Cable
from support.publishing import publish_noted
from support.same_document import Tabs
from support.screens import LAPTOP, PHONE, PROJECTOR
from support.server_thread import served
from support.started_page import sign_in

from app import create_app
from app.domain.cues import CUE_MINUTES
from app.domain.edits.edit_types import Announce
from app.domain.rights import Editor
from app.service_factory import serve_from
from app.settings import Settings
from app.store.database import open_database, sqlite_url
from app.store.room_state import RoomStates
from app.web.running_service import Service

pytestmark = pytest.mark.browser

READERS = (("/", PHONE), ("/now", PHONE), ("/display", PROJECTOR))
TEXT = "Speak into the microphone"
SPEED = 0.001


@dataclass
class Room:
    """A chair's phone, the stage, and what readers have open."""

    chair: Page
    stage: Page
    readers: list[Page]

    @property
    def cue(self) -> Locator:
        """The cue on the stage."""
        return self.stage.locator(".cue")

    def readers_have_none(self) -> bool:
        return not any(TEXT in page.content() for page in self.readers)


Opener = Callable[..., Page]


@pytest.fixture
def opened(clock: MovableClock, cable: Cable, new_context: Callable[..., BrowserContext]) -> Opener:
    """Opens an address as from another device; the room's clock hardly goes on from twenty past ten."""
    clock.set(AT_TEN_TWENTY, speed=SPEED)

    def opened(path: str, **screen: object) -> Page:
        page = new_context(**screen).new_page()
        page.goto(f"http://127.0.0.1:{cable.port}{path}")
        return page

    return opened


@pytest.fixture
def chair(app: Flask, opened: Opener) -> Page:
    """The phone of the room's chair."""
    page = opened("/", **PHONE)
    sign_in(page, page.url.rstrip("/") + sign_in_link(app, "Ada", "venue"))
    return page


@pytest.fixture
def room(chair: Page, opened: Opener) -> Room:
    readers = [opened(path, **screen) for path, screen in READERS]
    return Room(chair, opened("/stage/venue", **LAPTOP), readers)


def test_a_tap_puts_a_usual_cue_on_the_stage_and_another_clears_it(room: Room) -> None:
    room.chair.get_by_role("button", name="Wrap up").tap()
    expect(room.cue).to_have_text("Wrap up")
    expect(room.chair.get_by_text("On stage since 10:20")).to_be_visible()
    room.chair.get_by_role("button", name="Clear").tap()
    expect(room.cue).to_be_hidden()
    expect(room.chair.locator(".standing-cue")).to_have_count(0)


def test_no_button_of_a_cue_moves_when_a_stage_connects_or_a_cue_stands(
    chair: Page, opened: Opener, service: Service
) -> None:
    buttons = chair.locator(".usual-cues")
    expect(chair.get_by_text("The stage screen is not connected")).to_be_visible()
    places = [buttons.bounding_box()]
    opened("/stage/venue", **LAPTOP)
    expect(chair.get_by_text("The stage screen is connected")).to_be_visible()
    places.append(buttons.bounding_box())
    send(service)
    expect(chair.locator(".standing-cue")).to_be_visible()
    places.append(buttons.bounding_box())
    assert places[1:] == places[:1] * 2


def test_own_words_may_blink_or_leave_nothing_else_on_a_black_screen(room: Room) -> None:
    room.chair.get_by_text("Own words").tap()
    form = room.chair.locator(".own-cue form")
    form.get_by_label("Text").fill(TEXT)
    form.get_by_label("Look").select_option(label="Blinking")
    form.get_by_role("button", name="Send cue").tap()
    expect(room.cue).to_have_text(TEXT)
    assert room.cue.evaluate("(node) => getComputedStyle(node).animationName") == "blink"
    form.get_by_label("Text").fill(TEXT)
    form.get_by_label("Look").select_option(label="On a black screen")
    form.get_by_role("button", name="Send cue").tap()
    expect(room.stage.locator(".countdown")).to_be_hidden()
    expect(room.cue).to_be_visible()
    assert room.readers_have_none()


def test_it_blinks_for_nobody_who_wants_no_motion(room: Room, service: Service) -> None:
    room.stage.emulate_media(reduced_motion="reduce")
    send(service, style="blink")
    expect(room.cue).to_be_visible()
    assert room.cue.evaluate("(node) => getComputedStyle(node).animationDuration") == "0s"


def send(service: Service, text: str = TEXT, style: str = "steady") -> None:
    states = RoomStates(service.current.revisions)
    states.send_cue("venue", text, style, minutes=CUE_MINUTES, by=Editor("Frank"), now=service.clock.now())
    service.current.refresh()


def test_it_stays_on_the_stage_alone_through_a_revision_a_reload_and_a_loss_of_the_network(
    room: Room, service: Service, cable: Cable
) -> None:
    send(service)
    expect(room.cue).to_have_text(TEXT)
    publish_noted(service, Announce("Lunch is in Hall B."))
    for page in (room.stage, *room.readers):
        expect(page.get_by_text("Lunch is in Hall B.").first).to_be_visible()
    expect(room.cue).to_be_visible()
    room.stage.reload()
    expect(room.cue).to_have_text(TEXT)
    cable.cut()
    expect(room.stage.locator("[data-stale]")).not_to_be_empty()
    expect(room.cue).to_be_visible()
    send(service, "Stop")
    cable.mend()
    room.stage.evaluate("dispatchEvent(new Event('online'))")
    expect(room.cue).to_have_text("Stop")
    assert room.readers_have_none()


def test_without_network_it_goes_when_its_time_is_over(room: Room, service: Service, cable: Cable) -> None:
    room.stage.clock.install()
    room.stage.reload()
    send(service)
    expect(room.cue).to_be_visible()
    cable.cut()
    room.stage.clock.fast_forward(round((CUE_MINUTES + 1) * 60_000 / SPEED))
    expect(room.cue).to_be_hidden()


def test_it_stands_again_after_a_restart_of_the_service(
    room: Room, service: Service, clock: MovableClock, cable: Cable, tmp_path: Path
) -> None:
    send(service)
    expect(room.cue).to_have_text(TEXT)
    program = service.current.snapshot.revision.program
    again = serve_from(open_database(sqlite_url(tmp_path / "agenda.sqlite"), program.id), program, clock)
    with served(create_app(Settings(program=Path("unread"), secret_key="for tests"), again)) as url:
        cable.lead_to(int(url.rpartition(":")[2]))
        room.stage.reload()
        expect(room.cue).to_have_text(TEXT)
        send(again, "Stop")
        expect(room.cue).to_have_text("Stop")


def test_a_second_stage_in_the_same_browser_has_the_cue_too(room: Room, service: Service, cable: Cable) -> None:
    send(service)
    expect(room.cue).to_be_visible()
    other = room.stage.context.new_page()
    other.goto(f"http://127.0.0.1:{cable.port}/stage/venue")
    expect(other.locator(".cue")).to_have_text(TEXT)


@pytest.mark.parametrize("path", ["/stage/venue", "/organizer"])
def test_after_each_cue_an_open_page_equals_a_fresh_one(
    laptop: BrowserContext, app: Flask, steady_address: str, service: Service, path: str
) -> None:
    fresh = laptop.new_page()
    sign_in(fresh, f"{steady_address}{sign_in_link(app)}")
    tabs = Tabs(laptop, f"{steady_address}{path}", fresh)
    for text, style in (("Wrap up", "steady"), ("Stop", "blink"), ("", "blackout")):
        send(service, text, style)
        tabs.come_to_be_equal(1, f"the cue “{text}”")
    RoomStates(service.current.revisions).clear_cue("venue", by=Editor("Frank"))
    service.current.refresh()
    tabs.come_to_be_equal(1, "no cue")


def test_a_tap_on_its_button_turns_the_stage_dark_and_it_stays_so(browser: Browser, steady_address: str) -> None:
    page = browser.new_page(color_scheme="light")
    page.goto(f"{steady_address}/stage/venue")
    page.get_by_role("button", name="Light or dark").click()
    page.goto(f"{steady_address}/stage/venue")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.close()
