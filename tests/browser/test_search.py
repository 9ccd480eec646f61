"""Finding a talk: as one types, back and forward, without network, without scripts, and in a frozen copy."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Error, Page, Route, expect
from support.offline_phone import Pocket
from support.search_texts import TITLES, TYPED
from support.server_thread import served
from support.waiting import wait_until

from app.domain.program import Program
from app.domain.search import query_of, words_of
from app.domain.session import Item
from app.web import static_files

pytestmark = pytest.mark.browser

PAPER = Item(title="Reproducible Übungen with Émile", number="P7", authors=("Zoë Straße",))
LISTS = ":is([data-day], .results):not([hidden])"
LISTED = f"""() => [...document.querySelectorAll("{LISTS} li:not([hidden]) [data-session]")]
    .map((node) => node.dataset.session)"""
ON_THE_DEVICE = """async ([module, titles, typed]) => {
    const { hasTerm, termsOf, wordsOf } = await import(module);
    const words = titles.map(wordsOf), terms = typed.map(termsOf);
    const found = terms.map((wanted) => words.map((one) => wanted.every((term) => hasTerm(one, term))));
    return { texts: words.map((one) => one.texts), compounds: words.map((one) => one.compounds), terms, found };
}"""
NO_ABSTRACTS = "1 found in titles and names. Abstracts are not searched without network."


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


def wait_for(page: Page, sessions: list[str]) -> None:
    page.wait_for_function(f"(want) => JSON.stringify(({LISTED})()) === JSON.stringify(want)", arg=sessions, polling=50)


def choose_kind(page: Page, kind: str) -> None:
    """Choose in the filters, which are folded on phones."""
    if (folded := page.locator("details.filters:not([open]) > summary")).is_visible():
        folded.click()
    page.get_by_label("Kind").select_option(kind)


def test_what_is_typed_narrows_the_list_in_place_and_the_address_keeps_it(page: Page, address: str) -> None:
    page.evaluate("window.samePage = true")
    page.get_by_role("searchbox").press_sequentially("hook")
    wait_for(page, ["sara-hooker"])
    expect(page).to_have_url(f"{address}/?q=hook")
    expect(page.get_by_role("searchbox")).to_be_focused()
    assert page.evaluate("window.samePage") is True
    page.reload()
    wait_for(page, ["sara-hooker"])
    page.get_by_role("link", name="Show all").click()
    expect(page.locator(".rows li:visible")).to_have_count(15)
    expect(page).to_have_url(f"{address}/")
    expect(page.get_by_role("searchbox")).to_have_value("")


def test_abstracts_and_papers_are_found_and_the_paper_is_named(page: Page) -> None:
    page.get_by_role("searchbox").fill("kept alive")
    wait_for(page, ["sara-hooker"])
    page.get_by_role("searchbox").fill("emile")
    wait_for(page, ["posters"])
    expect(page.locator(".why-papers")).to_have_text(f"P7 {PAPER.title}")


def test_a_kind_is_chosen_and_kept_in_the_address_without_the_fields_that_are_empty(page: Page, address: str) -> None:
    choose_kind(page, "break")
    wait_for(page, ["coffee-morning", "coffee-afternoon"])
    expect(page).to_have_url(f"{address}/?kind=break")


def test_back_and_forward_lead_through_what_was_looked_for_and_letters_are_one_step(page: Page, address: str) -> None:
    box = page.get_by_role("searchbox")
    for text in ("h", "ho", "hook"):
        box.fill(text)
        expect(page).to_have_url(f"{address}/?q={text}")
    wait_for(page, ["sara-hooker"])
    choose_kind(page, "break")
    expect(page).to_have_url(f"{address}/?q=hook&kind=break")
    wait_for(page, [])
    page.go_back()
    wait_for(page, ["sara-hooker"])
    expect(page.get_by_label("Kind")).to_have_value("")
    page.go_back()
    expect(page).to_have_url(f"{address}/")
    expect(page.locator(".rows li:visible")).to_have_count(15)
    expect(box).to_have_value("")
    page.go_forward()
    wait_for(page, ["sara-hooker"])
    expect(box).to_have_value("hook")


def test_back_leads_to_where_the_page_was_scrolled_to(page: Page, address: str) -> None:
    page.set_viewport_size({"width": 390, "height": 500})
    page.evaluate("scrollTo({ top: 300, behavior: 'instant' })")
    choose_kind(page, "break")
    wait_for(page, ["coffee-morning", "coffee-afternoon"])
    page.go_back()
    page.wait_for_function("() => scrollY === 300")


def test_an_answer_that_comes_late_does_not_replace_a_later_one(page: Page, address: str) -> None:
    held: list[Route] = []
    page.route("**/?q=*", lambda route: held.append(route))  # noqa: PLW0108 - a builtin has no signature to look at
    for asked, text in enumerate(("hook", "emile"), start=1):
        page.get_by_role("searchbox").fill(text)
        # Asking the page lets the routes come in.
        wait_until(lambda asked=asked: page.evaluate("true") and len(held) >= asked)
    held[1].continue_()
    wait_for(page, ["posters"])
    with suppress(Error):
        # The browser may have given it up already.
        held[0].continue_()
    page.evaluate("fetch('/api/now').then(() => {})")
    assert page.evaluate(LISTED) == ["posters"]
    expect(page).to_have_url(f"{address}/?q=emile")


def test_where_the_service_fails_titles_and_names_are_searched(page: Page, address: str) -> None:
    page.route("**/?q=*", lambda route: route.fulfill(status=503))
    page.get_by_role("searchbox").fill("hooker")
    wait_for(page, ["sara-hooker"])
    expect(page.locator("[data-found]")).to_have_text(NO_ABSTRACTS)
    expect(page).to_have_url(f"{address}/?q=hooker")


def test_a_link_that_is_clicked_with_a_modifier_is_opened_by_the_browser(laptop: BrowserContext, address: str) -> None:
    page = laptop.new_page()
    page.goto(f"{address}/?q=hook")
    with laptop.expect_page() as opened:
        page.get_by_role("link", name="Show all").click(modifiers=["ControlOrMeta"])
    expect(opened.value).to_have_url(f"{address}/")
    expect(page).to_have_url(f"{address}/?q=hook")


def test_without_network_titles_and_names_are_searched_and_the_page_says_so(pocket: Pocket) -> None:
    pocket.visit_and_keep().close()
    pocket.cable.cut()
    page = pocket.visit()
    page.get_by_role("searchbox").press_sequentially("SÁRA hook")
    pocket.wait(timedelta(seconds=1))
    wait_for(page, ["sara-hooker"])
    expect(page.locator("[data-found]")).to_have_text(NO_ABSTRACTS)
    page.get_by_role("searchbox").fill("")
    pocket.wait(timedelta(seconds=1))
    expect(page.locator(".rows li:visible")).to_have_count(15)


def test_words_are_the_same_on_the_device_as_in_the_service(page: Page) -> None:
    words, queries = [words_of(title) for title in TITLES], [query_of(typed) for typed in TYPED]
    module = static_files.address_of("js/core/search-words.js")
    assert page.evaluate(ON_THE_DEVICE, [module, TITLES, TYPED]) == {
        "texts": [list(one.texts) for one in words],
        "compounds": [[compound.text for compound in one.compounds] for one in words],
        "terms": [[list(term.parts) for term in one.terms] for one in queries],
        "found": [[all(term.matches(one) for term in query.terms) for one in words] for query in queries],
    }


def test_a_search_is_opened_without_network_as_far_as_the_phone_has_the_day(pocket: Pocket) -> None:
    pocket.visit_and_keep().close()
    pocket.cable.cut()
    page = pocket.visit("/?q=hooker&kind=talk")
    wait_for(page, ["sara-hooker"])
    expect(page.get_by_role("searchbox")).to_have_value("hooker")
    expect(page.get_by_label("Kind")).to_have_value("talk")


def test_when_the_network_is_back_the_service_searches(pocket: Pocket) -> None:
    pocket.visit_and_keep().close()
    pocket.cable.cut()
    page = pocket.visit("/?q=alive")
    expect(page.locator("[data-found]")).to_have_text(NO_ABSTRACTS.replace("1", "0"))
    pocket.cable.mend()
    page.evaluate("dispatchEvent(new Event('online'))")
    wait_for(page, ["sara-hooker"])


def test_a_network_that_swallows_everything_does_not_stop_the_search(pocket: Pocket) -> None:
    pocket.visit_and_keep().close()
    pocket.cable.swallow()
    page = pocket.visit()
    page.get_by_role("searchbox").fill("hooker")
    pocket.wait(timedelta(seconds=1))
    pocket.wait(timedelta(seconds=4))
    wait_for(page, ["sara-hooker"])


def test_without_scripts_the_form_asks_the_server(browser: Browser, address: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}/?at=2025-07-18T10:20")
    page.get_by_role("searchbox").fill("emile")
    page.get_by_role("button", name="Find").click()
    page.wait_for_url(f"{address}/?at=2025-07-18T10%3A20&q=emile&kind=")
    expect(page.locator(".rows li:visible [data-part=title]")).to_have_text(["Poster session"])
    expect(page.locator(".why-papers")).to_have_text(f"P7 {PAPER.title}")
    context.close()
