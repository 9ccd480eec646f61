"""schedule.xml and schedule.json: strictly valid, the same for life, and read back as the same program."""

from __future__ import annotations

import json
import uuid
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from lxml import etree
from support.exchange_schemas import BASE, json_faults, worded_programs, xml_faults
from support.import_results import OPTIONS, content, fixture, room_of
from support.strategies import examples

from app.domain.program import Program, Room
from app.domain.session import Link, Session, Slot
from app.formats.export_formats import ExportResult, export_program
from app.formats.frab.json import schedule_json
from app.formats.frab.xml import schedule_xml
from app.importing import import_source

NINE = datetime(2025, 7, 18, 16, tzinfo=UTC)
HOUR = timedelta(hours=1)
EXPORTS = ("schedule.json", "schedule.xml")


def exported(program: Program, name: str) -> ExportResult:
    return export_program(name.removeprefix("schedule."), program, revision=7, base_url=BASE)


def again(program: Program, name: str) -> Program:
    """The program that an export of it is read as."""
    return import_source(exported(program, name).data, name=name).program


def session(name: str, start: datetime = NINE, end: datetime = NINE + HOUR, **more: Any) -> Session:
    slot = Slot(start=start, end=end, room=more.pop("room", "east"))
    return Session(id=name, title=more.pop("title", name.title()), slot=slot, scheduled=slot, **more)


def day(*sessions: Session, **more: Any) -> Program:
    fields: dict[str, Any] = {
        "id": "trees-2025",
        "title": "Trees",
        "timezone": "America/Vancouver",
        "domain": "example.org",
        "days": (date(2025, 7, 18),),
        "rooms": (Room("east", "East"), Room("west", "West")),
        **more,
    }
    return Program(sessions=sessions, **fields)


def events(program: Program) -> list[dict[str, str]]:
    """The XML's events as flat texts."""
    root = etree.fromstring(exported(program, "schedule.xml").data)
    return [
        {**{str(k): str(v) for k, v in one.attrib.items()}, **{child.tag: child.text or "" for child in one}}
        for one in root.iter("event")
    ]


@pytest.mark.parametrize("name", sorted(OPTIONS))
def test_every_fixture_exports_valid_xml_and_json(fixtures_path: Path, name: str) -> None:
    program = fixture(fixtures_path, name).program
    assert xml_faults(fixtures_path, exported(program, "schedule.xml").data) == []
    assert json_faults(fixtures_path, exported(program, "schedule.json").data) == []


@given(program=worded_programs())
@examples(60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_program_exports_valid_xml_and_json(fixtures_path: Path, program: Program) -> None:
    """Law: both validate for every program, whatever text is in it."""
    assert xml_faults(fixtures_path, exported(program, "schedule.xml").data) == []
    assert json_faults(fixtures_path, exported(program, "schedule.json").data) == []


@pytest.mark.parametrize("export", EXPORTS)
@pytest.mark.parametrize("name", sorted(OPTIONS))
def test_an_exported_fixture_is_read_back_as_the_same_program(fixtures_path: Path, name: str, export: str) -> None:
    longest = timedelta(hours=23, minutes=59)
    program = fixture(fixtures_path, name).program
    held = [one for one in content(program) if one[3] - one[2] <= longest]  # type: ignore[operator]
    back = again(program, export)
    assert [one for one in content(back) if one[3] - one[2] < longest] == held  # type: ignore[operator]
    assert (back.id, back.title, back.timezone, back.days) == (
        program.id,
        program.title,
        program.timezone,
        program.days,
    )


@pytest.mark.parametrize("export", EXPORTS)
def test_the_first_program_is_read_back_into_its_folder_unchanged(program: Program, export: str) -> None:
    data = exported(program, export).data
    known = import_source(data, name=export, former=program).program
    assert known.sessions == program.sessions


@pytest.mark.parametrize("export", EXPORTS)
def test_a_cancelled_session_says_so_in_its_title_and_is_read_back_as_cancelled(export: str) -> None:
    program = day(session("a", cancelled=True, title="On trees"), session("b"))
    assert b"CANCELLED: On trees" in exported(program, export).data
    assert [(one.title, one.cancelled) for one in again(program, export).sessions] == [("On trees", True), ("B", False)]
    assert "the status, which the title says instead, of a" in exported(program, export).left_out


@pytest.mark.parametrize("export", EXPORTS)
def test_a_session_for_all_rooms_is_read_back_for_all(export: str) -> None:
    back = again(day(session("lunch", room=None), session("a")), export)
    assert [(one.id, room_of(back, one)) for one in back.sessions] == [("a", "East"), ("lunch", "")]


@pytest.mark.parametrize("export", EXPORTS)
def test_a_night_belongs_to_the_evening_before(export: str) -> None:
    night = session("party", NINE + 16 * HOUR, NINE + 18 * HOUR)  # 01:00 in Vancouver
    program = day(session("a"), night)
    assert len(etree.fromstring(exported(program, "schedule.xml").data).findall("day")) == 1
    assert again(program, export).session("party").slot == night.slot


def test_an_event_longer_than_a_day_is_cut_for_giggity_and_said_to_be() -> None:
    program = day(session("camp", NINE, NINE + 30 * HOUR))
    assert [one["duration"] for one in events(program)] == ["23:59"]
    assert "all beyond 23:59 of camp" in exported(program, "schedule.xml").left_out
    assert again(program, "schedule.json").session("camp").end == NINE + 30 * HOUR


def test_giggity_finds_what_it_looks_for_in_the_first_characters(program: Program) -> None:
    data = schedule_xml(program, version="x" * 100, base_url=f"https://example.org/{'x' * 1000}")
    head = data.decode()[:1024]
    assert ("<schedule" in head, "<conference" in head, "<!DOCTYPE" in head) == (True, True, False)


@pytest.mark.parametrize("export", EXPORTS)
def test_the_same_program_gives_the_same_bytes(program: Program, export: str) -> None:
    assert exported(program, export).data == exported(replace(program), export).data


def test_numbers_guids_and_slugs_stay_when_all_else_changes() -> None:
    before = day(session("a"), session("b"))
    after = day(session("new"), session("b", NINE + HOUR, NINE + 2 * HOUR, title="Other", room="west"), session("a"))
    names = ("id", "guid", "slug", "url")
    first = {one["url"]: tuple(one[name] for name in names) for one in events(before)}
    second = {one["url"]: tuple(one[name] for name in names) for one in events(after)}
    assert {url: second[url] for url in first} == first


def test_a_guid_of_another_system_is_kept_and_any_other_made() -> None:
    own = str(uuid.uuid4())
    found = events(day(session("a", guid=own), session("b", guid=own), session("c", guid="frab:7")))
    assert found[0]["guid"] == own
    assert len({one["guid"] for one in found}) == 3


def test_ids_that_formats_find_short_get_slugs_of_their_own() -> None:
    slugs = [one["slug"] for one in events(day(session("a"), session("-a"), session("--"), session("tri-dao")))]
    assert slugs == [
        "trees_2025-session",
        "trees_2025-session-a",
        "trees_2025-session-a-1",
        "trees_2025-tri-dao",
    ]


def test_addresses_that_are_not_of_the_web_are_left_out_and_said_to_be() -> None:
    links = (Link("Home", "http://bücher.example/ä b"), Link("Mail", "mailto:a@example.org"))
    result = exported(day(session("a", links=links)), "schedule.json")
    room = json.loads(result.data)["schedule"]["conference"]["days"][0]["rooms"]["East"]
    assert room[0]["links"] == [{"url": "http://xn--bcher-kva.example/%C3%A4%20b", "title": "Home", "type": "related"}]
    assert "links that are not of the web, in a" in result.left_out


def test_a_zone_that_the_json_schema_cannot_name_is_read_back(fixtures_path: Path) -> None:
    program = day(session("a"), timezone="Etc/GMT+7")
    assert json_faults(fixtures_path, exported(program, "schedule.json").data) == []
    assert again(program, "schedule.json").timezone == "Etc/GMT+7"


@pytest.mark.parametrize("base_url", ["", "agenda", "ftp://example.org", "http://"])
def test_without_a_public_address_the_programs_domain_stands_in(fixtures_path: Path, base_url: str) -> None:
    program = day(session("a"))
    data = schedule_json(program, version="1", base_url=base_url)
    assert json.loads(data)["schedule"]["base_url"] == "https://example.org"
    assert json_faults(fixtures_path, data) == []


def test_what_the_formats_cannot_hold_is_said(program: Program) -> None:
    assert exported(program, "schedule.xml").left_out == (
        "2 pages",
        "5 organizers",
        "3 important dates",
        "3 links of the program",
        "the subtitle and the series",
        "biographies and addresses of speakers",
        "affiliations of speakers",
        "the venue's name, address and position",
        "pictures",
        "the lines of projectors",
        "least minutes and pins of coffee-morning, lunch, posters and 2 more",
        "numbers, authors and abstracts of items of contributed-morning, contributed-afternoon",
        "items whose titles are to be announced, of contributed-morning, contributed-afternoon",
    )
