"""The list of people in a real browser: searched, with letters that stay in sight, on every screen."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, expect
from support.axe import load_axe, violations
from support.publishing import publish
from support.same_document import Tabs
from support.screens import LAPTOP, PHONE, SMALL_PHONE
from support.server_thread import served

from app.domain.program import Person, Program
from app.web.running_service import Service

pytestmark = pytest.mark.browser

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
SCREENS = {"small phone": SMALL_PHONE, "phone": PHONE, "laptop": LAPTOP}
SIDEWAYS = "document.documentElement.scrollWidth - innerWidth"
TWICE_THE_SIZE = "document.documentElement.style.fontSize = '200%'"
HEIGHTS = "(links) => [...new Set(links.map((link) => link.getBoundingClientRect().height))]"
TOPS = "(links) => new Set(links.map((link) => link.getBoundingClientRect().top)).size"


def people(letter: str) -> tuple[Person, ...]:
    """Three people of a letter, one with long names."""
    names = (f"{letter}da", f"{letter}nthony Wolfeschlegelsteinhausenbergerdorff", f"{letter}ora")
    places = ("University of Somewhere-upon-Something, Department of Machine Learning and Statistics",)
    return tuple(Person(id=f"{name[:4].lower()}x", name=name, affiliations=places) for name in names)


@pytest.fixture
def program(program: Program) -> Program:
    many = tuple(person for letter in LETTERS for person in people(letter))
    panel = tuple(person.id for person in many)
    sessions = tuple(replace(one, speakers=panel) if one.id == "panel" else one for one in program.sessions)
    return replace(program, speakers=(*program.speakers, *many), sessions=sessions)


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    with served(app) as url:
        yield url


@pytest.fixture(params=SCREENS)
def page(request: pytest.FixtureRequest, browser: Browser, address: str) -> Iterator[Page]:
    context = browser.new_context(**SCREENS[request.param], base_url=address, service_workers="block")
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("query", ["", "?q=ora", "?q=nobody-at-all"])
def test_the_list_fits_the_screen_and_axe_finds_nothing(page: Page, query: str) -> None:
    page.goto(f"/speakers{query}")
    load_axe(page)
    assert (page.evaluate(SIDEWAYS), violations(page)) == (0, [])
    page.evaluate(TWICE_THE_SIZE)
    assert page.evaluate(SIDEWAYS) == 0


def test_the_letters_stand_on_one_line_and_stay_in_sight(page: Page) -> None:
    page.goto("/speakers")
    letters = page.locator("nav.letters a")
    assert (letters.evaluate_all(HEIGHTS), letters.evaluate_all(TOPS)) == ([44], 1)
    letters.get_by_text("M", exact=True).click()
    heading = page.get_by_role("heading", name="M", exact=True)
    expect(heading).to_be_in_viewport(ratio=1)
    expect(letters.get_by_text("M", exact=True)).to_be_in_viewport(ratio=1)
    boxes = (one.bounding_box() for one in (page.locator(".top .clock"), page.locator("nav.letters"), heading))
    clock, bar, head = (one or {"y": -1, "height": 0} for one in boxes)
    assert clock["y"] + clock["height"] <= bar["y"] < bar["y"] + bar["height"] <= head["y"]


def test_enter_in_the_field_lists_whom_the_search_finds(page: Page) -> None:
    page.goto("/speakers")
    page.get_by_role("searchbox").fill("mora")
    page.get_by_role("searchbox").press("Enter")
    expect(page.locator(".people-list .name")).to_have_text(["Mora"])
    expect(page.locator(".people-list mark")).to_have_text(["Mora"])
    assert page.url.endswith("/speakers?q=mora")


@pytest.mark.parametrize("query", ["", "?q=ora"])
def test_an_open_list_equals_a_fresh_one_after_a_publish(
    laptop: BrowserContext, address: str, service: Service, query: str
) -> None:
    tabs = Tabs(laptop, f"{address}/speakers{query}")
    program = service.current.snapshot.revision.program
    publish(service, replace(program, speakers=(*program.speakers, Person(id="cora", name="Cora Day"))))
    tabs.come_to_be_equal(2, "a person more")
    publish(service, replace(program, speakers=program.speakers))
    tabs.come_to_be_equal(3, "one less")
