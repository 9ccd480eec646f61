"""Commands used wrongly, or without a database."""

from __future__ import annotations

import errno
import shlex
import shutil
from pathlib import Path

import click
import pytest
from click.testing import CliRunner
from support.terminal import Terminal, terminal

from app.cli import Agenda
from app.settings import first_program
from app.store.database import open_database, sqlite_url

WRONG = [
    ["late"],
    ["late", "soon"],
    ["late", "1.5"],
    ["late", "8", "9"],
    ["late", "8", "--form", "evan-shelhamer"],
    ["late", "8", "--shorten", "contributed-morning"],
    ["late", "8", "--shorten", "contributed-morning=many"],
    ["shorten", "panel"],
    ["shorten", "panel", "0"],
    ["cancel"],
    ["cancel", "panel", "lunch"],
    ["reinstate", "--all"],
    ["move", "panel"],
    ["rename", "panel"],
    ["announce"],
    ["undo", "zero"],
    ["undo", "0"],
    ["undo", "-1"],
    ["diff", "1"],
]
RIGHT = [
    ["late", "10"],
    ["shorten", "panel", "40"],
    ["cancel", "panel"],
    ["reinstate", "panel"],
    ["move", "closing", "17:05"],
    ["rename", "panel", "Panel"],
    ["announce", "Hello"],
    ["undo"],
    ["undo", "2"],
    ["diff", "1", "2"],
    ["publish"],
    ["publish", "--dry-run"],
]


@pytest.mark.parametrize("arguments", WRONG, ids=shlex.join)
def test_wrong_use_is_status_2_and_changes_nothing(day: Terminal, arguments: list[str]) -> None:
    result = day.run(*arguments)
    assert (result.exit_code, result.stderr.partition(" ")[0], len(day.revisions())) == (2, "Usage:", 1)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["rename", "panel", "x" * 301], "title: at most 300 characters, this one has 301"),
        (["rename", "panel", "Panel", "--note", "x" * 501], "note: at most 500 characters, this one has 501"),
        (["announce", "\u202enoon"], "text: a text without U+202E (right-to-left override)"),
        (["announce", "\u200b"], "text: a text that can be seen"),
        (["organizer", "add", "A\udcff"], "name: a text without U+DCFF (unprintable)"),
    ],
    ids=["long title", "long note", "override", "nothing seen", "bytes that are not UTF-8"],
)
def test_a_text_out_of_bounds_is_status_1_and_changes_nothing(day: Terminal, arguments: list[str], said: str) -> None:
    result = day.run(*arguments)
    assert (result.exit_code, result.stderr, len(day.revisions())) == (1, f"agenda: {said}\n", 1)


@pytest.mark.parametrize("arguments", RIGHT, ids=shlex.join)
def test_without_a_database_it_says_so_and_makes_none(tmp_path: Path, arguments: list[str]) -> None:
    nowhere = tmp_path / "nowhere.sqlite"
    result = Terminal(sqlite_url(nowhere), {}).run(*arguments)
    assert (result.exit_code, result.stdout, result.stderr) == (
        1,
        "",
        f"agenda: no database at {nowhere}; `agenda serve` creates it, DATABASE_URL names another\n",
    )
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("arguments", RIGHT, ids=shlex.join)
def test_a_database_of_another_program_is_refused_by_name(tmp_path: Path, arguments: list[str]) -> None:
    other = tmp_path / "other.sqlite"
    open_database(sqlite_url(other), "icml-2026").close()
    result = Terminal(sqlite_url(other), {}).run(*arguments)
    assert (result.exit_code, result.stderr) == (
        1,
        f"agenda: {other} holds the program 'icml-2026', not 'codeml-2025'; set DATABASE_URL to another database\n",
    )


# Which database


def test_in_a_rehearsals_folder_the_rehearsal_is_edited_and_said_to_be(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    terminal(sqlite_url(Path("var") / "codeml-2025-rehearsal.sqlite"))
    assert Terminal("", {}).run("rename", "panel", "Another").output == (
        "Another: Panel discussion → Another\n"
        "Published as revision 2 in var/codeml-2025-rehearsal.sqlite.\n"
        "A rehearsal: its clock says 2025-07-18 10:40.\n"
    )


def test_beside_the_real_days_database_a_rehearsals_is_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    terminal(sqlite_url(Path("var") / "codeml-2025-rehearsal.sqlite"))
    terminal(sqlite_url(Path("var") / "codeml-2025.sqlite"), None)
    assert Terminal("", {}).run("rename", "panel", "Another").output.splitlines()[1:] == [
        "Published as revision 2 in var/codeml-2025.sqlite."
    ]


def test_a_fault_in_the_files_stops_no_edit_of_the_day(tmp_path: Path) -> None:
    folder = tmp_path / "program"
    shutil.copytree(first_program(), folder)
    day = terminal(sqlite_url(tmp_path / "agenda.sqlite"), AGENDA_PROGRAM=str(folder))
    file = folder / "program.toml"
    file.write_text(file.read_text().replace('time = "16:55-17:00"', 'time = "soon"'))
    assert [day.run(*arguments).exit_code for arguments in (["cancel", "panel"], ["undo"], ["publish"])] == [0, 0, 1]


def test_a_right_that_is_missing_is_one_line_also_where_no_file_is_named() -> None:
    @click.command
    def forbidden() -> None:
        raise PermissionError(errno.EPERM, "Operation not permitted")

    result = CliRunner().invoke(Agenda(commands=[forbidden]), ["forbidden"])
    assert (result.exit_code, result.stderr) == (
        1,
        "agenda: Operation not permitted; run this as the user who owns it\n",
    )
