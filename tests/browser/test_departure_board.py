"""The projector of many rooms turns its rows and pages by itself, and shows every room once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page
from support.laid_out import layout_faults
from support.movable_clock import MovableClock
from support.publishing import publish_noted
from support.same_document import Tabs, has_come_by
from support.screens import PROJECTOR
from support.server_thread import served

from app.domain.edits.edit_types import Announce, Cancel
from app.domain.program import Person, Program, Room
from app.domain.session import Session, Slot
from app.web.running_service import Service

pytestmark = pytest.mark.browser

NOON = datetime(2026, 12, 4, 12, 0, tzinfo=UTC)
PAGE_MS = 12_000
FIRST = "r00"
LONG = "What conferences owe to their timetables, to the people who keep them, and to all who arrive eight minutes late"
SHOWN = """() => [...document.querySelectorAll(".departures [data-session]")].filter((node) => node.checkVisibility())
    .map((node) => node.dataset.session)"""
HEIGHTS = """() => [...document.querySelectorAll(".departures [data-session]")].filter((node) => node.checkVisibility())
    .map((node) => Math.round(node.getBoundingClientRect().height))"""


def conference(rooms: int, title: str = LONG) -> Program:
    """A day on which each room has a talk at noon and another at three; the first room's go on until the next."""
    places = tuple(Room(id=f"r{number:02}", name=f"Lecture hall {number}") for number in range(rooms))
    people = tuple(Person(id=f"p{number}", name=f"Dr. Wilhelmina Featherstone {number}") for number in range(3))
    return Program(
        id="projected",
        title="Timetables",
        timezone="UTC",
        domain="projected.example",
        days=(NOON.date(),),
        rooms=places,
        speakers=people,
        sessions=tuple(talk(place, hour, title, people) for place in places for hour in (0, 3)),
    )


def talk(place: Room, hour: int, title: str, people: tuple[Person, ...]) -> Session:
    start = NOON + timedelta(hours=hour)
    slot = Slot(start=start, end=start + timedelta(hours=3 if place.id == FIRST else 1), room=place.id)
    speakers = tuple(person.id for person in people)
    return Session(id=f"{place.id}-{hour}", title=title, slot=slot, scheduled=slot, speakers=speakers)


@pytest.fixture
def program(request: pytest.FixtureRequest) -> Program:
    return conference(getattr(request, "param", 3))


@pytest.fixture
def address(app: Flask, clock: MovableClock) -> Iterator[str]:
    clock.set(NOON + timedelta(minutes=20))
    with served(app) as url:
        yield url


@pytest.fixture
def board(browser: Browser, address: str) -> Iterator[Page]:
    page = browser.new_page(**PROJECTOR)
    page.clock.install()
    page.goto(f"{address}/display")
    page.wait_for_function("() => document.querySelector('[data-left]').textContent")
    yield page
    page.close()


def pages_of(board: Page, count: int) -> list[list[str]]:
    """The rows of so many pages, one after the other."""
    seen = [board.evaluate(SHOWN)]
    for _ in range(count - 1):
        board.clock.run_for(PAGE_MS)
        seen.append(board.evaluate(SHOWN))
    return seen


@pytest.mark.parametrize(
    ("program", "lengths"),
    [(3, [3, 3]), (8, [8, 8]), (9, [5, 4, 5]), (25, [7, 7, 7, 4, 7])],
    indirect=["program"],
    ids=["3 rooms", "8 rooms", "9 rooms", "25 rooms"],
)
def test_pages_are_equally_long_and_show_each_session_once(board: Page, program: Program, lengths: list[int]) -> None:
    pages = pages_of(board, len(lengths))
    first_round = [name for page in pages[:-1] for name in page]
    assert ([len(page) for page in pages], first_round) == (lengths, [f"{room.id}-0" for room in program.rooms])


@pytest.mark.parametrize("program", [25], indirect=True, ids=["25 rooms"])
def test_the_page_is_numbered_and_rows_keep_their_height(board: Page) -> None:
    seen = []
    for _ in range(5):
        seen.append((board.locator("[data-page-number]").inner_text(), len(set(board.evaluate(HEIGHTS)))))
        board.clock.run_for(PAGE_MS)
    assert seen == [("1/4", 1), ("2/4", 1), ("3/4", 1), ("4/4", 1), ("1/4", 1)]


@pytest.mark.parametrize("program", [1, 3, 12], indirect=True, ids=["1", "3", "12"])
def test_long_titles_and_an_announcement_fit_on_every_screen(board: Page, service: Service) -> None:
    publish_noted(service, Announce("Please leave the hall by the doors at the back, and take your cups with you."))
    for width, height in ((1024, 768), (1280, 720), (1920, 1080), (3840, 2160)):
        board.set_viewport_size({"width": width, "height": height})
        board.reload()
        board.wait_for_function(
            "() => document.querySelector('.announcement') && document.querySelector('[data-left]').textContent"
        )
        assert layout_faults(board) == [], (width, height)


def test_a_room_with_nothing_within_the_hour_is_quiet(board: Page, clock: MovableClock) -> None:
    seen = []
    for minutes in (20, 65, 120):
        clock.set(NOON + timedelta(minutes=minutes))
        has_come_by(board, clock.now())
        count = board.locator("[data-quiet-count]:visible").all_inner_texts()
        seen.append((board.evaluate(SHOWN), count, board.locator(".quiet p:visible").all_inner_texts()))
    assert seen == [
        (["r00-0", "r01-0", "r02-0"], [], []),
        (["r00-0"], ["Quiet rooms (2)"], ["Lecture hall 1 15:00", "Lecture hall 2 15:00"]),
        (["r00-0", "r00-3", "r01-3", "r02-3"], [], []),
    ]


def test_a_cancelled_session_stands_on_the_board(board: Page, service: Service) -> None:
    publish_noted(service, Cancel("r01-0"))
    row = board.locator(".departures [data-session=r01-0]")
    board.wait_for_function("() => document.querySelector('[data-session=r01-0]').dataset.status === 'cancelled'")
    assert (board.evaluate(SHOWN), row.locator(".tag:visible").inner_text()) == (
        ["r00-0", "r01-0", "r02-0"],
        "Cancelled",
    )


def test_an_open_board_equals_a_fresh_one_after_an_edit_and_a_boundary(
    browser: Browser, address: str, service: Service, clock: MovableClock
) -> None:
    context = browser.new_context(**PROJECTOR)
    tabs = Tabs(context, f"{address}/display")
    publish_noted(service, Cancel("r01-0"))
    tabs.come_to_be_equal(2, "a cancellation")
    context.close()
