"""A page whose stream is alive asks for the time once: heartbeats tell it, and it asks again only at a doubt."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from playwright.sync_api import Page, Route, expect
from support.console_browser import sign_in_link
from support.movable_clock import MovableClock
from support.page_clock import CLOCK, its_time
from support.started_page import sign_in
from support.told_tabs import BETWEEN_HEARTBEATS, BETWEEN_QUESTIONS, IN_VIEW, PASSES_ON, Room, Tab
from support.waiting import wait_until

from app.web.running_service import Service

pytestmark = pytest.mark.browser

SILENCE = 2.5 * BETWEEN_HEARTBEATS
HOURS = timedelta(hours=1)
SOME_SECONDS = timedelta(seconds=3)


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
    silence = room.tab().page.evaluate(f"async () => (await {CLOCK}).SILENCE_MILLISECONDS")
    assert timedelta(milliseconds=silence) == SILENCE


# Nothing arrives before it was sent: a heartbeat that is ahead is no doubt.
@pytest.mark.parametrize(("by", "phase", "questions"), [(-2 * HOURS, "before", 2), (8 * HOURS, "after", 1)])
def test_a_service_whose_clock_is_set_is_followed_at_the_next_heartbeat(
    room: Room, by: timedelta, phase: str, questions: int
) -> None:
    tab = room.tab()
    room.clock.set(room.clock.now() + by, speed=1.0)
    room.beat(tab)
    expect(tab.page.locator("html")).to_have_attribute("data-phase", phase)
    assert tab.questions == questions
    room.beat(tab)
    assert tab.questions == questions
    assert is_right(tab.page, room.clock)


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
    assert tab.page.evaluate(f"async () => (await {CLOCK}).speed()") == 60


def test_a_heartbeat_that_waited_on_its_way_sets_no_clock_back(room: Room) -> None:
    tab, other = room.tab(), room.tab("/now")
    with tab.page.expect_response("**/api/now"):
        other.page.evaluate(PASSES_ON, {"now": (room.clock.now() - timedelta(minutes=5)).isoformat()})
    assert tab.questions == 2
    assert is_right(tab.page, room.clock)


def is_told(room: Room, other: Tab, behind: timedelta) -> None:
    """Let another tab pass on a heartbeat that comes so late."""
    other.page.evaluate(PASSES_ON, {"now": (room.clock.now() - behind).isoformat()})


def told_late(room: Room, later: timedelta) -> tuple[Tab, Tab]:
    """A tab that was told late, and then four times so late, and the other, through which it is told."""
    tab, other = room.tab(), room.tab("/now")
    with tab.page.expect_response("**/api/now"):
        is_told(room, other, SOME_SECONDS)
    tab.has("contacts", 1)
    for _ in range(4):
        is_told(room, other, later)
    tab.has("contacts", 5)
    return tab, other


def test_heartbeats_that_are_always_late_are_a_doubt_once_and_hide_no_setting_back(room: Room) -> None:
    tab, other = told_late(room, SOME_SECONDS)
    assert tab.questions == 2
    room.clock.set(room.clock.now() - SOME_SECONDS, speed=1.0)
    with tab.page.expect_response("**/api/now"):
        is_told(room, other, SOME_SECONDS)
    tab.has("contacts", 6)
    assert is_right(tab.page, room.clock)


def test_a_heartbeat_that_was_late_once_hides_no_setting_back(room: Room) -> None:
    tab, other = told_late(room, timedelta())
    room.clock.set(room.clock.now() - SOME_SECONDS, speed=1.0)
    with tab.page.expect_response("**/api/now"):
        is_told(room, other, timedelta())
    assert tab.questions == 3


@pytest.mark.parametrize("name", ["service", "history", "build"])
def test_what_another_service_says_through_the_same_stream_is_a_doubt(room: Room, name: str) -> None:
    tab, other = room.tab(), room.tab("/now")
    with tab.page.expect_response("**/api/now"):
        other.page.evaluate(PASSES_ON, {"now": room.clock.now().isoformat(), name: "another"})
    room.beat(tab)
    assert tab.questions == 2
