"""The console's forms for content where scripts run: usual numbers, an order by buttons, Markdown as it will look."""

from __future__ import annotations

import pytest
from flask import Flask
from playwright.sync_api import Browser, Locator, Page, Route, expect
from support.axe import load_axe, violations
from support.console_browser import sign_in_link
from support.started_page import sign_in, start

from app.domain.edits.edit_types import ChangeContent
from app.domain.rights import Editor
from app.store.publishing import publish_edit
from app.web.running_service import Service

pytestmark = pytest.mark.browser

SHOWS = "(revision) => Number(document.documentElement.dataset.revision) === revision"
POSITIONS = """() => [...document.querySelectorAll(".order li")].map((row) =>
    [row.querySelector("[name=session]")?.value ?? "", row.querySelector("input.position")?.value ?? ""])"""
SMALL = """() => [...document.querySelectorAll("main :is(button, .button, .tap, input, select, textarea, summary)")]
    .filter((node) => node.checkVisibility() && !["hidden", "checkbox"].includes(node.type))
    .filter((node) => node.getBoundingClientRect().height < 43.5).map((node) => node.outerHTML.slice(0, 120))"""


def test_a_usual_number_of_minutes_is_one_tap(console: Page, address: str) -> None:
    console.goto(f"{address}/organizer/add")
    console.get_by_role("button", name="15 min").click()
    expect(console.get_by_label("Minutes", exact=True)).to_have_value("15")


def test_the_abstract_is_shown_under_its_field_and_stays_when_the_page_refreshes(
    console: Page, address: str, service: Service
) -> None:
    console.goto(f"{address}/organizer/talks/sara-hooker/edit")
    console.get_by_label("Abstract").fill("Some *weight*.")
    console.get_by_role("button", name="Preview the abstract").click()
    expect(console.locator(".markdown-preview em")).to_have_text("weight")
    load_axe(console)
    assert violations(console) == []
    publish(service, ChangeContent("panel", title="Who pays?"))
    console.wait_for_function(SHOWS, arg=2)
    expect(console.locator(".markdown-preview em")).to_have_text("weight")


def test_who_types_on_while_the_abstract_is_rendered_is_not_disturbed(console: Page, address: str) -> None:
    held = list[Route]()
    console.route("**/organizer/markdown", lambda route: held.append(route))  # noqa: PLW0108 - playwright reads its code
    console.goto(f"{address}/organizer/talks/sara-hooker/edit")
    with console.expect_request("**/organizer/markdown"):
        console.get_by_role("button", name="Preview the abstract").click()
    title = console.get_by_label("Title", exact=True)
    title.fill("AB")
    held.pop().continue_()
    expect(console.locator(".markdown-preview")).to_be_visible()
    console.keyboard.type("CD")
    expect(title).to_have_value("ABCD")


@pytest.mark.parametrize("typed", ["", "x", "0"])
def test_a_row_whose_position_is_none_stays_where_it_is(console: Page, address: str, typed: str) -> None:
    console.goto(f"{address}/organizer/order")
    ids = [name for name, _ in console.evaluate(POSITIONS)]
    console.locator("#order-matt-johnson .position").fill(typed)
    console.locator("#order-matt-johnson .position").press("Tab")
    assert [name for name, _ in console.evaluate(POSITIONS)] == ids


def test_a_position_that_is_none_may_be_typed_before_the_script_has_come(console: Page, address: str) -> None:
    held = list[Route]()
    console.route("**/order-rows.js", lambda route: held.append(route))  # noqa: PLW0108 - playwright reads its code
    with console.expect_request("**/order-rows.js"):
        console.goto(f"{address}/organizer/order", wait_until="commit")
    position = console.locator("#order-matt-johnson .position")
    position.fill("0")
    ids = [name for name, _ in console.evaluate(POSITIONS)]
    with console.expect_response("**/order-rows.js"):
        held.pop().continue_()
    start(console)
    console.locator("#order-chris-rackauckas [data-move='1']").click()
    expect(position).not_to_have_value("0")
    assert [name for name, _ in console.evaluate(POSITIONS)].index("matt-johnson") == ids.index("matt-johnson")


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_back_forward_and_reload_show_a_preview_and_a_draft_again(
    browser: Browser, app: Flask, address: str, scripts: bool
) -> None:
    context = browser.new_context(java_script_enabled=scripts)
    page = context.new_page()
    sign_in(page, f"{address}{sign_in_link(app)}")
    asked = page.get_by_role("heading", name="Not published yet")
    page.locator(".floor.now ~ .other, .floor.now .other").first.get_by_label("Other, in minutes").fill("8")
    page.locator(".floor.now ~ .other, .floor.now .other").first.get_by_role("button", name="Show").click()
    comes_back(page, asked, "Running late")
    page.goto(f"{address}/organizer/add")
    page.get_by_label("Title").fill("A call")
    page.get_by_label("Minutes", exact=True).fill("5")
    page.get_by_role("button", name="Preview new session").click()
    comes_back(page, asked, "Add a session")
    expect(page.get_by_label("Title")).to_have_value("A call")
    context.close()


def comes_back(page: Page, shown: Locator, before: str) -> None:
    """Go back, forward, and reload; each shows what it should."""
    expect(shown).to_be_visible()
    page.go_back()
    expect(page.get_by_text(before).first).to_be_visible()
    page.go_forward()
    expect(shown).to_be_visible()
    page.reload()
    expect(shown).to_be_visible()


def test_rows_move_by_buttons_and_by_numbers_around_what_stays(console: Page, address: str) -> None:
    console.goto(f"{address}/organizer/order")
    before = console.evaluate(POSITIONS)
    assert before[2:5] == [["contributed-morning", "3"], ["", ""], ["matt-johnson", "5"]]
    console.get_by_role("button", name="JAX and OSS at Google / DeepMind: up").press("Enter")
    moved = console.evaluate(POSITIONS)
    assert moved[2:5] == [["matt-johnson", "3"], ["", ""], ["contributed-morning", "5"]]
    assert console.evaluate("document.activeElement.ariaLabel") == "JAX and OSS at Google / DeepMind: up"
    console.locator("#order-matt-johnson .position").fill("1")
    console.locator("#order-matt-johnson .position").press("Tab")
    assert console.evaluate(POSITIONS)[:2] == [["matt-johnson", "1"], ["evan-shelhamer", "2"]]


def test_a_text_that_is_being_edited_keeps_the_revision_that_it_began_with(
    console: Page, address: str, service: Service
) -> None:
    console.goto(f"{address}/organizer/talks/sara-hooker/edit")
    base = console.locator(".content [name=base]")
    publish(service, ChangeContent("sara-hooker", title="Ripe"))
    console.wait_for_function(SHOWS, arg=2)
    expect(base).to_have_value("2")
    console.get_by_label("Title", exact=True).fill("Mine")
    publish(service, ChangeContent("sara-hooker", title="Theirs", abstract="Theirs."))
    console.wait_for_function(SHOWS, arg=3)
    expect(base).to_have_value("2")
    expect(console.get_by_label("Title", exact=True)).to_have_value("Mine")
    expect(console.get_by_label("Abstract")).to_have_value("Theirs.")


def test_a_speaker_who_was_added_meanwhile_takes_no_typed_name_away(
    console: Page, address: str, service: Service
) -> None:
    console.goto(f"{address}/organizer/talks/sara-hooker/edit")
    console.get_by_label("Speaker 2").fill("Ada Lovelace")
    publish(service, ChangeContent("sara-hooker", speakers=("sara-hooker", "tri-dao")))
    console.wait_for_function(SHOWS, arg=2)
    names = console.locator("[name=speaker]").evaluate_all("(fields) => fields.map(({ value }) => value)")
    assert names == ["Sara Hooker", "Tri Dao", "Ada Lovelace", ""]


@pytest.mark.parametrize(
    "path", ["talks/evan-shelhamer", "talks/sara-hooker", "talks/sara-hooker/edit", "add", "order", "announce"]
)
def test_what_is_tapped_is_44_pixels_high(console: Page, address: str, path: str) -> None:
    console.set_viewport_size({"width": 390, "height": 844})
    console.goto(f"{address}/organizer/{path}")
    assert console.evaluate(SMALL) == []


def publish(service: Service, edit: ChangeContent) -> None:
    base = service.current.snapshot.revision.number
    publish_edit(service.current.revisions, edit, base=base, by=Editor("Alina"), note="", now=service.clock.now())
    service.current.refresh()
