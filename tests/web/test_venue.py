"""The way to the rooms: floor, directions and plan on the page of each room and on that of the venue."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from flask.testing import FlaskClient
from lxml import html
from support.publishing import publish

from app.domain.identity import Picture
from app.domain.program import Program, Room
from app.web.running_service import Service
from app.web.venue import floor_name, floors_of, plan_text

PLAN = Picture("pictures/floor-2.png", "a" * 64, 1600, 900)
ADDRESS = f"/pictures/{'a' * 24}-full.webp"
HALL = Room("hall", "Hall", floor="2", directions="Up the stairs, then left", plan=PLAN)
ANNEX = Room("annex", "Annex", floor="2", plan=PLAN)
YARD = Room("yard", "Yard")
CAVE = Room("cave", "Cave", floor="-1")


@pytest.fixture
def several(service: Service, program: Program) -> Program:
    """The published workshop in four rooms, the last of which has a floor below."""
    panel = program.session("panel")
    in_hall = tuple(
        replace(one, slot=replace(one.slot, room="hall"), scheduled=replace(one.scheduled, room="hall"))
        for one in (panel, program.session("posters"), program.session("closing"))
    )
    changed = replace(program, rooms=(YARD, HALL, ANNEX, CAVE), sessions=in_hall)
    publish(service, changed)
    return changed


@pytest.mark.parametrize(
    ("floor", "name"), [("2", "Floor 2"), ("-1", "Floor -1"), ("Ground floor", "Ground floor"), ("", "")]
)
def test_a_number_becomes_the_name_of_a_floor(floor: str, name: str) -> None:
    assert floor_name(floor) == name


@pytest.mark.parametrize(
    ("rooms", "text"),
    [
        ([HALL, ANNEX], "Plan of floor 2: Hall, Annex"),
        ([replace(HALL, floor="Ground floor")], "Plan of ground floor: Hall"),
        ([replace(HALL, floor="")], "Plan: Hall"),
    ],
)
def test_a_plan_is_told_in_words(rooms: list[Room], text: str) -> None:
    assert plan_text(rooms) == text


def test_rooms_without_a_floor_come_last(several: Program) -> None:
    found = [(floor.name, [room.id for room in floor.rooms]) for floor in floors_of(several)]
    assert found == [("Floor 2", ["hall", "annex"]), ("Floor -1", ["cave"]), ("", ["yard"])]


def test_a_plan_that_rooms_of_a_floor_share_stands_once(several: Program) -> None:
    assert [floor.plans for floor in floors_of(several)] == [[(HALL, ANNEX)], [], []]


@pytest.mark.usefixtures("several")
def test_a_rooms_page_says_the_way_and_shows_the_plan(client: FlaskClient) -> None:
    page = html.fromstring(client.get("/rooms/hall").text)
    [way] = page.xpath("//*[@class='way']")
    [image] = page.xpath("//*[@class='plan']//img")
    assert re.sub(r"\s+", " ", way.text_content()).strip() == "Floor 2 Up the stairs, then left Plan"
    assert (image.get("alt"), image.getparent().get("href")) == ("Plan of floor 2: Hall", ADDRESS)
    assert (image.get("src"), image.get("width"), image.get("height")) == (ADDRESS, "1600", "900")


@pytest.mark.usefixtures("several")
def test_the_venues_page_leads_to_the_rooms_by_floor(client: FlaskClient) -> None:
    page = html.fromstring(client.get("/pages/venue").text)
    floors = [
        (section.xpath("string(h2)"), section.xpath(".//li/a/@href"), section.xpath(".//img/@alt"))
        for section in page.xpath("//section[@class='floor']")
    ]
    assert floors == [
        ("Floor 2", ["/rooms/hall", "/rooms/annex"], ["Plan of floor 2: Hall, Annex"]),
        ("Floor -1", ["/rooms/cave"], []),
        ("Rooms", ["/rooms/yard"], []),
    ]


@pytest.mark.usefixtures("several")
@pytest.mark.parametrize("path", ["/", "/talks/panel", "/rooms/hall"])
def test_the_name_of_a_room_leads_to_it(client: FlaskClient, path: str) -> None:
    assert "/rooms/hall" in html.fromstring(client.get(path).text).xpath("//article[@data-session='panel']//a/@href")


def test_a_program_with_ways_and_no_venue_has_a_page_for_them(
    client: FlaskClient, service: Service, several: Program
) -> None:
    publish(service, replace(several, venue=None))
    assert client.get("/pages/venue").status_code == 200


@pytest.mark.parametrize("path", ["/rooms/venue", "/pages/venue"])
def test_nothing_is_shown_of_a_way_that_the_program_does_not_give(reader: FlaskClient, path: str) -> None:
    shown = html.fromstring(reader.get(path).text).xpath("//*[@class='way' or @class='floor' or @class='plan']")
    assert shown == []


@pytest.mark.usefixtures("several")
@pytest.mark.parametrize(
    ("session", "beside"), [("panel", ["posters", "closing"]), ("posters", ["panel"]), ("closing", ["panel"])]
)
def test_a_talk_ends_with_the_sessions_before_and_after_it_in_its_room(
    client: FlaskClient, session: str, beside: list[str]
) -> None:
    page = html.fromstring(client.get(f"/talks/{session}").text)
    assert page.xpath("//nav[@id='talk-neighbours']/a/@href") == [f"/talks/{one}" for one in beside]
