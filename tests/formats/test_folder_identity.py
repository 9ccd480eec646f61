"""The look of a program in its folder: accent, tracks, ways to rooms, lines for the projector."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from app.domain.identity import Identity, ScreenLines, Track
from app.domain.program import Program, Room
from app.formats.program_folder.reader import check_folder, read_program
from app.formats.program_folder.stored_fields import as_files_hold
from app.formats.program_folder.writer import update_program, write_program

FILE = """\
id = "trees"
domain = "trees.example"
title = "Trees"
timezone = "UTC"

# Ours since 2019.
[identity]
accent = "#00707a"   # the logo's

[[track]]
name = "Leaves"
color = "#0a0"

[[track]]
name = "Roots"

[screen]
before = ["Wi-Fi: Trees"]

[[room]]
id = "hall"
name = "Hall"
floor = "2"
directions = "Up the stairs, then left"

[[day]]
date = 2025-07-18

[[day.session]]
id = "one"
time = "09:00-10:00"
title = "One"
room = "hall"
track = "Leaves"
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "program.toml").write_text(FILE)
    return tmp_path


def lines_of(folder: Path, *changes: tuple[str, str]) -> list[str]:
    """The faults and warnings of the file with some changes, each from its line on."""
    text = FILE
    for before, after in changes:
        text = text.replace(before, after)
    (folder / "program.toml").write_text(text)
    report = check_folder(folder)
    return [str(one).partition("program.toml:")[2] for one in (*report.faults, *report.warnings)]


def test_all_of_it_is_read(folder: Path) -> None:
    program = read_program(folder)
    assert program.identity == Identity(accent="#00707a")
    assert program.tracks == (Track("Leaves", "#0a0"), Track("Roots"))
    assert program.screen == ScreenLines(before=("Wi-Fi: Trees",))
    assert program.rooms == (Room("hall", "Hall", "2", "Up the stairs, then left"),)


def test_what_is_written_is_read_back(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    program, other = read_program(folder), tmp_path_factory.mktemp("other")
    write_program(program, other)
    assert read_program(other) == as_files_hold(program) == program


def changed(program: Program) -> Program:
    return replace(
        program,
        identity=Identity(accent="#5b2bd9"),
        tracks=(Track("Leaves", "#0a0"), Track("Bark", "#963")),
        screen=ScreenLines(before=("Wi-Fi: Trees",), after=("Next year: Oslo",)),
        rooms=(replace(program.rooms[0], floor="3"),),
    )


def test_an_update_keeps_comments_and_reads_back(folder: Path) -> None:
    before = read_program(folder)
    assert update_program(before, changed(before), folder)
    text = (folder / "program.toml").read_text()
    assert [line for line in text.splitlines() if "#5b2bd9" in line or "2019" in line] == [
        "# Ours since 2019.",
        'accent = "#5b2bd9"   # the logo\'s',
    ]
    assert read_program(folder) == changed(before)


def test_an_update_takes_the_tables_away_that_say_nothing_any_more(folder: Path) -> None:
    before = read_program(folder)
    after = replace(before, identity=Identity(), tracks=(), screen=ScreenLines())
    assert update_program(before, after, folder)
    assert [
        name for name in ("[identity]", "[[track]]", "[screen]") if name in (folder / "program.toml").read_text()
    ] == []
    assert read_program(folder) == after


FORM = "a colour such as '#0057b8': # and three or six hexadecimal digits"


@pytest.mark.parametrize(
    ("change", "line"),
    [
        (("#00707a", "teal"), f"8 identity.accent: 'teal': {FORM}"),
        (("#0a0", "#0a0a"), f"12 track[0].color: '#0a0a': {FORM}"),
        (('"Roots"', '"Leaves"'), "14 tracks[Leaves]: 'Leaves': a name of its own; 2 tracks have this one"),
        (('"Roots"', '" "'), "15 track[1].name: ' ': a text that is not empty"),
        (
            ('floor = "2"', f'floor = "{"2" * 41}"'),
            f"23 room[0].floor: '{'2' * 41}': at most 40 characters, this one has 41",
        ),
        (
            ('["Wi-Fi: Trees"]', '["a\\u202e"]'),
            "18 screen.before: ['a\\u202e']: a text without U+202E (right-to-left override)",
        ),
        (('["Wi-Fi: Trees"]', str(["a"] * 9)), f"18 screen.before: {['a'] * 9}: at most 8 entries, not 9"),
    ],
)
def test_a_fault_says_its_line_and_what_is_expected(folder: Path, change: tuple[str, str], line: str) -> None:
    assert [one for one in lines_of(folder, change) if "Roots'" not in one] == [line]


def test_an_accent_that_light_pages_have_darker_is_said_with_its_contrast(folder: Path) -> None:
    said = lines_of(folder, ("#00707a", "#ffd500"), ('[[track]]\nname = "Roots"\n', ""))
    expected = "a contrast of 4.5:1 with the ground of pages; it has 1.3:1 there, so light pages use #846e00"
    assert said == [f"8 identity.accent: #ffd500: {expected}"]


def test_tracks_that_nothing_has_and_tracks_without_a_colour_are_said(folder: Path) -> None:
    assert lines_of(folder, ('track = "Leaves"', 'track = "Root"')) == [
        "10 tracks[Leaves]: 'Leaves': the track of a session",
        "10 tracks: Root: a colour for these too, as other tracks have one",
        "14 tracks[Roots]: 'Roots': the track of a session; did you mean 'Root'?",
    ]
