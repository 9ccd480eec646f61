"""Faces and long names on a phone: nothing scrolls sideways, and nothing moves when a picture arrives."""

from __future__ import annotations

from dataclasses import replace

import pytest
from playwright.sync_api import Browser, Page, Route, expect
from support.picture_files import picture
from support.publishing import publish

from app.domain.identity import Picture, Track
from app.domain.program import Program, Room
from app.web.running_service import Service

pytestmark = pytest.mark.browser

NAME = "Wilhelmina Featherstonehaugh-Wolfeschlegelsteinhausen {}"
AFFILIATION = "Massachusetts Institute of Technology, Department of Electrical Engineering and Computer Science"
FACE = Picture("pictures/face.jpg", "e" * 64, 288, 288)
PLAN = Picture("pictures/plan.png", "a" * 64, 1600, 900)
WHOLE_NAME = """(names) => names.filter((name) => {
    const range = document.createRange();
    const people = document.querySelector(".rows [data-session=panel] [data-part=people]");
    range.selectNodeContents(people);
    const { right, bottom } = people.getBoundingClientRect(), text = range.getBoundingClientRect();
    return !people.textContent.includes(name) || text.right > right + 1 || text.bottom > bottom + 1;
})"""
# In the venue's zone, where no reader's own times come later.
PHONE_IN_VANCOUVER = {"viewport": {"width": 390, "height": 844}, "timezone_id": "America/Vancouver"}
IS_LOADED = "(image) => image.complete && image.naturalWidth > 0"


@pytest.fixture
def crowded(program: Program) -> Program:
    """The workshop in two rooms, with five speakers of long names in a talk, and a long track."""
    speakers = tuple(
        replace(one, name=NAME.format(number), affiliations=(AFFILIATION, "Vector"))
        for number, one in enumerate(program.speakers)
    )
    crowd = tuple(one.id for one in speakers[:5])
    sessions = tuple(
        replace(one, speakers=crowd if one.id in {"evan-shelhamer", "panel"} else one.speakers, track="T" * 60)
        for one in program.sessions
    )
    rooms = (Room("venue", "H" * 60, floor="9" * 40, directions="D" * 200, plan=PLAN), Room("other", "Other"))
    return replace(program, speakers=speakers, sessions=sessions, rooms=rooms, tracks=(Track("T" * 60, "#0057b8"),))


@pytest.fixture
def narrow(browser: Browser, address: str, service: Service, crowded: Program) -> Page:
    """The narrowest phone, with that program."""
    publish(service, crowded)
    return browser.new_page(viewport={"width": 320, "height": 640}, base_url=address, service_workers="block")


def test_nothing_scrolls_sideways_with_long_names_and_many_people(narrow: Page) -> None:
    wide = {}
    for path in ("/", "/now", "/rooms/venue", "/talks/panel", "/speakers", "/speakers/tri-dao", "/pages/venue"):
        narrow.goto(path)
        wide[path] = narrow.evaluate("document.documentElement.scrollWidth")
    assert wide == dict.fromkeys(wide, 320)


def test_the_names_of_many_people_are_whole(narrow: Page) -> None:
    narrow.goto("/")
    assert narrow.evaluate(WHOLE_NAME, [NAME.format(number) for number in range(5)]) == []
    expect(narrow.locator(".rows [data-session=panel] .face")).to_have_count(3)


@pytest.fixture
def pictured(service: Service, program: Program) -> None:
    """The workshop, in which every speaker has a picture."""
    publish(service, replace(program, speakers=tuple(replace(one, picture=FACE) for one in program.speakers)))


@pytest.mark.usefixtures("pictured")
@pytest.mark.parametrize("path", ["/", "/talks/evan-shelhamer"])
def test_nothing_moves_when_a_picture_arrives(browser: Browser, address: str, path: str) -> None:
    page = browser.new_page(**PHONE_IN_VANCOUVER, base_url=address, service_workers="block")
    held: list[Route] = []
    page.route("**/pictures/*", lambda route: held.append(route))  # noqa: PLW0108 - playwright reads its code
    with page.expect_response("**/api/now"), page.expect_request("**/pictures/*"):
        page.goto(path, wait_until="domcontentloaded")
    expect(page.locator("[data-star]").first).to_be_visible()
    before = boxes(page)
    image = page.locator("img.face:visible").first.element_handle()
    for route in held:
        route.fulfill(body=picture("PNG", 288, 288), content_type="image/png")
    page.wait_for_function(IS_LOADED, arg=image)
    assert boxes(page) == before
    page.close()


def boxes(page: Page) -> list[float]:
    """Where each title and name stands."""
    found: list[float] = page.evaluate(
        "[...document.querySelectorAll('.title, .people, .name')].map((one) => one.getBoundingClientRect().top)"
    )
    return found


@pytest.mark.usefixtures("pictured")
@pytest.mark.parametrize("path", ["/stage/venue", "/display/venue", "/display"])
def test_screens_in_a_hall_show_no_faces(browser: Browser, address: str, path: str) -> None:
    page = browser.new_page(base_url=address)
    page.goto(path)
    expect(page.locator("[data-slot=now] [data-part=people]")).to_be_visible()
    expect(page.locator(".face:visible")).to_have_count(0)
    page.close()
