"""Whatever bytes come in, either a program or one clear error."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st
from support.import_results import OPTIONS, fixture
from support.strategies import examples

from app.domain.errors import AgendaError
from app.domain.program import Program
from app.importing import ImportOptions, import_source

NAMES = ("x", "x.md", "x.html", "x.csv", "x.yml", "x.json", "x.xml", "x.ics")
OPTIONS_OF_ANYBODY = ImportOptions(first_date=date(2025, 3, 30), timezone="Europe/Vienna")
PIECES = (
    b"<", b">", b'"', b"{", b"}", b"[", b"]", b":", b"\n", b"\0", b"\xff", b"<!--", b"-->", b"null", b"-1", b"9" * 30,
    b"24:00", b"25:61", b"2025-02-30", b"0001-01-01T00:00:00Z", b"9999-12-31T23:59:59+14:00", b"|-|-|", b"- ", b"\t",
    b"\r\n ", b"=", b"\nEND:VEVENT\n", b"DAILY", b"SECONDLY", b"MONTHLY", b";INTERVAL=0", b";COUNT=", b";UNTIL=",
    b";BYDAY=MO", b";BYSETPOS=", b";BYMONTH=2", b";BYMONTHDAY=30", b"\nRDATE", b"\nEXDATE", b"\nDTSTART",
    b"\nDTEND",
    b";RANGE=THISANDFUTURE", b";TZID=Asia/Tokyo", b":20250324T090000", b":20250324", b":00010101T000000",
    b":99991231T235959Z",
)  # fmt: skip
HEADS = {
    "x.ics": b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:A\nDTSTART:",
    "rule.ics": b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:u\nDTSTART;TZID=Europe/Vienna:20250323T090000\nRRULE:FREQ=",
    "change.ics": b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:u\nDTSTART:20250323T090000\nRRULE:FREQ=DAILY;COUNT=3\n"
    b"END:VEVENT\nBEGIN:VEVENT\nUID:u\nRECURRENCE-ID",
    "folded.ics": "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:20250323T090000\nSUMMARY:Bä".encode()[:-1],
    "x.xml": b"<schedule><day date='2025-05-10'><event><start>09:00</start><title>A",
    "x.json": b'{"schedule":{"conference":{"days":[{"date":"2025-05-10","rooms":{"a":[{',
    "x.csv": b"start,end,title,speaker\n9:00,",
    "x.md": b"| Time | Session |\n|-|-|\n| 9:00 | ",
    "x.yml": b"- time: 9:00\n  title: ",
}


def outcome(data: bytes, name: str, former: Program | None = None) -> Program | str:
    """The program, or the error in one line."""
    try:
        return import_source(data, name=name, options=OPTIONS_OF_ANYBODY, former=former).program
    except AgendaError as error:
        return str(error)


@given(st.binary(max_size=300), st.sampled_from(NAMES))
@examples(150)
def test_any_bytes_give_a_program_or_one_clear_error(data: bytes, name: str) -> None:
    """Law: whatever bytes come in, either a program or one clear error."""
    found = outcome(data, name)
    assert isinstance(found, Program) or (found.startswith(f"{name}: ") and len(found) < 1000)


@given(st.sampled_from(sorted(HEADS)), st.lists(st.one_of(st.sampled_from(PIECES), st.binary(max_size=6)), max_size=30))
@examples(300)
def test_a_form_that_begins_well_and_goes_on_badly_gives_a_program_or_an_error(name: str, rest: list[bytes]) -> None:
    """Law: as above, past the first lines of each reader."""
    assert isinstance(outcome(HEADS[name] + b"".join(rest), name), Program | str)


@pytest.mark.parametrize("name", sorted(name for name in OPTIONS if "fosdem" not in name and "own.json" not in name))
@given(data=st.data())
@examples(12, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_damaged_fixture_gives_a_program_or_an_error(fixtures_path: Path, name: str, data: st.DataObject) -> None:
    """Law: as above, for real files with a few bytes changed, taken out or put in."""
    damaged = bytearray((fixtures_path / name).read_bytes()[:20_000])
    for _ in range(data.draw(st.integers(1, 12))):
        at = data.draw(st.integers(0, len(damaged)))
        length = data.draw(st.sampled_from((0, 0, 1, 4, 40)))
        damaged[at : at + length] = data.draw(st.sampled_from((b"", *PIECES)))
    assert isinstance(outcome(bytes(damaged), name), Program | str)


@pytest.mark.slow
@pytest.mark.parametrize(
    "data", [b"[" * 30_000, b"<" * 30_000, b"<day>" * 10_000, b"a: &a [*a]", b"\xff\xfe<\x00", b"BEGIN:X\n" * 9999]
)
@pytest.mark.parametrize("name", NAMES)
def test_deep_long_and_endless_files_end_in_an_error(data: bytes, name: str) -> None:
    assert isinstance(outcome(data, name), str)


def test_a_file_of_more_than_twenty_megabytes_is_refused() -> None:
    assert outcome(b" " * 20_000_001, "x.csv") == "x.csv: 20000001 bytes; at most 20000000 can be imported in this form"


@pytest.mark.acceptance
def test_more_than_twenty_thousand_sessions_are_refused() -> None:
    assert outcome(b"start,title\n" + b"9:00,A\n" * 20_001, "x.csv") == "x.csv: more than 20000 sessions"


def test_a_damaged_file_leaves_the_former_program_alone(fixtures_path: Path) -> None:
    former = fixture(fixtures_path, "codeml/site.md").program
    assert outcome(b"<table>", "site.md", former) == "site.md: no sessions with a time in it (read as page)"


def test_more_than_two_thousand_rooms_are_refused() -> None:
    rows = "".join(f"9:00,A,Room {number}\n" for number in range(2001))
    assert outcome(b"start,title,room\n" + rows.encode(), "x.csv") == "x.csv: more than 2000 rooms"
