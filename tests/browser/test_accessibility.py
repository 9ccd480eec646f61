"""Nobody is left out: axe-core finds nothing on any page, and nothing scrolls sideways, in any look, however narrow."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import APIRequestContext, Browser, Page
from support.axe import ALL_RULES, COLOUR_RULES, load_axe_everywhere, violations
from support.console_browser import sign_in_link, token_on
from support.import_results import fixture
from support.movable_clock import MovableClock
from support.papers import papers, with_papers
from support.server_thread import served

from app import create_app
from app.domain.edits.edit_types import Announce, Cancel, Delay, Edit
from app.domain.program import Person, Program
from app.domain.rights import Editor
from app.service_factory import serve_from
from app.settings import Settings
from app.store.database import open_database, sqlite_url
from app.store.publishing import publish_edit
from app.web.running_service import Service, service_of

pytestmark = pytest.mark.browser

# A width, a colour scheme, forced colours, and axe's rules.
Look = tuple[int, str, str, dict[str, Any]]
# All rules at both widths; in the other looks nothing differs but colours.
LOOKS = [
    [(320, "light", "none", ALL_RULES), (1280, "dark", "none", COLOUR_RULES)],
    pytest.param(
        [
            (1280, "light", "none", ALL_RULES),
            (320, "dark", "none", COLOUR_RULES),
            (320, "dark", "active", COLOUR_RULES),
            (1280, "light", "active", COLOUR_RULES),
        ],
        marks=pytest.mark.acceptance,
    ),
]
SIDEWAYS = """() => document.documentElement.scrollWidth <= innerWidth ? [] : [...document.querySelectorAll("body *")]
    .filter((node) => node.getBoundingClientRect().right > innerWidth + 1).map((node) => node.outerHTML.slice(0, 99))"""
# WAI-ARIA: one main landmark a page; and one heading that says what the page is.
LANDMARKS = """() => ["main, [role=main]", "h1"].map((name) => [name, document.querySelectorAll(name)])
    .map(([name, all]) => [name, [...all].filter((node) => node.checkVisibility()).length])
    .filter(([, count]) => count !== 1).map(([name, count]) => `${count} of ${name}`)"""
# Tests of every page are in parts, which run beside each other.
PARTS = pytest.mark.parametrize("part", range(4))
EMF = ("schedules/emf-2016.xml", datetime(2016, 8, 6, 13, 25, tzinfo=UTC))
FOSDEM = ("schedules/giggity-fosdem_2021.xml", datetime(2021, 2, 6, 13, 20, tzinfo=UTC))
STREAMS = frozenset({"/live", "/organizer/live"})
NOW = datetime(2025, 7, 18, 17, 20, tzinfo=UTC)
# Pages of the console that only a form or a chair sees, each with its heading: by the query, then by what is sent.
BY_QUERY = {
    "/organizer/preview?do=late&session=coffee-afternoon&minutes=3": "This would change",
    "/organizer/preview?do=late&session=evan-shelhamer&minutes=5": "Ways out",
    "/organizer/preview?do=late&session=evan-shelhamer&minutes=x": "Not published yet",
    "/organizer/preview?do=late&session=coffee-afternoon&minutes=3&base=1": "You changed this meanwhile",
    "/organizer/talks/nobody": "Not found",
    "/organizer/undo?number=5": "This would change",
    "/organizer/undo?number=3": "Undo first",
    "/organizer/note?number=1&note=Why": "Not possible",
    f"/organizer/note?number=3&note={'x' * 501}": "Not published yet",
    "/organizer/talks/posters?note_on=posters&note_text=": "Notes for the chair",
    "/organizer/people?person=Eve": "People",
    "/organizer/sessions?q=panel": "Sessions",
    "/organizer/speakers?q=panel": "Speakers",
}
BY_FORM: list[tuple[str, dict[str, str], str]] = [
    ("/organizer/drafts", {"do": "content", "session": "panel", "title": "A discussion"}, "This would change"),
    ("/organizer/drafts", {"do": "add", "title": "", "minutes": "x", "after": "panel"}, "Not published yet"),
    ("/organizer/hand-over", {}, "Hand over Vancouver Convention Center"),
    ("/organizer/import", {"address": "ftp://a.example", "number": "1"}, "Import"),
]
# With results and filters, with a near miss, and with nothing to propose.
SEARCHES = ("/?q=open&coming=1", "/?q=attenion", "/?q=zzzz&kind=talk", "/papers?q=case", "/papers?view=boards")
# Sheets that are printed, with what narrows them to nothing.
SHEETS = [f"/print?what={what}" for what in ("doors", "cards", "programme", "badge", "boards")]
CALENDARS = ["/subscribe?what=person", "/subscribe?person=layla"]
AT = ("2025-07-18T08:42", "2025-07-18T10:20", "2025-07-18T12:47", "2025-07-18T18:00")
OF_A_CHAIR = ("/organizer", "/organizer/talks/evan-shelhamer", "/organizer/announce", "/organizer/history")
ARABIC_NAME, ARABIC_TITLE = "ليلى حداد", "كيف نحافظ على البرمجيات الحرة"


@pytest.fixture
def program(program: Program) -> Program:
    """The workshop with papers, and with a speaker and a title that are read from right to left."""
    program = with_papers(program, papers(3), "posters")
    speakers = (*program.speakers, Person(id="layla", name=ARABIC_NAME, language="ar", biography="Maintains."))
    panel = replace(program.session("panel"), title=ARABIC_TITLE, language="ar", speakers=("layla",))
    return replace(
        program, speakers=speakers, sessions=tuple(panel if one.id == "panel" else one for one in program.sessions)
    )


def publish(service: Service, *edits: Edit) -> None:
    for edit in edits:
        base = service.current.snapshot.revision.number
        publish_edit(service.current.revisions, edit, base=base, by=Editor("Frank"), note="A test", now=NOW)
        service.current.refresh()


@dataclass
class SignedInPages:
    """The service with a day on which much has happened, and a browser that has signed in."""

    app: Flask
    page: Page
    address: str

    @cached_property
    def paths(self) -> list[str]:
        """The address of every page that answers with HTML."""
        organizer = self.page.context.request
        paths = sorted(path for path in paths_of(self.app) if is_html(organizer, self.address + path))
        return [*paths, "/not-here", *SEARCHES]

    @cached_property
    def console_paths(self) -> dict[str, str]:
        """The address of each page that a form of the console leads to, with its heading."""
        return {**BY_QUERY, **{self._leads_to(path, form): heading for path, form, heading in BY_FORM}}

    def _leads_to(self, path: str, form: dict[str, str]) -> str:
        request = self.page.context.request
        token = token_on(request.get(f"{self.address}/organizer").text())
        answer = request.post(self.address + path, form={**form, "csrf_token": token})
        return answer.url.removeprefix(self.address)

    def sign_in(self, link: str) -> None:
        """Sign the browser in with a link."""
        self.page.goto(self.address + link)
        self.page.get_by_role("button", name="Sign in").click()
        self.page.wait_for_url("**/organizer")

    def wrong(self, paths: Iterable[str], looks: list[Look]) -> dict[str, list[str]]:
        """What is wrong with each of some pages in some looks."""
        load_axe_everywhere(self.page.context)
        found: dict[str, list[str]] = {}
        for path in paths:
            self.page.goto(self.address + path, wait_until="load")
            wrong = [fault for look in looks for fault in faults(self.page, *look)]
            if wrong:
                found[path] = wrong
        return found


@pytest.fixture
def site(app: Flask, service: Service, browser: Browser, clock: MovableClock) -> Iterator[SignedInPages]:
    """A rehearsal, whose pages have all that others have, and say that they are of one."""
    clock.rehearsal = True
    publish(
        service,
        Cancel("closing"),
        Delay("coffee-afternoon", 5),
        Announce("Please leave the hall by the doors at the back."),
    )
    # A row that appears is paler for a moment.
    context = browser.new_context(service_workers="block", reduced_motion="reduce")
    with served(app) as address:
        page = context.new_page()
        pages = SignedInPages(app, page, address)
        pages.sign_in(sign_in_link(app))
        star(page, address)
        publish(service, Delay("coffee-afternoon", 8))
        yield pages
    context.close()


def star(page: Page, address: str) -> None:
    """Star what will be called out on every page, and what clashes."""
    page.goto(f"{address}/")
    for name in ("panel", "coffee-afternoon", "sara-hooker"):
        page.locator(f".rows [data-session={name}] [data-star]").click()


def paths_of(app: Flask) -> list[str]:
    """The addresses that the routes lead to, an example for each name in them."""
    examples = {
        "session_id": ["evan-shelhamer", "posters", "panel"],
        "room_id": ["venue"],
        "speaker_id": ["sara-hooker", "layla"],
        "slug": ["venue"],
        "item_id": ["paper-2"],
    }
    rules = [rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ()) and rule.rule not in STREAMS]
    found = []
    for rule in rules:
        name = next(iter(rule.arguments), None)
        if len(rule.arguments) <= 1 and (name is None or name in examples):
            values = [{name: value} for value in examples[name]] if name else [{}]
            found += [str(rule.build(given, append_unknown=False)[1]) for given in values]  # type: ignore[index]
    return found


def is_html(organizer: APIRequestContext, address: str) -> bool:
    return organizer.get(address).headers["content-type"].startswith("text/html")


def part_of(paths: list[str], part: int) -> list[str]:
    """One of the parts; each address is in one of them."""
    return paths[part :: len(PARTS.args[1])]


def faults(page: Page, width: int, scheme: Any, forced_colors: Any, rules: dict[str, Any]) -> list[str]:
    page.set_viewport_size({"width": width, "height": 800})
    # Axe reads -webkit-text-fill-color, which keeps a page's own colour though the browser shows the forced one.
    if forced_colors == "active" and page.locator('html[data-theme="light"]').count():
        scheme = "light"
    page.emulate_media(color_scheme=scheme, forced_colors=forced_colors)
    return [*violations(page, rules), *page.evaluate(f"[...({SIDEWAYS})(), ...({LANDMARKS})()]")]


def test_sheets_of_paper_keep_their_colours_where_the_browser_forces_others(site: SignedInPages) -> None:
    site.page.goto(f"{site.address}/print?what=badge")
    site.page.emulate_media(color_scheme="dark", forced_colors="active")
    colours = "(node) => [getComputedStyle(node).color, getComputedStyle(node).backgroundColor]"
    assert site.page.locator(".sheet").first.evaluate(colours) == ["rgb(0, 0, 0)", "rgb(255, 255, 255)"]
    assert site.page.locator(".print > .bar").evaluate(colours) == ["rgb(255, 255, 255)", "rgb(0, 0, 0)"]


def test_every_page_is_among_those_that_are_looked_at(site: SignedInPages) -> None:
    wanted = {
        "/",
        "/now",
        "/my",
        "/display",
        "/rooms/venue",
        "/stage/venue",
        "/talks/panel",
        "/speakers",
        "/speakers/layla",
        "/pages/venue",
        "/subscribe",
        "/changes",
        "/print",
        "/organizer",
        "/organizer/talks/panel",
        "/organizer/talks/panel/edit",
        "/organizer/report",
        "/not-here",
    }
    assert wanted - set(site.paths) == set()


def test_the_pages_that_forms_lead_to_are_what_they_should_be(site: SignedInPages) -> None:
    missing = {}
    for path, heading in site.console_paths.items():
        site.page.goto(site.address + path)
        if not site.page.get_by_role("heading", name=heading, exact=True).count():
            missing[path] = site.page.get_by_role("heading").all_inner_texts()
    assert missing == {}


@PARTS
@pytest.mark.parametrize("looks", LOOKS, ids=["two looks", "the others"])
def test_axe_finds_nothing_on_any_page(site: SignedInPages, looks: list[Look], part: int) -> None:
    assert site.wrong(part_of([*site.paths, *site.console_paths, *SHEETS, *CALENDARS], part), looks) == {}


@PARTS
def test_axe_finds_nothing_on_the_pages_of_another_time(site: SignedInPages, part: int) -> None:
    readers = [path for path in site.paths if not path.startswith("/organizer")]
    paths = [f"{path}?at={AT[number % len(AT)]}" for number, path in enumerate(readers)]
    paths += [f"{path}?at={at}" for path in ("/display", "/display/venue", "/stage/venue") for at in AT]
    assert site.wrong(part_of(paths, part), [(1280, "light", "none", ALL_RULES)]) == {}


@pytest.mark.parametrize("looks", LOOKS, ids=["two looks", "the others"])
def test_axe_finds_nothing_on_the_pages_of_a_chair(site: SignedInPages, looks: list[Look]) -> None:
    site.sign_in(sign_in_link(site.app, "Ada", "venue"))
    assert site.wrong(OF_A_CHAIR, looks) == {}


@pytest.fixture
def large(request: pytest.FixtureRequest, fixtures_path: Path, tmp_path: Path) -> Iterator[Flask]:
    """A conference of several rooms, with an announcement."""
    name, now = request.param
    program = fixture(fixtures_path, name).program
    running = serve_from(open_database(sqlite_url(tmp_path / "large.sqlite"), program.id), program, MovableClock(now))
    publish(running, Announce("Please leave the hall by the doors at the back."))
    yield create_app(Settings(program=Path("unread"), secret_key="for tests"), running)
    running.close()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("large", "paths"),
    [
        (
            EMF,
            [
                *("/", "/now", "/display", "/print", "/print?what=doors", "/rooms/{}", "/stage/{}", "/organizer"),
                "/subscribe?what=room",
            ],
        ),
        pytest.param(
            FOSDEM,
            ["/now", "/display", "/print?what=doors&room={}", "/subscribe?room={}", "/subscribe?name=chris"],
            marks=pytest.mark.acceptance,
        ),
    ],
    indirect=["large"],
    ids=["emf-2016", "fosdem"],
)
def test_axe_finds_nothing_on_the_pages_of_several_rooms(large: Flask, browser: Browser, paths: list[str]) -> None:
    room = service_of(large).current.snapshot.revision.program.rooms[0].id
    with (
        served(large) as address,
        closing(browser.new_context(service_workers="block", reduced_motion="reduce")) as context,
    ):
        pages = SignedInPages(large, context.new_page(), address)
        pages.sign_in(sign_in_link(large))
        assert pages.wrong([path.format(room) for path in paths], [(320, "light", "none", ALL_RULES)]) == {}


@pytest.mark.acceptance
def test_text_of_twice_the_size_does_not_scroll_sideways(site: SignedInPages) -> None:
    found = {}
    site.page.set_viewport_size({"width": 320, "height": 640})
    for path in [*site.paths, *site.console_paths]:
        site.page.goto(site.address + path)
        site.page.evaluate("document.documentElement.style.fontSize = '200%'")
        wide = site.page.evaluate(SIDEWAYS)
        if wide:
            found[path] = wide
    assert found == {}


def test_names_and_titles_are_read_in_their_own_direction_and_language(site: SignedInPages) -> None:
    site.page.goto(f"{site.address}/?at=2025-07-18T15:59")
    title = site.page.locator(".rows [data-session=panel] [data-part=title]")
    people = site.page.locator(".rows [data-session=panel] [data-part=people]")
    directions = [one.evaluate("(node) => getComputedStyle(node).direction") for one in (title, people)]
    assert (directions, title.get_attribute("lang")) == (["rtl", "rtl"], "ar")


def test_main_targets_are_44_pixels_high(site: SignedInPages) -> None:
    site.page.set_viewport_size({"width": 390, "height": 844})
    small = {}
    for path in ("/", "/talks/panel", "/subscribe", "/organizer"):
        site.page.goto(site.address + path)
        small[path] = site.page.evaluate(
            """() => [...document.querySelectorAll("button, .button, .tap, nav a, input, select, summary")]
            .filter((node) => node.checkVisibility() && node.type !== "hidden" && !node.closest(".foot"))
            .filter((node) => node.getBoundingClientRect().height < 43.5).map((node) => node.outerHTML.slice(0, 120))"""
        )
    assert small == {"/": [], "/talks/panel": [], "/subscribe": [], "/organizer": []}


def test_a_change_and_what_begins_are_told_to_a_screen_reader_once(site: SignedInPages, service: Service) -> None:
    site.page.goto(site.address)
    told: list[str] = []
    site.page.expose_function("heard", lambda text: told.append(text))  # noqa: PLW0108 - playwright reads its code
    site.page.evaluate(
        """() => { const status = document.querySelector("[data-spoken]");
            new MutationObserver(() => heard(status.textContent)).observe(status, { childList: true }); }"""
    )
    publish(service, Cancel("panel"))
    site.page.wait_for_function("() => document.querySelector('[data-spoken]').textContent")
    assert told == [f"“{ARABIC_TITLE}” is cancelled."]
    assert site.page.locator("[data-spoken]").get_attribute("role") == "status"
