"""The projector in each of its states: nothing is cut, overlaps or leaves the window, on any screen, in any font."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from itertools import product
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page
from support.codeml_day import at
from support.import_results import fixture
from support.laid_out import filled, layout_faults
from support.movable_clock import MovableClock
from support.publishing import publish_noted
from support.repository import FIRST_PROGRAM
from support.same_document import has_come_by
from support.screens import PROJECTOR
from support.server_thread import served

from app.domain.edits.edit_types import Announce, Cancel
from app.domain.identity import ScreenLines
from app.domain.program import Program
from app.formats.program_folder.reader import read_program
from app.web.running_service import Service

pytestmark = pytest.mark.browser

SIZES = ((1024, 768), (1280, 720), (1920, 1080), (3840, 2160))
FONTS = ("Liberation Sans", "DejaVu Sans")
LINES = ScreenLines(before=("Wi-Fi: Conference-Guest, open science",), after=("Recordings: example.org/recordings",))


def august(day: int, time: str) -> datetime:
    return datetime.fromisoformat(f"2016-08-{day:02}T{time}:00+00:00")


def february(day: int, time: str) -> datetime:
    return datetime.fromisoformat(f"2021-02-{day:02}T{time}:00+00:00")


# Of each program its instants before, during and after it, and one at which nothing is on.
INSTANTS = {
    1: {"before": at("08:42"), "during": at("10:20"), "between": at("12:30"), "after": at("18:30")},
    5: {
        "before": august(5, "11:42"),
        "during": august(6, "13:25"),
        "between": august(6, "05:00"),
        "after": august(9, "12:00"),
    },
    106: {
        "before": february(6, "07:30"),
        "during": february(6, "13:20"),
        "between": february(6, "23:30"),
        "after": february(8, "12:00"),
    },
}
FIXTURES = {5: "schedules/emf-2016.xml", 106: "schedules/giggity-fosdem_2021.xml"}
# The rows of a board are smaller than the one session of a room.
LARGEST_TYPE = {1: 0.05, 5: 0.025, 106: 0.025}
STATES = ("before", "during", "between", "after", "cancelled")


@pytest.fixture
def rooms(request: pytest.FixtureRequest) -> int:
    count: int = getattr(request, "param", 1)
    return count


@pytest.fixture
def program(request: pytest.FixtureRequest, rooms: int) -> Program:
    """A program with so many rooms; the first one without its lunch, so that nothing is on at noon."""
    if rooms in FIXTURES:
        folder: Path = request.getfixturevalue("fixtures_path")
        return replace(fixture(folder, FIXTURES[rooms]).program, screen=LINES)
    first = read_program(FIRST_PROGRAM)
    return replace(first, sessions=tuple(one for one in first.sessions if one.id != "lunch"), screen=LINES)


@pytest.fixture
def screen(browser: Browser, app: Flask, service: Service) -> Iterator[Page]:
    """A projector that may have any style added."""
    context = browser.new_context(**PROJECTOR, bypass_csp=True)
    page = context.new_page()
    with served(app) as address:
        page.goto(f"{address}/display")
        yield page
    context.close()


def on_in(program: Program, instant: datetime) -> tuple[str, str]:
    """A session that is on at an instant, and its room."""
    found = next(one for one in program.sessions if one.start <= instant < one.end and one.room)
    return found.id, found.room or ""


def show(screen: Page, path: str, instant: datetime) -> Page:
    """Show a page at an instant."""
    origin = "/".join(screen.url.split("/")[:3])
    screen.goto(f"{origin}{path}?at={instant.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}".replace("Z", "%2B00:00"))
    screen.wait_for_function("() => document.querySelector('[data-clock]').textContent")
    return screen


def faults_on_all_screens(screen: Page, largest_type: float = 0.05) -> list[tuple[object, ...]]:
    """The faults on every size of screen in every font; a screen that is not filled is one.

    Its largest type is to be at least a part of its height.
    """
    found: list[tuple[object, ...]] = []
    for font in FONTS:
        screen.add_style_tag(content=f'html, body, body * {{ font-family: "{font}" !important; }}')
        for width, height in SIZES:
            screen.set_viewport_size({"width": width, "height": height})
            faults, (bottom, largest) = layout_faults(screen), filled(screen)
            found += [(font, width, height, fault) for fault in faults]
            if bottom < 0.85 or largest < largest_type:
                found.append((font, width, height, f"not filled: to {bottom:.2f}, type {largest:.3f}"))
    return found


def bring_about(service: Service, clock: MovableClock, rooms: int, state: str) -> datetime:
    """Have a program in a state; gives the instant at which it is. What is cancelled would be on."""
    instant = INSTANTS[rooms]["during" if state == "cancelled" else state]
    clock.set(instant)
    if state == "cancelled":
        session, _ = on_in(service.current.snapshot.revision.program, instant)
        publish_noted(service, Cancel(session), note="The flight was cancelled. Slides will be online by noon.")
    return instant


PROGRAMS = {1: "one room", 5: "emf-2016", 106: "fosdem"}
EMF = pytest.mark.parametrize("rooms", [5], indirect=True, ids=[PROGRAMS[5]])
EACH_PROGRAM = pytest.mark.parametrize("rooms", PROGRAMS, indirect=True, ids=PROGRAMS.values())
# The largest program takes long: here in the two states that fill the screen most, in acceptance in the others too.
FULL_STATES = ("during", "cancelled")


def each_state_of(*programs: int) -> pytest.MarkDecorator:
    """Each state of programs with so many rooms."""
    cases = [
        pytest.param(
            rooms,
            state,
            id=f"{PROGRAMS[rooms]}-{state}",
            marks=pytest.mark.acceptance if rooms == max(PROGRAMS) and state not in FULL_STATES else (),
        )
        for rooms, state in product(programs, STATES)
    ]
    return pytest.mark.parametrize(("rooms", "state"), cases, indirect=["rooms"])


@each_state_of(1, 5, 106)
def test_nothing_is_cut_or_overlaps(
    screen: Page, service: Service, clock: MovableClock, rooms: int, state: str
) -> None:
    instant = bring_about(service, clock, rooms, state)
    assert faults_on_all_screens(show(screen, "/display", instant), LARGEST_TYPE[rooms]) == []


@each_state_of(5)
def test_nothing_is_cut_on_the_display_of_one_of_several_rooms(
    screen: Page, service: Service, clock: MovableClock, rooms: int, state: str
) -> None:
    _, room = on_in(service.current.snapshot.revision.program, INSTANTS[rooms]["during"])
    instant = bring_about(service, clock, rooms, state)
    assert faults_on_all_screens(show(screen, f"/display/{room}", instant)) == []


@each_state_of(1, 106)
def test_nothing_is_cut_on_the_speakers_stage(
    screen: Page, service: Service, clock: MovableClock, rooms: int, state: str
) -> None:
    _, room = on_in(service.current.snapshot.revision.program, INSTANTS[rooms]["during"])
    instant = bring_about(service, clock, rooms, state)
    assert faults_on_all_screens(show(screen, f"/stage/{room}", instant)) == []


@EACH_PROGRAM
def test_an_announcement_covers_nothing(screen: Page, service: Service, clock: MovableClock, rooms: int) -> None:
    clock.set(INSTANTS[rooms]["during"])
    publish_noted(service, Announce("Please leave the hall by the doors at the back, and take your cups with you."))
    shown = show(screen, "/display", INSTANTS[rooms]["during"])
    assert faults_on_all_screens(shown, LARGEST_TYPE[rooms]) == []


def test_the_code_says_what_it_leads_to(screen: Page) -> None:
    words = {
        state: show(screen, "/display", INSTANTS[1][state]).locator("figcaption:visible").inner_text()
        for state in ("before", "during", "between", "after")
    }
    assert words == {
        "before": "Agenda on your phone",
        "during": "This talk on your phone",
        "between": "Agenda on your phone",
        "after": "Agenda on your phone",
    }


def test_the_lines_of_the_program_stand_before_and_after_it(screen: Page) -> None:
    lines = {
        state: show(screen, "/display", instant).locator(".lines li:visible").all_inner_texts()
        for state, instant in INSTANTS[1].items()
    }
    before, after = [*LINES.before], [*LINES.after]
    assert lines == {"before": before, "during": [], "between": before, "after": after}


@EMF
def test_a_rooms_name_is_as_large_as_the_clock(screen: Page, rooms: int) -> None:
    show(screen, "/display/stage-a", INSTANTS[rooms]["during"])
    sizes = [
        screen.locator(f".top {part}").evaluate("node => getComputedStyle(node).fontSize")
        for part in (".wordmark", ".clock")
    ]
    assert (screen.locator(".wordmark").inner_text(), sizes[0]) == ("Stage A", sizes[1])


@EMF
def test_the_day_of_what_is_not_on_today_is_named(screen: Page, rooms: int) -> None:
    late = august(6, "22:30")
    shown = show(screen, "/display/stage-a", late).locator(".slot.next .when").inner_text()
    next_morning = show(screen, "/display/stage-a", INSTANTS[rooms]["between"]).locator(".slot.next .when").inner_text()
    assert (shown, next_morning) == ("Sun 7 Aug 10:00–10:30", "10:20–10:50")


def theme_of(screen: Page) -> list[str | None]:
    found: list[str | None] = screen.evaluate(
        "() => [document.documentElement.dataset.theme ?? null, new URL(location).searchParams.get('theme'),"
        " getComputedStyle(document.documentElement).backgroundColor]"
    )
    return found


LIGHT, DARK = "rgb(255, 255, 255)", "rgb(12, 13, 15)"


def test_the_t_key_turns_a_screen_dark_and_light_again(screen: Page) -> None:
    seen = [theme_of(screen)]
    for _ in range(2):
        screen.keyboard.press("t")
        seen.append(theme_of(screen))
    assert seen == [[None, None, LIGHT], ["dark", "dark", DARK], ["light", "light", LIGHT]]


@pytest.mark.parametrize("path", ["/display", "/display/venue", "/stage/venue"])
def test_the_address_says_the_theme_before_any_script(screen: Page, path: str) -> None:
    origin = "/".join(screen.url.split("/")[:3])
    answers = {theme: screen.request.get(f"{origin}{path}?theme={theme}") for theme in ("light", "dark", "pink")}
    found = {theme: (answer.status, f'data-theme="{theme}"' in answer.text()) for theme, answer in answers.items()}
    assert found == {"light": (200, True), "dark": (200, True), "pink": (400, False)}


def test_the_screen_keeps_its_theme(screen: Page) -> None:
    screen.keyboard.press("t")
    screen.goto(screen.url.partition("?")[0])
    screen.wait_for_function("() => document.documentElement.dataset.theme")
    assert theme_of(screen) == ["dark", "dark", DARK]


def test_an_open_screen_goes_through_its_states_by_itself(screen: Page, clock: MovableClock, program: Program) -> None:
    screen.clock.install()
    screen.goto(screen.url)
    seen = []
    for instant in (*INSTANTS[1].values(), INSTANTS[1]["before"]):
        clock.set(instant)
        has_come_by(screen, instant)
        shown = screen.locator("[data-shown-in]:visible").evaluate_all("parts => parts.map((part) => part.className)")
        seen.append((screen.locator("[data-shows]").get_attribute("data-shows"), shown))
    assert seen == [
        ("before", ["welcome", "coming", "lines"]),
        ("now", []),
        ("next", ["coming", "lines"]),
        ("after", ["thanks"]),
        ("before", ["welcome", "coming", "lines"]),
    ]


@EMF
def test_a_start_that_is_hours_away_is_shown_with_its_day(screen: Page, rooms: int) -> None:
    instants = (august(5, "08:00"), august(4, "20:00"))
    found = [
        show(screen, "/display", instant).locator("[data-unit], [data-figure]").all_inner_texts()
        for instant in instants
    ]
    assert found == [["13:00", "Starts at"], ["13:00", "Starts on Fri at"]]
