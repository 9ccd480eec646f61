"""Writing a program folder: what is read back, and what is left alone."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from support.exchange_schemas import worded_programs
from support.strategies import examples, programs

from app.domain.errors import InvalidProgram
from app.domain.program import Page, Person, Program
from app.domain.session import TBA, Item, Link, Session, Slot
from app.domain.texts import changed_texts, forbidden_characters, is_visible
from app.formats.program_folder.reader import check_folder, read_program
from app.formats.program_folder.stored_fields import as_files_hold
from app.formats.program_folder.writer import write_program

NINE = datetime(2025, 7, 18, 16, tzinfo=UTC)


def written(program: Program) -> Program:
    """What a folder says in which a program was written."""
    with tempfile.TemporaryDirectory() as folder:
        write_program(program, Path(folder))
        return read_program(Path(folder))


def files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def day(*sessions: Session) -> Program:
    return Program(
        id="trees",
        title="Trees",
        timezone="America/Vancouver",
        domain="example.org",
        days=(date(2025, 7, 18),),
        sessions=sessions,
    )


def session(name: str, start: datetime = NINE, minutes: int = 60) -> Session:
    slot = Slot(start=start, end=start + timedelta(minutes=minutes))
    return Session(id=name, title=name.title(), slot=slot, scheduled=slot)


def without_bad_characters(field: str, value: Any) -> Any:
    if not isinstance(value, str):
        return value
    text = value.translate(dict.fromkeys(map(ord, forbidden_characters(value))))
    return text if is_visible(text) else TBA if field == "title" else ""


def holdable(program: Program) -> Program:
    """The program without what a folder refuses: blank names, addresses that are not of the web, such characters."""
    program = changed_texts(program, without_bad_characters)
    speakers = tuple(
        replace(one, name=f"N{one.name}", url="", links=(), affiliations=tuple(filter(str.strip, one.affiliations)))
        for one in program.speakers
    )
    return replace(
        program,
        title=f"T{program.title}",
        url="",
        speakers=speakers,
        sessions=tuple(replace(one, links=()) for one in program.sessions),
    )


@given(programs())
@examples(40)
def test_a_written_program_is_read_back_as_its_files_hold_it(program: Program) -> None:
    """Law: write, then read, gives the same program: clock changes, nights, zero lengths and all."""
    assert written(program) == as_files_hold(program)


@given(worded_programs().map(holdable))
@examples(40)
def test_no_text_makes_the_file_say_something_else(program: Program) -> None:
    """Law: as above, whatever characters that a text may hold stand in titles, abstracts and biographies."""
    assert written(program) == as_files_hold(program)


def test_the_first_program_is_read_back_as_it_was(program: Program) -> None:
    assert written(program) == program


def test_a_written_program_has_no_warnings_of_its_own(tmp_path: Path, program: Program) -> None:
    write_program(program, tmp_path)
    assert check_folder(tmp_path).warnings == ()


def test_all_that_a_session_has_is_kept() -> None:
    full = replace(
        session("on-roots"),
        abstract='Three "quotes" """and\nlines\\ of *Markdown*.\n\n- a\n',
        items=(Item(title="Bark", number="7", authors=("A", "B"), links=(Link("PDF", "https://example.org/b"),)),),
        links=(Link("Slides", "https://example.org/s"), Link("Hall A", "https://example.org/a", "watch")),
        track="Green",
        language="de",
        guid="frab:7",
        pinned=True,
        min_minutes=20,
        cancelled=True,
        speakers=("ada",),
    )
    program = replace(day(), speakers=(Person(id="ada", name="Ada"),), sessions=(full,))
    assert written(program).sessions == program.sessions


def test_a_link_whose_label_says_what_it_leads_to_is_written_without_a_kind(tmp_path: Path) -> None:
    links = (Link("Slides", "https://example.org/s"), Link("Hall A", "https://example.org/a", "watch"))
    write_program(day(replace(session("on-roots"), links=links)), tmp_path)
    line = next(line for line in files(tmp_path)["program.toml"].decode().splitlines() if line.startswith("    {"))
    assert line == '    {label = "Slides", url = "https://example.org/s"},'


def test_a_break_that_may_not_shrink_is_read_back_as_such() -> None:
    program = day(replace(session("coffee"), kind="break"))
    assert written(program).session("coffee").min_minutes is None


def test_the_same_program_gives_the_same_files(tmp_path: Path, program: Program) -> None:
    write_program(program, tmp_path / "one")
    write_program(replace(program), tmp_path / "two")
    assert files(tmp_path / "one") == files(tmp_path / "two")


def test_what_a_folder_cannot_hold_is_refused_and_the_folder_left_alone(tmp_path: Path, program: Program) -> None:
    write_program(program, tmp_path)
    before = files(tmp_path)
    nameless = replace(program, organizers=(Person(id="nobody", name=" "),))
    with pytest.raises(InvalidProgram) as refused:
        write_program(nameless, tmp_path)
    assert [fault.where.startswith(f"{tmp_path / 'program.toml'}:") for fault in refused.value.faults] == [True]
    assert files(tmp_path) == before


def test_pages_are_kept_in_their_order_and_those_that_are_gone_are_taken_away(tmp_path: Path, program: Program) -> None:
    write_program(program, tmp_path)
    pages = (Page(slug="venue", title="Venue", body="By train."), Page(slug="about", title="About us", body="We."))
    write_program(replace(program, pages=pages), tmp_path)
    assert sorted(name for name in files(tmp_path) if name.startswith("pages/")) == [
        "pages/1-venue.md",
        "pages/2-about.md",
    ]
    assert [(one.slug, one.body) for one in read_program(tmp_path).pages] == [("venue", "By train."), ("about", "We.")]


def test_a_night_stands_under_the_evening_before(tmp_path: Path) -> None:
    write_program(day(session("party", NINE + timedelta(hours=14, minutes=30), 90)), tmp_path)
    assert 'time = "23:30-25:00"' in (tmp_path / "program.toml").read_text()
