"""The console's day page in a browser: the head that stays, what fits on a narrow phone, many rooms, the keyboard."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect
from support.axe import load_axe, violations
from support.codeml_day import at, codeml, talk
from support.console_browser import sign_in_link
from support.import_results import fixture
from support.movable_clock import MovableClock
from support.print_programs import MINUTE, nasty_program
from support.publishing import publish_noted
from support.screens import PHONE, SMALL_PHONE
from support.server_thread import served
from support.started_page import sign_in
from support.waiting import wait_until

from app import create_app
from app.domain.cues import USUAL_CUES
from app.domain.edits.edit_types import Cancel, ChangeContent, Delay, Explain, Extend
from app.domain.program import Program, Room
from app.domain.rights import Editor
from app.formats.edit_json import recorded_edit
from app.service_factory import serve_from
from app.settings import Settings
from app.store.database import open_database, sqlite_url
from app.store.publishing import publish_edit
from app.web.running_service import Service, service_of

pytestmark = pytest.mark.browser

HIGHEST_HEAD = 124
FIVE_ROOMS = {None, *(f"room-{number}" for number in range(1, 6))}
SIDEWAYS = "document.documentElement.scrollWidth > innerWidth"
# Buttons beside each other that are less than 8 px apart, and those lower than 44 px.
TOO_CLOSE = """() => {
    const boxes = [...document.querySelectorAll("main .tap")].filter((node) => node.checkVisibility())
        .map((node) => [node.textContent.trim(), node.getBoundingClientRect()]);
    const apart = ([, a], [, b]) => Math.max(b.left - a.right, a.left - b.right, b.top - a.bottom, a.top - b.bottom);
    const close = boxes.filter((one, at) => boxes.some((other, place) => place > at && apart(one, other) < 7.5));
    return [...close, ...boxes.filter(([, { height }]) => height < 43.5)].map(([name]) => name);
}"""


# The texts of some elements, line by line.
LINES = """(selector) => {
    const lines = new Map();
    for (const node of document.querySelectorAll(selector)) {
        const range = document.createRange();
        range.selectNodeContents(node);
        const { bottom } = range.getBoundingClientRect();
        lines.set(bottom, [...(lines.get(bottom) ?? []), node.textContent.trim()]);
    }
    return [...lines.values()];
}"""


def signed_in(browser: Browser, app: Flask, address: str, screen: dict[str, Any]) -> Iterator[Page]:
    context = browser.new_context(**screen, service_workers="block", base_url=address)
    page = context.new_page()
    sign_in(page, address + sign_in_link(app))
    yield page
    context.close()


def serve(program: Program, now: datetime, folder: Path) -> Iterator[tuple[Flask, str]]:
    service = serve_from(open_database(sqlite_url(folder / "agenda.sqlite"), program.id), program, MovableClock(now))
    app = create_app(Settings(program=Path("unread"), secret_key="for tests"), service)
    with served(app) as address:
        yield app, address
    service.close()


@pytest.fixture
def phone_console(browser: Browser, app: Flask, address: str) -> Iterator[Page]:
    yield from signed_in(browser, app, address, PHONE)


def test_the_head_stays_while_the_page_scrolls_and_is_small(phone_console: Page) -> None:
    head = phone_console.locator(".day-head")
    phone_console.mouse.wheel(0, 900)
    phone_console.wait_for_function("() => scrollY > 400")
    box = head.bounding_box()
    assert box is not None
    assert (round(box["y"]), box["height"] <= HIGHEST_HEAD) == (0, True)
    expect(phone_console.get_by_role("navigation", name="Console")).not_to_be_in_viewport()


def test_the_head_is_as_high_before_scripts_as_after_them(phone_console: Page) -> None:
    started = phone_console.locator(".day-head").bounding_box()
    phone_console.route("**/js/**", lambda route: route.abort())
    phone_console.reload()
    expect(phone_console.locator(".stage-timer .figure")).to_be_empty()
    assert phone_console.locator(".day-head").bounding_box() == started


def test_the_line_of_the_present_minute_moves_by_itself(phone_console: Page, clock: MovableClock) -> None:
    line = phone_console.locator(".day-head line")
    assert line.get_attribute("x1") == "16.67%"
    clock.set(clock.now() + 4 * MINUTE)
    phone_console.evaluate("dispatchEvent(new Event('online'))")
    expect(line).to_have_attribute("x1", "17.50%")


def test_what_a_delay_did_stands_in_sight_on_every_console(
    phone_console: Page, service: Service, clock: MovableClock
) -> None:
    edit = Delay("evan-shelhamer", 8, shorten=(("contributed-morning", 37),))
    publish_edit(service.current.revisions, edit, base=1, by=Editor("Alina"), note="", now=clock.now())
    service.current.refresh()
    expect(phone_console.locator("#day-state")).to_have_text("8 min behind · lunch safe")
    expect(phone_console.locator("#done")).to_be_in_viewport()
    expect(phone_console.locator("#done")).to_contain_text("Done 10:20 · 2 sessions moved · Alina")


def test_a_reason_that_is_being_typed_stays_with_the_edit_that_it_is_for(
    phone_console: Page, service: Service, clock: MovableClock
) -> None:
    revisions, longer = service.current.revisions, Extend("posters", 2)
    publish_edit(revisions, longer, base=1, by=Editor("Frank"), note="", now=clock.now())
    service.current.refresh()
    phone_console.locator("#why-2 summary").click()
    phone_console.locator("#note-2").get_by_label("Note for readers").fill("The laptop failed.")
    publish_edit(revisions, longer, base=2, by=Editor("Frank"), note="", now=clock.now())
    service.current.refresh()
    expect(phone_console.locator("#why-3")).to_be_visible()
    note = phone_console.locator("#note-2").get_by_label("Note for readers")
    expect(note).to_have_value("The laptop failed.")
    expect(phone_console.locator("#note-3 input[name=note]")).to_have_value("")
    phone_console.locator("#note-2").get_by_role("button", name="Add").click()
    wait_until(lambda: service.current.snapshot.revision.number == 4)
    assert recorded_edit(service.current.revisions.history(3)[-1].edit) == Explain(2)


def test_buttons_are_apart_and_high_enough_for_a_thumb(phone_console: Page, clock: MovableClock) -> None:
    for width in (390, 320):
        phone_console.set_viewport_size({"width": width, "height": 640})
        assert phone_console.evaluate(TOO_CLOSE) == []


def test_what_may_be_still_on_is_said_in_two_lines_at_most(phone_console: Page, clock: MovableClock) -> None:
    clock.set(clock.now() + 27 * MINUTE)
    phone_console.set_viewport_size({"width": 320, "height": 640})
    phone_console.reload()
    heights = phone_console.locator(".lately button[name=tap]").evaluate_all(
        "(nodes) => nodes.map((node) => node.getBoundingClientRect().height)"
    )
    assert max(heights) < 70


def test_the_first_button_that_a_keyboard_reaches_in_a_room_is_what_is_done_most(phone_console: Page) -> None:
    phone_console.locator("main").focus()
    names = []
    for _ in range(22):
        phone_console.keyboard.press("Tab")
        names.append(phone_console.evaluate("document.activeElement.textContent.trim()"))
    assert names[1:8] == ["+5", "Not here…", "3 min", "5 min", "8 min", "10 min", "15 min"]
    assert names[8:17] == ["open the stage", *USUAL_CUES, "Own words"]
    assert names[17:21] == ["", "Show", "Starts only now", "End"]


def test_what_can_be_done_about_a_revision_stands_on_one_line(
    phone_console: Page, service: Service, address: str, clock: MovableClock
) -> None:
    for base, edit in ((1, Cancel("panel")), (2, Cancel("posters"))):
        publish_edit(service.current.revisions, edit, base=base, by=Editor("Alina"), note="", now=clock.now())
    service.current.refresh()
    phone_console.goto(f"{address}/organizer/history")
    assert phone_console.evaluate(LINES, "#r2 .text-taps :is(summary, form:not(.asking) button)") == [
        ["Undo", "Why?", "Back to this…"]
    ]


def test_day_and_rooms_stand_side_by_side_on_a_laptop(console: Page) -> None:
    rooms, day = (console.locator(f".columns > {part}").bounding_box() for part in (".rooms", ".day"))
    assert rooms is not None
    assert day is not None
    assert (rooms["y"] == day["y"], rooms["x"] + rooms["width"] < day["x"]) == (True, True)


WITH_LONG_TEXTS = (
    *("/organizer", "/organizer?room=hall", "/organizer/sessions", "/organizer/history", "/organizer/undo"),
    *("/organizer/not-here/{session}", "/organizer/preview?do=end&session={session}", "/organizer/talks/{session}"),
)


@pytest.mark.parametrize("path", WITH_LONG_TEXTS)
def test_nothing_widens_a_narrow_page(browser: Browser, tmp_path: Path, path: str) -> None:
    program = nasty_program()
    session = program.sessions[3]
    for app, address in serve(program, session.start + 5 * MINUTE, tmp_path):
        publish_noted(service_of(app), ChangeContent(session.id, title="W" * 300))
        for page in signed_in(browser, app, address, SMALL_PHONE):
            page.goto(path.format(session=session.id))
            page.evaluate("for (const part of document.querySelectorAll('main details')) part.open = true")
            assert page.evaluate(SIDEWAYS) is False


def ten_rooms() -> Program:
    """A day in ten rooms, in each of which a talk is on whose speaker is not ticked as here; in one nothing is."""
    rooms = tuple(Room(f"room-{number}", f"Room {number}") for number in range(1, 11))
    talks = [talk(f"talk-{number}", "10:00-10:30", f"room-{number}") for number in range(1, 10)]
    next_one = talk("long", "10:25-11:00", "room-10")
    sessions = (
        *(replace(one, speakers=("sara-hooker",)) for one in (*talks, next_one)),
        talk("all", "11:30-12:00", None),
    )
    return replace(codeml(), rooms=rooms, sessions=sessions)


@pytest.mark.parametrize("width", [320, 1280])
def test_axe_finds_nothing_in_the_lines_of_many_rooms(browser: Browser, tmp_path: Path, width: int) -> None:
    for app, address in serve(ten_rooms(), at("10:20"), tmp_path):
        for page in signed_in(browser, app, address, {"viewport": {"width": width, "height": 800}}):
            page.locator("#desk-room-1 summary").click()
            expect(page.get_by_text("Sara Hooker is not ticked as here.").first).to_be_visible()
            load_axe(page)
            assert (violations(page), page.evaluate(SIDEWAYS)) == ([], False)
            page.goto(f"{address}/organizer/sessions")
            load_axe(page)
            assert (violations(page), page.evaluate(SIDEWAYS)) == ([], False)


def test_a_room_is_found_though_nothing_more_takes_place_there(browser: Browser, tmp_path: Path) -> None:
    program = ten_rooms()
    program = replace(program, sessions=tuple(one for one in program.sessions if one.id not in {"long", "all"}))
    for app, address in serve(program, at("10:20"), tmp_path):
        for page in signed_in(browser, app, address, PHONE):
            find, found = page.get_by_label("Find a room"), page.locator("[data-found]")
            find.fill("room 10")
            expect(found).to_have_text("1 of 10 found.")
            expect(page.get_by_role("link", name="Room 10")).to_be_visible()
            find.fill("zzz")
            expect(found).to_have_text("0 of 10 found.")
            expect(page.locator("#idle-rooms")).to_be_hidden()
            find.fill("")
            expect(page.get_by_role("link", name="Room 10")).to_be_hidden()
            expect(page.locator(".room-line:visible")).to_have_count(9)


@pytest.mark.parametrize("width", [320, 1280])
def test_axe_finds_nothing_in_the_cards_of_several_rooms(browser: Browser, tmp_path: Path, width: int) -> None:
    program = ten_rooms()
    five = replace(
        program, rooms=program.rooms[:5], sessions=tuple(one for one in program.sessions if one.room in FIVE_ROOMS)
    )
    for app, address in serve(five, at("10:20"), tmp_path):
        for page in signed_in(browser, app, address, {"viewport": {"width": width, "height": 800}}):
            expect(page.locator(".room-cards")).to_be_visible()
            load_axe(page)
            assert (violations(page), page.evaluate(SIDEWAYS)) == ([], False)


@pytest.fixture
def many_rooms(browser: Browser, fixtures_path: Path, tmp_path: Path) -> Iterator[Page]:
    """The console of FOSDEM 2021, 106 rooms, on a phone."""
    program = fixture(fixtures_path, "schedules/giggity-fosdem_2021.xml").program
    for app, address in serve(program, datetime(2021, 2, 6, 13, 20, tzinfo=UTC), tmp_path):
        yield from signed_in(browser, app, address, PHONE)


@pytest.mark.slow
def test_106_rooms_are_a_page_of_fewer_than_ten_screens(many_rooms: Page) -> None:
    assert many_rooms.evaluate("document.documentElement.scrollHeight") < 10 * PHONE["viewport"]["height"]


@pytest.mark.slow
def test_of_106_rooms_one_is_found_as_its_name_is_typed_and_opened_with_its_buttons(many_rooms: Page) -> None:
    many_rooms.get_by_label("Find a room").fill("d.GO")
    expect(many_rooms.locator(".room-line:visible")).to_have_count(1)
    many_rooms.locator("#desk-d-go summary").click()
    expect(many_rooms.locator("#desk-d-go").get_by_role("button", name="+5")).to_be_visible()


@pytest.mark.slow
def test_of_773_sessions_those_are_shown_that_fit_a_search(many_rooms: Page) -> None:
    many_rooms.goto("/organizer/sessions?q=unikraft")
    expect(many_rooms.locator("[data-found]")).to_have_text("4 of 773 found.")
    expect(many_rooms.locator(".day-row:visible")).to_have_count(4)


@pytest.mark.slow
def test_sessions_are_found_as_one_types_in_groups_that_open(many_rooms: Page) -> None:
    many_rooms.goto("/organizer/sessions")
    many_rooms.evaluate("window.samePage = true")
    many_rooms.get_by_label("Find a session").fill("unikraft")
    expect(many_rooms.locator(".day-row:visible")).to_have_count(4)
    expect(many_rooms).to_have_url(re.compile(r"/organizer/sessions\?q=unikraft$"))
    many_rooms.get_by_role("link", name="Show all").click()
    expect(many_rooms.locator(".day-row:visible")).to_have_count(0)
    many_rooms.locator("nav.days a", has_text="Sun 7 February").click()
    expect(many_rooms.locator("#day-2021-02-07")).to_be_visible()
    assert many_rooms.evaluate("window.samePage") is True
