"""A link copied, shared and scanned in a browser, and a room handed over from one phone to another."""

from __future__ import annotations

from collections.abc import Iterator

import cv2
import numpy as np
import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect
from support.axe import load_axe, violations
from support.console_browser import sign_in_link
from support.qr_photographs import by_zbar
from support.screens import SMALL_PHONE
from support.started_page import sign_in

from app.live.clock import SYSTEM_CLOCK
from app.store.sign_ins import SignIns
from app.web.running_service import service_of
from app.web.sign_in_cookie import SIGN_IN_COOKIE

pytestmark = pytest.mark.browser

SHARE = "navigator.share = (data) => { window.shared = data.url; return Promise.resolve(); }"
LONG_NAME = "Wolfeschlegelsteinhausenbergerdorff " + "Hubert" * 20


@pytest.fixture
def phone(browser: Browser) -> Iterator[BrowserContext]:
    """A small phone."""
    context = browser.new_context(**SMALL_PHONE)
    yield context
    context.close()


@pytest.fixture
def other_phone(browser: Browser) -> Iterator[BrowserContext]:
    """The next chair's."""
    context = browser.new_context(**SMALL_PHONE)
    yield context
    context.close()


def signed_in(context: BrowserContext, address: str, link: str) -> Page:
    page = context.new_page()
    sign_in(page, f"{address}{link}")
    return page


@pytest.fixture
def frank(phone: BrowserContext, app: Flask, address: str) -> Page:
    """An organizer's phone, on the page of people; one of them has a long name."""
    SignIns(service_of(app).database).add(LONG_NAME, SYSTEM_CLOCK.now(), "chair", "venue")
    page = signed_in(phone, address, sign_in_link(app))
    page.goto(f"{address}/organizer/people")
    return page


@pytest.fixture
def ada(phone: BrowserContext, app: Flask, address: str) -> Page:
    """The phone of the room's chair."""
    sign_ins = SignIns(service_of(app).database)
    sign_ins.add("Ada", SYSTEM_CLOCK.now(), "chair", "venue")
    return signed_in(phone, address, f"/organizer/sign-in/{sign_ins.new_link('Ada', SYSTEM_CLOCK.now())}")


def scanned(page: Page) -> str:
    """What another phone reads from this one's screen."""
    code = page.get_by_role("img", name="QR code of this link")
    expect(code).to_have_js_property("complete", value=True)
    photograph = cv2.imdecode(np.frombuffer(page.screenshot(full_page=True), np.uint8), cv2.IMREAD_GRAYSCALE)
    [text] = by_zbar(np.asarray(photograph, np.uint8))
    return text


def width(page: Page) -> int:
    return int(page.evaluate("document.documentElement.scrollWidth"))


def new_link(page: Page) -> str:
    """Make a link for the person with the long name; returns its address as the page shows it."""
    page.locator("section.access", has_text=LONG_NAME).get_by_role("button", name="New link").click()
    expect(page.get_by_role("heading", name="Link for")).to_be_visible()
    return page.get_by_label("Address").input_value()


def test_a_link_is_copied_by_a_button(frank: Page, phone: BrowserContext, address: str) -> None:
    phone.grant_permissions(["clipboard-read", "clipboard-write"], origin=address)
    link = new_link(frank)
    frank.get_by_role("button", name="Copy").click()
    expect(frank.get_by_text("Copied", exact=True)).to_be_visible()
    assert frank.evaluate("navigator.clipboard.readText()") == link


def test_a_button_is_not_shown_before_it_works(frank: Page) -> None:
    held = list[Route]()
    frank.route("**/copy-text.js", lambda route: held.append(route))  # noqa: PLW0108 - playwright reads its code
    with frank.expect_request("**/copy-text.js"):
        new_link(frank)
    expect(frank.get_by_role("button", name="Copy", include_hidden=True)).to_be_hidden()
    held.pop().continue_()
    expect(frank.get_by_role("button", name="Copy")).to_be_visible()


def test_without_a_clipboard_the_address_is_selected_and_copied_the_older_way(
    frank: Page, phone: BrowserContext, address: str
) -> None:
    phone.grant_permissions(["clipboard-read", "clipboard-write"], origin=address)
    link = new_link(frank)
    frank.evaluate("() => { navigator.clipboard.writeText = () => Promise.reject(new Error('refused')); }")
    frank.get_by_role("button", name="Copy").click()
    expect(frank.get_by_text("Copied", exact=True)).to_be_visible()
    assert frank.evaluate("navigator.clipboard.readText()") == link
    assert frank.evaluate("getSelection().toString()") == link


def test_share_is_offered_where_the_browser_has_it(frank: Page, phone: BrowserContext) -> None:
    link = new_link(frank)
    expect(frank.get_by_role("button", name="Copy")).to_be_visible()
    expect(frank.get_by_role("button", name="Share")).to_be_hidden()
    phone.add_init_script(SHARE)
    frank.reload()
    frank.get_by_role("button", name="Share").click()
    assert frank.evaluate("window.shared") == link


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_long_name_and_address_fit_a_small_phone_and_the_code_is_read_from_it(frank: Page, scheme: str) -> None:
    frank.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    people = width(frank)
    link = new_link(frank)
    assert (people, width(frank), scanned(frank)) == (320, 320, link)


def test_only_the_field_that_fits_the_role_is_shown(frank: Page) -> None:
    shown = []
    for role in ("Organizer", "Chair", "Speaker", "Operator"):
        frank.get_by_role("radio", name=role).check()
        shown.append(frank.get_by_label("Session, for a speaker").is_visible())
    assert shown == [False, False, True, False]


def test_axe_finds_nothing_on_these_pages(frank: Page, address: str) -> None:
    found = {}
    paths = ("/organizer/people", "/organizer/people?name=&role=speaker", "/organizer/hand-over", "/organizer/links/x")
    for path in paths:
        frank.goto(f"{address}{path}")
        load_axe(frank)
        found[path] = violations(frank)
    frank.goto(f"{address}/organizer/people")
    new_link(frank)
    load_axe(frank)
    assert {**found, "link": violations(frank)} == {path: [] for path in (*paths, "link")}


def test_a_room_is_handed_over_from_one_phone_to_another(ada: Page, other_phone: BrowserContext, address: str) -> None:
    ada.goto(f"{address}/organizer/hand-over")
    ada.get_by_role("button", name="Show the code").click()
    expect(ada.get_by_role("heading", name="Hand over")).to_be_visible()
    grace = other_phone.new_page()
    grace.goto(scanned(ada))
    expect(grace.get_by_role("heading", name="from Ada")).to_be_visible()
    assert (width(ada), width(grace)) == (320, 320)
    load_axe(grace)
    assert violations(grace) == []
    grace.get_by_label("Your name").fill("ada")
    grace.get_by_role("button", name="Take over").click()
    expect(grace.locator("#fault-name")).to_have_text("Ada is already a chair. Write your name in another way.")
    grace.get_by_label("Your name").fill("Grace")
    grace.get_by_role("button", name="Take over").click()
    expect(grace.get_by_text("Grace, chair of")).to_be_visible()
    # The former chair's open page follows by itself.
    expect(ada.get_by_text("Grace has taken over")).to_be_visible()
    expect(ada.get_by_role("heading", name="Sign in")).to_be_visible()


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_who_takes_over_and_loses_the_answer_sends_the_form_again(
    ada: Page, browser: Browser, address: str, scripts: bool
) -> None:
    ada.goto(f"{address}/organizer/hand-over")
    ada.get_by_role("button", name="Show the code").click()
    context = browser.new_context(**SMALL_PHONE, java_script_enabled=scripts)
    grace = context.new_page()
    grace.goto(ada.get_by_label("Address").input_value())
    grace.get_by_label("Your name").fill("Grace")
    lost: list[int] = []

    def lose_answer(route: Route) -> None:
        if route.request.method != "POST" or lost:
            return route.continue_()
        lost.append(route.fetch(max_redirects=0).status)
        return route.abort("connectionreset")

    grace.route("**/organizer/sign-in/*", lose_answer)
    grace.get_by_role("button", name="Take over").click()
    expect(ada.get_by_text("Grace has taken over")).to_be_visible()
    # The browser never got what the lost answer would have given it.
    context.clear_cookies(name=SIGN_IN_COOKIE)
    if scripts:
        grace.get_by_role("button", name="Try again").click()
    else:
        grace.reload()
    expect(grace.get_by_text("Grace, chair of")).to_be_visible()
    assert lost == [303]
    context.close()
