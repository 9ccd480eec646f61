"""Pictures that a program's file names."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from support.picture_files import HARMFUL_LOGO, LOGO, content, picture, picture_folder

from app.domain.program import Room
from app.domain.revision_diff import changed_sessions
from app.formats.pictures import pictures_of
from app.formats.program_folder.files import hash_of_folder
from app.formats.program_folder.reader import check_folder, read_program
from app.formats.program_folder.writer import update_program, write_program


def test_the_program_has_its_pictures_and_the_folder_their_bytes(tmp_path: Path) -> None:
    found = content(tmp_path)
    shown = [(use, one.file, one.width, one.height) for use, one in pictures_of(found.program)]
    assert shown == [
        ("logo", "pictures/logo.svg", 640, 160),
        ("plan", "pictures/plan.png", 1600, 800),
        ("face", "pictures/ada.jpg", 288, 288),
    ]
    assert [(one.picture.file, list(one.sizes)) for one in found.pictures] == [
        ("pictures/logo.svg", ["painted-c8102e"]),
        ("pictures/plan.png", ["full"]),
        ("pictures/ada.jpg", ["96", "288"]),
    ]


@pytest.mark.parametrize(
    ("change", "line"),
    [
        (("logo.svg", "logo2.svg"), "7 identity.logo: 'pictures/logo2.svg': a file of the program's folder"),
        (("pictures/plan.png", "../plan.png"), "12 room[0].plan: '../plan.png': a path inside the program's folder"),
        (("ada.jpg", "logo.svg"), "27 speaker[0].picture: 'pictures/logo.svg': a photograph"),
        (("logo.svg", "harmful.svg"), "7 identity.logo: 'pictures/harmful.svg': a drawing that can be painted"),
        (('"pictures/ada.jpg"', "3"), "27 speaker[0].picture: 3: a text in quotation marks"),
        (('"pictures/ada.jpg"', '""'), "27 speaker[0].picture: '': a text that is not empty"),
    ],
)
def test_a_fault_says_its_line_and_what_is_expected(tmp_path: Path, change: tuple[str, str], line: str) -> None:
    folder = picture_folder(tmp_path, lambda text: text.replace(*change))
    (folder / "pictures" / "harmful.svg").write_bytes(HARMFUL_LOGO)
    faults = check_folder(folder).faults
    assert [str(one).partition("program.toml:")[2][: len(line)] for one in faults] == [line]


def test_a_face_that_looks_soft_is_a_warning_with_its_line(tmp_path: Path) -> None:
    folder = picture_folder(tmp_path)
    (folder / "pictures" / "ada.jpg").write_bytes(picture("JPEG", 80, 60))
    report = check_folder(folder)
    assert [str(one).partition("program.toml:")[2] for one in (*report.faults, *report.warnings)] == [
        "27 speakers[ada].picture: 60 × 60 pixels: at least 96 × 96 pixels; a smaller picture looks soft"
    ]


def test_an_update_keeps_the_pictures_and_never_removes_a_file(tmp_path: Path) -> None:
    before = content(tmp_path).program
    after = replace(before, title="Oaks", speakers=(replace(before.speakers[0], picture=None),))
    assert update_program(before, after, tmp_path)
    assert read_program(tmp_path) == after
    assert sorted(path.name for path in (tmp_path / "pictures").iterdir()) == ["ada.jpg", "logo.svg", "plan.png"]


def test_another_picture_under_the_same_name_is_another_folder(tmp_path: Path) -> None:
    picture_folder(tmp_path)
    before = hash_of_folder(tmp_path)
    (tmp_path / "pictures" / "unused.png").write_bytes(picture("PNG"))
    unused = hash_of_folder(tmp_path)
    (tmp_path / "pictures" / "logo.svg").write_bytes(LOGO.replace(b'"80"', b'"40"', 1))
    assert (unused == before, hash_of_folder(tmp_path) == before) == (True, False)


def test_another_face_changes_no_session(tmp_path: Path) -> None:
    before = content(tmp_path).program
    after = replace(before, speakers=(replace(before.speakers[0], picture=None),))
    assert changed_sessions(before, after) == ()


def test_a_drawing_is_written_into_a_folder_that_lacks_it(tmp_path: Path) -> None:
    (tmp_path / "one").mkdir()
    program = content(tmp_path / "one").program
    plain = replace(program, speakers=(replace(program.speakers[0], picture=None),), rooms=(Room("hall", "Hall"),))
    write_program(plain, tmp_path / "two")
    assert read_program(tmp_path / "two") == plain
    assert [path.name for path in (tmp_path / "two" / "pictures").iterdir()] == ["logo.svg"]
