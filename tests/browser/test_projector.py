"""The projector's page fills its screen and leaves nothing out, whatever stands on it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page
from support.movable_clock import MovableClock
from support.server_thread import served

from app.domain.edits.edit_types import Announce
from app.domain.program import Person, Program, Room
from app.domain.rights import Editor
from app.domain.session import Session, Slot
from app.store.publishing import publish_edit
from app.web.running_service import Service

pytestmark = pytest.mark.browser

NOON = datetime(2026, 12, 4, 12, 0, tzinfo=UTC)
PAGE_MS = 12_000
SCREENS = ((1280, 720), (1920, 1080), (3840, 2160))
LONG = "What conferences owe to their timetables, to the people who keep them, and to all who arrive eight minutes late"
OUTSIDE = """() => [...document.querySelectorAll("main *, header *, #announcements *")]
    .filter((node) => node.checkVisibility() && node.children.length === 0 && node.textContent.trim() !== "")
    .filter((node) => { const box = node.getBoundingClientRect();
        return box.bottom > innerHeight + 1 || box.right > innerWidth + 1 || box.top < -1 || box.left < -1; })
    .map((node) => node.textContent)"""
SCROLLS = "document.documentElement.scrollHeight > innerHeight || document.documentElement.scrollWidth > innerWidth"
SHOWN_ROOMS = """() => [...document.querySelectorAll("[data-line]")].filter((node) => node.checkVisibility())
    .map((node) => node.querySelector(".room-name").textContent)"""


def conference(rooms: int) -> Program:
    """A day on which each room has a long-named talk now and another next."""
    places = tuple(Room(id=f"r{number}", name=f"Lecture hall {number}") for number in range(1, rooms + 1))
    people = tuple(Person(id=f"p{number}", name=f"Dr. Wilhelmina Featherstone {number}") for number in range(3))
    return Program(
        id="projected",
        title="Timetables",
        timezone="UTC",
        domain="projected.example",
        days=(NOON.date(),),
        rooms=places,
        speakers=people,
        sessions=tuple(talk(place, hour, people) for place in places for hour in range(3)),
    )


def talk(place: Room, hour: int, people: tuple[Person, ...]) -> Session:
    start = NOON + timedelta(hours=hour)
    slot = Slot(start=start, end=start + timedelta(hours=1), room=place.id)
    speakers = tuple(person.id for person in people)
    return Session(id=f"{place.id}-{hour}", title=LONG, slot=slot, scheduled=slot, speakers=speakers)


@pytest.fixture
def program(request: pytest.FixtureRequest) -> Program:
    return conference(request.param)


@pytest.fixture
def projected(browser: Browser, app: Flask, service: Service, clock: MovableClock, program: Program) -> Iterator[Page]:
    clock.set(NOON + timedelta(minutes=20))
    edit = Announce("Please leave the hall by the doors at the back, and take your cups with you.")
    publish_edit(service.current.revisions, edit, base=1, by=Editor("a test"), note="", now=clock.now())
    service.current.refresh()
    page = browser.new_page()
    page.clock.install()
    with served(app) as address:
        page.goto(f"{address}/display")
        page.wait_for_function("() => document.querySelector('[data-left]').textContent")
        yield page
    page.close()


@pytest.mark.parametrize("program", [1, 3, 12], indirect=True, ids="{} rooms".format)
def test_it_fits_every_screen_without_scrolling(projected: Page) -> None:
    for width, height in SCREENS:
        projected.set_viewport_size({"width": width, "height": height})
        projected.reload()
        projected.wait_for_function("() => document.querySelector('[data-left]').textContent")
        assert (projected.evaluate(OUTSIDE), projected.evaluate(SCROLLS)) == ([], False), (width, height)


@pytest.mark.parametrize("program", [3, 12], indirect=True, ids="{} rooms".format)
def test_its_pages_show_every_room_once(projected: Page, program: Program) -> None:
    wanted = sorted(room.name for room in program.rooms)
    seen = projected.evaluate(SHOWN_ROOMS)
    for _ in wanted:
        if len(seen) >= len(wanted):
            break
        projected.clock.run_for(PAGE_MS)
        seen += projected.evaluate(SHOWN_ROOMS)
    assert sorted(seen) == wanted
