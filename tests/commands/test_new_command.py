"""`agenda new`: a program folder for those who have nothing yet."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from support.movable_clock import MovableClock

from app import create_app
from app.cli import main
from app.formats.program_folder.reader import read_program
from app.service_factory import serve_from
from app.settings import Settings
from app.store.database import open_database, sqlite_url


def run(*words: object) -> Result:
    return CliRunner().invoke(main, [str(word) for word in words])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "trees-2026"
    assert run("new", path).exit_code == 0
    return path


def test_the_new_program_is_good_even_strictly(folder: Path) -> None:
    assert run("check", folder, "--strict").exit_code == 0


def test_it_is_called_after_its_folder(folder: Path) -> None:
    program = read_program(folder)
    assert (program.id, program.title, program.domain) == ("trees-2026", "Trees 2026", "trees-2026.invalid")


def test_it_explains_each_part_before_it_comes(folder: Path) -> None:
    text = (folder / "program.toml").read_text()
    headers = ("[venue]", "[[day]]", "[[speaker]]", "[[important_date]]")
    assert [text[: text.index(f"\n{header}\n")].rpartition("\n")[2][:2] for header in headers] == ["# "] * 4


def test_it_serves_at_once(folder: Path, tmp_path: Path) -> None:
    program = read_program(folder)
    database = open_database(sqlite_url(tmp_path / "agenda.sqlite"), program.id)
    service = serve_from(database, program, MovableClock(datetime.now(UTC)))
    client = create_app(Settings(program=folder, secret_key="for tests"), service).test_client()
    pages = ["/", "/now", "/display", "/speakers", "/pages/about", "/pages/venue", "/talks/lunch", "/api/now"]
    statuses = {page: client.get(page).status_code for page in pages}
    service.close()
    assert statuses == dict.fromkeys(pages, 200)


@pytest.mark.parametrize("name", ["program", "2026", "日本", "a b_c", "-"])
def test_any_name_of_a_folder_gives_a_program(tmp_path: Path, name: str) -> None:
    assert run("new", "--", tmp_path / name).exit_code == 0
    assert run("check", tmp_path / name, "--strict").exit_code == 0


def test_an_empty_folder_is_used(tmp_path: Path) -> None:
    assert run("new", tmp_path).exit_code == 0


def test_a_folder_that_holds_something_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    result = run("new", tmp_path)
    assert (result.exit_code, [path.name for path in tmp_path.iterdir()]) == (1, ["notes.txt"])


def test_a_folder_that_cannot_be_made_is_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    result = run("new", tmp_path / "file" / "program")
    assert (result.exit_code, result.stderr) == (1, f"agenda: {tmp_path}/file/program: Not a directory\n")


def test_wrong_use_is_status_2(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert (run("new").exit_code, run("new", tmp_path / "file").exit_code) == (2, 2)
