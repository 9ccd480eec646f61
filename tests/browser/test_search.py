"""Finding a talk: at each letter, without network, without scripts, and the same on the phone as on the server."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, expect
from support.offline_phone import Pocket
from support.publishing import publish_noted
from support.server_thread import served

from app.domain.edits.edit_types import ChangeContent
from app.domain.program import Program
from app.domain.search import SearchQuery, matches, search_words
from app.domain.session import Item
from app.web.running_service import Service

pytestmark = pytest.mark.browser

PAPER = Item(title="Reproducible Übungen with Émile", number="P7", authors=("Zoë Straße",))
LISTED = """() => [...document.querySelectorAll("[data-day]:not([hidden]) li:not([hidden]) [data-session]")]
    .map((node) => node.dataset.session)"""
QUERIES = (
    "",
    "sara",
    "HOOKER",
    "ubungen",
    "übungen",
    "emile straße",
    "strasse p7",
    "open source",
    "zzz",
    "kept kept alive",
)


@pytest.fixture
def program(program: Program) -> Program:
    """The workshop with a paper in its poster session, and an abstract."""
    posters = replace(program.session("posters"), items=(PAPER,))
    talk = replace(program.session("sara-hooker"), abstract="How software is **kept alive**.")
    new = {one.id: one for one in (posters, talk)}
    return replace(program, sessions=tuple(new.get(one.id, one) for one in program.sessions))


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    with served(app) as url:
        yield url


@pytest.fixture
def page(phone: BrowserContext, address: str) -> Page:
    page = phone.new_page()
    page.goto(f"{address}/")
    return page


def field(page: Page) -> None:
    """Into the field; what the search needs beyond the page is there."""
    with page.expect_response("**/api/program"):
        page.get_by_role("searchbox").focus()


def wait_for(page: Page, sessions: list[str]) -> None:
    page.wait_for_function(f"(want) => JSON.stringify(({LISTED})()) === JSON.stringify(want)", arg=sessions, polling=50)


def test_each_letter_narrows_the_list_and_the_address_keeps_it(page: Page, address: str) -> None:
    field(page)
    page.keyboard.type("hook")
    wait_for(page, ["sara-hooker"])
    expect(page.locator("[data-found]")).to_have_text("1 of 15 found.")
    expect(page).to_have_url(f"{address}/?q=hook")
    page.reload()
    wait_for(page, ["sara-hooker"])
    page.get_by_role("link", name="Show all").click()
    expect(page.locator(".rows li:visible")).to_have_count(15)
    expect(page).to_have_url(f"{address}/")


def test_abstracts_and_papers_are_found_and_the_paper_is_named(page: Page) -> None:
    field(page)
    page.keyboard.type("kept alive")
    wait_for(page, ["sara-hooker"])
    page.get_by_role("searchbox").fill("emile")
    wait_for(page, ["posters"])
    expect(page.locator(".why")).to_have_text(PAPER.title)


def test_a_kind_is_chosen_and_kept_in_the_address(page: Page, address: str) -> None:
    page.get_by_label("Kind").select_option("break")
    wait_for(page, ["coffee-morning", "coffee-afternoon"])
    expect(page).to_have_url(f"{address}/?kind=break")


def test_phone_and_server_find_the_same(page: Page, address: str, program: Program) -> None:
    field(page)
    for query in QUERIES:
        wanted = SearchQuery(words=search_words(query))
        expected = [session.id for session in program.sessions if matches(program, session, wanted)]
        page.get_by_role("searchbox").fill(query)
        wait_for(page, expected)


def test_without_network_abstracts_are_found_on_a_phone_that_never_searched_before(pocket: Pocket) -> None:
    pocket.visit_and_keep().close()
    pocket.cable.cut()
    page = pocket.visit()
    page.get_by_role("searchbox").fill("straße")
    wait_for(page, ["posters"])
    again = pocket.visit("/?q=alive")
    wait_for(again, ["sara-hooker"])
    expect(again.get_by_role("searchbox")).to_have_value("alive")


def test_a_title_that_changed_since_the_search_was_begun_is_found(page: Page, service: Service) -> None:
    field(page)
    publish_noted(service, ChangeContent("sara-hooker", title="Quilts"))
    expect(page.locator("[data-sources] [data-session=sara-hooker] [data-part=title]")).to_have_text("Quilts")
    page.keyboard.type("quilts")
    wait_for(page, ["sara-hooker"])


def test_a_network_that_swallows_everything_does_not_stop_the_search(pocket: Pocket) -> None:
    pocket.visit_and_keep().close()
    pocket.cable.swallow()
    page = pocket.visit()
    page.get_by_role("searchbox").fill("straße")
    pocket.wait(timedelta(seconds=4))
    wait_for(page, ["posters"])


def test_without_scripts_the_form_asks_the_server(browser: Browser, address: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}/?at=2025-07-18T10:20")
    page.get_by_role("searchbox").fill("emile")
    page.get_by_role("button", name="Find").click()
    page.wait_for_url(f"{address}/?at=2025-07-18T10%3A20&q=emile&kind=")
    expect(page.locator(".rows li:visible [data-part=title]")).to_have_text(["Poster session"])
    expect(page.locator(".why")).to_have_text(PAPER.title)
    context.close()
