"""The day on phones and laptops, of one room, five and 106: nothing is cut, and what is on is in sight at once."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page
from support.codeml_day import at
from support.conference import app_of
from support.import_results import fixture
from support.laid_out import layout_faults
from support.movable_clock import MovableClock
from support.server_thread import served

from app.formats.program_folder.reader import read_program
from app.settings import first_program

pytestmark = pytest.mark.browser

SLOW = pytest.mark.acceptance
FONTS = ("Liberation Sans", "DejaVu Sans")
SIZES = ((320, 640), (375, 667), (390, 844), (768, 1024), (1280, 800))
FIXTURES = {5: "schedules/emf-2016.xml", 106: "schedules/giggity-fosdem_2021.xml"}
DURING = {
    1: at("10:20"),
    5: datetime(2016, 8, 6, 13, 25, tzinfo=UTC),
    106: datetime(2021, 2, 6, 13, 20, tzinfo=UTC),
}
# Where what is on begins: its label, or in the grid the first session.
FIRST_ON = """() => Math.min(...[...document.querySelectorAll("main [data-state=now]")]
    .filter((one) => one.checkVisibility()).map((one) => one.getBoundingClientRect().top))"""
# The first session that is to come, in a slot or in the list.
FIRST_TO_COME = """() => Math.min(...[...document.querySelectorAll("main :is([data-state=next], [data-state=later])")]
    .filter((one) => one.checkVisibility()).map((one) => one.getBoundingClientRect().top))"""
HIGHEST_ON = 160
SCREENS_TO_WHAT_COMES = 2


def looks(sizes: Sequence[tuple[int, int]], quick: Collection[int]) -> list[Any]:
    """Each size with each font; those that are not quick are for `make acceptance`."""
    return [
        pytest.param(size, font, id=f"{size[0]} {font}", marks=() if is_quick(size, font, quick) else SLOW)
        for size in sizes
        for font in FONTS
    ]


def is_quick(size: tuple[int, int], font: str, quick: Collection[int]) -> bool:
    return size[0] in quick and (font == FONTS[0] or size[0] == SIZES[0][0])


@dataclass(frozen=True)
class Conference:
    """A served program, at an instant at which something is on."""

    rooms: int
    address: str


@pytest.fixture(scope="module", params=[1, 5, 106])
def conference(
    request: pytest.FixtureRequest, fixtures_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Conference]:
    rooms: int = request.param
    program = fixture(fixtures_path, FIXTURES[rooms]).program if rooms in FIXTURES else read_program(first_program())
    folder = tmp_path_factory.mktemp(f"rooms-{rooms}")
    with app_of(program, folder, MovableClock(DURING[rooms])) as app, served(app) as address:
        yield Conference(rooms, address)


@pytest.fixture(scope="module")
def page(browser: Browser, conference: Conference) -> Iterator[Page]:
    zone = {1: "America/Vancouver", 5: "Europe/London", 106: "Europe/Brussels"}[conference.rooms]
    context = browser.new_context(
        base_url=conference.address, service_workers="block", bypass_csp=True, timezone_id=zone
    )
    yield context.new_page()
    context.close()


def opened(page: Page, path: str, font: str, size: tuple[int, int], text: int = 100) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.goto(path)
    page.add_style_tag(
        content=f'html {{ font-size: {text}% !important; }} html, body, body * {{ font-family: "{font}" !important; }}'
    )
    page.wait_for_function("() => document.querySelector('.top .clock').textContent")


@pytest.mark.parametrize(("size", "font"), looks(SIZES, quick=(320, 390, 1280)))
def test_nothing_is_cut_and_what_is_on_is_in_sight(page: Page, font: str, size: tuple[int, int]) -> None:
    opened(page, "/", font, size)
    assert layout_faults(page, fills_window=False) == []
    assert page.evaluate(FIRST_ON) <= HIGHEST_ON
    assert page.evaluate(FIRST_TO_COME) <= SCREENS_TO_WHAT_COMES * size[1]


@pytest.mark.parametrize(("size", "font"), looks(SIZES[:3], quick=(320,)))
def test_text_of_twice_the_size_is_not_cut_and_does_not_scroll_sideways(
    page: Page, font: str, size: tuple[int, int]
) -> None:
    opened(page, "/", font, size, text=200)
    assert layout_faults(page, fills_window=False) == []
    assert page.evaluate(FIRST_ON) <= 2 * HIGHEST_ON
    assert page.evaluate(FIRST_TO_COME) <= 2 * SCREENS_TO_WHAT_COMES * size[1]


def test_the_list_on_a_laptop_is_not_cut_and_has_what_is_on_beside_it(page: Page, conference: Conference) -> None:
    opened(page, "/?view=list", FONTS[0], (1280, 800))
    assert (layout_faults(page, fills_window=False), page.evaluate(FIRST_ON) <= HIGHEST_ON) == ([], True)
    assert conference.rooms in (1, 5, 106)
