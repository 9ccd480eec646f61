"""Stars on real phones: kept, sent, carried to a second phone, clashing, changed, reminded of."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from playwright.sync_api import APIResponse, BrowserContext, Page, Route, expect
from support.ical_checker import events_by_uid
from support.ical_lines import read
from support.movable_clock import AT_TEN_TWENTY, MovableClock
from support.offline_phone import PANEL_LATER, Pocket
from support.publishing import publish as publish_program
from support.publishing import publish_noted
from support.qr_photographs import by_zbar, picture
from support.server_thread import served
from support.starring import KEPT, kept, star, wait_until_sent
from support.waiting import wait_until

from app.domain.edits.edit_types import Cancel, Reinstate
from app.web.running_service import Service

pytestmark = pytest.mark.browser


@pytest.fixture
def address(app: Flask, clock: MovableClock) -> Iterator[str]:
    clock.set(AT_TEN_TWENTY, speed=1.0)
    with served(app) as url:
        yield url


@pytest.fixture
def page(new_phone: Callable[[], BrowserContext], address: str) -> Page:
    page = new_phone().new_page()
    page.goto(f"{address}/")
    return page


def listed(page: Page) -> list[str]:
    """The sessions that /my shows."""
    return page.eval_on_selector_all(
        "[data-my-day] [data-session]",
        "nodes => nodes.filter((n) => n.checkVisibility()).map((n) => n.dataset.session)",
    )


def in_feed(page: Page, url: str) -> set[str]:
    return {uid.partition("@")[0] for uid in events_by_uid(read(page.request.get(url).body()))}


def test_a_star_is_set_from_the_agenda_and_from_a_talks_page(page: Page, address: str) -> None:
    star(page, "panel")
    page.goto(f"{address}/talks/sara-hooker")
    button = page.locator(".lead [data-star]")
    expect(button).to_have_attribute("aria-pressed", "false")
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")
    assert "Star: Beyond the Research Paper" in str(button.get_attribute("aria-label"))
    page.goto(f"{address}/my")
    expect(page.locator(".rows [data-session=panel] [data-star]")).to_be_visible()
    assert listed(page) == ["sara-hooker", "panel"]


def test_a_star_is_taken_away_and_leaves_my_day(page: Page, address: str) -> None:
    star(page, "panel", "closing")
    page.goto(f"{address}/my")
    star(page, "panel")
    expect(page.locator(".rows [data-session=panel]")).to_be_hidden()
    star(page, "closing")
    expect(page.get_by_text("Nothing starred yet")).to_be_visible()
    assert wait_until_sent(page)["starred"] == {}


def test_the_card_on_top_has_the_same_star_as_the_row_below(page: Page) -> None:
    page.locator("[data-slot=now] [data-star]").click()
    expect(page.locator(".rows [data-session=evan-shelhamer] [data-star]")).to_have_attribute("aria-pressed", "true")


def test_a_star_stays_when_the_page_turns(page: Page, clock: MovableClock) -> None:
    star(page, "sara-hooker")
    clock.set(AT_TEN_TWENTY + timedelta(minutes=25), speed=1.0)
    page.evaluate("dispatchEvent(new Event('online'))")
    card = page.locator("[data-slot=now] [data-session=sara-hooker] [data-star]")
    expect(card).to_have_attribute("aria-pressed", "true")


def test_projector_and_stage_have_no_stars(page: Page, address: str) -> None:
    for path in ("/display", "/stage/venue"):
        page.goto(address + path)
        page.wait_for_function("() => document.querySelector('[data-state=now]')")
        assert page.locator("[data-star]").count() == 0


def test_the_stars_are_a_calendar_that_follows_later_ones(page: Page, address: str) -> None:
    star(page, "panel")
    wait_until_sent(page)
    page.goto(f"{address}/my")
    field = page.get_by_label("Or copy the address")
    expect(field).to_have_value(re.compile(r"/my/[\w-]{22}\.ics$"))
    feed = field.input_value()
    assert in_feed(page, feed) == {"panel"}
    page.goto(f"{address}/")
    star(page, "closing")
    wait_until_sent(page)
    assert in_feed(page, feed) == {"panel", "closing"}


def test_every_calendar_programs_button_leads_to_the_readers_own_feed(page: Page, address: str) -> None:
    star(page, "panel")
    key = wait_until_sent(page)["keys"]["read"]
    page.goto(f"{address}/my")
    page.wait_for_function("(key) => document.querySelector('.ways a').href.includes(key)", arg=key)
    links = page.eval_on_selector_all(".ways a", "links => links.map((link) => link.href)")
    assert [key in link for link in links] == [True] * 6


def test_the_transfer_code_gives_a_second_phone_the_same_stars_and_feed(
    page: Page, address: str, new_phone: Callable[[], BrowserContext]
) -> None:
    star(page, "panel", "closing")
    wait_until_sent(page)
    page.goto(f"{address}/my")
    page.get_by_text("On another device").click()
    code = page.locator("[data-my-code=device] img")
    expect(code).to_have_attribute("src", re.compile("^data:image/svg"))
    code.scroll_into_view_if_needed()
    [link] = by_zbar(picture(code.screenshot(scale="device")))
    second = new_phone().new_page()
    second.goto(link)
    expect(second.get_by_text("Both devices have the same stars now: 2.")).to_be_visible()
    assert "#" not in second.url
    assert listed(second) == ["panel", "closing"]
    second.goto(f"{address}/")
    star(second, "lunch")
    wait_until_sent(second)
    page.reload()
    expect(page.locator(".rows [data-session=lunch]")).to_be_visible()
    assert kept(page)["keys"] == kept(second)["keys"]
    assert in_feed(page, f"{address}/my/{kept(second)['keys']['read']}.ics") == {"panel", "closing", "lunch"}


def test_a_phone_with_stars_of_its_own_is_asked_before_it_joins(
    page: Page, address: str, new_phone: Callable[[], BrowserContext]
) -> None:
    star(page, "panel")
    key = wait_until_sent(page)["keys"]["write"]
    second = new_phone().new_page()
    second.goto(f"{address}/")
    star(second, "lunch")
    own = wait_until_sent(second)["keys"]
    second.goto(f"{address}/my#{key}")
    expect(second.get_by_role("button", name="Put together")).to_be_visible()
    assert kept(second)["keys"] == own
    second.get_by_role("button", name="Put together").click()
    expect(second.get_by_text("Both devices have the same stars now: 2.")).to_be_visible()
    assert wait_until_sent(second)["keys"]["write"] == key
    page.goto(f"{address}/my")
    expect(page.locator(".rows [data-session=lunch]")).to_be_visible()


def test_a_link_that_leads_nowhere_says_so(page: Page, address: str) -> None:
    page.goto(f"{address}/my#{'x' * 43}")
    expect(page.get_by_text("This link leads nowhere any more.")).to_be_visible()


def test_a_change_to_a_starred_session_is_called_out_until_it_is_put_away(
    page: Page, address: str, service: Service
) -> None:
    star(page, "panel")
    publish_noted(service, PANEL_LATER)
    callout = page.locator(".callout")
    expect(callout).to_contain_text("“Panel discussion” moved from 16:00 to 16:10.")
    page.goto(f"{address}/talks/panel")
    expect(callout).to_be_visible()
    callout.get_by_role("button", name="OK").click()
    expect(callout).to_have_count(0)
    page.goto(f"{address}/")
    expect(page.locator("[data-slot=now] [data-star]")).to_be_visible()
    assert callout.count() == 0


def test_a_change_while_the_page_was_closed_is_called_out_at_the_next_visit(page: Page, service: Service) -> None:
    star(page, "panel")
    page.goto("about:blank")
    publish_noted(service, Cancel("panel"))
    page.go_back()
    expect(page.locator(".callout")).to_contain_text("“Panel discussion” is cancelled.")


def test_a_change_that_is_taken_back_is_called_out_no_more(page: Page, service: Service) -> None:
    star(page, "panel")
    publish_noted(service, Cancel("panel"))
    expect(page.locator(".callout")).to_be_visible()
    publish_noted(service, Reinstate("panel"))
    expect(page.locator(".callout")).to_have_count(0)


def test_changes_to_others_are_not_called_out(page: Page, service: Service) -> None:
    star(page, "lunch")
    publish_noted(service, PANEL_LATER)
    expect(page.locator(".rows [data-session=panel]")).to_have_attribute("data-status", "moved")
    assert page.locator(".callout").count() == 0


def test_a_reminder_comes_five_minutes_before_on_whatever_page_is_open(
    page: Page, address: str, clock: MovableClock
) -> None:
    star(page, "sara-hooker")
    page.goto(f"{address}/my")
    page.get_by_label("Remind me here 5 minutes before each").check()
    page.goto(f"{address}/")
    clock.speed = 0.001
    clock.set(AT_TEN_TWENTY + timedelta(minutes=20, seconds=-1))
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.locator(".clock")).to_have_text("10:39")
    assert page.locator(".callout").count() == 0
    clock.set(AT_TEN_TWENTY + timedelta(minutes=20))
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.locator(".callout")).to_contain_text(re.compile(r"^In 5 min: Beyond the Research Paper"))
    expect(page.locator("[data-spoken]")).to_contain_text(re.compile(r"In 5 min: Beyond"))
    page.locator(".callout button").click()
    expect(page.locator(".callout")).to_have_count(0)


def test_my_day_says_how_far_the_calendar_has_followed(
    page: Page, address: str, service: Service, clock: MovableClock
) -> None:
    star(page, "panel")
    feed = f"{address}/my/{wait_until_sent(page)['keys']['read']}.ics"
    page.goto(f"{address}/my")
    seen = page.locator("[data-my=seen]")
    expect(seen).to_have_text("No calendar has asked for this address yet.")
    page.request.get(feed)
    page.reload()
    expect(seen).to_have_text(re.compile(r"^A calendar last asked at 10:20, Fri 18 July\. It is up to date\.$"))
    clock.set(AT_TEN_TWENTY + timedelta(minutes=10), speed=1.0)
    publish_noted(service, PANEL_LATER)
    page.reload()
    expect(seen).to_have_text(re.compile(r"It has not seen the 10:30 change yet\.$"))


def test_a_pick_that_left_the_program_is_said_by_its_title(page: Page, address: str, service: Service) -> None:
    star(page, "panel", "lunch")
    wait_until_sent(page)
    page.goto("about:blank")
    program = service.current.snapshot.revision.program
    publish_program(service, replace(program, sessions=tuple(one for one in program.sessions if one.id != "panel")))
    page.goto(f"{address}/my")
    expect(page.locator("[data-my=vanished]")).to_have_text("Not in the program any more: Panel discussion")
    assert listed(page) == ["lunch"]


def test_a_new_address_and_forgetting_end_what_was_handed_out(page: Page, address: str) -> None:
    star(page, "panel")
    former = wait_until_sent(page)["keys"]["read"]
    page.goto(f"{address}/my")
    page.get_by_text("Change or forget").click()
    page.get_by_role("button", name="New calendar address").click()
    expect(page.get_by_text("The calendar has a new address.")).to_be_visible()
    present = kept(page)["keys"]["read"]
    assert page.get_by_label("Or copy the address").input_value() == f"{address}/my/{present}.ics"
    assert [page.request.get(f"{address}/my/{key}.ics").status for key in (former, present)] == [404, 200]
    page.get_by_role("button", name="Forget my stars").click()
    expect(page.get_by_text("Your stars are forgotten.")).to_be_visible()
    assert page.request.get(f"{address}/my/{present}.ics").status == 404
    expect(page.get_by_text("Nothing starred yet")).to_be_visible()


def test_an_answer_that_comes_late_does_not_bring_the_former_address_back(page: Page, address: str) -> None:
    star(page, "panel")
    wait_until_sent(page)
    late: list[tuple[Route, APIResponse]] = []
    page.route("**/my/picks", lambda route: late.append((route, route.fetch())))
    page.goto(f"{address}/my")
    wait_until(lambda: page.evaluate("true") and late)
    page.get_by_text("Change or forget").click()
    page.get_by_role("button", name="New calendar address").click()
    # A request for the address that does not wait would be answered meanwhile.
    page.evaluate("async () => { for (let turn = 0; turn < 9; turn += 1) await (await fetch('/subscribe')).text(); }")
    for route, answer in late:
        route.fulfill(response=answer)
    expect(page.get_by_text("The calendar has a new address.")).to_be_visible()
    assert page.request.get(f"{address}/my/{kept(page)['keys']['read']}.ics").status == 200


def test_after_forgetting_on_another_device_this_ones_stars_begin_a_set_of_their_own(
    page: Page, address: str, service: Service
) -> None:
    star(page, "panel", "lunch")
    key = wait_until_sent(page)["keys"]["write"]
    service.stars.close(key)
    star(page, "closing")
    page.wait_for_function(
        f"(former) => {{ const {{ keys }} = JSON.parse({KEPT}); return keys && keys.write !== former; }}", arg=key
    )
    mine = wait_until_sent(page)
    assert set(mine["starred"]) == {"panel", "lunch", "closing"}
    assert service.stars.of_feed(mine["keys"]["read"]).starred == {"panel", "lunch", "closing"}


def test_stars_made_without_network_are_kept_and_sent_later(pocket: Pocket, service: Service) -> None:
    pocket.visit_and_keep().close()
    pocket.cable.cut()
    page = pocket.visit()
    page.locator(".rows [data-session=panel] [data-star]").click()
    page.close()
    page = pocket.visit("/my")
    expect(page.locator(".rows [data-session=panel]")).to_be_visible()
    assert kept(page)["keys"] is None
    pocket.cable.mend()
    page.evaluate("dispatchEvent(new Event('online'))")
    key = wait_until_sent(page)["keys"]["read"]
    assert service.stars.of_feed(key).starred == {"panel"}


def test_stars_on_two_pages_of_one_phone_agree_and_begin_one_set(page: Page, address: str) -> None:
    second = page.context.new_page()
    second.goto(f"{address}/my")
    star(page, "panel")
    expect(second.locator(".rows [data-session=panel]")).to_be_visible()
    second.locator(".rows [data-session=panel] [data-star]").click()
    expect(page.locator(".rows [data-session=panel] [data-star]")).to_have_attribute("aria-pressed", "false")


def test_another_day_at_the_same_address_has_its_own_stars(page: Page) -> None:
    star(page, "panel")
    page.evaluate("document.documentElement.dataset.service")
    names = page.evaluate("Object.keys(localStorage).filter((name) => name.startsWith('stars '))")
    assert names == [f"stars {page.evaluate('document.documentElement.dataset.service')}"]
