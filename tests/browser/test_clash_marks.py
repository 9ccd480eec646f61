"""The mark of a starred session that clashes with another one: small, and with words for whoever asks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect
from support.publishing import publish as publish_program
from support.publishing import publish_noted
from support.screens import LAPTOP, PHONE
from support.starring import star, with_times

from app.domain.edits.edit_types import Cancel
from app.domain.program import Program
from app.web.running_service import Service

pytestmark = pytest.mark.browser

WITH_PANEL = "Clashes with Panel discussion, 16:00–17:00."
WITH_CLOSING = "Clashes with Closing remarks, 16:55–17:00."


@pytest.fixture
def program(program: Program) -> Program:
    """A panel that goes on during the closing remarks."""
    return with_times(program, panel=("16:00", "17:00"))


@pytest.fixture
def new_page(new_context: Callable[..., BrowserContext], address: str) -> Callable[[dict[str, Any]], Page]:
    def make(screen: dict[str, Any]) -> Page:
        page = new_context(**screen).new_page()
        page.goto(f"{address}/")
        return page

    return make


@pytest.fixture
def page(new_page: Callable[[dict[str, Any]], Page]) -> Page:
    """A laptop on which the two are starred."""
    page = new_page(LAPTOP)
    star(page, "panel", "closing")
    return page


def mark(page: Page, name: str) -> Locator:
    return page.locator(f".rows [data-session={name}] [data-clash]")


def words(page: Page) -> Locator:
    """The words that are shown."""
    return page.locator("[data-clash] p:visible")


def test_sessions_that_clash_are_marked_and_say_with_what(page: Page) -> None:
    for name, told in (("panel", WITH_CLOSING), ("closing", WITH_PANEL)):
        expect(mark(page, name).get_by_role("button", name="Clash")).to_have_accessible_description(told)
    assert (page.locator("[data-clash]").count(), words(page).count()) == (2, 0)


def test_the_marks_go_when_one_of_the_two_is_no_longer_starred(page: Page) -> None:
    star(page, "closing")
    expect(page.locator("[data-clash]")).to_have_count(0)


def test_what_is_cancelled_clashes_with_nothing(page: Page, service: Service) -> None:
    publish_noted(service, Cancel("closing"))
    expect(page.locator("[data-clash]")).to_have_count(0)


def test_the_words_stand_while_the_mark_has_the_focus_and_escape_closes_them(page: Page) -> None:
    button = mark(page, "panel").get_by_role("button")
    page.locator(".rows [data-session=panel] [data-star]").focus()
    page.keyboard.press("Tab")
    expect(button).to_be_focused()
    expect(words(page)).to_have_text(WITH_CLOSING)
    page.keyboard.press("Escape")
    expect(words(page)).to_have_count(0)
    expect(button).to_be_focused()
    page.keyboard.press("Enter")
    expect(words(page)).to_have_text(WITH_CLOSING)
    page.keyboard.press("Shift+Tab")
    expect(words(page)).to_have_count(0)


def test_the_words_stand_while_the_mark_or_they_are_pointed_at(page: Page) -> None:
    mark(page, "panel").hover()
    expect(words(page)).to_have_text(WITH_CLOSING)
    words(page).hover()
    expect(words(page)).to_have_count(1)
    page.get_by_role("heading", level=1).hover()
    expect(words(page)).to_have_count(0)


def test_a_tap_shows_the_words_within_the_screen_and_a_tap_elsewhere_hides_them(
    new_page: Callable[[dict[str, Any]], Page],
) -> None:
    page = new_page(PHONE)
    star(page, "panel", "closing")
    mark(page, "closing").tap()
    expect(words(page)).to_have_text(WITH_PANEL)
    box = words(page).bounding_box()
    assert box is not None
    assert (box["x"] >= 0, box["x"] + box["width"] <= 390) == (True, True)
    page.locator(".day-name").first.tap()
    expect(words(page)).to_have_count(0)


def test_the_words_of_several_name_each(page: Page, service: Service, program: Program) -> None:
    shifted = with_times(program, posters=("16:30", "16:58"))
    publish_program(service, shifted)
    page.reload()
    star(page, "posters")
    expect(mark(page, "panel").get_by_role("button")).to_have_accessible_description(
        "Clashes with Poster session, 16:30–16:58; Closing remarks, 16:55–17:00."
    )


def test_a_talks_page_marks_a_clash_with_what_it_does_not_show(page: Page, address: str) -> None:
    page.goto(f"{address}/talks/panel")
    expect(page.locator(".lead [data-clash]").get_by_role("button")).to_have_accessible_description(WITH_CLOSING)


def test_a_star_and_a_mark_move_nothing(page: Page) -> None:
    before = mark(page, "panel").locator("xpath=..").bounding_box()
    star(page, "closing", "closing")
    expect(page.locator("[data-clash]")).to_have_count(2)
    assert mark(page, "panel").locator("xpath=..").bounding_box() == before


def test_my_day_has_no_marks(page: Page, address: str) -> None:
    page.goto(f"{address}/my")
    expect(page.locator(".rows [data-session=panel] [data-star]")).to_be_visible()
    assert page.locator("[data-clash]").count() == 0
