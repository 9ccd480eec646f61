"""`agenda report`: planned against actual, on the database of the running service."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path

import pytest
from support.codeml_day import talk, two_rooms
from support.terminal import Terminal, terminal

from app.formats.program_folder.writer import write_program
from app.settings import first_program
from app.store.database import open_database, sqlite_url

CLOCK = "A rehearsal: its clock says 2025-07-18 10:40.\n"


@pytest.fixture
def slipped(day: Terminal) -> Terminal:
    """The day at 10:40, five minutes late, without a panel."""
    assert day.run("late", "5", "--shorten", "contributed-morning=40").exit_code == 0
    assert day.run("cancel", "panel").exit_code == 0
    return day


def table(text: bytes) -> dict[str, dict[str, str]]:
    rows = csv.DictReader(io.StringIO(text.decode("utf-8-sig"), newline=""))
    return {row["session id"]: row for row in rows}


def test_the_table_has_each_session_as_planned_and_as_it_goes(slipped: Terminal) -> None:
    result = slipped.run("report")
    lines = result.stdout.splitlines()

    def title(name: str) -> str:
        return slipped.program().session(name).title

    assert (result.exit_code, lines[0]) == (
        0,
        "Friday 18 July 2025, Vancouver time: will end on time, 1 cancelled",
    )
    assert lines[1].split() == ["Planned", "Went", "Start", "End", "Id", "Session"]
    assert lines[5:7] + lines[8:9] + lines[15:16] == [
        f"   10:15–10:45  10:15–10:50  0 min   +5 min  evan-shelhamer         {title('evan-shelhamer')} (on now)",
        f"   10:45–11:15  10:50–11:20  +5 min  +5 min  sara-hooker            {title('sara-hooker')} (to come)",
        f"   12:00–13:00  12:00–13:00  0 min   0 min   lunch                  {title('lunch')} (to come)",
        f"   16:00–16:55  –            –       –       panel                  {title('panel')} (cancelled)",
    ]


def test_the_clock_of_a_rehearsal_is_told_on_standard_error(slipped: Terminal) -> None:
    assert [slipped.run("report", *words).stderr for words in ((), ("--csv",))] == [CLOCK, CLOCK]


def test_csv_is_alone_on_standard_output(slipped: Terminal) -> None:
    result = slipped.run("report", "--csv")
    rows = table(result.stdout_bytes)
    assert (result.exit_code, set(rows)) == (0, {one.id for one in slipped.program().sessions})
    found = rows["sara-hooker"]
    assert (found["start"], found["start minutes late"], found["end minutes late"], found["progress"]) == (
        "2025-07-18T10:50:00-07:00",
        "5",
        "5",
        "to come",
    )


def test_a_day_that_is_over_has_no_forecast(at_clock: Callable[[str], Terminal]) -> None:
    result = at_clock("18:00").run("report", "--csv")
    assert {row["progress"] for row in table(result.stdout_bytes).values()} == {"ended"}


def test_one_day_can_be_asked_for(slipped: Terminal) -> None:
    assert slipped.run("report", "--day", "2025-07-18").stdout == slipped.run("report").stdout


def test_one_room_can_be_asked_for(slipped: Terminal) -> None:
    assert slipped.run("report", "--room", "venue", "--csv").stdout_bytes == slipped.run("report", "--csv").stdout_bytes


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--day", "2025-07-19"], "agenda: there is no day of the program '2025-07-19'; did you mean '2025-07-18'?\n"),
        (["--room", "venu"], "agenda: there is no room 'venu'; did you mean 'venue'?\n"),
    ],
)
def test_an_unknown_day_or_room_is_refused(day: Terminal, words: list[str], said: str) -> None:
    result = day.run("report", *words)
    assert (result.exit_code, result.stdout, result.stderr) == (1, "", said)


def test_two_rooms_are_two_tables(tmp_path: Path) -> None:
    write_program(two_rooms(talk("a", "09:00-09:30"), talk("b", "09:00-09:30", "annex")), tmp_path / "program")
    day = terminal(sqlite_url(tmp_path / "agenda.sqlite"), AGENDA_PROGRAM=str(tmp_path / "program"))
    assert day.run("report").stdout == (
        "Friday 18 July 2025, Vancouver time: as planned\n"
        "\nHall: as planned\n"
        "   Planned      Went         Start  End    Id  Session\n"
        "   09:00–09:30  09:00–09:30  0 min  0 min  a   A\n"
        "\nAnnex: as planned\n"
        "   Planned      Went         Start  End    Id  Session\n"
        "   09:00–09:30  09:00–09:30  0 min  0 min  b   B\n"
    )
    assert list(table(day.run("report", "--room", "annex", "--csv").stdout_bytes)) == ["b"]


def test_without_a_database_one_line_says_so(tmp_path: Path) -> None:
    url = sqlite_url(tmp_path / "none.sqlite")
    result = Terminal(url, {}).run("report")
    assert (result.exit_code, result.stdout, result.stderr.count("\n")) == (1, "", 1)
    assert not (tmp_path / "none.sqlite").exists()


def test_without_a_revision_one_line_says_so(tmp_path: Path) -> None:
    url = sqlite_url(tmp_path / "empty.sqlite")
    open_database(url, first_program().name).close()
    result = Terminal(url, {}).run("report", "--csv")
    assert (result.exit_code, result.stdout, result.stderr.count("\n")) == (1, "", 1)
    assert "holds no revision yet" in result.stderr


def test_wrong_use_is_status_2(day: Terminal) -> None:
    assert day.run("report", "more").exit_code == 2
