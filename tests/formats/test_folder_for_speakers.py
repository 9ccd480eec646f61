"""What a program's file says to speakers alone, and whether their changes wait for an organizer's OK."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from app.domain.program import Program
from app.formats.program_folder.reader import check_folder, read_program
from app.formats.program_folder.writer import update_program, write_program

FILE = """\
# Ours.
id = "trees"
domain = "trees.example"
title = "Trees"
timezone = "UTC"
{said}
[[day]]
date = 2025-07-18

[[day.session]]
id = "one"
time = "09:00-10:00"
title = "One"
"""
TEXT = "Wi-Fi: *trees*, `oak-and-elm`.\n\nBring your **slides** by 8:45."
IN_LINES = f'for_speakers = """\n{TEXT}\n"""\n'


def write(folder: Path, said: str = "") -> None:
    (folder / "program.toml").write_text(FILE.format(said=said))


def trees(folder: Path, said: str = "") -> Program:
    write(folder, said)
    return read_program(folder)


def test_where_nothing_is_said_changes_wait_and_speakers_are_told_nothing(tmp_path: Path) -> None:
    program = trees(tmp_path)
    assert (program.speakers_publish, program.for_speakers) == (False, "")


def test_both_are_read(tmp_path: Path) -> None:
    program = trees(tmp_path, f"speakers_publish = true\n{IN_LINES}")
    assert (program.speakers_publish, program.for_speakers) == (True, TEXT)


@pytest.mark.parametrize("text", ["", "Wi-Fi: trees", TEXT, "x" * 20_000, '"""', "\\ and '''"])
@pytest.mark.parametrize("publish", [True, False])
def test_a_new_file_says_what_the_program_says(tmp_path: Path, text: str, *, publish: bool) -> None:
    program = replace(trees(tmp_path), for_speakers=text, speakers_publish=publish)
    write_program(program, tmp_path / "new")
    assert read_program(tmp_path / "new") == program


def test_a_new_file_names_neither_where_there_is_nothing_to_say(tmp_path: Path) -> None:
    write_program(trees(tmp_path, "speakers_publish = false"), tmp_path / "new")
    text = (tmp_path / "new" / "program.toml").read_text()
    assert [key for key in ("for_speakers", "speakers_publish") if key in text] == []


def test_several_lines_are_written_as_lines(tmp_path: Path) -> None:
    write_program(trees(tmp_path, IN_LINES), tmp_path / "new")
    assert IN_LINES in (tmp_path / "new" / "program.toml").read_text()


def test_a_file_that_people_wrote_in_is_changed_there_alone(tmp_path: Path) -> None:
    before = trees(tmp_path, IN_LINES)
    assert update_program(before, replace(before, for_speakers="Ask Ada.", speakers_publish=True), tmp_path)
    after = read_program(tmp_path)
    assert (after.for_speakers, after.speakers_publish) == ("Ask Ada.", True)
    text = (tmp_path / "program.toml").read_text()
    assert (text.startswith("# Ours.\n"), 'for_speakers = "Ask Ada."\n' in text, "oak" in text) == (True, True, False)
    assert update_program(after, replace(after, for_speakers="", speakers_publish=False), tmp_path)
    assert (tmp_path / "program.toml").read_text() == FILE.format(said="")


@pytest.mark.parametrize(
    ("said", "fault"),
    [
        ('speakers_publish = "yes"', "6 speakers_publish: 'yes': true or false"),
        ("speakers_publish = 1", "6 speakers_publish: 1: true or false"),
        ("for_speakers = true", "6 for_speakers: True: a text in quotation marks"),
        ('for_speakers = ["Wi-Fi"]', "6 for_speakers: ['Wi-Fi']: a text in quotation marks"),
        (
            'for_speakers = "a\\u0000b"',
            "6 for_speakers: 'a\\x00b': a text without U+0000 (unprintable)",
        ),
        ('for_speaker = "Wi-Fi"', "6 for_speaker: unknown key: did you mean 'for_speakers'?"),
    ],
    ids=lambda value: value[:40],
)
def test_what_is_wrong_is_said_with_its_line(tmp_path: Path, said: str, fault: str) -> None:
    write(tmp_path, said)
    assert [str(one).partition("program.toml:")[2] for one in check_folder(tmp_path).faults] == [fault]


def test_a_text_that_is_too_long_is_a_fault(tmp_path: Path) -> None:
    write(tmp_path, f'for_speakers = "{"x" * 20_001}"')
    [fault] = check_folder(tmp_path).faults
    assert (fault.where.partition("program.toml:")[2], fault.expected) == (
        "6 for_speakers",
        "at most 20,000 characters, this one has 20,001",
    )
