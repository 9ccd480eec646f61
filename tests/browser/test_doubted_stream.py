"""A page takes no stream for alive that may be dead, opens it anew, and does not press a service that refuses it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import Page, Route, expect
from support.movable_clock import AT_TEN_TWENTY
from support.offline_phone import WRONG_BY
from support.told_tabs import BETWEEN_QUESTIONS, PASSES_ON, Room
from support.waiting import wait_until

from app.web.running_service import Service

pytestmark = pytest.mark.browser

COMES_ONLINE = "dispatchEvent(new Event('online'))"
GOES_OFFLINE = "dispatchEvent(new Event('offline'))"
COMES_BACK = "dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))"
SLEEPS = "sleeps"
A_SECOND = timedelta(seconds=1)
A_MINUTE = timedelta(minutes=1)
# A chance that no page has: a stream that is doubted is opened anew within a second, so here after a minute.
A_MINUTE_FOR_A_SECOND = "Math.random = () => 60"
LONGEST_PAUSES = [7.5, 15, 30, 40, 40]
# What has come to the page is done by then.
IS_DONE = "() => new Promise((done) => setTimeout(done, 100))"


def doubts(room: Room, page: Page, why: str) -> None:
    """Let a page find that the network may have been away."""
    if why == SLEEPS:
        room.context.clock.set_system_time(AT_TEN_TWENTY + WRONG_BY + timedelta(hours=1))
    else:
        page.evaluate(why)


def held(page: Page, pattern: str) -> list[Route]:
    """The requests to addresses of a pattern, which get no answer from here on."""
    routes = list[Route]()
    page.route(pattern, lambda route: routes.append(route))  # noqa: PLW0108 - playwright reads its code
    return routes


def refused(page: Page) -> list[str]:
    """The streams that a page asks for, all of which are refused from here on."""
    asked = list[str]()

    def refuse(route: Route) -> None:
        asked.append(route.request.url)
        route.fulfill(status=503, headers={"Retry-After": "30"})

    page.route("**/live?*", refuse)
    return asked


@pytest.mark.parametrize("why", [COMES_ONLINE, COMES_BACK, SLEEPS])
def test_the_stream_is_opened_anew_and_the_page_asks_until_it_is_told(room: Room, why: str) -> None:
    tab = room.tab()
    streams = held(tab.page, "**/live?*")
    doubts(room, tab.page, why)
    wait_until(lambda: tab.questions and streams)
    tab.has("contacts", 1)
    for number in (2, 3):
        room.wait(BETWEEN_QUESTIONS)
        tab.has("contacts", number)
        assert tab.questions == number + 1
    streams[0].continue_()
    tab.has("beats", 2)
    room.wait(BETWEEN_QUESTIONS)
    assert tab.questions == 4


def test_doubts_until_the_stream_is_opened_anew_and_what_comes_of_it_open_no_other(room: Room) -> None:
    room.context.add_init_script(A_MINUTE_FOR_A_SECOND)
    tab = room.tab()
    for why in (COMES_ONLINE, COMES_BACK):
        tab.page.evaluate(why)
        room.beat(tab)
        assert tab.streams == 1
        room.wait(timedelta(seconds=30))
    tab.has("streams", 2)
    room.wait(timedelta(seconds=90))
    assert tab.streams == 2


def test_doubts_that_come_together_ask_once(room: Room) -> None:
    tab = room.tab()
    questions = held(tab.page, "**/api/now")
    tab.page.clock.pause_at(AT_TEN_TWENTY + WRONG_BY + A_MINUTE)
    doubts(room, tab.page, SLEEPS)
    for why in (COMES_BACK, COMES_ONLINE):
        doubts(room, tab.page, why)
        wait_until(lambda: tab.questions and questions)
    tab.page.clock.resume()
    tab.page.evaluate(IS_DONE)
    assert tab.questions == 2


@pytest.mark.parametrize("later", [timedelta(), A_SECOND])
def test_a_doubt_asks_once_more_where_the_device_slept_or_the_question_is_older(room: Room, later: timedelta) -> None:
    tab = room.tab()
    questions = held(tab.page, "**/api/now")
    tab.page.evaluate(COMES_ONLINE)
    wait_until(lambda: tab.questions and questions)
    room.wait(later)
    doubts(room, tab.page, COMES_ONLINE if later else SLEEPS)
    wait_until(lambda: tab.questions == 3)


@pytest.mark.parametrize("is_there", [True, False])
def test_a_question_that_fails_after_another_doubt_is_asked_once_more(room: Room, is_there: bool) -> None:
    tab = room.tab()
    held(tab.page, "**/live?*")
    questions = held(tab.page, "**/api/now")
    tab.page.evaluate(f"{COMES_ONLINE}; {COMES_ONLINE}")
    wait_until(lambda: tab.questions and questions)
    questions[0].abort()
    wait_until(lambda: tab.questions and questions[1:])
    expect(tab.page.locator("[data-stale]")).to_be_hidden()
    if is_there:
        questions[1].continue_()
        tab.has("contacts", 1)
    else:
        questions[1].abort()
        expect(tab.page.locator("[data-stale]")).to_be_visible()
    assert tab.questions == 3


def test_a_page_whose_device_says_that_it_is_offline_says_so_until_it_is_told_the_time(room: Room) -> None:
    room.context.add_init_script("Math.random = () => 0")
    tab = room.tab()
    tab.page.evaluate(GOES_OFFLINE)
    expect(tab.page.locator("[data-stale]")).to_be_visible()
    tab.page.evaluate(IS_DONE)
    assert (tab.streams, tab.questions) == (1, 1)
    room.beat(tab)
    expect(tab.page.locator("[data-stale]")).to_be_hidden()


def test_a_page_whose_device_said_that_it_is_offline_asks_when_the_network_is_back(room: Room) -> None:
    tab = room.tab()
    tab.page.evaluate(GOES_OFFLINE)
    room.cable.cut()
    tab.has("errors", 1)
    tab.page.evaluate(IS_DONE)
    assert tab.questions == 1
    expect(tab.page.locator("[data-stale]")).to_be_visible()
    room.cable.mend()
    tab.page.evaluate(COMES_ONLINE)
    expect(tab.page.locator("[data-stale]")).to_be_hidden()
    room.beat(tab)


def test_of_the_tabs_of_a_browser_one_opens_the_stream_anew(room: Room, service: Service) -> None:
    tabs = [room.tab(), room.tab("/now")]
    for tab in tabs:
        tab.page.evaluate(COMES_ONLINE)
    tabs[0].has("beats", 2)
    room.beat(*tabs)
    assert service.stats.readers() == 1
    assert tabs[1].page.evaluate("window.beats") == 0


def test_a_question_that_fails_after_a_heartbeat_says_nothing(room: Room) -> None:
    tab, other = room.tab(), room.tab("/now")
    questions = held(tab.page, "**/api/now")
    tab.page.evaluate(COMES_ONLINE)
    wait_until(lambda: tab.questions == 2 and questions)
    other.page.evaluate(PASSES_ON, {"now": room.clock.now().isoformat()})
    tab.has("contacts", 1)
    questions[0].abort()
    tab.page.evaluate(IS_DONE)
    expect(tab.page.locator("[data-stale]")).to_be_hidden()


def test_a_question_that_fails_after_a_heartbeat_that_is_a_doubt_says_that_the_service_is_lost(room: Room) -> None:
    tab, other = room.tab(), room.tab("/now")
    questions = held(tab.page, "**/api/now")
    other.page.evaluate(PASSES_ON, {"now": room.clock.now().isoformat(), "history": "another"})
    wait_until(lambda: tab.questions == 2 and questions)
    other.page.evaluate(PASSES_ON, {"now": room.clock.now().isoformat(), "history": "another"})
    tab.page.evaluate(IS_DONE)
    questions[0].abort()
    expect(tab.page.locator("[data-stale]")).to_be_visible()


def test_a_stream_that_is_refused_is_asked_for_less_and_less_often_until_it_is_there(room: Room) -> None:
    # The longest pauses; the shortest are a third, and half, of them.
    room.context.add_init_script("Math.random = () => 0.999_999")
    tab = room.tab()
    asked = refused(tab.page)
    tab.page.evaluate(COMES_ONLINE)
    for number, pause in enumerate(LONGEST_PAUSES, 1):
        tab.has("errors", number)
        room.wait(timedelta(seconds=pause / 2))
        tab.page.evaluate(IS_DONE)
        assert len(asked) == number
        room.wait(timedelta(seconds=pause / 2))
    tab.page.unroute_all()
    room.wait(timedelta(seconds=LONGEST_PAUSES[-1]))
    tab.has("beats", 2)
    asked = refused(tab.page)
    tab.page.evaluate("window.errors = 0")
    tab.page.evaluate(COMES_ONLINE)
    tab.has("errors", 1)
    room.wait(timedelta(seconds=LONGEST_PAUSES[0]))
    tab.has("errors", 2)
    assert len(asked) == 2


def test_a_stream_that_was_refused_is_asked_for_soon_at_first(room: Room) -> None:
    room.context.add_init_script("Math.random = () => 0")
    tab = room.tab()
    asked = refused(tab.page)
    tab.page.evaluate(COMES_ONLINE)
    tab.has("errors", 1)
    room.wait(timedelta(seconds=2.5))
    tab.has("errors", 2)
    assert len(asked) == 2
