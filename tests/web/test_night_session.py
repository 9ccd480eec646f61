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

from app.domain.program import Program
from app.domain.session import Session, Slot
from app.formats.program_folder.writer import write_program

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


def test_on_a_page_of_days(client: FlaskClient) -> None:
    days = html.fromstring(client.get("/rooms/venue").text).xpath("//section[@class='timeline']")
    assert [day.xpath(".//@data-session")[-1] for day in days] == ["party", "brunch"]


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
