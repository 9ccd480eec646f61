"""The page of now and next: of one room, of a few, and of many as a board of departures."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import cast

import pytest
from flask import Flask
from flask.testing import FlaskClient
from lxml import html
from support.codeml_day import at
from support.import_results import fixture
from support.markup import tree, words
from support.movable_clock import MovableClock
from support.publishing import Publish, publish

from app import create_app
from app.domain.edits.edit_types import Cancel
from app.domain.program import Program, Room
from app.service_factory import serve_from
from app.settings import Settings
from app.store.database import open_database, sqlite_url
from app.web.running_service import Service

SATURDAY = datetime(2021, 2, 6, 13, 20, tzinfo=UTC)
HOUR = timedelta(hours=1)
MOST_OCTETS, MOST_OCTETS_SENT = 300_000, 40_000
LARGEST_LINE_UP = "schedules/giggity-fosdem_2021.xml"


@pytest.fixture(scope="module")
def many_rooms(fixtures_path: Path) -> Program:
    return fixture(fixtures_path, LARGEST_LINE_UP).program


@pytest.fixture(scope="module")
def fosdem(many_rooms: Program, tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    """A service that tests only read."""
    database = open_database(sqlite_url(tmp_path_factory.mktemp("fosdem") / "agenda.sqlite"), many_rooms.id)
    service = serve_from(database, many_rooms, MovableClock(SATURDAY))
    yield create_app(Settings(program=Path("unread"), secret_key="for tests"), service).test_client()
    service.close()


def with_rooms(service: Service, program: Program, number: int) -> None:
    """The program with so many rooms, of which one is used."""
    others = tuple(Room(f"room-{one}", f"Room {one}") for one in range(number - 1))
    publish(service, replace(program, rooms=(*program.rooms, *others)))


def shown(page: html.HtmlElement, path: str) -> list[str]:
    """The sessions that are shown below a path."""
    return [str(one) for one in page.xpath(f"{path}//@data-session[not(ancestor::*[@hidden])]")]


def board(page: html.HtmlElement, group: str) -> list[str]:
    return shown(page, f"//*[@data-group='{group}']")


def in_phase(page: html.HtmlElement) -> list[str]:
    """The parts that the phase shows, by the first class of each."""
    return [one.get("class").split()[0] for one in page.xpath("//main//*[@data-when or @data-shown-in][not(@hidden)]")]


@pytest.mark.slow
@pytest.mark.parametrize(
    "instant", ["2021-02-06T08:00", "2021-02-06T14:20", "2021-02-06T23:00", "2021-02-07T09:30", "2021-02-07T20:00"]
)
def test_the_board_shows_what_the_api_says_is_on_and_what_is_next_within_the_hour(
    fosdem: FlaskClient, instant: str
) -> None:
    said = json.loads(fosdem.get(f"/api/now?at={instant}").data)
    page = tree(fosdem, f"/now?at={instant}")
    on = {room["now"]["id"] for room in said["rooms"] if room["now"]}
    coming = [room["next"] for room in said["rooms"] if room["next"]]
    within_the_hour = {
        one["id"]
        for one in coming
        if datetime.fromisoformat(one["start"]) - datetime.fromisoformat(said["now"]) <= HOUR
    }
    assert (set(board(page, "on")), page.get("data-phase")) == (on, said["phase"])
    assert within_the_hour <= set(board(page, "coming")) <= {one["id"] for one in coming}


@pytest.mark.slow
def test_the_board_of_106_rooms_is_small_enough_for_a_phone(fosdem: FlaskClient) -> None:
    assert len(fosdem.get("/now").data) < MOST_OCTETS
    assert len(fosdem.get("/now", headers={"Accept-Encoding": "br"}).data) < MOST_OCTETS_SENT


@pytest.mark.slow
def test_the_board_has_the_rows_of_its_day_and_overnight_those_of_the_next(
    fosdem: FlaskClient, many_rooms: Program
) -> None:
    def days(instant: str) -> set[str]:
        return {one[:10] for one in map(str, tree(fosdem, f"/now?at={instant}").xpath("//article/@data-start"))}

    found = [days(one) for one in ("2021-02-06T14:20", "2021-02-06T23:00", "2021-02-07T14:20", "2021-02-08T12:00")]
    assert found == [{"2021-02-06"}, {"2021-02-07"}, {"2021-02-07"}, set()]


def test_a_row_names_the_time_the_title_the_room_and_the_people(
    client: FlaskClient, service: Service, program: Program
) -> None:
    with_rooms(service, program, 4)
    page = tree(client, "/now")
    rows = {str(row.get("data-session")): words(row) for row in page.xpath("//*[@data-group='coming']//article")}
    assert rows["sara-hooker"] == (
        "10:45 Beyond the Research Paper: Why the Way Breakthroughs Happen Is Ripe for Revolution "
        "Vancouver Convention Center Sara Hooker"
    )
    assert (board(page, "on"), page.xpath("//h2[@data-now-count]")[0].text_content()) == (
        ["evan-shelhamer"],
        "On now · 1",
    )


def test_on_the_board_a_cancelled_session_stands_among_what_is_on_and_is_not_counted(
    client: FlaskClient, service: Service, program: Program, publish: Publish
) -> None:
    with_rooms(service, program, 4)
    publish(Cancel("evan-shelhamer"), "Evan is ill.")
    page = tree(client, "/now")
    [row] = page.xpath("//*[@data-group='on']//article")
    assert (row.get("data-session"), row.get("data-state"), row.get("data-status")) == (
        "evan-shelhamer",
        "later",
        "cancelled",
    )
    assert (row.xpath(".//*[@data-part='cancelled']/text()"), page.xpath("//*[@data-count]/text()")) == (
        ["Cancelled"],
        ["0"],
    )


@pytest.mark.parametrize(
    ("now", "parts"),
    [
        (
            "08:42",
            {
                1: ["welcome", "figure-space"],
                2: ["opening", "welcome", "room-blocks"],
                4: ["opening", "welcome", "departures"],
            },
        ),
        ("10:20", {1: ["figure-space"], 2: ["room-blocks"], 4: ["departures"]}),
        ("18:30", {1: ["thanks"], 2: ["thanks"], 4: ["thanks"]}),
    ],
)
def test_before_during_and_after_the_day_the_page_shows_other_parts(
    app: Flask, service: Service, program: Program, now: str, parts: dict[int, list[str]]
) -> None:
    cast("MovableClock", service.clock).set(at(now))
    found = {}
    for rooms in parts:
        with_rooms(service, program, rooms)
        found[rooms] = in_phase(tree(app.test_client(), "/now"))
    assert found == parts


def test_of_a_few_rooms_each_has_its_slots(client: FlaskClient, service: Service, program: Program) -> None:
    with_rooms(service, program, 3)
    slots = tree(client, "/now").xpath("//section[contains(@class, 'room-block')]//*[@data-slot]")
    assert [(one.get("data-slot-room"), one.get("data-slot")) for one in slots] == [
        (room, slot) for room in ("venue", "room-0", "room-1") for slot in ("now", "next")
    ]


def test_the_page_has_a_hidden_place_for_the_readers_own_next(reader: FlaskClient) -> None:
    [place] = tree(reader, "/now").xpath("//*[@data-module='my-next']")
    assert (place.get("hidden"), place.get("data-keep"), place.xpath(".//@data-session")) == ("", "", [])


def test_the_page_keeps_the_screen_on(reader: FlaskClient) -> None:
    assert len(tree(reader, "/now").xpath("//*[@data-module='wake-lock']")) == 1
