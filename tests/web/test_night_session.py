"""A session at 00:30 is listed with the evening before: on pages, in print, in exports and in the program's file."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from lxml import etree, html
from support.codeml_day import DAY, at
from support.publishing import publish

from app.domain.program import Program
from app.domain.session import Session, Slot
from app.formats.program_folder.writer import write_program
from app.web.running_service import Service

SATURDAY = DAY + timedelta(days=1)


@pytest.fixture
def program(program: Program) -> Program:
    """The workshop with a second day, and a party in the night between them."""
    night = Slot(start=at("00:30", SATURDAY), end=at("01:30", SATURDAY), room="venue")
    morning = Slot(start=at("09:00", SATURDAY), end=at("10:00", SATURDAY), room="venue")
    added = [
        Session(id=name, title=name.title(), slot=slot, scheduled=slot)
        for name, slot in (("party", night), ("brunch", morning))
    ]
    return replace(program, days=(DAY, SATURDAY), sessions=(*program.sessions, *added))


def test_on_the_page_of_each_day(client: FlaskClient) -> None:
    days = [html.fromstring(client.get(f"/?day={day}").text) for day in (DAY, SATURDAY)]
    assert [day.xpath("//section[@data-day]//@data-session")[-1] for day in days] == ["party", "brunch"]


def test_the_page_of_each_day_has_the_cards_that_a_slot_may_come_to_show(client: FlaskClient, program: Program) -> None:
    for day in (DAY, SATURDAY):
        shown = html.fromstring(client.get(f"/?day={day}").text).xpath("//@data-session")
        assert {one.id for one in program.sessions} - set(shown) == set()


def test_what_lasts_until_the_morning_does_not_hold_its_day_open(
    client: FlaskClient, service: Service, program: Program
) -> None:
    slot = Slot(start=at("22:00"), end=at("09:30", SATURDAY), room="venue")
    vigil = Session(id="vigil", title="Vigil", slot=slot, scheduled=slot)
    publish(service, replace(program, sessions=tuple(sorted((*program.sessions, vigil), key=Session.order))))
    tree = html.fromstring(client.get("/?at=2025-07-19T09:10").text)
    assert tree.xpath("//section[@data-day]/@data-day") == [f"{SATURDAY}"]


def test_on_a_page_of_days(client: FlaskClient) -> None:
    days = html.fromstring(client.get("/rooms/venue").text).xpath("//section[@class='timeline']")
    assert [day.xpath(".//@data-session")[-1] for day in days] == ["party", "brunch"]


@pytest.mark.parametrize(("instant", "folded"), [("2025-07-19T01:29", []), ("2025-07-19T01:30", ["party"])])
def test_a_day_that_is_over_is_folded_on_the_page_of_its_room(
    client: FlaskClient, instant: str, folded: list[str]
) -> None:
    tree = html.fromstring(client.get(f"/rooms/venue?at={instant}").text)
    assert tree.xpath("//details[@id='earlier-days']//li[last()]//@data-session") == folded


def test_in_print(client: FlaskClient) -> None:
    text = client.get(f"/print?what=programme&day={DAY}").text
    assert ("Party" in text, "Brunch" in text) == (True, False)


def test_in_frab_xml(client: FlaskClient) -> None:
    days = etree.fromstring(client.get("/export/schedule.xml").data).findall("day")
    assert [day.findall(".//event/title")[-1].text for day in days] == ["Party", "Brunch"]


def test_in_frab_json(client: FlaskClient) -> None:
    days = json.loads(client.get("/export/schedule.json").data)["schedule"]["conference"]["days"]
    assert [next(iter(day["rooms"].values()))[-1]["title"] for day in days] == ["Party", "Brunch"]


def test_in_the_programs_file(tmp_path: Path, program: Program) -> None:
    write_program(program, tmp_path)
    lines = (tmp_path / "program.toml").read_text().splitlines()
    assert lines[lines.index('id = "party"') + 1] == 'time = "24:30-25:30"'
