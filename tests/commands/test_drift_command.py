"""`agenda drift`: whether another page or file tells other times, rooms or titles than a program."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from support.changing_site import ChangingSite, changing_site
from support.codeml_day import talk, two_rooms
from support.repository import FIRST_PROGRAM

from app.cli import main
from app.domain.program import Person, Program
from app.formats.program_folder.writer import write_program

MINUTE = timedelta(minutes=1)
NUMBERS = ("one", "two", "three", "four", "five", "six", "seven", "eight")


def run(*words: object, stdin: str | None = None) -> Result:
    return CliRunner().invoke(main, [str(word) for word in words], input=stdin, catch_exceptions=False)


def day() -> Program:
    """Eight talks in a hall and eight in an annex, each of half an hour and with a speaker of its own."""
    sessions, people = [], []
    for room in ("hall", "annex"):
        for index, number in enumerate(NUMBERS):
            start, end = (f"{9 + half // 2:02}:{30 * (half % 2):02}" for half in (index, index + 1))
            one = talk(f"{room}-{number}", f"{start}-{end}", room)
            title = f"The {number} thing about {room} work"
            sessions.append(replace(one, title=title, speakers=(f"{room}-{number}-speaker",)))
            people.append(Person(id=f"{room}-{number}-speaker", name=f"{number.title()} {room.title()}son"))
    return replace(two_rooms(), sessions=tuple(sessions), speakers=tuple(people))


Row = list[str]


def rows(program: Program, *, rooms: bool = True) -> dict[str, Row]:
    """A program as the rows of a table, by the ids of the sessions."""
    return {
        one.id: [
            f"{program.local(one.start):%Y-%m-%d}",
            f"{program.local(one.start):%H:%M}",
            f"{program.local(one.end):%H:%M}",
            program.room_name(one.room) if rooms else "",
            one.title,
            ", ".join(person.name for person in program.speakers_of(one)),
        ]
        for one in program.sessions
    }


def table(found: Iterable[Sequence[str]], *names: str) -> str:
    text = io.StringIO(newline="")
    csv.writer(text).writerows([names or ("Date", "Start", "End", "Room", "Title", "Speaker"), *found])
    return text.getvalue()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_program(day(), tmp_path / "program")
    return tmp_path / "program"


@pytest.fixture
def page(tmp_path: Path) -> Path:
    return tmp_path / "page.csv"


def drift(folder: Path, page: Path, found: Iterable[Sequence[str]], *options: str) -> Result:
    page.write_text(table(found))
    return run("drift", folder, page, "--timezone", "America/Vancouver", *options)


def test_where_nothing_differs_it_says_so_in_one_line(folder: Path, page: Path) -> None:
    result = drift(folder, page, rows(day()).values())
    assert (result.exit_code, result.output) == (0, "No drift: 16 sessions agree.\n")
    assert drift(folder, page, rows(day()).values(), "--quiet").output == ""


@pytest.mark.parametrize("form", ["xml", "json", "csv", "ics"])
def test_a_program_agrees_with_each_of_its_own_exports(
    tmp_path: Path, form: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("AGENDA_PROGRAM", str(FIRST_PROGRAM))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    exported = run("export", form)
    result = run("drift", FIRST_PROGRAM, "-", stdin=exported.stdout)
    assert (result.exit_code, result.output) == (0, "No drift: 15 sessions agree.\n")


def test_of_ten_differences_exactly_these_are_found(folder: Path, page: Path) -> None:
    there = rows(day())
    there["hall-one"][1:3] = ["09:10", "09:40"]
    there["hall-two"][2] = "10:15"
    there["hall-three"][0] = "2025-07-19"
    there["hall-four"][3] = "Annex"
    there["annex-one"][3] = "Attic"
    there["annex-two"][4] = "Another thing altogether"
    there["annex-three"][4] = "The third thing about annex work"
    del there["annex-four"]
    del there["hall-eight"]
    there["new"] = ["2025-07-18", "15:00", "15:30", "Hall", "Closing words", "Zed Zimmer"]
    result = drift(folder, page, there.values())
    assert (result.exit_code, sorted(result.stdout.splitlines())) == (
        1,
        [
            "Closing words: only there (Fri 18 July 15:00–15:30, Hall)",
            "The eight thing about hall work: only here (Fri 18 July 12:30–13:00, Hall)",
            "The four thing about annex work: only here (Fri 18 July 10:30–11:00, Annex)",
            "The four thing about hall work: in Hall here, in Annex there",
            "The one thing about annex work: in Annex here, in Attic there",
            "The one thing about hall work: 09:00–09:30 here, 09:10–09:40 there",
            "The three thing about annex work: titled “The third thing about annex work” there",
            "The three thing about hall work: Fri 18 July 10:00–10:30 here, Sat 19 July 10:00–10:30 there",
            "The two thing about annex work: titled “Another thing altogether” there",
            "The two thing about hall work: 09:30–10:00 here, 09:30–10:15 there",
        ],
    )
    assert drift(folder, page, there.values(), "--quiet").stdout == result.stdout


def test_people_are_compared_only_if_asked_for(folder: Path, page: Path) -> None:
    there = rows(day())
    there["hall-one"][5] = "Ann Lee"
    assert drift(folder, page, there.values()).exit_code == 0
    result = drift(folder, page, there.values(), "--people")
    said = "The one thing about hall work: with One Hallson here, with Ann Lee there\n"
    assert (result.exit_code, result.stdout) == (1, said)


def test_case_and_punctuation_of_titles_and_rooms_are_no_difference(folder: Path, page: Path) -> None:
    there = rows(day())
    there["hall-one"][3:5] = ["HALL", "The one thing about “hall” work."]
    assert drift(folder, page, there.values()).exit_code == 0


def test_a_room_is_not_compared_where_the_source_names_none(folder: Path, page: Path) -> None:
    page.write_text(
        table([[*row[:3], *row[4:]] for row in rows(day()).values()], "Date", "Start", "End", "Title", "By")
    )
    result = run("drift", folder, page, "--timezone", "America/Vancouver")
    assert (result.exit_code, result.output) == (0, "No drift: 16 sessions agree.\n")


def test_an_end_is_not_compared_where_the_source_says_none(folder: Path, page: Path) -> None:
    there = rows(day())
    for name in ("hall-two", "hall-eight"):
        there[name][2] = ""
    there["hall-two"][1] = "09:20"
    result = drift(folder, page, there.values())
    said = "The two thing about hall work: 09:30–10:00 here, 09:20–09:50 there\n"
    assert (result.exit_code, result.stdout) == (1, said)


def test_what_is_cancelled_here_may_be_gone_there_but_not_take_place(tmp_path: Path, page: Path) -> None:
    program = day()
    cancelled = replace(
        program, sessions=tuple(replace(one, cancelled=one.id == "hall-one") for one in program.sessions)
    )
    write_program(cancelled, tmp_path / "cancelled")
    there = rows(program)
    result = drift(tmp_path / "cancelled", page, there.values())
    said = "The one thing about hall work: cancelled here, not there\n"
    assert (result.exit_code, result.stdout) == (1, said)
    del there["hall-one"]
    assert drift(tmp_path / "cancelled", page, there.values()).output == "No drift: 15 sessions agree.\n"


def others(count: int) -> Iterator[Row]:
    for number in range(count):
        yield [
            "2025-07-18",
            f"{9 + number % 8:02}:00",
            "17:30",
            f"Room {number // 8}",
            f"Tutorial {number}",
            f"P {number}",
        ]


def test_a_workshop_that_is_listed_among_others_is_compared_alone(folder: Path, page: Path) -> None:
    there = [*rows(day()).values(), *others(40)]
    result = drift(folder, page, there)
    assert (result.exit_code, result.output.splitlines()) == (
        0,
        ["40 sessions only there, of other programs (--all lists them)", "No drift: 16 sessions agree."],
    )
    assert drift(folder, page, there, "--quiet").output == ""
    listed = drift(folder, page, there, "--all").output.splitlines()
    assert (len(listed), listed[0]) == (41, "Tutorial 0: only there (Fri 18 July 09:00–17:30, Room 0)")


def test_among_others_a_new_session_in_our_room_on_our_day_is_a_difference(folder: Path, page: Path) -> None:
    new = ["2025-07-18", "15:00", "15:30", "Hall", "Closing words", "Zed Zimmer"]
    another_day = ["2025-07-20", "15:00", "15:30", "Hall", "A dinner", ""]
    result = drift(folder, page, [*rows(day()).values(), *others(40), new, another_day])
    assert (result.exit_code, result.stdout.splitlines()) == (
        1,
        [
            "Closing words: only there (Fri 18 July 15:00–15:30, Hall)",
            "41 sessions only there, of other programs (--all lists them)",
        ],
    )


def test_a_source_of_another_program_is_refused(folder: Path, page: Path) -> None:
    result = drift(folder, page, [["2025-07-18", "19:00", "20:00", "Attic", "Something else", "Zed Zimmer"]])
    assert (result.exit_code, result.stderr) == (1, f"agenda: {page}: none of its 1 session is in {folder}\n")


def test_a_source_without_day_and_zone_has_those_of_the_program(folder: Path, page: Path) -> None:
    page.write_text(table([row[1:] for row in rows(day()).values()], "Start", "End", "Room", "Title", "Speaker"))
    result = run("drift", folder, page)
    assert (result.exit_code, result.output) == (0, "No drift: 16 sessions agree.\n")


def test_another_zone_is_another_time(folder: Path, page: Path) -> None:
    page.write_text(table(rows(day()).values()))
    result = run("drift", folder, page, "--timezone", "America/New_York")
    assert (result.exit_code, len(result.stdout.splitlines())) == (1, 16)
    assert "The one thing about hall work: 09:00–09:30 here, 06:00–06:30 there\n" in result.stdout


def test_an_address_is_read_and_its_refusal_is_the_reason(folder: Path) -> None:
    with changing_site() as site:
        found: ChangingSite = site
        found.shows(table(rows(day()).values()))
        assert run("drift", folder, site.address, "--timezone", "America/Vancouver").exit_code == 0
        found.shows("", 404)
        result = run("drift", folder, site.address)
    assert (result.exit_code, result.stdout, "its server answers 404 Not Found" in result.stderr) == (1, "", True)


@pytest.mark.parametrize("words", [["nowhere", "page.csv"], ["."], [".", "page.csv", "--date", "May"]])
def test_wrong_use_is_status_2(words: list[str]) -> None:
    assert run("drift", *words).exit_code == 2
