"""`make docs`: the site builds without a warning, asks no other host, and its cards are one sheet of paper each."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest
from lxml import html
from playwright.sync_api import Browser, Page, expect, sync_playwright
from support.movable_clock import AT_TEN_TWENTY, MovableClock
from support.repository import ROOT
from support.static_host import hosted

from benchmarks.open_page import ARGUMENTS, browser_path

pytestmark = [pytest.mark.acceptance, pytest.mark.process]

# What a browser fetches by itself; a link that somebody may follow is none of it.
FETCHED = "//script/@src | //img/@src | //iframe/@src | //source/@src | //link[not(@rel='canonical')]/@href"
FETCHED_BY_STYLE = re.compile(r"(?:url\(|@import)\s*[\"']?(?:https?:)?//[^)\"';]*")
PAPER = ("A4", "Letter")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site, as `make docs` builds it."""
    if find_spec("furo") is None:
        pytest.skip("Sphinx and furo are not here: make docs installs them")
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "sphinx", *options_of_make(), ROOT, folder]
    built = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)
    assert (built.returncode, built.stderr) == (0, "")
    return folder


def options_of_make() -> list[str]:
    """What the Makefile gives to Sphinx before the folders."""
    found = re.search(r"sphinx-build (.*) \. docs/_build", (ROOT / "Makefile").read_text())
    assert found is not None
    return found[1].split()


@pytest.fixture(scope="module")
def address(site: Path) -> Iterator[str]:
    with hosted(site, MovableClock(AT_TEN_TWENTY)) as host:
        yield host


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    path = browser_path()
    if path is None:
        pytest.skip("no Chromium is here")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    page = chromium.new_page()
    yield page
    page.close()


def test_every_page_of_the_repository_is_on_the_site(site: Path) -> None:
    written = {path.stem for path in (ROOT / "docs").glob("*.md")}
    assert {path.stem for path in (site / "docs").glob("*.html")} == written


def test_no_page_fetches_from_another_host(site: Path) -> None:
    fetched = {
        address
        for path in site.rglob("*.html")
        for address in html.fromstring(path.read_bytes()).xpath(FETCHED)
        if re.match(r"(https?:)?//", address)
    }
    assert fetched == set()


def test_no_style_sheet_fetches_from_another_host(site: Path) -> None:
    assert [found for path in site.rglob("*.css") for found in FETCHED_BY_STYLE.findall(path.read_text())] == []


def test_the_search_finds_a_page_and_asks_no_other_host(page: Page, address: str) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{address}/search.html?q=projector")
    expect(page.locator("ul.search").get_by_role("link", name="For operators").first).to_be_visible()
    assert [one for one in asked if not one.startswith((address, "data:"))] == []


def test_the_first_address_leads_to_the_first_page(page: Page, address: str) -> None:
    page.goto(address)
    page.wait_for_url("**/docs/index.html")
    assert page.title() == "codeml-agenda"


@pytest.mark.parametrize("paper", PAPER)
def test_the_card_is_one_sheet(page: Page, address: str, paper: str) -> None:
    page.goto(f"{address}/docs/day-card.html")
    assert len(re.findall(rb"/Type */Page\b", page.pdf(format=paper))) == 1


@pytest.mark.parametrize("paper", PAPER)
def test_a_second_machine_is_two_sheets_and_the_first_ends_with_what_to_do_when_it_dies(
    page: Page, address: str, paper: str
) -> None:
    page.goto(f"{address}/docs/second-machine.html")
    sheets = len(re.findall(rb"/Type */Page\b", page.pdf(format=paper)))
    page.emulate_media(media="print")
    (last,) = page.evaluate(
        """() => [...document.querySelectorAll('article section')]
            .filter(part => getComputedStyle(part).breakBefore === 'page')
            .map(part => part.previousElementSibling.id)"""
    )
    assert (sheets, last) == (2, "when-it-dies-on-the-second-machine")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_follow_the_readers_choice_of_light_and_dark(chromium: Browser, address: str, scheme: str) -> None:
    context = chromium.new_context(color_scheme=scheme)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(f"{address}/docs/index.html")
    ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
    context.close()
    light = sum(map(int, re.findall(r"\d+", ground)[:3])) > 3 * 128
    assert light == (scheme == "light")


@pytest.mark.parametrize("width", [320, 1280])
def test_no_page_is_wider_than_the_screen(page: Page, site: Path, address: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    too_wide = []
    # The first address leads on at once.
    for path in sorted(set(site.rglob("*.html")) - {site / "index.html"}):
        page.goto(f"{address}/{path.relative_to(site)}")
        if page.evaluate("document.documentElement.scrollWidth") > width:
            too_wide.append(path.name)
    assert too_wide == []


def test_a_link_that_leads_nowhere_fails_the_build(tmp_path: Path, site: Path) -> None:
    del site
    source = tmp_path / "source"
    (source / "docs").mkdir(parents=True)
    (source / "docs" / "index.md").write_text("# Start\n\n[gone](gone.md)\n")
    (source / "docs" / "conf.py").write_text('extensions = ["myst_parser"]\nroot_doc = "docs/index"\n')
    command = [sys.executable, "-m", "sphinx", *options_of_make(), ".", tmp_path / "site"]
    built = subprocess.run(command, capture_output=True, text=True, check=False, cwd=source)
    assert (built.returncode, "gone.md" in built.stderr) == (1, True)
