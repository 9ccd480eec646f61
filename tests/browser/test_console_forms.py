"""The console's forms for content where scripts run: usual numbers, an order by buttons, Markdown as it will look."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect
from support.axe import load_axe, violations

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
