"""Paper as a browser makes it: PDF pages, counted, measured, and their codes read from pictures of 300 dpi."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import cv2
import numpy as np
import pytest
from flask import Flask
from playwright.sync_api import Browser, Page
from pyzbar.pyzbar import decode
from support.movable_clock import MovableClock
from support.papers import papers, with_papers
from support.print_programs import nasty_program
from support.publishing import publish
from support.qr_photographs import Picture, all_of_it, by_zbar
from support.repository import FIRST_PROGRAM
from support.server_thread import served

from app.domain.program import Program
from app.formats.program_folder.reader import read_program
from app.service_factory import serve_from
from app.store.database import open_database, sqlite_url
from app.web.running_service import Service

pytestmark = pytest.mark.browser

PUBLIC_URL = "https://agenda.codeml-workshop.org"
DPI = 300
POINTS = {"a4": (595, 842), "letter": (612, 792)}
NOT_ON_CARDS = {"break", "lunch", "social"}
# Boxes that stand out of the one they are in; words that run inline may be higher than their line, not wider.
# A code's white rim hangs over the edge on purpose, so its picture is held against the sheet.
STANDING_OUT = """() => {
  const found = [];
  const out = (inner, outer, sideways) => {
    const [a, b] = [inner.getBoundingClientRect(), outer.getBoundingClientRect()];
    const over = [b.left - a.left, a.right - b.right, ...(sideways ? [] : [b.top - a.top, a.bottom - b.bottom])];
    if (a.width && Math.max(...over) > 1) found.push(`${inner.tagName}.${inner.className} ${inner.textContent}`);
  };
  for (const sheet of document.querySelectorAll(".sheet"))
    for (const inner of sheet.querySelectorAll("*"))
      if (inner.tagName === "IMG") out(inner, inner.closest(".quarter, .sheet"));
      else if (!inner.closest(".code")) out(inner, inner.parentElement, getComputedStyle(inner).display === "inline");
  return found;
}"""

# Lines of text, each as high as its glyphs, that reach into the line above it or out of the box that they are in.
CROWDED = """(family) => {
  document.documentElement.style.fontFamily = `"${family}"`;
  const found = [];
  for (const box of document.querySelectorAll(".sheet :is(h2, p, figcaption)")) {
    const text = document.createRange();
    text.selectNodeContents(box);
    const glyphs = [...text.getClientRects()].filter((rect) => rect.width);
    const { top, bottom } = box.getBoundingClientRect();
    const over = glyphs.some((rect) => rect.top < top - 0.5 || rect.bottom > bottom + 0.5);
    const met = glyphs.some((one) => glyphs.some((other) =>
      one.top < other.top - one.height / 2 && one.bottom > other.top + 0.5 && other.height >= one.height));
    if (over || met) found.push(`${over ? "out" : "met"} ${box.outerHTML.slice(0, 90)}`);
  }
  return found;
}"""


@pytest.fixture
def service(tmp_path: Path, request: pytest.FixtureRequest, program: Program, clock: MovableClock) -> Iterator[Service]:
    """The first program's service, or that of the program which a test asks for."""
    shown: Program = getattr(request, "param", program)
    database = open_database(sqlite_url(tmp_path / "agenda.sqlite"), shown.id)
    running = serve_from(database, shown, clock, PUBLIC_URL)
    yield running
    running.close()


@dataclass
class Printer:
    """A browser that prints pages of a service into a folder."""

    page: Page
    address: str
    folder: Path

    def open(self, query: str) -> int:
        """Show a page as it is printed; gives the number of its sheets."""
        self.page.emulate_media(media="print")
        self.page.goto(f"{self.address}/print?{query}", wait_until="networkidle")
        return self.page.locator(".sheet").count()

    def standing_out(self) -> list[str]:
        """What stands out of its box."""
        found: list[str] = self.page.evaluate(STANDING_OUT)
        return found

    def pdf(self) -> tuple[int, tuple[int, int]]:
        """Print the page that is shown; gives the number of pages and their size in points."""
        self.page.pdf(path=self.folder / "sheets.pdf", prefer_css_page_size=True, print_background=False)
        told = subprocess.run(
            ["pdfinfo", self.folder / "sheets.pdf"], capture_output=True, text=True, check=True
        ).stdout
        [pages] = re.findall(r"Pages:\s+(\d+)", told)
        [(width, height)] = re.findall(r"Page size:\s+([\d.]+) x ([\d.]+) pts", told)
        return int(pages), (round(float(width)), round(float(height)))

    def pictures(self) -> list[Picture]:
        """What was printed, in grey."""
        subprocess.run(["pdftoppm", "-r", str(DPI), "-gray", "sheets.pdf", "sheet"], cwd=self.folder, check=True)
        files = sorted(self.folder.glob("sheet-*.pgm"))
        return [np.asarray(cv2.imread(str(one), cv2.IMREAD_GRAYSCALE), np.uint8) for one in files]


@pytest.fixture
def printer(browser: Browser, app: Flask, tmp_path: Path) -> Iterator[Printer]:
    context = browser.new_context(viewport={"width": 1000, "height": 1200})
    with served(app) as address:
        yield Printer(context.new_page(), address, tmp_path)
    context.close()


@pytest.mark.parametrize("service", [with_papers(read_program(FIRST_PROGRAM), papers(9), "posters")], indirect=True)
@pytest.mark.parametrize("query", ["what=boards&paper=letter", "what=boards&per=8&paper=a4"])
def test_the_code_of_each_label_is_read_also_from_a_bad_picture(printer: Printer, query: str) -> None:
    printer.open(query)
    assert printer.standing_out() == []
    printer.pdf()
    cut = [code for picture in printer.pictures() for code in cut_out(picture)]
    assert {text for text, _ in cut} == {f"{PUBLIC_URL}/papers/paper-{number}" for number in range(1, 10)}
    assert [by_zbar(all_of_it(code)) for _, code in cut] == [[text] for text, _ in cut]


def codes_of(program: Program, what: str) -> set[str]:
    if what == "doors":
        return {f"{PUBLIC_URL}/rooms/{room.id}" for room in program.rooms}
    if what == "cards":
        return {f"{PUBLIC_URL}/talks/{one.id}" for one in program.sessions if one.kind not in NOT_ON_CARDS}
    return {f"{PUBLIC_URL}/"}


@pytest.mark.parametrize("service", [nasty_program()], indirect=True, ids=["nasty"])
@pytest.mark.parametrize(
    ("query", "sheets"),
    [
        ("what=doors&paper=a4", 4),
        ("what=cards&paper=a4", 6),
        ("what=programme&paper=a4", 3),
        ("what=badge&paper=a4", 5),
        ("what=badge&paper=letter", 6),
        ("what=boards&paper=a4", 5),
        ("what=boards&per=8&paper=letter", 3),
        pytest.param("what=boards&per=8&paper=a4", 3, marks=pytest.mark.acceptance),
        pytest.param("what=boards&paper=letter", 5, marks=pytest.mark.acceptance),
        pytest.param("what=doors&paper=letter", 4, marks=pytest.mark.acceptance),
        pytest.param("what=cards&paper=letter", 6, marks=pytest.mark.acceptance),
        pytest.param("what=programme&paper=letter", 3, marks=pytest.mark.acceptance),
    ],
)
def test_long_titles_many_people_and_missing_rooms_fit(printer: Printer, query: str, sheets: int) -> None:
    assert printer.open(query) == sheets
    assert printer.standing_out() == []
    assert printer.pdf() == (sheets, POINTS[query.rpartition("=")[2]])


@pytest.mark.parametrize("paper", ["a4", pytest.param("letter", marks=pytest.mark.acceptance)])
@pytest.mark.parametrize(("what", "sheets"), [("doors", 1), ("cards", 3), ("programme", 1), ("badge", 1)])
def test_every_printed_code_is_read_also_from_a_bad_picture(
    printer: Printer, program: Program, what: str, sheets: int, paper: str
) -> None:
    printer.open(f"what={what}&paper={paper}")
    images = printer.page.locator(".sheet .code img").count()
    assert (printer.standing_out(), printer.pdf()) == ([], (sheets, POINTS[paper]))
    cut = [code for picture in printer.pictures() for code in cut_out(picture)]
    assert len(cut) == images
    assert {text for text, _ in cut} == codes_of(program, what)
    assert [by_zbar(all_of_it(code)) for _, code in cut] == [[text] for text, _ in cut]


def cut_out(picture: Picture) -> list[tuple[str, Picture]]:
    """The codes on a page, each with its white rim: four modules, a tenth of the code."""
    found = []
    for code in decode(picture):
        left, top, width, height = code.rect
        rim = round(max(width, height) * 0.11)
        found.append(
            (
                code.data.decode(),
                picture[max(top - rim, 0) : top + height + rim, max(left - rim, 0) : left + width + rim],
            )
        )
    return found


FAMILIES = ("Liberation Sans", "DejaVu Sans")


@pytest.mark.parametrize(
    "service",
    [read_program(FIRST_PROGRAM), nasty_program(), nasty_program(40)],
    indirect=True,
    ids=["the first", "nasty", "eighty sessions"],
)
@pytest.mark.parametrize("paper", ["a4", pytest.param("letter", marks=pytest.mark.acceptance)])
def test_lines_are_as_high_as_their_type_and_no_sheet_is_fuller_than_it_can_be(printer: Printer, paper: str) -> None:
    crowded = {}
    for what in ("doors", "cards", "programme", "badge", "boards", "boards&per=8"):
        printer.open(f"what={what}&paper={paper}")
        for family in FAMILIES:
            crowded[what, family] = printer.page.evaluate(CROWDED, family) + printer.standing_out()
    assert {place: found for place, found in crowded.items() if found} == {}


@pytest.mark.acceptance
@pytest.mark.parametrize("service", [nasty_program(40)], indirect=True, ids=["eighty sessions"])
def test_a_day_too_long_for_a_page_goes_on_over_the_next(printer: Printer) -> None:
    sheets = printer.open("what=programme")
    listed = printer.page.locator("[data-session]").evaluate_all("all => all.map(one => one.dataset.session)")
    assert sorted(listed) == sorted(session.id for session in nasty_program(40).sessions)
    assert printer.page.locator(".as-of p:nth-child(2)").all_inner_texts() == [
        f"{n} of {sheets}" for n in range(1, sheets + 1)
    ]
    assert printer.standing_out() == []
    assert printer.pdf() == (sheets, POINTS["a4"])


@pytest.mark.parametrize("what", ["doors", "programme", "badge"])
@pytest.mark.parametrize("family", FAMILIES)
def test_the_list_of_a_day_fills_its_sheet(printer: Printer, what: str, family: str) -> None:
    printer.open(f"what={what}")
    free = printer.page.evaluate(
        """(family) => {
          document.documentElement.style.fontFamily = `"${family}"`;
          const bottom = (element) => element.getBoundingClientRect().bottom;
          return [...document.querySelectorAll(".entries")].map((one) => bottom(one) - bottom(one.lastElementChild));
        }""",
        family,
    )
    assert [round(pixels) for pixels in free] == [0] * len(free)


@pytest.mark.parametrize("width", [320, 390, 800])
@pytest.mark.parametrize("what", ["doors", "cards", "programme", "badge"])
def test_a_small_window_shows_sheets_as_wide_as_it_is(printer: Printer, what: str, width: int) -> None:
    printer.page.set_viewport_size({"width": width, "height": 700})
    printer.page.goto(f"{printer.address}/print?what={what}")
    left, right = printer.page.locator(".sheet").first.evaluate(
        "sheet => [sheet.getBoundingClientRect().left, sheet.getBoundingClientRect().right]"
    )
    assert (round(left), round(right)) == (8, width - 8)
    assert printer.page.evaluate("document.documentElement.scrollWidth") == width


@pytest.mark.parametrize(("width", "names_keys"), [(390, False), (1280, True)])
def test_a_button_prints_and_is_not_on_paper(printer: Printer, width: int, names_keys: bool) -> None:
    printer.page.set_viewport_size({"width": width, "height": 700})
    printer.page.add_init_script("window.print = () => { document.title = 'printed'; }")
    printer.page.goto(f"{printer.address}/print?what=doors")
    assert printer.page.get_by_text("Ctrl P").is_visible() == names_keys
    printer.page.get_by_role("button", name="Print").click()
    assert printer.page.title() == "printed"
    printer.page.emulate_media(media="print")
    assert printer.page.get_by_role("button").count() == 0


def test_without_scripts_the_keys_are_named_and_there_is_no_button(browser: Browser, printer: Printer) -> None:
    page = browser.new_page(java_script_enabled=False, viewport={"width": 390, "height": 700})
    page.goto(f"{printer.address}/print?what=doors")
    assert (page.get_by_text("Ctrl P").is_visible(), page.get_by_role("button").count()) == (True, 0)
    page.close()


@pytest.mark.parametrize("width", [320, 1280])
def test_a_part_of_the_program_is_chosen_with_the_keyboard(printer: Printer, width: int) -> None:
    printer.page.set_viewport_size({"width": width, "height": 700})
    printer.page.goto(f"{printer.address}/print")
    assert printer.page.evaluate("document.documentElement.scrollWidth") == width
    printer.page.get_by_label("Session").focus()
    printer.page.keyboard.type("16:00 Panel")
    for _ in ("Door signs", "Cards"):
        printer.page.keyboard.press("Tab")
    with printer.page.expect_navigation():
        printer.page.keyboard.press("Enter")
    assert printer.page.locator(".card .title").all_inner_texts() == ["Panel discussion"]


def test_what_is_printed_is_black_on_white_in_the_dark_too(printer: Printer) -> None:
    printer.page.emulate_media(color_scheme="dark")
    printer.page.goto(f"{printer.address}/print?what=cards")
    colours = printer.page.locator(".sheet").first.evaluate(
        "one => [getComputedStyle(one).color, getComputedStyle(one).backgroundColor]"
    )
    assert colours == ["rgb(0, 0, 0)", "rgb(255, 255, 255)"]


def test_the_browser_has_nothing_to_say_about_a_page_with_data_in_it(printer: Printer) -> None:
    said: list[str] = []
    printer.page.on("console", lambda message: said.append(message.text))
    printer.page.on("pageerror", lambda error: said.append(str(error)))
    for path in ("/", "/talks/tri-dao", "/print", "/print?what=cards", "/subscribe"):
        printer.page.goto(printer.address + path, wait_until="load")
    assert said == []


def test_a_moved_session_says_on_paper_where_it_was(printer: Printer, service: Service) -> None:
    revision = service.current.snapshot.revision
    sara = revision.program.session("sara-hooker")
    slot = replace(sara.slot, start=sara.start + timedelta(minutes=8), end=sara.end + timedelta(minutes=8))
    sessions = tuple(replace(one, slot=slot) if one is sara else one for one in revision.program.sessions)
    after = replace(revision.program, sessions=sessions)
    publish(service, after)
    printer.open("what=cards&session=sara-hooker")
    assert printer.page.locator(".card .when").inner_text() == "10:53–11:23"
    assert printer.page.locator(".card .tag").inner_text() == "was 10:45"
