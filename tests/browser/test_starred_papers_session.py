"""A star on a paper stands for the session that has it: its changes are called out, and a reminder comes before it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext, Locator, Page, expect
from support.movable_clock import AT_TEN_TWENTY, MovableClock
from support.papers import paper, papers, with_papers
from support.publishing import publish, publish_noted
from support.screens import PHONE
from support.server_thread import served
from support.starring import KEPT, kept, wait_until_sent
from support.started_page import start

from app.domain.edits.edit_types import Cancel, Delay
from app.domain.program import Program
from app.web.running_service import Service

pytestmark = pytest.mark.browser

POSTERS, TALKS = "posters", "contributed-afternoon"
POSTERS_LATER = Delay(POSTERS, 10)  # from 14:15
MOVED = "“Poster session” moved from 14:15 to 14:25 and lasts 35 minutes, not 45."
# It shows no session and no paper.
ELSEWHERE = "/pages/venue"
# A star as the build before stored it.
FORMER = """(id) => localStorage.setItem(`stars ${document.documentElement.dataset.service}`, JSON.stringify({
    starred: { [id]: { title: "A paper" } }, pending: {}, keys: null, told: null, remind: false, reminded: {},
}))"""

# What stars other pages of the phone store from then on; with each heartbeat they store the time as well.
WRITTEN_BY_OTHERS = """() => {
    window.written = [];
    addEventListener("storage", ({ key, newValue }) => {
        if (key.startsWith("stars ")) written.push(JSON.parse(newValue).starred);
    });
}"""


@pytest.fixture
def program(program: Program) -> Program:
    """The workshop with nine posters."""
    return with_papers(program, papers(9), POSTERS)


@pytest.fixture
def address(app: Flask, clock: MovableClock) -> Iterator[str]:
    clock.set(AT_TEN_TWENTY, speed=1.0)
    with served(app) as url:
        yield url


@pytest.fixture
def page(new_phone: Callable[[], BrowserContext], address: str) -> Iterator[Page]:
    """The papers, on a phone; no page may have an error."""
    page, errors = new_phone().new_page(), list[str]()
    page.on("pageerror", lambda error: errors.append(str(error)))
    # Scripts log their errors; the browser refuses to vibrate before the first tap.
    page.on("console", lambda said: errors.append(said.text) if said.type == "error" else None)
    page.goto(f"{address}/papers")
    yield page
    assert [text for text in errors if "vibrate" not in text] == []


def star(page: Page, *names: str) -> None:
    for name in names:
        button = page.locator(f":is([data-item={name}], .lead[data-session={name}]) [data-star]")
        button.click()
        expect(button).to_have_attribute("aria-pressed", "true")


def seen_sessions(page: Page) -> dict[str, str]:
    """The session that the phone keeps of each starred paper."""
    return {name: seen["of"]["id"] for name, seen in kept(page)["starred"].items()}


def callouts(page: Page) -> Locator:
    return page.locator(".callout a")


def dismiss(page: Page) -> None:
    page.locator(".callout").get_by_role("button", name="OK").click()
    expect(page.locator(".callout")).to_have_count(0)


def reload(page: Page) -> None:
    page.reload()
    start(page)


def test_a_change_to_the_session_of_a_starred_paper_is_called_out_until_it_is_dismissed(
    page: Page, address: str, service: Service
) -> None:
    star(page, "paper-3")
    publish_noted(service, POSTERS_LATER)
    expect(callouts(page)).to_have_text([MOVED])
    expect(callouts(page)).to_have_attribute("href", f"/talks/{POSTERS}")
    page.goto(address + ELSEWHERE)
    expect(callouts(page)).to_have_text([MOVED])
    reload(page)
    expect(callouts(page)).to_have_text([MOVED])
    dismiss(page)
    for path in (ELSEWHERE, "/papers", f"/talks/{POSTERS}"):
        page.goto(address + path)
        assert callouts(page).count() == 0


@pytest.mark.parametrize("path", ["/papers?view=boards", "/papers?q=case+3", "/papers/paper-3", "/talks/posters"])
def test_the_session_is_known_from_every_page_that_shows_the_paper(
    page: Page, address: str, service: Service, path: str
) -> None:
    page.goto(address + path)
    star(page, "paper-3")
    assert seen_sessions(page) == {"paper-3": POSTERS}
    page.goto("about:blank")
    publish_noted(service, Cancel(POSTERS))
    page.goto(address + ELSEWHERE)
    expect(callouts(page)).to_have_text(["“Poster session” is cancelled."])


def test_papers_of_one_session_and_the_session_itself_have_one_callout(
    page: Page, address: str, service: Service
) -> None:
    star(page, "paper-3", "paper-5")
    page.goto(f"{address}/talks/{POSTERS}")
    star(page, POSTERS)
    publish_noted(service, POSTERS_LATER)
    expect(callouts(page)).to_have_text([MOVED])
    dismiss(page)
    reload(page)
    assert callouts(page).count() == 0


def test_a_star_that_is_set_later_dismisses_no_callout(page: Page, address: str, service: Service) -> None:
    star(page, "paper-3")
    publish_noted(service, POSTERS_LATER)
    expect(callouts(page)).to_have_text([MOVED])
    star(page, "paper-5")
    page.goto(f"{address}/talks/{POSTERS}")
    star(page, POSTERS)
    reload(page)
    expect(callouts(page)).to_have_text([MOVED])
    dismiss(page)


def test_a_callout_goes_with_the_last_star_that_stands_for_its_session(page: Page, service: Service) -> None:
    star(page, "paper-3")
    publish_noted(service, POSTERS_LATER)
    expect(callouts(page)).to_have_text([MOVED])
    page.locator("[data-item=paper-3] [data-star]").click()
    expect(callouts(page)).to_have_count(0)


def test_a_paper_stars_its_session_neither_here_nor_at_the_service(page: Page, address: str, service: Service) -> None:
    star(page, "paper-3")
    publish_noted(service, POSTERS_LATER)
    dismiss(page)
    page.goto(f"{address}/my")
    expect(page.locator("[data-my-papers] [data-item=paper-3]")).to_be_visible()
    expect(page.locator(f"[data-my-day] [data-session={POSTERS}]")).to_be_hidden()
    stars = wait_until_sent(page)
    assert service.stars.of_feed(stars["keys"]["read"]).starred == {"paper-3"}
    assert set(stars["starred"]) == {"paper-3"}


def test_a_reminder_comes_once_before_the_session_of_starred_papers(
    page: Page, address: str, clock: MovableClock
) -> None:
    star(page, "paper-3", "paper-5")
    page.goto(f"{address}/my")
    page.get_by_label("Remind me here 5 minutes before each").check()
    clock.set(AT_TEN_TWENTY + timedelta(hours=3, minutes=50), speed=0.001)
    page.goto(f"{address}/")
    expect(callouts(page)).to_have_text([re.compile(r"^In 5 min: Poster session")])
    page.goto(address + ELSEWHERE)
    expect(callouts(page)).to_have_text(["In 5 min: Poster session"])
    dismiss(page)
    page.goto(f"{address}/")
    assert callouts(page).count() == 0


def test_a_star_of_the_build_before_stands_for_its_session_once_a_page_shows_the_paper(
    page: Page, address: str, service: Service
) -> None:
    page.evaluate(FORMER, "paper-3")
    page.goto(address + ELSEWHERE)
    assert kept(page)["starred"] == {"paper-3": {"title": "A paper"}}
    page.goto(f"{address}/my")
    assert seen_sessions(page) == {"paper-3": POSTERS}
    publish_noted(service, POSTERS_LATER)
    page.goto(address + ELSEWHERE)
    expect(callouts(page)).to_have_text([MOVED])


def test_a_star_from_another_device_stands_for_its_session_too(
    page: Page, address: str, service: Service, new_phone: Callable[[], BrowserContext]
) -> None:
    star(page, "paper-3", "paper-5")
    key = wait_until_sent(page)["keys"]["write"]
    second = new_phone().new_page()
    second.goto(f"{address}/my#{key}")
    expect(second.locator("[data-item=paper-3]")).to_be_visible()
    assert seen_sessions(second) == {"paper-3": POSTERS, "paper-5": POSTERS}
    second.goto(address + ELSEWHERE)
    publish_noted(service, POSTERS_LATER)
    expect(callouts(second)).to_have_text([MOVED])
    dismiss(second)
    expect(callouts(page)).to_have_text([MOVED])


def test_a_paper_that_is_in_another_session_now_stands_for_that_one(
    page: Page, address: str, service: Service, program: Program
) -> None:
    star(page, "paper-3")
    page.goto(address + ELSEWHERE)
    publish(service, with_papers(with_papers(program, papers(2), POSTERS), (paper(3),), TALKS))
    page.goto(f"{address}/papers")
    assert seen_sessions(page) == {"paper-3": TALKS}
    publish_noted(service, Cancel(TALKS))
    publish_noted(service, Cancel(POSTERS))
    page.goto(address + ELSEWHERE)
    expect(callouts(page)).to_have_text(["“Contributed talks / demos” is cancelled."])


def test_an_open_page_corrects_the_session_of_a_paper_when_it_is_refreshed(
    page: Page, service: Service, program: Program
) -> None:
    star(page, "paper-3")
    publish(service, with_papers(with_papers(program, papers(2), POSTERS), (paper(3),), TALKS))
    page.wait_for_function(f"(id) => JSON.parse({KEPT}).starred['paper-3'].of.id === id", arg=TALKS)


def test_a_page_that_shows_an_older_revision_does_not_undo_the_correction(
    new_context: Callable[..., BrowserContext], address: str, service: Service, program: Program
) -> None:
    context = new_context(**PHONE)
    older, newer = context.new_page(), context.new_page()
    older.goto(f"{address}/papers")
    older.route("**/papers", lambda route: route.abort())
    star(older, "paper-1")
    # What it stores of its own accord, the keys, is stored then.
    wait_until_sent(older)
    publish(service, with_papers(with_papers(program, papers(2), POSTERS), (paper(3),), TALKS))
    newer.goto(f"{address}/papers")
    newer.evaluate(WRITTEN_BY_OTHERS)
    star(newer, "paper-3", "paper-2")
    expect(older.locator("[data-item=paper-2] [data-star]")).to_have_attribute("aria-pressed", "true")
    star(older, "paper-5")
    expect(newer.locator("[data-callouts]")).to_be_hidden()
    newer.wait_for_function("() => written.some((starred) => 'paper-5' in starred)")
    assert set(newer.evaluate("written.map((starred) => starred['paper-3'].of.id)")) == {TALKS}


def test_of_a_starred_paper_that_is_gone_no_reminder_comes(
    page: Page, address: str, service: Service, program: Program, clock: MovableClock
) -> None:
    star(page, "paper-9")
    page.goto(f"{address}/my")
    page.get_by_label("Remind me here 5 minutes before each").check()
    wait_until_sent(page)
    publish(service, with_papers(program, papers(4), POSTERS))
    page.goto("about:blank")
    clock.set(AT_TEN_TWENTY + timedelta(hours=3, minutes=50), speed=0.001)
    page.goto(f"{address}/my")
    expect(page.locator("[data-my=vanished]")).to_have_text(f"Not in the program any more: {paper(9).title}")
    expect(page.locator(".clock")).to_have_text("14:10")
    page.wait_for_function(f"() => JSON.parse({KEPT}).told.vanished.includes('paper-9')")
    expect(callouts(page)).to_have_count(0)


def test_a_session_that_is_gone_with_its_starred_paper_is_called_out(
    page: Page, address: str, service: Service, program: Program
) -> None:
    star(page, "paper-3")
    page.goto(address + ELSEWHERE)
    publish(service, replace(program, sessions=tuple(one for one in program.sessions if one.id != POSTERS)))
    expect(callouts(page)).to_have_count(1)
    dismiss(page)
    page.goto(f"{address}/my")
    expect(page.locator("[data-my=vanished]")).to_have_text(f"Not in the program any more: {paper(3).title}")
    assert callouts(page).count() == 0
