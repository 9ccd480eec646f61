"""The console's page of planned against actual, and its file."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from lxml import html
from support.codeml_day import DAY, at, slot, talk, two_rooms
from support.console_browser import Console
from support.import_results import fixture
from support.markup import words
from support.movable_clock import MovableClock
from support.publishing import publish

from app import create_app
from app.domain.program import Program
from app.domain.session import Session, Slot
from app.service_factory import serve_from
from app.settings import Settings
from app.store.database import open_database, sqlite_url
from app.web.running_service import Service

SATURDAY = DAY + timedelta(days=1)
PATH = "/organizer/report"
LARGEST_PAGE_OCTETS = 40_000


def went(session: Session, time: str, room: str | None = "hall") -> Session:
    return replace(session, slot=slot(*time.split("-"), room=room))


@pytest.fixture
def program() -> Program:
    """A day in two rooms on which something happened: now it is twenty past ten."""
    party = Slot(start=at("00:30", SATURDAY), end=at("01:30", SATURDAY), room="hall")
    return two_rooms(
        talk("a", "09:00-09:30"),
        went(talk("b", "09:30-10:00"), "09:38-10:08"),
        went(talk("c", "10:00-10:40"), "10:08-10:35"),
        replace(talk("d", "11:00-11:30"), cancelled=True),
        went(talk("e", "11:30-12:00"), "11:30-12:00", "annex"),
        Session(id="party", title="Party", slot=party, scheduled=party),
    )


@pytest.fixture
def console(app: Flask) -> Console:
    return Console(app)


def page(console: Console, path: str = PATH) -> html.HtmlElement:
    answer = console.get(path)
    assert answer.status_code == 200
    return html.fromstring(answer.text)


def rows(tree: html.HtmlElement) -> dict[str, list[str]]:
    """The cells of each session: its title with remarks, planned, went, and both differences."""
    found = tree.xpath("//table[@class='report-table']/tbody/tr")
    return {row.get("data-session"): [words(cell) for cell in row] for row in found}


def headings(tree: html.HtmlElement) -> list[str]:
    return [words(node) for node in tree.xpath("//main//h2 | //main//h3")]


# The page


def test_each_session_has_its_plan_its_day_and_the_differences(console: Console) -> None:
    assert rows(page(console)) == {
        "a": ["A", "09:00–09:30", "09:00–09:30", "0 min", "0 min"],
        "b": ["B", "09:30–10:00", "09:38–10:08", "+8 min", "+8 min"],
        "c": ["C on now", "10:00–10:40", "10:08–10:35", "+8 min", "−5 min"],
        "d": ["D cancelled", "11:00–11:30", "–", "–", "–"],
        "party": ["Party to come", "00:30–01:30", "00:30–01:30", "0 min", "0 min"],
        "e": ["E planned in Hall to come", "11:30–12:00", "11:30–12:00", "0 min", "0 min"],
    }


def test_a_night_session_is_on_the_page_of_its_evening(console: Console) -> None:
    assert headings(page(console)) == ["Friday 18 July 2025", "Hall", "Annex"]


def test_the_day_is_summed_up_and_what_is_to_come_is_called_a_forecast(console: Console) -> None:
    tree = page(console)
    assert words(tree.xpath("//p[@class='lede']")[0]) == "Will end on time, 2 started late, 1 cancelled."
    said = words(tree.xpath("//p[@class='hint']")[0])
    assert said == "Vancouver time. As of 10:20; what has not ended is a forecast."


def test_a_day_that_is_over_is_no_forecast(console: Console, clock: MovableClock) -> None:
    clock.set(at("06:00", SATURDAY))
    tree = page(console)
    assert words(tree.xpath("//p[@class='lede']")[0]) == "Ended on time, 2 started late, 1 cancelled."
    assert words(tree.xpath("//p[@class='hint']")[0]) == "Vancouver time."


def test_every_row_says_which_session_it_is_and_in_what_state(console: Console) -> None:
    found = page(console).xpath("//table[@class='report-table']/tbody/tr")
    assert {row.get("data-session"): (row.get("data-state"), row.get("data-status")) for row in found} == {
        "a": ("past", "confirmed"),
        "b": ("past", "moved"),
        "c": ("now", "moved"),
        "d": ("later", "cancelled"),
        "e": ("next", "moved"),
        "party": ("next", "confirmed"),
    }


def test_each_room_has_a_picture_of_plan_and_day(console: Console) -> None:
    pictures = page(console).xpath("//section[@class='room-report']//*[local-name()='svg']")
    boxes = [
        [(box.get("class"), words(box)) for box in picture.xpath(".//*[local-name()='rect']")] for picture in pictures
    ]
    assert boxes == [
        [
            ("box planned", "09:00–09:30 A"),
            ("box planned", "09:30–10:00 B"),
            ("box planned", "10:00–10:40 C"),
            ("box planned", "11:00–11:30 D"),
            ("box planned", "00:30–01:30 Party"),
            ("box planned", "11:30–12:00 E"),
            ("box confirmed", "09:00–09:30 A"),
            ("box moved", "09:38–10:08 B"),
            ("box moved", "10:08–10:35 C"),
            ("box cancelled", "11:00–11:30 D"),
            ("box confirmed", "00:30–01:30 Party"),
        ],
        [("box moved", "11:30–12:00 E")],
    ]


def test_a_revision_is_on_the_page(console: Console, service: Service, program: Program) -> None:
    sessions = tuple(went(one, "09:02-09:30") if one.id == "a" else one for one in program.sessions)
    publish(service, replace(program, sessions=sessions))
    assert rows(page(console))["a"] == ["A", "09:00–09:30", "09:02–09:30", "+2 min", "0 min"]


def test_an_unchanged_day_has_its_pictures_too(console: Console, service: Service, program: Program) -> None:
    publish(service, replace(program, sessions=(talk("a", "09:00-09:30"),)))
    tree = page(console)
    assert words(tree.xpath("//p[@class='lede']")[0]) == "As planned."
    assert len(tree.xpath("//*[local-name()='rect']")) == 2


def test_a_program_without_sessions_says_what_will_be_here(
    console: Console, service: Service, program: Program
) -> None:
    publish(service, replace(program, sessions=()))
    said = "The program has no sessions yet. Once it has some, their planned times stand here beside those at which"
    assert words(page(console).xpath("//p[@class='empty']")[0]) == f"{said} they took place."


def test_the_history_and_the_foot_lead_to_it(console: Console) -> None:
    links = page(console, "/organizer/history").xpath("//a[@href='/organizer/report']")
    assert [words(link) for link in links] == ["Planned against actual"] * 2


# Days and rooms


@pytest.fixture
def two_days(service: Service, program: Program) -> Program:
    brunch = Slot(start=at("09:00", SATURDAY), end=at("10:00", SATURDAY), room="hall")
    added = Session(id="brunch", title="Brunch", slot=brunch, scheduled=brunch)
    return publish(service, replace(program, days=(DAY, SATURDAY), sessions=(*program.sessions, added)))


def test_the_latest_day_that_has_begun_is_shown(console: Console, two_days: Program, clock: MovableClock) -> None:
    assert headings(page(console))[0] == "Friday 18 July 2025"
    clock.set(at("08:00", SATURDAY))
    assert headings(page(console)) == ["Saturday 19 July 2025", "Hall"]


def test_each_day_has_an_address(console: Console, two_days: Program) -> None:
    tree = page(console, f"{PATH}?day=2025-07-19")
    assert list(rows(tree)) == ["brunch"]
    assert [(link.get("href"), link.get("aria-current")) for link in tree.xpath("//nav[@class='days']/a")] == [
        ("/organizer/report?day=2025-07-18", None),
        ("/organizer/report?day=2025-07-19", "true"),
    ]


def test_one_room_has_an_address(console: Console) -> None:
    tree = page(console, f"{PATH}?day=2025-07-18&room=annex")
    assert (headings(tree), list(rows(tree))) == (["Friday 18 July 2025", "Annex"], ["e"])
    assert tree.xpath("//p[@class='lede']") == []  # the day's totals are not the room's


@pytest.mark.parametrize("query", ["day=2025-07-20", "day=friday", "room=cellar", "room="])
def test_another_day_or_room_is_not_found(console: Console, query: str) -> None:
    assert console.get(f"{PATH}?{query}").status_code == 404


# The file


def test_the_file_has_every_day(console: Console, two_days: Program) -> None:
    answer = console.get("/organizer/report.csv")
    found = csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"), newline=""))
    assert {row["session id"]: (row["day"], row["end minutes late"], row["progress"]) for row in found} == {
        "a": ("2025-07-18", "0", "ended"),
        "b": ("2025-07-18", "8", "ended"),
        "c": ("2025-07-18", "-5", "on"),
        "d": ("2025-07-18", "", ""),
        "e": ("2025-07-18", "0", "to come"),
        "party": ("2025-07-18", "0", "to come"),
        "brunch": ("2025-07-19", "0", "to come"),
    }


def test_the_file_is_a_download_and_not_stored(console: Console) -> None:
    answer = console.get("/organizer/report.csv")
    assert (answer.content_type, answer.headers["Content-Disposition"], answer.headers["Cache-Control"]) == (
        "text/csv; charset=utf-8",
        'attachment; filename="codeml-2025-report.csv"',
        "no-store",
    )


@pytest.mark.parametrize("path", [PATH, "/organizer/report.csv"])
def test_a_reader_is_sent_to_sign_in(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/organizer/sign-in")


# Many rooms


@pytest.fixture
def fosdem(fixtures_path: Path, tmp_path: Path) -> Iterator[Console]:
    """106 rooms on two days; on the first, at 13:20, one session is ten minutes late."""
    made = fixture(fixtures_path, "schedules/giggity-fosdem_2021.xml").program
    first = made.sessions[0]
    ten = timedelta(minutes=10)
    late = replace(first, slot=replace(first.slot, start=first.start + ten, end=first.end + ten))
    program = replace(made, sessions=(late, *made.sessions[1:]))
    database = open_database(sqlite_url(tmp_path / "agenda.sqlite"), program.id)
    service = serve_from(database, program, MovableClock(datetime(2021, 2, 6, 12, 20, tzinfo=UTC)))
    yield Console(create_app(Settings(program=Path("unread"), secret_key="for tests"), service))
    service.close()


@pytest.mark.slow
def test_of_many_rooms_those_that_differ_come_first_and_each_has_a_page(fosdem: Console) -> None:
    answer = fosdem.get(PATH)
    lists = html.fromstring(answer.text).xpath("//ul[@class='room-totals']")
    [link] = lists[0].xpath(".//a/@href")
    assert (len(lists), len(answer.data) < LARGEST_PAGE_OCTETS, rows(html.fromstring(answer.text))) == (2, True, {})
    differing = [row[3] for row in rows(page(fosdem, link)).values() if row[3] != "0 min"]
    assert differing == ["+10 min"]


@pytest.mark.slow
def test_the_pages_of_many_rooms_have_each_session_of_the_day_once(fosdem: Console) -> None:
    links = page(fosdem).xpath("//ul[@class='room-totals']//a/@href")
    shown = [session for link in links for session in rows(page(fosdem, link))]
    answer = fosdem.get("/organizer/report.csv")
    found = csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"), newline=""))
    assert sorted(shown) == sorted(row["session id"] for row in found if row["day"] == "2021-02-06")
