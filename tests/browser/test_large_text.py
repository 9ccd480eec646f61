"""Who reads text of twice the size on a small phone: nothing scrolls sideways, of a program with two rooms too."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page
from support.bad_day import program_folder
from support.console_browser import sign_in_link
from support.movable_clock import AT_TEN_TWENTY, MovableClock
from support.screens import PHONE, SMALL_PHONE
from support.server_thread import served

from app import create_app
from app.domain.edits.edit_types import Delay
from app.domain.rights import Editor
from app.formats.program_folder.reader import read_program
from app.service_factory import serve_from
from app.settings import Settings
from app.store.database import open_database, sqlite_url
from app.store.publishing import publish_edit

pytestmark = pytest.mark.browser

TALK = "evan-shelhamer"
READERS = (
    *("/", "/now", f"/talks/{TALK}", "/speakers", f"/speakers/{TALK}", "/subscribe", "/changes", "/my"),
    *("/rooms/hall", "/print", "/not-here"),
)
CONSOLE = (
    *("/organizer", "/organizer?room=hall", "/organizer/sessions", f"/organizer/talks/{TALK}"),
    *(f"/organizer/talks/{TALK}/edit", "/organizer/add", "/organizer/order?room=hall", "/organizer/announce"),
    *(
        "/organizer/history",
        "/organizer/people",
        "/organizer/speakers",
        f"/organizer/not-here/{TALK}",
        "/organizer/report",
    ),
    f"/organizer/preview?do=late&session={TALK}&minutes=20",
)
TWICE_THE_SIZE = "document.documentElement.style.fontSize = '200%'"
WIDER_BY = "document.documentElement.scrollWidth - innerWidth"
# Where what is on begins: the time of the session that the slot shows.
TOP_OF_NOW = "document.querySelector('.slot.now .session').getBoundingClientRect().top"


@pytest.fixture(scope="module")
def two_rooms(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    folder = tmp_path_factory.mktemp("two-rooms")
    program = read_program(program_folder(folder / "program", "2025-07-18"))
    clock = MovableClock(AT_TEN_TWENTY)
    service = serve_from(open_database(sqlite_url(folder / "agenda.sqlite"), program.id), program, clock)
    edit, by = Delay("sara-hooker", 3, shorten=(("contributed-morning", 42),)), Editor("Frank")
    publish_edit(service.current.revisions, edit, base=1, by=by, note="A projector broke.", now=clock.now())
    service.current.refresh()
    yield create_app(Settings(program=Path("unread"), secret_key="for tests"), service)
    service.close()


@pytest.fixture(scope="module")
def small_phone(browser: Browser, two_rooms: Flask) -> Iterator[Page]:
    """A small phone that has signed in."""
    with served(two_rooms) as address:
        context = browser.new_context(**SMALL_PHONE, base_url=address, service_workers="block")
        page = context.new_page()
        page.goto(sign_in_link(two_rooms))
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url("**/organizer")
        yield page
        context.close()


@pytest.mark.parametrize("path", [*READERS, *CONSOLE])
def test_text_of_twice_the_size_does_not_scroll_sideways_with_two_rooms(small_phone: Page, path: str) -> None:
    small_phone.goto(path)
    small_phone.evaluate(TWICE_THE_SIZE)
    assert small_phone.evaluate(WIDER_BY) == 0


@pytest.mark.parametrize("path", ["/", "/now"])
def test_what_is_on_begins_above_160_pixels_on_a_phone(browser: Browser, app: Flask, path: str) -> None:
    with served(app) as address:
        context = browser.new_context(**PHONE, base_url=address, service_workers="block")
        page = context.new_page()
        page.goto(path)
        top = page.evaluate(TOP_OF_NOW)
        context.close()
    assert top < 160
