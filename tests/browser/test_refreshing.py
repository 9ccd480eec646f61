"""An open page refreshes: what others publish comes, and what its reader does is left alone."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect
from support.movable_clock import AT_TEN_TWENTY, MovableClock
from support.publishing import publish_noted

from app.domain.edits.edit_types import Announce, Cancel, ChangeContent, Delay, Edit, EndNow, Reinstate, Shorten
from app.live.clock import SYSTEM_CLOCK
from app.store.sign_ins import SignIns
from app.web.running_service import Service

pytestmark = pytest.mark.browser

MINUTE = timedelta(minutes=1)
# By others, while somebody types at 10:20.
TEN_EDITS: tuple[Edit, ...] = (
    ChangeContent("evan-shelhamer", title="On Caffe"),
    Announce("Lunch is served."),
    Cancel("panel"),
    Reinstate("panel"),
    Delay("sara-hooker", 3, shorten=(("contributed-morning", 42),)),
    Shorten("contributed-morning", 30),
    ChangeContent("sara-hooker", title="Beyond the paper"),
    Announce("Doors close soon."),
    Cancel("posters"),
    ChangeContent("evan-shelhamer", title="On Caffe, ten years on"),
)
FOCUS = """() => {
    const { name, value, selectionStart, selectionEnd } = document.activeElement;
    return [name, value, selectionStart, selectionEnd];
}"""
SHOWS = "(revision) => Number(document.documentElement.dataset.revision) === revision"


def publish_ten_edits(service: Service, page: Page) -> None:
    """Publish them one after the other, each once the page shows the one before."""
    for edit in TEN_EDITS:
        publish_noted(service, edit)
        page.wait_for_function(SHOWS, arg=service.current.snapshot.revision.number, polling=20)


def select_part(page: Page) -> None:
    page.evaluate("() => document.activeElement.setSelectionRange(2, 5)")


def test_a_form_half_filled_in_on_the_console_survives_ten_edits_by_others(console: Page, service: Service) -> None:
    form = console.locator("#late-venue-evan-shelhamer")
    form.get_by_label("Other, in minutes").fill("1234567")
    select_part(console)
    publish_ten_edits(service, console)
    assert console.evaluate(FOCUS) == ["minutes", "1234567", 2, 5]
    expect(console.locator("[data-session=evan-shelhamer] [data-part=title]").first).to_have_text(
        "On Caffe, ten years on"
    )
    form.get_by_label("Other, in minutes").fill("7")
    form.get_by_role("button", name="Show").click()
    expect(console.get_by_role("heading", level=1)).not_to_have_text("Somebody was faster")


@pytest.mark.parametrize("path", ["/organizer/announce", "/organizer/add", "/organizer/talks/sara-hooker/edit"])
def test_text_half_typed_and_a_choice_on_a_page_of_the_console_survive_ten_edits(
    console: Page, address: str, service: Service, path: str
) -> None:
    console.goto(f"{address}{path}")
    field = console.locator("textarea, input[name=title]").first
    field.fill("The keynote")
    select_part(console)
    menu = console.locator("select").first
    chosen = "lunch" if menu.count() else ""
    if chosen:
        menu.select_option(chosen)
        field.focus()
    publish_ten_edits(service, console)
    assert console.evaluate(FOCUS)[1:] == ["The keynote", 2, 5]
    if chosen:
        assert menu.input_value() == chosen


def test_a_details_that_the_organizer_opened_stays_open(console: Page, address: str, service: Service) -> None:
    service.clock.set(AT_TEN_TWENTY + 45 * MINUTE)  # type: ignore[attr-defined]  # the talk before ended 20 minutes ago
    console.goto(f"{address}/organizer")
    details = console.locator("#ended-venue-evan-shelhamer")
    assert details.get_attribute("open") is None
    details.locator("summary").click()
    publish_ten_edits(service, console)
    assert details.get_attribute("open") is not None


def test_a_search_half_typed_on_the_day_survives_ten_edits(
    laptop: BrowserContext, address: str, service: Service
) -> None:
    page = laptop.new_page()
    page.goto(address)
    page.get_by_role("searchbox").press_sequentially("contrib")
    found = page.locator(".rows li:visible")
    expect(found).to_have_count(2)
    select_part(page)
    publish_ten_edits(service, page)
    assert page.evaluate(FOCUS) == ["q", "contrib", 2, 5]
    expect(found).to_have_count(2)


def test_the_focus_and_the_place_in_the_day_survive_ten_edits(
    laptop: BrowserContext, address: str, service: Service
) -> None:
    page = laptop.new_page()
    page.goto(address)
    link = page.locator(".rows [data-session=matt-johnson] a")
    link.scroll_into_view_if_needed()
    link.focus()
    before = link.bounding_box()
    publish_ten_edits(service, page)
    assert page.evaluate("() => document.activeElement.closest('[data-session]').dataset.session") == "matt-johnson"
    after = link.bounding_box()
    assert before is not None
    assert after is not None
    assert abs(after["y"] - before["y"]) <= 1


def test_what_is_typed_for_a_session_goes_with_it_when_it_ends(
    console: Page, service: Service, clock: MovableClock
) -> None:
    form = console.locator("#late-venue-evan-shelhamer")
    form.get_by_label("Other, in minutes").fill("7")
    clock.set(AT_TEN_TWENTY + 25 * MINUTE)  # 10:45
    console.evaluate("dispatchEvent(new Event('online'))")
    expect(console.locator("details.lately #late-venue-evan-shelhamer")).to_be_visible()
    assert console.evaluate(FOCUS)[:2] == ["minutes", "7"]
    expect(console.locator("#on-venue-sara-hooker")).to_be_visible()
    assert console.locator("#late-venue-sara-hooker").get_by_label("Other, in minutes").input_value() == ""


def test_the_console_turns_at_the_boundary_and_five_more_goes_to_what_is_on(
    console: Page, service: Service, clock: MovableClock
) -> None:
    clock.set(AT_TEN_TWENTY + 25 * MINUTE - timedelta(seconds=1), speed=1.0)  # 10:44:59
    console.evaluate("dispatchEvent(new Event('online'))")
    card = console.locator("#on-venue-sara-hooker")
    expect(card).to_be_visible()
    card.get_by_role("button", name="+5").click()
    console.get_by_role("button", name="Shorten").click()
    expect(console.get_by_text("Published as revision 2")).to_be_visible()
    program = service.current.snapshot.revision.program
    assert program.local(program.session("sara-hooker").end).strftime("%H:%M") == "11:20"


def test_without_network_the_console_offers_no_tap_for_what_has_ended(
    laptop: BrowserContext, console: Page, clock: MovableClock
) -> None:
    clock.set(AT_TEN_TWENTY + 25 * MINUTE - timedelta(seconds=1), speed=1.0)
    with console.expect_response("**/api/now") as answered:
        console.evaluate("dispatchEvent(new Event('online'))")
    answered.value.finished()
    laptop.set_offline(True)
    expect(console.locator("#on-venue-evan-shelhamer")).to_be_hidden()
    expect(console.locator("[data-stale]")).to_be_visible()


def test_the_page_of_a_link_shows_the_same_address_after_an_edit(console: Page, address: str, service: Service) -> None:
    console.goto(f"{address}/organizer/people")
    console.get_by_label("Name").fill("Ann")
    console.get_by_role("button", name="Add and make a link").click()
    link = console.get_by_label("Address").input_value()
    publish_noted(service, ChangeContent("panel", title="The panel"))
    expect(console.locator("html")).to_have_attribute("data-revision", "2")
    assert console.get_by_label("Address").input_value() == link


def test_a_removal_that_is_about_to_be_confirmed_stays_that_of_the_same_person(
    console: Page, address: str, service: Service
) -> None:
    sign_ins = SignIns(service.database)
    for name in ("Ada", "Bea", "Cid"):
        sign_ins.add(name, SYSTEM_CLOCK.now())
    console.goto(f"{address}/organizer/people")
    console.locator("#person-Bea summary").click()
    sign_ins.remove("Ada")
    publish_noted(service, ChangeContent("panel", title="The panel"))
    expect(console.locator("#person-Ada")).to_have_count(0)
    assert console.locator("details[open] button").all_text_contents() == ["Remove Bea"]


def test_where_a_process_that_is_behind_answers_the_page_asks_again(
    laptop: BrowserContext, address: str, service: Service
) -> None:
    page = laptop.new_page()
    old = page.goto(address)
    assert old is not None
    body, answers = old.text(), list[str]()

    def answer(route: Route) -> None:
        answers.append("old" if len(answers) < 2 else "new")
        if answers[-1] == "old":
            route.fulfill(body=body, content_type="text/html; charset=utf-8")
        else:
            route.continue_()

    page.route(f"{address}/", answer)
    publish_noted(service, ChangeContent("panel", title="The panel"))
    expect(page.locator(".rows [data-session=panel] [data-part=title]")).to_have_text("The panel")
    assert answers == ["old", "old", "new"]


def test_a_refresh_that_failed_is_made_up_for_at_the_next_contact(
    laptop: BrowserContext, address: str, service: Service
) -> None:
    page = laptop.new_page()
    page.goto(address)
    page.route(f"{address}/", lambda route: route.abort())
    with page.expect_request(f"{address}/"):
        publish_noted(service, ChangeContent("panel", title="The panel"))
    page.unroute(f"{address}/")
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.locator(".rows [data-session=panel] [data-part=title]")).to_have_text("The panel")


def test_a_form_that_is_typed_into_stays_though_its_session_is_ended_by_another(
    console: Page, service: Service
) -> None:
    form = console.locator("#late-venue-evan-shelhamer")
    form.get_by_label("Other, in minutes").fill("7")
    publish_noted(service, EndNow("evan-shelhamer"))
    expect(console.locator("#on-venue-evan-shelhamer")).to_have_count(0)
    assert console.evaluate(FOCUS)[:2] == ["minutes", "7"]
    form.get_by_label("Other, in minutes").fill("")
    form.get_by_label("Other, in minutes").blur()
    publish_noted(service, ChangeContent("panel", title="The panel"))
    expect(form).to_have_count(0)


@pytest.mark.parametrize("query", ["q=contrib", "kind=break"])
def test_a_search_that_came_with_the_address_stays_in_its_form(
    laptop: BrowserContext, address: str, service: Service, query: str
) -> None:
    page = laptop.new_page()
    page.goto(f"{address}/?{query}")
    found = page.locator(".rows li:visible")
    expect(found).to_have_count(2)
    publish_ten_edits(service, page)
    expect(found).to_have_count(2)
    field, _, value = query.partition("=")
    assert page.locator(f"[name={field}]").input_value() == value


def test_a_page_whose_address_fails_says_that_it_is_not_up_to_date_until_it_is(
    laptop: BrowserContext, address: str, service: Service
) -> None:
    page = laptop.new_page()
    page.goto(address)
    page.route(f"{address}/", lambda route: route.fulfill(status=503))
    publish_noted(service, ChangeContent("panel", title="The panel"))
    notice = page.locator("[data-stale]")
    expect(notice).to_have_text(re.compile(r"^Not up to date\. (As of|From before) 10:2\d\.$"))
    page.unroute(f"{address}/")
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(notice).to_be_hidden()
    expect(page.locator(".rows [data-session=panel] [data-part=title]")).to_have_text("The panel")


def test_a_clock_that_is_set_back_brings_back_the_time_before_the_day(
    laptop: BrowserContext, address: str, clock: MovableClock
) -> None:
    page = laptop.new_page()
    page.goto(address)
    root = page.locator("html")
    expect(root).to_have_attribute("data-phase", "during")
    clock.set(AT_TEN_TWENTY - 120 * MINUTE)
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(root).to_have_attribute("data-phase", "before")
    expect(page.locator("[data-when=before]")).to_be_visible()
