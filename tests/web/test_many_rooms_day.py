"""The day's page of a conference with many days, rooms and sessions: FOSDEM 2021, 773 sessions in 106 rooms."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlencode

import pytest
from flask import Flask
from flask.testing import FlaskClient
from lxml import html
from support.conference import app_of
from support.import_results import fixture
from support.movable_clock import MovableClock

from app.domain.program import Program
from app.web.running_service import service_of

pytestmark = pytest.mark.slow
SATURDAY = datetime(2021, 2, 6, 13, 20, tzinfo=UTC)
LARGEST_PAGE_OCTETS = 55_000
LARGEST_PLAIN_OCTETS = 600_000
LARGEST_TALK_OCTETS = 14_000


@pytest.fixture(scope="module")
def program(fixtures_path: Path) -> Program:
    return fixture(fixtures_path, "schedules/giggity-fosdem_2021.xml").program


@pytest.fixture(scope="module")
def app(program: Program, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    with app_of(program, tmp_path_factory.mktemp("fosdem"), MovableClock(SATURDAY)) as app:
        yield app


def page(client: FlaskClient, path: str) -> html.HtmlElement:
    answer = client.get(path)
    assert answer.status_code == 200
    return html.fromstring(answer.text)


def shown(tree: html.HtmlElement, state: str) -> set[str]:
    """The sessions that a page shows in a state, hidden places left out."""
    found = tree.xpath(f'//*[@data-state="{state}"][not(ancestor-or-self::*[@hidden])]/@data-session')
    return set(map(str, found))


def listed(tree: html.HtmlElement) -> list[str]:
    return [str(name) for name in tree.xpath("//section[@data-day][not(@hidden)]//li[not(@hidden)]//@data-session")]


def of_day(program: Program, day: int) -> list[str]:
    return [session.id for session in program.sessions if program.local(session.start).day == day]


@pytest.mark.parametrize(
    "at", ["2021-02-06T08:00", "2021-02-06T14:20", "2021-02-06T23:00", "2021-02-07T09:30", "2021-02-07T20:00"]
)
def test_now_and_next_are_what_the_api_says(client: FlaskClient, program: Program, at: str) -> None:
    said = json.loads(client.get(f"/api/now?at={at}").data)
    for day in (6, 7):
        tree, of_the_day = page(client, f"/?day=2021-02-0{day}&at={at}"), set(of_day(program, day))
        for state in ("now", "next"):
            wanted = {one[state]["id"] for one in said["rooms"] if one[state]} & of_the_day
            assert set(map(str, tree.xpath(f'//*[@data-state="{state}"]/@data-session'))) == wanted
        assert tree.get("data-phase") == said["phase"]


def test_what_is_on_stands_above_the_times_room_by_room(client: FlaskClient, program: Program) -> None:
    tree = page(client, "/")
    on = tree.xpath("//*[@data-on-now]//*[@data-session]")
    rooms = [room.id for room in program.rooms]
    places = [rooms.index(one.get("data-room")) for one in on]
    assert (len(on), places) == (31, sorted(places))
    assert set(tree.xpath("//*[@data-time]//@data-state")) == {"past", "next", "later"}
    assert tree.xpath("//*[@data-count-on]/text() | //*[@data-count-over]/text()") == ["220", "31"]


def test_rows_stand_under_their_start(client: FlaskClient) -> None:
    groups = page(client, "/?day=2021-02-07").xpath("//*[@data-time]")
    starts = {group.get("data-time"): set(group.xpath(".//@data-start")) for group in groups}
    assert starts == {start: {start} for start in starts}
    assert [group.xpath("string(.//h3)") for group in groups][:2] == ["09:00", "09:30"]


def test_another_day_has_nothing_to_fold_and_leads_back_to_the_present_one(client: FlaskClient) -> None:
    tree = page(client, "/?day=2021-02-07")
    assert (tree.xpath("//details[@id='earlier']"), tree.xpath("//a[@class='jump']/@href")) == ([], ["/"])
    assert page(client, "/").xpath("//a[@class='jump']/@href") == ["#now"]


def test_the_days_beside_the_one_shown_are_marked(client: FlaskClient) -> None:
    days = page(client, "/").xpath("//nav[@class='days']/a")
    assert [day.get("rel") for day in days] == [None, "next"]


@pytest.mark.parametrize(("query", "view", "other"), [("", "grid", "List"), ("?view=list", "list", "Grid")])
def test_a_day_is_a_grid_or_a_list(client: FlaskClient, query: str, view: str, other: str) -> None:
    tree = page(client, f"/{query}")
    assert view in tree.xpath("//section[@data-day]/@class")[0].split()
    assert tree.xpath("//a[@class='view']/text()") == [other]


def test_another_view_is_refused(client: FlaskClient) -> None:
    answer = client.get("/?view=map")
    assert (answer.status_code, "View: expected one of grid, list, not “map”" in answer.text) == (400, True)


def test_a_page_shows_one_day_and_links_to_the_others(client: FlaskClient, program: Program) -> None:
    tree = page(client, "/")
    assert (set(listed(tree)), tree.xpath("//nav[@class='days']/a/@href")) == (
        set(of_day(program, 6)),
        ["/?day=2021-02-06", "/?day=2021-02-07"],
    )
    assert listed(page(client, "/?day=2021-02-07")) == of_day(program, 7)


@pytest.mark.parametrize(
    ("at", "day"),
    [
        ("2021-01-01T12:00", "2021-02-06"),
        ("2021-02-06T17:59:59", "2021-02-06"),
        ("2021-02-06T23:30", "2021-02-07"),
        ("2021-02-09T12:00", "2021-02-07"),
    ],
)
def test_the_day_that_stands_open_is_the_first_that_is_not_over(client: FlaskClient, at: str, day: str) -> None:
    tree = page(client, f"/?at={at}")
    assert tree.xpath("//section[@data-day]/@data-day") == [day]
    [current] = tree.xpath("//nav[@class='days']/a[@aria-current]/@href")
    assert current == f"/?{urlencode({'day': day, 'at': at})}"


@pytest.mark.parametrize(
    "query",
    ["room=nowhere", "kind=opera", "track=magic", "day=2021-02-08", "day=yesterday", "day=2021-02-07+", "day=all"],
)
def test_what_the_program_does_not_have_is_not_found(client: FlaskClient, query: str) -> None:
    assert client.get(f"/?{query}").status_code == 404


def test_searches_and_strange_queries_do_not_fill_the_memory(app: Flask, client: FlaskClient) -> None:
    for path in ("/", "/?day=2021-02-07"):
        client.get(path)
    edition = service_of(app).editions.at(service_of(app).current.snapshot, SATURDAY)
    before = set(edition.responses)
    asked = (
        "q=one",
        "q=two",
        "room=d-python",
        "coming=1",
        "x=1",
        "x=2",
        "day=2021-02-07&x=3",
        "day=2021-02-07&day=all",
    )
    for query in asked:
        client.get(f"/?{query}")
        client.get(f"/now?{query}")
    assert {(added.path, added.query) for added in set(edition.responses) - before} == {("/now", "")}


def test_a_page_stays_small_enough_for_a_phone(client: FlaskClient) -> None:
    def octets(path: str) -> int:
        return len(client.get(path, headers={"Accept-Encoding": "br"}).data)

    assert octets("/") < LARGEST_PAGE_OCTETS
    assert len(client.get("/").data) < LARGEST_PLAIN_OCTETS
    assert octets("/talks/welcome-to-the-stand-16") < LARGEST_TALK_OCTETS
    assert octets("/rooms/d-python") < LARGEST_TALK_OCTETS
