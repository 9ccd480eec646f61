"""Papers in a real browser: starred, kept on phones, refreshed, on every screen, with 55 and with 2,000 of them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, expect
from support.axe import load_axe, violations
from support.offline_phone import Pocket, wait_until_kept
from support.papers import paper, papers, with_papers
from support.publishing import publish
from support.same_document import Tabs
from support.screens import LAPTOP, PHONE, SMALL_PHONE
from support.server_thread import served

from app.domain.program import Program
from app.domain.session import Item
from app.web.running_service import Service

pytestmark = pytest.mark.browser

POSTERS = "posters"
FEW, MANY = 55, 2_000
FIRST_WINDOW_OCTETS = 14_000
SCREENS = {"small phone": SMALL_PHONE, "phone": PHONE, "laptop": LAPTOP}
PATHS = ("/papers", "/papers?q=case", "/papers?view=boards", "/papers/paper-7", "/talks/posters", "/my")
SIDEWAYS = "document.documentElement.scrollWidth - innerWidth"


@pytest.fixture
def program(program: Program, request: pytest.FixtureRequest) -> Program:
    """The workshop with posters: 55, or as many as a test asks for."""
    return with_papers(program, papers(getattr(request, "param", FEW)), POSTERS)


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    with served(app) as url:
        yield url


def star(page: Page, name: str) -> None:
    page.locator(f"[data-item={name}] [data-star]").click()
    expect(page.locator(f"[data-item={name}] [data-star]")).to_have_attribute("aria-pressed", "true")


def own_papers(page: Page) -> list[str]:
    """The numbers of the reader's own papers that are shown, in order."""
    return page.locator("[data-my-papers] [data-item]:visible .number").all_inner_texts()


def test_starred_papers_stand_in_my_day_in_the_order_of_the_boards(phone: BrowserContext, address: str) -> None:
    page = phone.new_page()
    page.goto(f"{address}/papers")
    for number in (21, 3, 10):
        star(page, f"paper-{number}")
    page.goto(f"{address}/my")
    expect(page.locator("#my-papers-posters [data-my-count]")).to_have_text("3 stars")
    assert own_papers(page) == ["3", "10", "21"]
    expect(page.locator("[data-my=empty]")).to_be_hidden()
    page.locator("[data-item=paper-10] [data-star]").click()
    expect(page.locator("#my-papers-posters [data-my-count]")).to_have_text("2 stars")
    assert own_papers(page) == ["3", "21"]


def test_a_paper_is_starred_on_its_own_page_and_on_the_plan(phone: BrowserContext, address: str) -> None:
    page = phone.new_page()
    page.goto(f"{address}/papers/paper-7")
    star(page, "paper-7")
    page.goto(f"{address}/papers?view=boards")
    expect(page.locator("[data-item=paper-7] [data-star]")).to_have_attribute("aria-pressed", "true")


def test_a_session_above_my_papers_loses_its_star_with_its_row(phone: BrowserContext, address: str) -> None:
    page = phone.new_page()
    page.goto(f"{address}/talks/posters")
    star(page, "paper-1")
    page.locator(".lead [data-star]").click()
    page.goto(f"{address}/my")
    above = page.locator("[data-my-papers] [data-session=posters] [data-star]")
    expect(above).to_have_attribute("aria-pressed", "true")
    page.locator("[data-my-day] [data-session=posters] [data-star]").click()
    expect(above).to_have_attribute("aria-pressed", "false")


def test_papers_that_are_starred_clash_with_nothing(phone: BrowserContext, address: str) -> None:
    page = phone.new_page()
    page.goto(f"{address}/talks/posters")
    for name in ("paper-1", "paper-2"):
        star(page, name)
    page.locator(".lead [data-star]").click()
    expect(page.locator("[data-clash]")).to_have_count(0)


def test_another_device_has_the_stars_of_papers_too(browser: Browser, address: str) -> None:
    one, other = browser.new_context(**PHONE), browser.new_context(**PHONE)
    page, second = one.new_page(), other.new_page()
    page.goto(f"{address}/papers")
    star(page, "paper-5")
    page.goto(f"{address}/my")
    page.locator("[data-my=transfer] > summary").click()
    second.goto(page.locator("[data-my-link]").input_value())
    expect(second.locator("[data-item=paper-5]")).to_be_visible()
    assert own_papers(second) == ["5"]
    one.close()
    other.close()


def test_a_star_stays_when_the_paper_has_another_title_and_another_board(
    phone: BrowserContext, address: str, service: Service, program: Program
) -> None:
    page = phone.new_page()
    page.goto(f"{address}/papers")
    star(page, "paper-5")
    page.goto(f"{address}/my")
    publish(service, with_papers(program, (Item(id="paper-5", title="Moss", number="77"),), POSTERS))
    expect(page.locator("[data-item=paper-5]:visible a")).to_have_text("Moss")
    assert own_papers(page) == ["77"]


def test_a_starred_paper_that_is_gone_is_named(
    phone: BrowserContext, address: str, service: Service, program: Program
) -> None:
    page = phone.new_page()
    page.goto(f"{address}/papers")
    star(page, "paper-5")
    page.goto(f"{address}/my")
    publish(service, with_papers(program, papers(4), POSTERS))
    expect(page.locator("[data-my=vanished]")).to_have_text(f"Not in the program any more: {paper(5).title}")


@pytest.mark.parametrize("program", [FEW, pytest.param(MANY, marks=pytest.mark.acceptance)], indirect=True)
@pytest.mark.parametrize(
    "path",
    [
        "/papers",
        "/papers?view=boards",
        "/papers?q=case",
        "/papers?kind=Oral",
        "/papers/paper-3",
        "/my",
        "/talks/posters",
    ],
)
def test_an_open_page_of_papers_equals_a_fresh_one(
    phone: BrowserContext, address: str, service: Service, program: Program, path: str
) -> None:
    tabs = Tabs(phone, f"{address}{path}")
    number = service.current.snapshot.revision.number
    former = program.session(POSTERS).items
    shorter = (*former[:2], Item(id="paper-3", title="Moss", number="3", kind="Oral"), *former[5:])
    for items in (shorter, former, (*former, Item(title="Late", number="999"))):
        publish(service, with_papers(program, items, POSTERS))
        number += 1
        tabs.come_to_be_equal(number, f"revision {number}")


def test_a_search_is_done_in_place(phone: BrowserContext, address: str) -> None:
    page = phone.new_page()
    page.goto(f"{address}/papers")
    page.get_by_role("searchbox").fill("case 7")
    expect(page).to_have_url(f"{address}/papers?q=case+7")
    expect(page.locator("[data-item]")).to_have_count(1)
    page.get_by_role("link", name="Show all").click()
    expect(page.locator("[data-item]")).to_have_count(FEW)
    page.get_by_label("Kind").select_option("Oral")
    expect(page).to_have_url(f"{address}/papers?kind=Oral")
    page.get_by_role("link", name="Boards").click()
    expect(page).to_have_url(f"{address}/papers?kind=Oral&view=boards")


@pytest.mark.parametrize("program", [FEW, MANY], indirect=True)
def test_the_day_is_as_light_with_papers_as_without(phone: BrowserContext, address: str) -> None:
    page, octets = phone.new_page(), dict[str, int]()
    cdp = phone.new_cdp_session(page)
    asked: dict[str, str] = {}
    cdp.on("Network.requestWillBeSent", lambda one: asked.update({one["requestId"]: one["request"]["url"]}))
    cdp.on("Network.loadingFinished", lambda one: octets.update({asked[one["requestId"]]: one["encodedDataLength"]}))
    cdp.send("Network.enable")
    page.goto(f"{address}/", wait_until="networkidle")
    assert octets[f"{address}/"] <= FIRST_WINDOW_OCTETS


def test_all_papers_are_there_without_network(pocket: Pocket) -> None:
    pocket.visit_and_keep().close()
    pocket.cable.cut()
    expect(pocket.visit("/papers").locator("[data-item]")).to_have_count(FEW)
    expect(pocket.visit("/papers/paper-44").locator("h1")).to_have_text(paper(44).title)


@pytest.mark.parametrize("program", [MANY], indirect=True)
def test_of_very_many_papers_the_list_and_those_visited_are_there_without_network(pocket: Pocket) -> None:
    pocket.visit_and_keep().close()
    visited = pocket.visit("/papers/paper-1999")
    wait_until_kept(visited, "/papers/paper-1999")
    pocket.cable.cut()
    expect(pocket.visit("/papers").locator("[data-item]")).to_have_count(100)
    expect(pocket.visit("/papers/paper-1999").locator("h1")).to_have_text(paper(1999).title)


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("screen", SCREENS.values(), ids=SCREENS)
def test_nothing_is_wider_than_the_screen_and_all_can_be_used(
    browser: Browser, address: str, screen: dict[str, object], path: str
) -> None:
    context = browser.new_context(**screen)
    page = context.new_page()
    page.goto(f"{address}{path}")
    expect(page.locator("main [data-star]").first.or_(page.locator("[data-my=empty]"))).to_be_visible()
    assert page.evaluate(SIDEWAYS) <= 0
    load_axe(page)
    assert violations(page) == []
    context.close()
