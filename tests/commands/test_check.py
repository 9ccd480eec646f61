"""`agenda check`."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from support.repository import FIRST_PROGRAM

from app.cli import main
from app.formats.pictures import LARGEST_BYTES
from app.formats.program_folder.reader import read_program

GOOD = """
id = "good"
domain = "good.example"
title = "Good"
timezone = "America/Vancouver"
[[speaker]]
id = "ada"
name = "Ada"
[[day]]
date = 2025-07-18
[[day.session]]
id = "one"
time = "09:00-10:00"
title = "One"
speakers = ["ada"]
"""


def check(folder: Path, text: str | None, *options: str) -> Result:
    if text is not None:
        (folder / "program.toml").write_text(text)
    return CliRunner().invoke(main, ["check", str(folder), *options])


def places(result: Result) -> list[str]:
    """The line and the name of each fault."""
    lines = [line for line in result.output.splitlines() if line.startswith("fault")]
    return [line.partition("program.toml:")[2].partition(":")[0] for line in lines]


def test_a_good_program_is_said_to_be_good(tmp_path: Path) -> None:
    result = check(tmp_path, GOOD)
    assert (result.exit_code, result.output) == (0, f"{tmp_path}: good; 1 session, 1 speaker, 0 warnings\n")


@pytest.mark.parametrize(
    ("broken", "said"),
    [
        (('time = "09:00-10:00"', 'time = "10:00-09:00"'), ":13 sessions[one].end"),
        (('["ada"]', '["eve"]'), ":15 sessions[one].speakers: 'eve'"),
        (("America/Vancouver", "America/Vancover"), ":5 timezone: 'America/Vancover'"),
        (
            ('time = "09:00-10:00"', 'time = "9-10"'),
            ":13 day[0].session[0].time: '9-10': start and end such as 09:15-09:45",
        ),
        (('title = "One"', 'titel = "One"'), ":14 day[0].session[0].titel: unknown key: did you mean 'title'?"),
        (("2025-07-18", "2025-03-09"), None),
        (('id = "good"\n', ""), ":1 id: missing"),
        (
            ('"One"', f'"{"x" * 301}"'),
            f":14 day[0].session[0].title: '{'x' * 199}…: at most 300 characters, this one has 301",
        ),
        (('"One"', '"A\\u202eB"'), ":14 day[0].session[0].title: 'A\\u202eB': a text without U+202E"),
        (
            ('title = "One"', 'title = "One"\nlinks = [{label = "A", url = "https://a.example", kind = "film"}]'),
            ":15 day[0].session[0].links[0].kind: 'film': one of 'watch', 'slides', 'recording', 'paper' or ''",
        ),
        (('"One"', '"\\u200b"'), ":14 day[0].session[0].title: '\\u200b': a text that can be seen"),
    ],
)
def test_a_fault_is_said_with_its_line(tmp_path: Path, broken: tuple[str, str], said: str | None) -> None:
    result = check(tmp_path, GOOD.replace(*broken))
    assert result.exit_code == (0 if said is None else 1)
    assert said is None or f"program.toml{said}" in result.output


def test_a_fault_in_a_table_apart_from_its_list_is_said_with_its_line(tmp_path: Path) -> None:
    result = check(tmp_path, f'{GOOD}\n# Late.\n[[speaker]]\nid = "bob"\nnaem = "Bob"\n')
    assert "program.toml:20 speaker[1].naem: unknown key: did you mean 'name'?" in result.output
    assert "program.toml:18 speaker[1].name: missing" in result.output


def test_a_program_without_faults_is_read_without_a_search_for_lines(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr("app.formats.program_folder.faults.line_numbers")
    (tmp_path / "program.toml").write_text(GOOD.replace("09:00-10:00", "09:00-09:00"))
    assert [session.id for session in read_program(tmp_path).sessions] == ["one"]


@pytest.mark.parametrize(
    ("day", "time", "said"),
    [
        ("2025-03-09", "02:30-04:00", "does not exist in Vancouver time"),
        ("2025-11-02", "01:30-04:00", "happens twice in Vancouver time"),
    ],
)
def test_a_local_time_that_cannot_be_is_a_fault(tmp_path: Path, day: str, time: str, said: str) -> None:
    result = check(tmp_path, GOOD.replace("2025-07-18", day).replace("09:00-10:00", time))
    assert result.exit_code == 1
    assert said in result.output


def test_an_offset_settles_an_ambiguous_time(tmp_path: Path) -> None:
    text = GOOD.replace("2025-07-18", "2025-11-02").replace("09:00-10:00", "01:30-07:00 - 04:00")
    assert check(tmp_path, text).exit_code == 0


def test_times_after_midnight_go_on_counting(tmp_path: Path) -> None:
    assert check(tmp_path, GOOD.replace("09:00-10:00", "23:30-24:30")).exit_code == 0


def test_all_faults_are_said_at_once(tmp_path: Path) -> None:
    text = GOOD.replace("America/Vancouver", "Mars/Base").replace('["ada"]', '["eve"]')
    text += '[[day.session]]\nid = "one"\ntime = "12:00-11:00"\ntitle = "Two"\n'
    faults = [line for line in check(tmp_path, text).output.splitlines() if line.startswith("fault")]
    assert len(faults) == 4


LOOK = """
[identity]
accent = "teal"
logo = "none.svg"
[[track]]
name = ""
[[track]]
[[track]]
name = "Leaves"
[[track]]
name = "Leaves"
color = "green"
"""
# The places of the faults of LOOK, by the lines after its first one.
PLACES_IN_LOOK = {
    2: "identity.accent",
    3: "identity.logo",
    5: "track[0].name",
    6: "track[1].name",
    9: "tracks[Leaves]",
    11: "track[3].color",
}


@pytest.mark.parametrize(
    ("broken", "place"),
    [
        (('title = "Good"\n', "\n"), "title"),
        (('title = "Good"', 'titel = ""'), "titel"),
        (("2025-07-18", "'today'"), "day[0].date"),
        (('id = "ada"', 'id = "Ada L."'), "speaker[0].id"),
        (('[[speaker]]\nid = "ada"\nname = "Ada"', "\n\n[speaker]"), "speaker"),
        (('[[speaker]]\nid = "ada"\nname = "Ada"', "speaker = [1]\n\n"), "speaker[0]"),
        (("[[speaker]]", "room = 5\n[[speaker]]"), "room"),
        (("[[speaker]]", "[venue]\nlatitude = 91\n[[speaker]]"), "venue.latitude"),
        (("[[speaker]]", "[screen]\nbefore = 'Hello'\n[[speaker]]"), "screen.before"),
        (("09:00-10:00", "nine"), "day[0].session[0].time"),
    ],
)
def test_faults_of_the_look_are_said_whatever_else_is_wrong(
    tmp_path: Path, broken: tuple[str, str], place: str
) -> None:
    text = GOOD.replace(*broken)
    said = places(check(tmp_path, text + LOOK))
    first = text.count("\n") + 1
    of_look = [f"{first + line} {name}" for line, name in PLACES_IN_LOOK.items()]
    others = {one.partition(" ")[2] for one in said if one not in of_look}
    assert (said[-len(of_look) :], place in others) == (of_look, True)


def test_faults_of_pictures_are_said_whatever_else_is_wrong(tmp_path: Path) -> None:
    large, scripted = tmp_path / "large.jpg", tmp_path / "scripted.svg"
    large.write_bytes(b"\0" * (LARGEST_BYTES + 1))
    scripted.write_text('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><script/></svg>')
    (tmp_path / "text.png").write_text("no picture")
    rooms = "".join(
        f'[[room]]\nid = "room-{number}"\nname = "Room {number}"\nplan = "{file}"\n'
        for number, file in enumerate(["none.png", "text.png", "large.jpg", "scripted.svg", "../above.png"])
    )
    said = places(check(tmp_path, GOOD.replace('title = "Good"', "titel = 5") + rooms))
    line = GOOD.count("\n") + 4
    assert said == ["1 title", "4 titel", *(f"{line + 4 * number} room[{number}].plan" for number in range(5))]


@pytest.mark.parametrize(
    ("added", "said"),
    [
        ('time = "09:30-09:45"', "no overlap in this room; one is still on"),
        ('time = "11:00-11:00"', "an end after its start"),
    ],
)
def test_what_real_programs_have_is_a_warning_and_with_strict_a_fault(tmp_path: Path, added: str, said: str) -> None:
    text = f'{GOOD}[[day.session]]\nid = "two"\ntitle = "Two"\n{added}\n'
    usual, strict = check(tmp_path, text), check(tmp_path, text, "--strict")
    assert (usual.exit_code, strict.exit_code) == (0, 1)
    assert said in usual.output


@pytest.mark.parametrize("content", [b"\xff\xfe", b"not toml [", b"", b"[[day]]\ndate = 'x'", b"a = " + b"[" * 9000])
def test_a_file_that_is_no_program_is_one_clear_fault(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "program.toml").write_bytes(content)
    result = check(tmp_path, None)
    assert result.exit_code == 1
    assert result.output.startswith("fault    ")


def test_a_missing_folder_is_a_fault(tmp_path: Path) -> None:
    result = check(tmp_path / "nowhere", None)
    assert result.exit_code == 1
    assert "nowhere: no such folder: `agenda new FOLDER` makes one" in result.output


def test_the_first_program_is_good() -> None:
    folder = FIRST_PROGRAM
    assert CliRunner().invoke(main, ["check", str(folder), "--strict"]).exit_code == 0


def test_wrong_use_is_status_2() -> None:
    assert CliRunner().invoke(main, ["check"]).exit_code == 2
    assert CliRunner().invoke(main, ["nonsense"]).exit_code == 2
