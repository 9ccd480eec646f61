"""Real schedules, each with all its sessions at the right instants."""

from __future__ import annotations

import csv
import json
import re
from collections import Counter
from datetime import datetime
from pathlib import Path

import pytest
import pytz
from support.import_results import OPTIONS, clocks, fixture, people, room_of

from app.domain.program import Program
from app.importing import ImportOptions, import_source

LONDON = pytz.timezone("Europe/London")
COUNTS = {
    "codeml/site.md": (15, 1),
    "codeml/site-2025-06-02.md": (15, 1),
    "schedules/giggity-fosdem_2021.xml": (773, 106),
    "schedules/34c3-jugend-hackt.xml": (26, 3),
    "schedules/34c3-jugend-hackt.json": (26, 3),
    "schedules/emf-2016.xml": (138, 5),
    "schedules/emf-2016-xsd-valid.xml": (138, 5),
    "schedules/emf-2016-own.json": (350, 30),
    "calendars/emf-2016.ics": (350, 30),
    "calendars/giggity-kielux_2020.ics": (24, 4),
    "schedules/voc-pretalx-democon.json": (36, 2),
    "schedules/voc-invalid-example.json": (1, 1),
    "tables/tta-icml2025-schedule.csv": (24, 1),
    "tables/d3s3-neurips2024-schedule.md": (15, 1),
    "tables/mleval-iclr2022-schedule.csv": (17, 1),
    "tables/sessionize-gab-linz-2025.json": (13, 3),
}


def starts(program: Program) -> Counter[tuple[str, datetime]]:
    """Starts by room; titles differ by what folding of lines did to them."""
    return Counter((room_of(program, one).strip(), one.start) for one in program.sessions)


def sessions(program: Program) -> Counter[tuple[str, str, datetime]]:
    """Sessions by room, title and start; one title has lost its full stop."""
    return Counter((room_of(program, one), one.title.rstrip("."), one.start) for one in program.sessions)


@pytest.mark.parametrize("name", sorted(OPTIONS))
def test_a_fixture_has_all_its_sessions_and_rooms(fixtures_path: Path, name: str) -> None:
    program = fixture(fixtures_path, name).program
    assert (len(program.sessions), len(program.rooms)) == COUNTS[name]


@pytest.mark.parametrize("name", sorted(OPTIONS))
def test_imported_again_a_fixture_changes_nothing(fixtures_path: Path, name: str) -> None:
    program = fixture(fixtures_path, name).program
    assert fixture(fixtures_path, name, former=program).program == program


def test_emf_starts_as_its_own_json_says(fixtures_path: Path) -> None:
    name = "schedules/emf-2016-own.json"
    events = json.loads((fixtures_path / name).read_text())
    said = Counter((one["venue"].strip(), LONDON.localize(datetime.fromisoformat(one["start_date"]))) for one in events)
    assert starts(fixture(fixtures_path, name).program) == said


def test_the_calendar_of_emf_agrees_with_its_json(fixtures_path: Path) -> None:
    own = fixture(fixtures_path, "schedules/emf-2016-own.json").program
    assert starts(fixture(fixtures_path, "calendars/emf-2016.ics").program) == starts(own)


@pytest.mark.parametrize("name", ["schedules/emf-2016.xml", "schedules/emf-2016-xsd-valid.xml"])
def test_the_xml_of_emf_agrees_with_its_json_session_by_session(fixtures_path: Path, name: str) -> None:
    own = sessions(fixture(fixtures_path, "schedules/emf-2016-own.json").program)
    assert sessions(fixture(fixtures_path, name).program) - own == Counter()


def test_both_forms_of_34c3_are_the_same_program(fixtures_path: Path) -> None:
    xml, frab = (fixture(fixtures_path, f"schedules/34c3-jugend-hackt.{end}").program for end in ("xml", "json"))
    assert xml == frab


@pytest.mark.slow
def test_fosdem_has_its_saturday_and_its_sunday(fixtures_path: Path) -> None:
    program = fixture(fixtures_path, "schedules/giggity-fosdem_2021.xml").program
    rooms = {
        day: {one.room for one in program.sessions if program.local(one.start).date() == day} for day in program.days
    }
    assert [len(names) for names in rooms.values()] == [87, 42]


def test_the_schedule_of_tta_starts_as_its_table_says(fixtures_path: Path) -> None:
    name = "tables/tta-icml2025-schedule.csv"
    with (fixtures_path / name).open(newline="") as file:
        table = [(f"19 {row['Start time']:>5}".replace("19  ", "19 0"), row["Program"]) for row in csv.DictReader(file)]
    program = fixture(fixtures_path, name).program
    assert [(start, title) for start, _, title in clocks(program)] == table


def test_the_schedule_of_tta_ends_each_session_at_the_next(fixtures_path: Path) -> None:
    program = fixture(fixtures_path, "tables/tta-icml2025-schedule.csv").program
    assert clocks(program)[-4:] == [
        ("19 17:00", "19 17:45", "🏆 Best Paper Announcement + Panel Setup"),
        ("19 17:00", "19 17:45", "💬 Panel Discussion"),
        ("19 17:45", "19 17:50", "📢 Closing Remarks"),
        ("19 17:50", "19 17:50", "🏁 Finish"),
    ]


def test_the_papers_of_tta_become_the_items_of_a_session(fixtures_path: Path) -> None:
    schedule = fixture(fixtures_path, "tables/tta-icml2025-schedule.csv").program
    name = "tables/tta-icml2025-papers.csv"
    options = ImportOptions(items_of="poster-session-1")
    program = import_source((fixtures_path / name).read_bytes(), name=name, options=options, former=schedule).program
    with (fixtures_path / name).open(newline="") as file:
        papers = [(row["ID"], row["Title"], tuple(row["Authors"].split(", "))) for row in csv.DictReader(file)]
    items = program.session("poster-session-1").items
    assert [(one.number, one.title, one.authors) for one in items] == papers


def test_the_table_of_d3s3_names_its_speakers_and_their_places(fixtures_path: Path) -> None:
    program = fixture(fixtures_path, "tables/d3s3-neurips2024-schedule.md").program
    talks = [one for one in program.sessions if one.tba]
    assert [(people(program, one), program.speakers_of(one)[0].affiliations) for one in talks][:2] == [
        (["Johannes Brandstetter"], ("JKU Linz",)),
        (["Nicholas Nelsen"], ("MIT",)),
    ]
    assert (len(talks), program.timezone, program.rooms[0].name) == (8, "America/Vancouver", "Meeting 116, 117")


def test_a_panel_has_its_moderator(fixtures_path: Path) -> None:
    program = fixture(fixtures_path, "tables/d3s3-neurips2024-schedule.md").program
    panel = next(one for one in program.sessions if one.kind == "panel")
    assert (panel.title, people(program, panel)) == ("Panel Discussion with Invited Speakers", ["Philipp Hennig"])


def test_the_table_of_mleval_has_speakers_where_it_puts_titles(fixtures_path: Path) -> None:
    program = fixture(fixtures_path, "tables/mleval-iclr2022-schedule.csv").program
    found = [
        (clock, title, people(program, one))
        for (clock, _, title), one in zip(clocks(program), program.sessions, strict=True)
    ]
    assert found[2] == ("29 13:00", "Improving Optimizer Evaluation in Deep Learning", ["Frank Schneider"])
    assert found[8] == (
        "29 17:20",
        "Slow vs Fast Science",
        ["Michela Paganini", "Chelsea Finn", "James Evans", "Russel Poldrack", "Oriol Vinyals"],
    )


def test_sessionize_is_in_the_zone_of_its_city(fixtures_path: Path) -> None:
    program = fixture(fixtures_path, "tables/sessionize-gab-linz-2025.json").program
    vienna = pytz.timezone("Europe/Vienna")
    welcome = program.session("welcome")
    assert program.timezone == "Europe/Vienna"
    assert welcome.start == vienna.localize(datetime(2025, 5, 10, 9, 0))  # noqa: DTZ001 - pytz attaches the zone
    assert people(program, welcome) == ["Rainer Stropek"]


def test_kielux_has_its_instants_and_speakers(fixtures_path: Path) -> None:
    name = "calendars/giggity-kielux_2020.ics"
    program = fixture(fixtures_path, name).program
    said = re.findall(r"DTSTART:(\d+T\d+)Z", (fixtures_path / name).read_text())
    assert sorted(f"{one.start:%Y%m%dT%H%M%S}" for one in program.sessions) == sorted(said)
    opening = next(one for one in program.sessions if one.guid == "460@KOLT20")
    assert people(program, opening) == ["Jakob Semere"]


def test_democon_has_the_instants_of_its_offsets(fixtures_path: Path) -> None:
    name = "schedules/voc-pretalx-democon.json"
    data = json.loads((fixtures_path / name).read_text())
    events = [
        event for day in data["schedule"]["conference"]["days"] for room in day["rooms"].values() for event in room
    ]
    imported = fixture(fixtures_path, name)
    said = {event["guid"]: datetime.fromisoformat(event["date"]) for event in events}
    assert {one.guid: one.start for one in imported.program.sessions} == said
    assert any("another offset" in line for line in imported.guessed)


def test_an_invalid_example_is_read_all_the_same(fixtures_path: Path) -> None:
    program = fixture(fixtures_path, "schedules/voc-invalid-example.json").program
    assert clocks(program) == [("28 14:00", "28 14:45", "Internal Penetration Testing Basics")]
