"""Importing in the console where scripts run, and where none do."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext, Page, expect
from support.axe import load_axe, violations
from support.console_browser import sign_in_link
from support.console_imports import PAGE, own_folder, retitled, service_of_folder
from support.movable_clock import MovableClock
from support.same_document import difference
from support.started_page import sign_in
from support.waiting import wait_until

from app.web.request_policy import LARGEST_FILE
from app.web.running_service import Service, service_of

pytestmark = pytest.mark.browser


@pytest.fixture
def app(tmp_path: Path, clock: MovableClock) -> Iterator[Flask]:
    """A service with a folder of its own."""
    with service_of_folder(own_folder(tmp_path), tmp_path / "own.sqlite", clock) as app:
        yield app


@pytest.fixture
def service(app: Flask) -> Service:
    return service_of(app)


@pytest.fixture
def plan(app: Flask, tmp_path: Path) -> Path:
    """The program with another title, as a file."""
    file = tmp_path / "plan.json"
    file.write_bytes(retitled(app, "evan-shelhamer", "Caffe"))
    return file


@pytest.fixture
def gate(service: Service) -> Iterator[threading.Event]:
    """Held open, it lets addresses fail; until then they are being read."""
    free = threading.Event()

    def resolve(_: str) -> list[Any]:
        free.wait(60)
        raise OSError("gone")

    service.imports.caller = replace(service.imports.caller, resolve=resolve)
    yield free
    free.set()


def test_a_file_is_chosen_read_and_published(console: Page, address: str, plan: Path) -> None:
    console.goto(f"{address}{PAGE}")
    console.get_by_label("A file").set_input_files(plan)
    console.get_by_role("button", name="Preview").click()
    expect(console.get_by_role("heading", name="This would change")).to_be_visible()
    load_axe(console)
    assert violations(console) == []
    console.get_by_label("Note for readers").fill("A shorter title")
    console.get_by_role("button", name="Publish").click()
    expect(console.get_by_role("heading", name="Published", exact=True)).to_be_visible()
    expect(console.locator("#done")).to_contain_text("Published as revision 2.")


def test_the_form_has_no_fault_for_screen_readers(console: Page, address: str) -> None:
    console.goto(f"{address}{PAGE}")
    load_axe(console)
    assert violations(console) == []


def test_an_open_page_of_an_import_equals_a_fresh_one(console: Page, address: str, gate: threading.Event) -> None:
    console.goto(f"{address}{PAGE}")
    console.get_by_label("Or a web address").fill("https://a.example/")
    console.get_by_role("button", name="Preview").click()
    expect(console.get_by_role("heading", name="Reading …")).to_be_visible()
    gate.set()
    expect(console.get_by_role("heading", name="Not read")).to_be_visible()
    fresh = console.context.new_page()
    fresh.goto(console.url)
    wait_until(lambda: difference(fresh, console) == "", 60)


def test_a_file_that_is_too_large_is_not_sent(console: Page, address: str, tmp_path: Path) -> None:
    large = tmp_path / "large.csv"
    large.write_bytes(bytes(LARGEST_FILE + 1))
    console.goto(f"{address}{PAGE}")
    field = console.get_by_label("A file")
    field.set_input_files(large)
    assert field.evaluate("field => field.validationMessage") == (
        "A file has at most 20 MB. Save it as CSV, or give its address."
    )


def test_without_scripts_the_page_comes_to_say_what_was_read(
    new_context: Callable[..., BrowserContext], app: Flask, address: str, plan: Path
) -> None:
    page = new_context(java_script_enabled=False).new_page()
    sign_in(page, f"{address}{sign_in_link(app)}")
    page.goto(f"{address}{PAGE}")
    page.get_by_label("A file").set_input_files(plan)
    page.get_by_role("button", name="Preview").click()
    expect(page.get_by_role("heading", name="This would change")).to_be_visible()
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_role("heading", name="Published", exact=True)).to_be_visible()
