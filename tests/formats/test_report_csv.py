"""Planned against actual as CSV."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from support.codeml_day import at, slot, talk, two_rooms
from support.exchange_schemas import worded_programs
from support.strategies import examples

from app.domain.day_report import day_reports
from app.domain.program import Program
from app.domain.session import Session
from app.formats.report_csv import report_csv


def table(program: Program, now: datetime | None = None) -> list[dict[str, str]]:
    """The file as a spreadsheet reads it."""
    made = report_csv(program, day_reports(program, now=now))
    return list(csv.DictReader(io.StringIO(made.decode("utf-8-sig"), newline="")))


def row(session: Session, now: datetime | None = None) -> dict[str, str]:
    [found] = table(two_rooms(session), now)
    return found


def test_a_row_has_the_plan_the_day_and_the_differences() -> None:
    session = replace(talk("a", "10:00-10:30"), slot=slot("09:55", "10:38", "annex"))
    assert row(session, at("10:10")) == {
        "session id": "a",
        "title": "A",
        "day": "2025-07-18",
        "planned room": "Hall",
        "planned start": "2025-07-18T10:00:00-07:00",
        "planned end": "2025-07-18T10:30:00-07:00",
        "room": "Annex",
        "start": "2025-07-18T09:55:00-07:00",
        "end": "2025-07-18T10:38:00-07:00",
        "start minutes late": "-5",
        "end minutes late": "8",
        "planned minutes": "30",
        "minutes": "43",
        "status": "moved",
        "progress": "on",
    }


def test_of_a_cancelled_session_what_did_not_take_place_is_empty() -> None:
    found = row(replace(talk("a", "10:00-10:30"), cancelled=True), at("10:10"))
    assert {name for name, cell in found.items() if not cell} == {
        "room",
        "start",
        "end",
        "start minutes late",
        "end minutes late",
        "minutes",
        "progress",
    }
    assert found["status"] == "cancelled"


def test_of_a_session_that_was_added_the_plan_is_empty() -> None:
    found = row(replace(talk("a", "10:00-10:30"), added=True))
    assert {name for name, cell in found.items() if not cell} == {
        "planned room",
        "planned start",
        "planned end",
        "start minutes late",
        "end minutes late",
        "planned minutes",
        "progress",
    }
    assert found["status"] == "added"


def test_a_session_for_all_rooms_says_so() -> None:
    found = row(talk("a", "10:00-10:30", None))
    assert (found["planned room"], found["room"]) == ("All rooms", "All rooms")


def test_a_night_session_has_the_day_of_its_evening() -> None:
    night = replace(
        slot("10:00", "11:00", "hall"), start=at("00:30", date(2025, 7, 19)), end=at("01:30", date(2025, 7, 19))
    )
    found = row(replace(talk("a", "10:00-10:30"), slot=night, scheduled=night))
    assert (found["day"], found["start"]) == ("2025-07-18", "2025-07-19T00:30:00-07:00")


def test_in_january_2027_vancouvers_offset_is_seven_hours() -> None:
    start = at("09:00", date(2027, 1, 15))
    winter = replace(slot("10:00", "11:00", "hall"), start=start, end=start + timedelta(hours=1))
    found = row(replace(talk("a", "10:00-10:30"), slot=winter, scheduled=winter))
    assert (found["planned start"], found["start"]) == ("2027-01-15T09:00:00-07:00", "2027-01-15T09:00:00-07:00")


@pytest.mark.parametrize("title", ["=1+1", "+1", "-1", "@x", "'=1"])
def test_a_title_is_no_formula(title: str) -> None:
    assert row(replace(talk("a", "10:00-10:30"), title=title))["title"] == f"'{title}"


@given(worded_programs())
@examples(30)
def test_no_cell_is_a_formula(program: Program) -> None:
    """Law: what begins as a formula does is a whole number."""
    cells = [cell for each in table(program) for cell in each.values()]
    starts = ("=", "+", "-", "@", "\t", "\r")
    assert [cell for cell in cells if cell.startswith(starts) and not cell.removeprefix("-").isdecimal()] == []


def test_the_same_program_gives_the_same_bytes(program: Program) -> None:
    assert report_csv(program, day_reports(program)) == report_csv(program, day_reports(program))


def test_every_session_has_one_row(program: Program) -> None:
    assert sorted(each["session id"] for each in table(program)) == sorted(program.sessions_by_id)
