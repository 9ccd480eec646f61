from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from support.exchange_schemas import worded_programs
from support.import_results import OPTIONS, content, fixture
from support.papers import with_papers
from support.strategies import examples

from app.domain.program import Program
from app.domain.session import Item, Link, Session, Slot
from app.formats.csv_export import papers_csv, schedule_csv
from app.importing import import_source


def table(program: Program) -> list[dict[str, str]]:
    """The file as a spreadsheet reads it."""
    return list(csv.DictReader(io.StringIO(schedule_csv(program).decode("utf-8-sig"), newline="")))


def lone(start: datetime, zone: str = "America/Vancouver", title: str = "A") -> Program:
    slot = Slot(start=start, end=start + timedelta(hours=1))
    return Program(
        id="day",
        title="Day",
        timezone=zone,
        domain="example.org",
        days=(start.date(),),
        sessions=(Session(id="a", title=title, slot=slot, scheduled=slot),),
    )


def test_times_are_the_venues(program: Program) -> None:
    first = table(program)[1]
    assert (first["session id"], first["start"], first["end"], first["timezone"]) == (
        "tri-dao",
        "2025-07-18 09:15",
        "2025-07-18 09:45",
        "America/Vancouver",
    )


def test_excel_is_told_that_it_is_utf8(program: Program) -> None:
    assert schedule_csv(program).startswith(b"\xef\xbb\xbfsession id,start,")


@pytest.mark.parametrize("title", ["=1+1", "+1", "-1", "@x", "'=1", "'quoted'"])
def test_no_cell_is_a_formula_and_import_gives_the_title_back(title: str) -> None:
    program = lone(datetime(2025, 7, 18, 16, tzinfo=UTC), title=title)
    assert table(program)[0]["title"] == f"'{title}"
    assert import_source(schedule_csv(program), name="a.csv").program.sessions[0].title == title


def test_a_time_that_comes_twice_carries_its_offset() -> None:
    first = datetime(2025, 11, 2, 8, 30, tzinfo=UTC)
    programs = [lone(first), lone(first + timedelta(hours=1))]
    assert [table(program)[0]["start"] for program in programs] == ["2025-11-02 01:30-07:00", "2025-11-02 01:30-08:00"]
    back = [import_source(schedule_csv(program), name="a.csv").program for program in programs]
    assert [program.sessions[0].slot.start for program in back] == [first, first + timedelta(hours=1)]


@pytest.mark.parametrize("name", sorted(OPTIONS))
def test_an_exported_fixture_is_read_back_as_the_same_sessions(fixtures_path: Path, name: str) -> None:
    program = fixture(fixtures_path, name).program
    people = tuple(replace(one, name=one.name.replace(";", ",")) for one in program.speakers)
    held = content(replace(program, speakers=people))
    assert content(import_source(schedule_csv(program), name="a.csv").program) == held


@given(worded_programs())
@examples(60)
def test_a_spreadsheet_never_sees_a_formula(program: Program) -> None:
    """Law: no cell begins with a character that makes it a formula."""
    assert [
        cell for row in table(program) for cell in row.values() if cell[:1] in ("=", "+", "-", "@", "\t", "\r")
    ] == []


def test_a_session_of_another_day_keeps_its_date() -> None:
    program = replace(lone(datetime(2025, 7, 19, 6, 30, tzinfo=UTC)), days=(date(2025, 7, 18),))
    assert (table(program)[0]["start"], table(program)[0]["end"]) == ("2025-07-18 23:30", "2025-07-19 00:30")


def test_papers_have_a_file_of_their_own_by_session_and_number(program: Program) -> None:
    items = (
        Item(id="fern", title="=Fern", number="10", authors=("Ada; Lovelace", "Alan"), kind="Oral", minutes=8),
        Item(
            id="moss", title="Moss", number="9", abstract="On *moss*", links=(Link("PDF", "https://a.example/m.pdf"),)
        ),
    )
    table = csv.DictReader(io.StringIO(papers_csv(with_papers(program, items, "posters")).decode("utf-8-sig")))
    rows = [row for row in table if row["session"] == "Poster session"]
    empty = dict.fromkeys(("number", "authors", "decision", "minutes", "abstract", "links"), "")
    where = {"session": "Poster session", "session start": "2025-07-18 14:15", "room": "Vancouver Convention Center"}
    assert rows == [
        {
            **empty,
            **where,
            "paper id": "moss",
            "number": "9",
            "title": "Moss",
            "abstract": "On *moss*",
            "links": "PDF: https://a.example/m.pdf",
        },
        {
            **empty,
            **where,
            "paper id": "fern",
            "number": "10",
            "title": "'=Fern",
            "authors": "Ada, Lovelace; Alan",
            "decision": "Oral",
            "minutes": "8",
        },
    ]
