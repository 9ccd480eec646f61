"""Ticks and notes on open consoles: what one sets, the others show."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect
from support.axe import load_axe, violations
from support.publishing import publish_noted
from support.screens import PHONE
from support.speakers import speaker_link
from support.started_page import sign_in
from support.waiting import wait_until

from app.domain.edits.edit_types import ChangeContent
from app.live.clock import SYSTEM_CLOCK
from app.store.sign_ins import SignIns
from app.web.running_service import Service, service_of

pytestmark = pytest.mark.browser

SARA = "sara-hooker"
PAGE = f"/organizer/talks/{SARA}"


def signed_in_as(app: Flask, name: str, page: Page, address: str, **place: str) -> None:
    sign_ins, now = SignIns(service_of(app).database), SYSTEM_CLOCK.now()
    sign_ins.add(name, now, "chair", **place)
    sign_in(page, f"{address}/organizer/sign-in/{sign_ins.new_link(name, now)}")


@pytest.fixture
def chair(browser: Browser, app: Flask, address: str) -> Iterator[Page]:
    """The console of the room's chair, on a phone, at the page of a session."""
    context = browser.new_context(**PHONE)
    page = context.new_page()
    signed_in_as(app, "Ada", page, address, room="venue")
    page.goto(f"{address}{PAGE}")
    yield page
    context.close()


@pytest.fixture
def organizer(console: Page, address: str) -> Page:
    """An organizer's console at the same page."""
    console.goto(f"{address}{PAGE}")
    return console


def tick(page: Page, label: str = "Here", speaker: str = "Sara Hooker") -> Locator:
    return page.get_by_role("group", name=speaker).get_by_role("button", name=label)


def test_a_tick_set_on_one_console_shows_on_the_other(organizer: Page, chair: Page) -> None:
    for setter, other in ((chair, organizer), (organizer, chair)):
        label = "Here" if setter is chair else "Slides tested"
        expect(tick(other, label)).to_have_attribute("aria-pressed", "false")
        tick(setter, label).click()
        for page in (setter, other):
            expect(tick(page, label)).to_have_attribute("aria-pressed", "true")
            expect(tick(page, label)).to_contain_text("✓")
    tick(organizer).click()
    expect(tick(chair)).to_have_attribute("aria-pressed", "false")


def test_a_note_written_on_one_console_shows_on_the_other_and_leaves_what_is_typed_there(
    organizer: Page, chair: Page
) -> None:
    organizer.get_by_label("Note for whoever chairs").fill("Ask about")
    chair.get_by_label("Note for whoever chairs").fill("SAH-ra HOO-ker")
    chair.get_by_role("button", name="Add note").click()
    for page in (organizer, chair):
        expect(page.locator(".note-text")).to_have_text("SAH-ra HOO-ker")
    expect(organizer.get_by_label("Note for whoever chairs")).to_have_value("Ask about")


def test_a_refused_note_stays_in_its_field_and_is_gone_once_it_is_added(chair: Page, address: str) -> None:
    field = chair.get_by_label("Note for whoever chairs")
    field.evaluate("field => { field.removeAttribute('required'); field.removeAttribute('maxlength'); }")
    field.fill("x" * 501)
    chair.get_by_role("button", name="Add note").click()
    expect(chair.locator(".fault")).to_have_text("Text: at most 500 characters, this one has 501.")
    expect(field).to_have_value("x" * 501)
    field.fill("SAH-ra HOO-ker")
    chair.get_by_role("button", name="Add note").click()
    expect(chair.locator(".note-text")).to_have_text("SAH-ra HOO-ker")
    expect(field).to_have_value("")
    expect(chair.locator(".fault")).to_have_count(0)
    expect(chair).to_have_url(f"{address}{PAGE}")


def test_consoles_have_a_stream_beside_the_readers(
    laptop: BrowserContext, organizer: Page, address: str, service: Service
) -> None:
    reader = laptop.new_page()
    with reader.expect_request(lambda request: "/live?" in request.url) as asked:
        reader.goto(address)
    assert asked.value.url.startswith(f"{address}/live?since=")
    wait_until(lambda: service.stats.readers() == 1)
    publish_noted(service, ChangeContent("sara-hooker", title="Another title"))
    for page in (organizer, reader):
        expect(page.locator("[data-session=sara-hooker] [data-part=title]").first).to_have_text("Another title")


def test_a_speakers_page_follows_revisions_and_ticks_by_the_consoles_stream(
    browser: Browser, app: Flask, address: str, chair: Page, service: Service
) -> None:
    page = browser.new_page()
    with page.expect_request("**/organizer/live?since=*"):
        sign_in(page, f"{address}{speaker_link(app, SARA, SARA)}", f"**{PAGE}")
    # The page of the link had the readers' stream.
    wait_until(lambda: service.stats.readers() == 0)
    tick(chair).click()
    expect(page.get_by_role("button", name="I am here")).to_have_attribute("aria-pressed", "true")
    publish_noted(service, ChangeContent(SARA, title="Another title"))
    expect(page.locator(f"[data-session={SARA}] [data-part=title]").first).to_have_text("Another title")
    page.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_ticks_and_notes_fit_and_can_be_tapped(chair: Page, width: int, scheme: str, service: Service) -> None:
    chair.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    chair.set_viewport_size({"width": width, "height": 800})
    chair.get_by_label("Note for whoever chairs").fill("x" * 300)
    chair.get_by_role("button", name="Add note").click()
    expect(chair.locator(".note-text")).to_be_visible()
    tick(chair).click()
    expect(tick(chair)).to_have_attribute("aria-pressed", "true")
    assert chair.evaluate("document.documentElement.scrollWidth <= innerWidth")
    boxes = [one.bounding_box() for one in chair.locator(".tick-toggle").all()]
    assert [box["height"] >= 44 for box in boxes if box] == [True] * 3
    load_axe(chair)
    assert violations(chair) == []


def test_scripts_off_a_tick_and_a_note_are_forms(browser: Browser, app: Flask, address: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    signed_in_as(app, "Ada", page, address, room="venue")
    page.goto(f"{address}{PAGE}")
    tick(page).click()
    expect(page).to_have_url(f"{address}{PAGE}")
    expect(tick(page)).to_have_attribute("aria-pressed", "true")
    page.get_by_label("Note for whoever chairs").fill("Say it so")
    page.get_by_role("button", name="Add note").click()
    expect(page.locator(".note-text")).to_have_text("Say it so")
    page.get_by_role("button", name="Remove").click()
    expect(page.locator(".note-text")).to_have_count(0)
    context.close()
