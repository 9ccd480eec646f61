"""The console's page of one session: what its state allows, and forms that say what they do."""

from __future__ import annotations

from collections import Counter

import pytest
from flask import Flask
from lxml import html
from lxml.html import HtmlElement
from support.codeml_day import at, talk, two_rooms
from support.console_browser import Console
from support.movable_clock import MovableClock

from app.domain.edits.edit_types import Cancel
from app.domain.program import Program
from app.domain.rights import Editor
from app.store.publishing import publish_edit
from app.web.running_service import Service


@pytest.fixture
def program() -> Program:
    """Two talks in the hall, one in the annex, and lunch for all."""
    return two_rooms(
        talk("a", "10:00-10:30"), talk("d", "10:40-11:00"), talk("b", "10:00-10:30", "annex"), talk("e", "11:00-11:30")
    )


@pytest.fixture
def console(app: Flask) -> Console:
    return Console(app)


def page_of(console: Console, session: str) -> HtmlElement:
    return html.fromstring(console.get(f"/organizer/talks/{session}").text)


def taps(page: HtmlElement) -> list[str]:
    """The values of the buttons that publish at once."""
    return [str(value) for value in page.xpath('//button[@name="tap"]/@value')]


def buttons(page: HtmlElement) -> list[str]:
    return [" ".join(button.text_content().split()) for button in page.xpath("//main//button")]


LATE = [f"late {minutes}" for minutes in (3, 5, 8, 10, 15)]


@pytest.mark.parametrize(
    ("clock_time", "expected"),
    [
        ("09:50", ["start", *LATE, "late -5"]),
        ("10:10", ["extend 5", *LATE, "start", "end"]),
        ("10:20", ["extend 5", *LATE, "end"]),
        ("10:35", ["extend 5", "late 8", "late 10"]),
        ("11:10", []),
    ],
)
def test_a_session_has_the_buttons_that_its_state_allows(
    console: Console, clock: MovableClock, clock_time: str, expected: list[str]
) -> None:
    clock.set(at(clock_time))
    assert taps(page_of(console, "a")) == expected


def test_a_session_that_is_over_says_so_and_has_no_form_of_its_time(console: Console, clock: MovableClock) -> None:
    clock.set(at("11:10"))
    page = page_of(console, "a")
    assert [h2.text for h2 in page.xpath("//main//h2")] == ["Over since 10:30", "Notes for the chair", "What it says"]
    assert [link.text for link in page.xpath('//main//a[contains(@href, "/edit")]')] == ["Edit"]


def test_a_session_of_another_day_is_not_started_by_a_tap(console: Console, clock: MovableClock) -> None:
    clock.set(at("09:00").replace(day=17))
    page = page_of(console, "a")
    assert (taps(page), "Preview move" in buttons(page)) == ([], True)


def test_a_cancelled_session_can_be_reinstated_and_nothing_else(
    console: Console, service: Service, clock: MovableClock
) -> None:
    clock.set(at("09:50"))
    publish_edit(service.current.revisions, Cancel("a"), base=1, by=Editor("Frank"), note="", now=clock.now())
    service.current.refresh()
    page = page_of(console, "a")
    assert buttons(page) == ["Reinstate", "Add note"]


def test_the_buttons_of_one_tap_come_back_to_the_page(console: Console, clock: MovableClock) -> None:
    clock.set(at("10:20"))
    backs = page_of(console, "a").xpath('//form[.//button[@name="tap"]]//input[@name="back"]/@value')
    assert set(backs) == {"/organizer/talks/a"}


@pytest.mark.parametrize("path", ["/organizer/talks/a", "/organizer?room=hall"])
def test_what_a_preview_publishes_leads_back_to_the_page_it_was_asked_on(
    console: Console, clock: MovableClock, path: str
) -> None:
    clock.set(at("10:20"))
    forms = html.fromstring(console.get(path).text).xpath('//form[starts-with(@action, "/organizer/preview")]')
    assert forms
    for form in forms:
        asked = {field.get("name"): field.get("value") for field in form.xpath('./input[@type="hidden"]')}
        assert asked["back"] == path


@pytest.mark.parametrize("clock_time", ["09:40", "10:20"])
def test_no_two_buttons_have_the_same_name(console: Console, clock: MovableClock, clock_time: str) -> None:
    clock.set(at(clock_time))
    assert [name for name, count in Counter(buttons(page_of(console, "a"))).items() if count > 1] == []


def test_each_edit_of_time_and_place_leads_to_its_preview_by_an_address(console: Console, clock: MovableClock) -> None:
    clock.set(at("09:40"))
    forms = page_of(console, "a").xpath('//form[@action="/organizer/preview"]')
    assert {form.get("method", "get") for form in forms} == {"get"}
    assert [form.xpath('.//input[@name="do"]/@value')[0] for form in forms] == [
        *("late", "move", "shorten", "swap", "cancel")
    ]


def test_each_other_room_is_one_tap_and_the_page_says_what_was_done(
    console: Console, service: Service, clock: MovableClock
) -> None:
    clock.set(at("09:40"))
    [form] = page_of(console, "d").xpath('//form[@id="ask-room"]')
    assert {button.text: button.get("value") for button in form.xpath(".//button")} == {
        "All rooms": "",
        "Annex": "annex",
    }
    fields = {field.get("name"): field.get("value") for field in form.xpath("./input")}
    answer = console.client.post("/organizer/edit", data={**fields, "room": "annex"})
    assert service.current.snapshot.revision.program.session("d").room == "annex"
    page = html.fromstring(console.get(answer.headers["Location"]).text)
    done = page.get_element_by_id("done")
    assert "Published as revision 2." in done.text_content()
    assert done.xpath(".//details[@open]/summary/text()") == ["Why?"]


def test_a_room_that_is_taken_is_refused_with_the_reason(
    console: Console, service: Service, clock: MovableClock
) -> None:
    clock.set(at("09:40"))
    refused = console.edit("room", "a", room="annex", back="/organizer/talks/a")
    assert (refused.status_code, service.current.snapshot.revision.number) == (409, 1)
    [reason] = html.fromstring(refused.text).xpath('//p[@class="reason"]/text()')
    assert reason == "“A” would run 30 minutes into “B” at 10:00."


def test_places_are_changed_with_what_is_to_come_that_day_the_own_room_first(
    console: Console, clock: MovableClock
) -> None:
    clock.set(at("09:40"))
    groups = page_of(console, "a").xpath('//select[@name="other"]/optgroup')
    assert {group.get("label"): group.xpath("./option/@value") for group in groups} == {
        "Hall": ["d", "e"],
        "Annex": ["b"],
    }
    clock.set(at("10:35"))
    groups = page_of(console, "d").xpath('//select[@name="other"]/optgroup')
    assert {group.get("label"): group.xpath("./option/@value") for group in groups} == {"Hall": ["e"]}


def test_what_it_says_is_shown_with_one_way_to_edit_it(console: Console) -> None:
    page = page_of(console, "a")
    assert page.xpath('//section[@id="what-it-says"]//a/@href')[-1] == "/organizer/talks/a/edit"
    assert page.xpath('//section[@id="what-it-says"]//input') == []


def test_a_chair_has_no_forms_but_those_of_delays(app: Flask, clock: MovableClock) -> None:
    clock.set(at("09:40"))
    page = page_of(Console(app, "Ada", room="hall"), "a")
    assert page.xpath('//form//input[@name="do"]/@value') == ["late"]
    assert page.xpath('//a[contains(@href, "/edit") or contains(@href, "/add")]') == []


def test_a_session_is_added_after_the_one_of_the_page(console: Console, clock: MovableClock) -> None:
    clock.set(at("09:40"))
    (address,) = page_of(console, "a").xpath('//a[starts-with(@href, "/organizer/add")]/@href')
    page = html.fromstring(console.get(address).text)
    assert page.xpath('//select[@name="after"]//option[@selected]/@value') == ["a"]


def test_the_order_lists_the_rooms_with_what_is_to_come(console: Console, clock: MovableClock) -> None:
    clock.set(at("10:35"))
    page = html.fromstring(console.get("/organizer/order").text)
    rows = [" ".join(row.text_content().split()) for row in page.xpath('//ul[@id="order-rooms"]/li')]
    assert rows == ["Hall 2 to come", "Annex: nothing to come"]


def test_an_announcement_is_for_all_screens_or_those_of_one_room(console: Console) -> None:
    page = html.fromstring(console.get("/organizer/announce").text)
    assert page.xpath('//select[@name="room"]/option/text()') == ["All screens and phones", "In Hall", "In Annex"]
    assert page.xpath('//form[@id="announce"]/@action') == ["/organizer/edit"]
