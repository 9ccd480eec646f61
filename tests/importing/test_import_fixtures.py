"""Real schedules: what a plain reader does not see, such as ends, days, zones and affiliations."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.import_results import OPTIONS, clocks, fixture


@pytest.mark.parametrize("name", sorted(OPTIONS))
def test_imported_again_a_fixture_changes_nothing(fixtures_path: Path, name: str) -> None:
    program = fixture(fixtures_path, name).program
    assert fixture(fixtures_path, name, former=program).program == program


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


def test_the_schedule_of_tta_ends_each_session_at_the_next(fixtures_path: Path) -> None:
    program = fixture(fixtures_path, "tables/tta-icml2025-schedule.csv").program
    assert clocks(program)[-4:] == [
        ("19 17:00", "19 17:45", "🏆 Best Paper Announcement + Panel Setup"),
        ("19 17:00", "19 17:45", "💬 Panel Discussion"),
        ("19 17:45", "19 17:50", "📢 Closing Remarks"),
        ("19 17:50", "19 17:50", "🏁 Finish"),
    ]


def test_the_speakers_of_d3s3_have_the_places_beside_their_names(fixtures_path: Path) -> None:
    program = fixture(fixtures_path, "tables/d3s3-neurips2024-schedule.md").program
    assert {one.name: one.affiliations for one in program.speakers} == {
        "Johannes Brandstetter": ("JKU Linz",),
        "Nicholas Nelsen": ("MIT",),
        "Anima Anandkumar": ("CalTech",),
        "Sherry Yang": ("Google DeepMind",),
        "Nicholas Krämer": ("Denmark's TU",),
        "Manmohan Chandraker": ("UC San Diego",),
        "Philipp Hennig": (),
        "Daniel Worrall": ("Google Deepmind",),
        "Ilze Amanad Auzina": ("U v Amsterdam",),
    }


@pytest.mark.parametrize(
    ("name", "zone"),
    [
        ("codeml/site.md", "America/Vancouver"),
        ("tables/d3s3-neurips2024-schedule.md", "America/Vancouver"),
        ("tables/sessionize-gab-linz-2025.json", "Europe/Vienna"),
    ],
)
def test_a_fixture_that_names_a_city_is_in_its_zone(fixtures_path: Path, name: str, zone: str) -> None:
    assert fixture(fixtures_path, name).program.timezone == zone


def test_democon_is_told_that_its_offsets_are_not_those_of_its_zone(fixtures_path: Path) -> None:
    imported = fixture(fixtures_path, "schedules/voc-pretalx-democon.json")
    assert any("another offset" in line for line in imported.guessed)
