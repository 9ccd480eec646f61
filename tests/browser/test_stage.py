"""The speaker's screen at each of its turns, on a frozen page: the figure is exact there."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page
from support.movable_clock import MovableClock
from support.publishing import publish_noted
from support.server_thread import served
from support.stage_tables import MINUTE, SECOND, TABLES, WITH_QUESTIONS, Table, expected, of_length

from app.domain.edits.edit_types import Cancel, EndNow
from app.web.running_service import Service

pytestmark = pytest.mark.browser

DAY = "2025-07-18T"
TEN_TO_TWELVE = datetime(2025, 7, 18, 18, 50, tzinfo=UTC)
SHOWN = """() => [document.body.dataset.level, document.querySelector(".countdown").textContent,
    document.querySelector("[data-timer=words]").textContent]"""
# What the timer says at each second from one instant to another, as the page's own module says it.
SAID = """async ([start, end]) => {
    const page = document.querySelector("[data-module=stage-timer]");
    const main = document.querySelector("script[type=module]").src;
    const { tick } = await import(main.replace("main.js", "modules/stage-timer.js"));
    const texts = (names) => names.map((name) => page.querySelector(`[data-timer=${name}]`).textContent);
    const said = [];
    for (let time = start; time <= end; time += 1000) {
        tick(page, time);
        said.push([document.body.dataset.level, ...texts(["figure", "words"])]);
    }
    return said;
}"""
# Evan Shelhamer has 10:15-10:45, Sara Hooker follows at once; contributed talks end at 12:00 with lunch.
TURNS = [
    ("07:00:00", "waiting", "2 h", "Starts at 09:00"),
    ("07:20:00", "waiting", "1 h 40 min", "Starts at 09:00"),
    ("07:20:01", "waiting", "99:59", "Starts at 09:00"),
    ("08:59:00", "waiting", "1:00", "Starts at 09:00"),
    ("10:15:00", "calm", "30:00", "Ends at 10:45"),
    ("10:39:59", "calm", "5:01", "Ends at 10:45"),
    ("10:40:00", "soon", "5:00", "5 minutes"),
    ("10:42:59", "soon", "2:01", "3 minutes"),
    ("10:43:00", "last", "2:00", "2 minutes: wrap up"),
    ("10:44:59", "last", "0:01", "Last minute: wrap up"),
    ("10:45:00", "calm", "30:00", "Ends at 11:15"),
    ("12:00:00", "over", "+0:00", "Time is over"),
    ("12:02:13", "over", "+2:13", "Time is over"),
    ("12:14:59", "over", "+14:59", "Time is over"),
    ("12:15:00", "break", "45:00", "Break until 13:00"),
    ("17:00:07", "over", "+0:07", "Time is over"),
    ("17:15:00", "none", "–", "Nothing more"),
]
SCREENS = ((1920, 1080), (1280, 800), (1024, 768), (390, 844))
LARGEST_PART = 0.12  # of the screen's shorter side: a hand's breadth on a 24-inch screen, read from ten metres


@pytest.fixture
def stage(browser: Browser, app: Flask) -> Iterator[Page]:
    page = browser.new_page()
    with served(app) as address:
        page.goto(f"{address}/stage/venue?at={DAY}10:20")
        yield page
    page.close()


def at(page: Page, time: str) -> Page:
    page.goto(page.url.partition("?")[0] + f"?at={DAY}{time}")
    page.wait_for_function("document.body.dataset.level")
    return page


def test_it_counts_down_warns_twice_and_counts_up(stage: Page) -> None:
    shown = [tuple(at(stage, time).evaluate(SHOWN)) for time, *_ in TURNS]
    assert shown == [(level, figure, words) for _, level, figure, words in TURNS]


@pytest.mark.parametrize(("time", "text"), [("10:47:13", "previous +2:13"), ("10:50:00", "")])
def test_by_how_much_the_talk_before_runs_over_is_told_for_five_minutes_of_the_next(
    stage: Page, time: str, text: str
) -> None:
    assert at(stage, time).locator("[data-timer=beside]").text_content() == text


@pytest.mark.parametrize(
    ("program", "table"),
    [
        *((of_length(length), table) for length, table in TABLES.items()),
        (of_length(30, questions_minutes=5), WITH_QUESTIONS),
    ],
    ids=[*(f"{length} minutes" for length in TABLES), "questions"],
)
def test_each_second_of_a_talk_is_counted_and_says_what_the_table_says(
    browser: Browser, app: Flask, table: Table, service: Service
) -> None:
    session, page = service.current.snapshot.revision.program.session("a"), browser.new_page()
    start, end = session.start, session.end + 14 * MINUTE
    with served(app) as address:
        page.goto(f"{address}/stage/hall?at={DAY}10:00")
        said = page.evaluate(SAID, [instant.timestamp() * 1000 for instant in (start, end)])
    page.close()
    rows = [expected(table, start + number * SECOND, session.end) for number in range(len(said))]
    assert said == [[level, figure(session.end - now), words] for now, level, words in rows]


def figure(left: timedelta) -> str:
    """A time as the figure has it: "+0:07" over."""
    seconds = abs(int(left.total_seconds()))
    return f"{'' if left > timedelta(0) else '+'}{seconds // 60}:{seconds % 60:02}"


NAMED = """() => [".slot.now", ".slot.cancelled", ".previous", ".slot.next", ".thanks"]
    .flatMap((part) => [...document.querySelectorAll(part)]).filter((part) => part.checkVisibility())
    .map((part) => part.innerText.replaceAll(/\\s+/g, " ")).filter(Boolean)"""


@pytest.mark.parametrize(
    ("time", "named"),
    [
        ("08:50", ["NEXT 09:00 Opening remarks"]),
        ("10:20", ["NOW 10:15–10:45 Evan Shelhamer", "NEXT 10:45 Sara Hooker"]),
        ("10:46", ["NOW 10:45–11:15 Sara Hooker", "previous +1:00", "NEXT 11:15 Contributed talks / demos"]),
        ("12:02", ["Contributed talks / demos", "NEXT 13:00 Matt Johnson"]),
        ("16:59", ["NOW 16:55–17:00 Closing remarks", "previous +4:00", "NEXT Nothing more."]),
    ],
)
def test_it_names_who_is_on_and_who_is_next(stage: Page, time: str, named: list[str]) -> None:
    assert at(stage, time).evaluate(NAMED) == named


def test_it_thanks_after_the_last_session(stage: Page) -> None:
    shown = [at(stage, time).evaluate(NAMED) for time in ("17:14:59", "17:15:00")]
    assert [[part.split()[0] for part in parts] for parts in shown] == [["Closing"], ["Thank"]]


def test_it_fills_any_screen_without_scrolling(stage: Page) -> None:
    for width, height in SCREENS:
        stage.set_viewport_size({"width": width, "height": height})
        for time in ("07:00", "10:20", "10:44:30", "10:46", "12:02:13", "12:14:59"):
            assert outside(at(stage, time)) == [], (width, height, time)
            assert figure_size(stage) > LARGEST_PART * min(width, height), (width, height, time)


def test_a_long_wait_after_a_cancellation_is_whole_on_any_screen(stage: Page, service: Service) -> None:
    for session in ("evan-shelhamer", "sara-hooker", "contributed-morning", "lunch"):
        publish_noted(service, Cancel(session))
    for width, height in SCREENS:
        stage.set_viewport_size({"width": width, "height": height})
        assert at(stage, "10:20").evaluate(SHOWN) == ["waiting", "2 h 40 min", "The next starts at 13:00"]
        assert outside(stage) == [], (width, height)


def outside(page: Page) -> list[str]:
    """The texts that leave the window."""
    found: list[str] = page.evaluate(
        """() => [...document.querySelectorAll("main :not(.visually-hidden), header *")]
        .filter((node) => node.checkVisibility() && node.children.length === 0 && node.textContent.trim())
        .map((node) => {
            const range = document.createRange();
            range.selectNodeContents(node);
            return [node.textContent, range.getBoundingClientRect()];
        })
        .filter(([, box]) => box.width > 1 && (box.left < 0 || box.bottom > innerHeight || box.right > innerWidth))
        .map(([text]) => text)"""
    )
    return found


def figure_size(page: Page) -> float:
    size: float = page.evaluate("parseFloat(getComputedStyle(document.querySelector('.countdown')).fontSize)")
    return size


def test_levels_differ_by_more_than_their_colour(stage: Page) -> None:
    frames = {}
    for time in ("10:20", "10:41", "10:44", "12:02"):
        look = at(stage, time).evaluate(
            "() => [getComputedStyle(document.querySelector('.countdown')).borderImageSource,"
            " getComputedStyle(document.body).backgroundColor, document.querySelector('.words').textContent]"
        )
        frames[time] = tuple(look)
    assert len(set(frames.values())) == len(frames)


def test_a_talk_that_was_ended_by_hand_does_not_run_over(stage: Page, service: Service, clock: MovableClock) -> None:
    at(stage, "12:00:30")
    assert stage.evaluate("document.body.dataset.level") == "over"
    clock.set(TEN_TO_TWELVE)
    publish_noted(service, EndNow("contributed-morning"))
    at(stage, "11:50:30")
    assert stage.evaluate("document.body.dataset.level") == "waiting"


@pytest.mark.parametrize(
    ("time", "expected"),
    [("10:48:00", ["over", "+3:00", "Time is over"]), ("10:50:00", ["waiting", "25:00", "The next starts at 11:15"])],
)
def test_it_counts_to_the_next_and_not_for_a_session_that_is_cancelled(
    stage: Page, service: Service, time: str, expected: list[str]
) -> None:
    publish_noted(service, Cancel("sara-hooker"))
    assert at(stage, time).evaluate(SHOWN) == expected
    said = stage.locator("[data-slot=cancelled]").inner_text()
    assert " ".join(said.split()) == "NOW 10:45–11:15 Sara Hooker Cancelled"
