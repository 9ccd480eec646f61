"""The first program: from its page to what its folder says, with no option at all."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from support.import_results import clocks, fixture, people
from support.workshop_schedule_table import rows

from app.domain.program import Person, Program
from app.domain.revision_diff import changed_sessions
from app.importing import Imported

SITE = "codeml/site.md"
JUNE = "codeml/site-2025-06-02.md"


@pytest.fixture
def site(fixtures_path: Path) -> Imported:
    return fixture(fixtures_path, SITE)


def known(person: Person) -> tuple[str, str]:
    return person.name, person.url


def test_the_titles_and_times_are_those_of_the_page(site: Imported, fixtures_path: Path) -> None:
    table = [(row.start, row.end, row.title) for row in rows(fixtures_path)]
    assert [(one.start, one.end, one.title) for one in site.program.sessions] == table


def test_the_page_gives_what_the_folder_says(site: Imported, program: Program) -> None:
    assert clocks(site.program) == clocks(program)
    assert [one.kind for one in site.program.sessions] == [one.kind for one in program.sessions]
    assert {known(one) for one in site.program.speakers} == {known(one) for one in program.speakers}
    assert [(one.name, one.url, one.affiliations) for one in site.program.organizers] == [
        (one.name, one.url, one.affiliations) for one in program.organizers
    ]


def test_the_dates_are_those_of_the_folder(site: Imported, program: Program) -> None:
    assert [(one.day, one.at, one.zone_label, one.former_day) for one in site.program.dates] == [
        (one.day, one.at, one.zone_label, one.former_day) for one in program.dates
    ]


def test_the_venue_is_that_of_the_folder_without_its_position(site: Imported, program: Program) -> None:
    assert program.venue is not None
    assert site.program.venue == replace(program.venue, latitude=None, longitude=None)


def test_the_zone_is_guessed_from_the_address_and_said_to_be(site: Imported) -> None:
    assert site.program.timezone == "America/Vancouver"
    assert "the time zone (Vancouver time), from Vancouver; better: --timezone" in site.guessed


def test_biographies_stand_beside_the_names(site: Imported) -> None:
    assert site.program.speaker("matt-johnson").biography.startswith("Matt Johnson is a researcher at Google Deepmind,")


@pytest.mark.parametrize("source", [SITE, JUNE])
def test_nobody_from_a_comment_is_in_the_program(fixtures_path: Path, source: str) -> None:
    program = fixture(fixtures_path, source).program
    assert "Bailey" not in repr(program)
    assert "Balandat" not in repr(program)


def test_the_call_becomes_a_page_and_the_schedule_does_not(site: Imported) -> None:
    assert [page.title for page in site.program.pages] == ["About", "Call for Papers"]


def test_an_invited_talk_that_names_nobody_is_open(fixtures_path: Path) -> None:
    program = fixture(fixtures_path, JUNE).program
    assert [(one.title, people(program, one)) for one in program.sessions if one.tba] == [("TBA", [])] * 6


def test_the_difference_between_june_and_july_is_the_six_talks(fixtures_path: Path) -> None:
    june = fixture(fixtures_path, JUNE).program
    july = fixture(fixtures_path, SITE, former=june).program
    changes = changed_sessions(june, july)
    assert [(one.before and one.before.tba, one.after and one.after.slot) for one in changes] == [
        (True, session.slot) for session in june.sessions if session.tba
    ]


def test_imported_into_its_folder_it_keeps_ids_pins_and_least_minutes(fixtures_path: Path, program: Program) -> None:
    again = fixture(fixtures_path, SITE, former=program).program
    assert again.sessions == program.sessions


def test_imported_into_its_folder_it_keeps_what_the_page_does_not_hold(fixtures_path: Path, program: Program) -> None:
    again = fixture(fixtures_path, SITE, former=program).program
    biographies = {one.id: one.biography for one in again.speakers}
    held = [replace(one, biography=biographies[one.id]) for one in program.speakers]
    assert sorted(again.speakers, key=lambda one: one.id) == sorted(held, key=lambda one: one.id)
    assert replace(again, speakers=program.speakers) == program
