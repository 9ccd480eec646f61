"""`agenda import LIST --items-of SESSION`: what it says, and what it writes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from app.cli import main
from app.domain.session import Item
from app.formats.program_folder.reader import read_program

DAY = "Time,Session\n9:00-10:00,Posters\n10:00-11:00,Orals\n"
HEAD = "title,authors\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A program's folder with a session of posters and one of orals."""
    made = tmp_path / "program"
    run("import", "-", "--to", made, "--date", "2025-07-18", "--timezone", "America/Vancouver", stdin=DAY)
    return made


def run(*words: object, stdin: str | None = None) -> Result:
    return CliRunner().invoke(main, [str(word) for word in words], input=stdin)


def listed(text: str, folder: Path, *options: object) -> Result:
    return run("import", "-", "--to", folder, "--items-of", "posters", *options, stdin=text)


def posters(folder: Path) -> tuple[Item, ...]:
    return read_program(folder).session("posters").items


def changes(result: Result) -> list[str]:
    """The lines on papers in what an import says."""
    return [line for line in result.stdout.splitlines() if line.startswith(("new ", "gone "))]


def test_new_gone_renamed_and_renumbered_papers_are_shown(folder: Path) -> None:
    listed(f"number,{HEAD}1,Roots,Ann Lee\n2,Moss,Bo Ray\n,Fern,Cy Dow\n", folder)
    result = listed(f"number,{HEAD}1,Trees,Ann Lee\n5,Bark,Di Eck\n3,Fern,Cy Dow\n", folder)
    assert changes(result) == [
        "new paper  5 Bark",
        "gone paper 2 Moss",
        "new title  Roots → Trees",
        "new number Fern: none → 3",
    ]
    assert [(item.id, item.number, item.title) for item in posters(folder)] == [
        ("roots", "1", "Trees"),
        ("bark", "5", "Bark"),
        ("fern", "3", "Fern"),
    ]


def test_of_many_papers_the_first_twenty_are_shown(folder: Path) -> None:
    text = HEAD + "".join(f"Paper {number},\n" for number in range(24))
    assert changes(listed(text, folder)) == [
        *(f"new paper  Paper {number}" for number in range(20)),
        "new paper  and 4 more",
    ]


def test_a_dry_run_shows_the_papers_and_writes_none(folder: Path) -> None:
    result = listed(f"{HEAD}Roots,\n", folder, "--dry-run")
    assert (changes(result), posters(folder)) == (["new paper  Roots"], ())


def test_the_same_list_again_says_no_difference(folder: Path) -> None:
    listed(f"{HEAD}Roots,\n", folder)
    assert "\nNo difference.\n" in listed(f"{HEAD}Roots,\n", folder).stdout


def test_numbers_from_one_are_written(folder: Path) -> None:
    listed(f"{HEAD}Roots,\nMoss,\n", folder, "--number-from", 101)
    listed(f"{HEAD}Fern,\nMoss,\nRoots,\n", folder, "--number-from", 101)
    assert [(item.number, item.title) for item in posters(folder)] == [
        ("103", "Fern"),
        ("102", "Moss"),
        ("101", "Roots"),
    ]


def test_numbers_without_a_session_are_refused(folder: Path) -> None:
    result = run("import", "-", "--to", folder, "--number-from", 1, stdin=DAY)
    assert (result.exit_code, "--items-of names their session" in result.stderr) == (2, True)


@pytest.mark.parametrize("number", ["-1", "100000", "x"])
def test_a_first_number_out_of_bounds_is_refused(folder: Path, number: str) -> None:
    assert listed(f"{HEAD}Roots,\n", folder, "--number-from", number).exit_code == 2


def test_the_notes_of_openreview_say_what_is_left_out(folder: Path) -> None:
    notes = [
        {"id": f"fOrum{at}Abc", "forum": f"fOrum{at}Abc", "number": at, "content": {"title": {"value": title}, **more}}
        for at, (title, more) in enumerate(
            [
                ("Roots", {"venue": {"value": "CODEML Oral"}, "authors": {"value": ["Ann Lee"]}}),
                ("Moss", {"venue": {"value": "CODEML Withdrawn Submission"}, "authors": {"value": ["Bo Ray"]}}),
            ],
            start=1,
        )
    ]
    result = listed(json.dumps({"notes": notes, "count": 2}), folder)
    assert [line for line in result.stdout.splitlines() if line.startswith(("taken", "left", "new"))] == [
        "taken    read as OpenReview's notes",
        "taken    1 item of Posters",
        "left     1 paper withdrawn, so left out: Moss",
        "new paper  1 Roots",
    ]
    assert [(item.title, item.kind, item.number) for item in posters(folder)] == [("Roots", "Oral", "1")]
    assert run("check", folder).exit_code == 0


def test_strict_writes_nothing_where_a_paper_is_guessed_to_be_a_former_one(folder: Path) -> None:
    listed(f"{HEAD}Roots,Ann Lee\n", folder)
    result = listed(f"{HEAD}Trees,Ann Lee\n", folder, "--strict")
    assert (result.exit_code, [item.title for item in posters(folder)]) == (1, ["Roots"])
    assert (
        "guessed  taken for a former paper with another title: Trees; better: in the list its former title"
        in result.stdout
    )
