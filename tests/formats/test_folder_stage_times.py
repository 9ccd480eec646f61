"""When speakers are warned, in a program's file: of the whole program, and of one session."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.domain.warning_times import StageTimes
from app.formats.program_folder.reader import check_folder, read_program

FILE = """\
id = "trees"
domain = "trees.example"
title = "Trees"
timezone = "UTC"

[stage]
{of_all}

[[day]]
date = 2025-07-18

[[day.session]]
id = "one"
time = "09:00-10:00"
title = "One"
{of_one}
"""
LIST = "a list: ['a', 'b'] or [5, 2]; of tables, each is under a name in double brackets, as [[day]]"
WARNINGS = "at most 4 numbers of minutes from 1 to 120, such as [5, 2]"


def write(folder: Path, of_all: str = "", of_one: str = "") -> None:
    (folder / "program.toml").write_text(FILE.format(of_all=of_all, of_one=of_one))


def faults_of(folder: Path) -> list[str]:
    """Each from its line on."""
    return [str(one).partition("program.toml:")[2] for one in check_folder(folder).faults]


def test_they_are_read(tmp_path: Path) -> None:
    write(tmp_path, "warn_minutes = [10, 1]\nquestions_minutes = 5", "warn_minutes = []\nquestions_minutes = 0")
    program = read_program(tmp_path)
    assert program.stage == StageTimes(warn_minutes=(10, 1), questions_minutes=5)
    assert (program.sessions[0].warn_minutes, program.sessions[0].questions_minutes) == ((), 0)


@pytest.mark.parametrize(
    ("text", "key", "fault"),
    [
        ('warn_minutes = "soon"', "warn_minutes", f"'soon': {LIST}"),
        ('warn_minutes = [5, "2"]', "warn_minutes[1]", "'2': a whole number"),
        ("warn_minutes = [9, 7, 5, 3, 1]", "warn_minutes", f"[9, 7, 5, 3, 1]: {WARNINGS}"),
        ("warn_minutes = [0]", "warn_minutes", f"[0]: {WARNINGS}"),
        ("questions_minutes = 2.5", "questions_minutes", "2.5: a whole number"),
        ("questions_minutes = 121", "questions_minutes", "121: 0 to 120 minutes"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(tmp_path: Path, text: str, key: str, fault: str) -> None:
    write(tmp_path, of_all=text)
    assert faults_of(tmp_path) == [f"7 stage.{key}: {fault}"]
    write(tmp_path, of_one=text)
    [of_one] = faults_of(tmp_path)
    assert of_one.startswith("16 ")
    assert of_one.endswith(f".{key}: {fault}")
