"""`agenda export`: the program for other systems, and nothing but it on standard output."""

from __future__ import annotations

import csv
import io
import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from support.exchange_schemas import json_faults, xml_faults
from support.movable_clock import MovableClock
from support.repository import FIRST_PROGRAM

from app import create_app
from app.cli import main
from app.domain.edits.edit_types import ChangeContent
from app.domain.program import Program
from app.domain.rights import Editor
from app.formats.program_folder.reader import read_program
from app.live.clock import DatabaseClock
from app.service_factory import rehearse, serve_from
from app.settings import Settings
from app.store.database import open_database, sqlite_url
from app.store.publishing import publish_edit

PUBLIC = "https://agenda.example.org"
FORMS = ("xml", "json", "csv", "ics", "program")


def run(*words: object, stdin: bytes | None = None) -> Result:
    return CliRunner().invoke(main, [str(word) for word in words], input=stdin)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the first program, with no database yet."""
    path = tmp_path / "program"
    shutil.copytree(FIRST_PROGRAM, path)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("AGENDA_PROGRAM", str(path))
    monkeypatch.setenv("AGENDA_PUBLIC_URL", PUBLIC)
    monkeypatch.delenv("DATABASE_URL", raising=False)
    return path


@pytest.mark.parametrize("form", FORMS)
def test_export_then_import_leaves_the_folder_as_it_was(folder: Path, form: str) -> None:
    exported = run("export", form)
    again = run("import", "-", "--to", folder, stdin=exported.stdout_bytes)
    assert (exported.exit_code, again.exit_code) == (0, 0)
    assert again.stdout.splitlines()[-1] == f"{folder} has all this already."


def test_in_our_own_form_a_new_folder_has_all_but_the_files_beside_it(folder: Path, tmp_path: Path) -> None:
    exported = run("export", "program")
    run("import", "-", "--to", tmp_path / "copy", stdin=exported.stdout_bytes)
    program = read_program(folder)
    identity = replace(program.identity, logo=None)
    assert read_program(tmp_path / "copy") == replace(program, pages=(), identity=identity)


@pytest.mark.parametrize("form", FORMS)
def test_the_same_program_gives_the_same_bytes(form: str) -> None:
    assert run("export", form).stdout_bytes == run("export", form).stdout_bytes


@pytest.mark.parametrize("form", FORMS)
def test_nothing_stands_beside_the_program(form: str) -> None:
    assert run("export", form).stderr_bytes == b""


def test_both_of_frabs_forms_are_valid(fixtures_path: Path) -> None:
    assert xml_faults(fixtures_path, run("export", "xml").stdout_bytes) == []
    assert json_faults(fixtures_path, run("export", "json").stdout_bytes) == []


LINE_UPS = "contributed-morning, contributed-afternoon"


def test_the_report_is_on_standard_error_and_the_program_is_the_same() -> None:
    result = run("export", "csv", "--report")
    assert result.stdout_bytes == run("export", "csv").stdout_bytes
    assert result.stderr.splitlines() == [
        "left out: 2 pages",
        "left out: 5 organizers",
        "left out: 3 important dates",
        "left out: 3 links of the program",
        "left out: the subtitle and the series",
        "left out: biographies and addresses of speakers",
        "left out: the venue's name, address and position",
        "left out: pictures",
        "left out: the accent",
        "left out: the lines of projectors",
        "left out: least minutes and pins of coffee-morning, lunch, posters and 2 more",
        f"left out: items (papers, posters, demos), which have a file of their own, of {LINE_UPS}",
    ]


@pytest.mark.parametrize("form", FORMS)
def test_the_report_says_that_speakers_are_told_something_and_not_what(folder: Path, form: str) -> None:
    file = folder / "program.toml"
    said = 'for_speakers = "The Wi-Fi is xyzzy."\nspeakers_publish = true\nid = '
    file.write_text(file.read_text().replace("id = ", said, 1))
    result = run("export", form, "--report")
    lines = [line for line in result.stderr.splitlines() if "speakers" in line and "of speakers" not in line]
    assert lines == ["left out: what speakers alone are told", "left out: that speakers publish"]
    assert "xyzzy" not in result.output


def test_what_is_published_goes_before_what_the_files_say(
    tmp_path: Path, program: Program, clock: MovableClock
) -> None:
    database = open_database(sqlite_url(tmp_path / "var" / "codeml-2025.sqlite"), program.id)
    service = serve_from(database, program, clock, PUBLIC)
    edit = ChangeContent(session="stella-biderman", title="On Pythia")
    publish_edit(service.current.revisions, edit, base=1, by=Editor("x"), note="", now=clock.now())
    service.close()
    exported = json.loads(run("export", "program").stdout)
    titles = {one["id"]: one["title"] for one in exported["sessions"]}
    assert (exported["revision"], titles["stella-biderman"]) == (2, "On Pythia")


def test_the_command_gives_what_the_addresses_give(tmp_path: Path, program: Program, clock: MovableClock) -> None:
    database = open_database(sqlite_url(tmp_path / "var" / "codeml-2025.sqlite"), program.id)
    service = serve_from(database, program, clock, PUBLIC)
    client = create_app(Settings(program=FIRST_PROGRAM, secret_key="for tests"), service).test_client()
    addresses = {
        "xml": "/export/schedule.xml",
        "json": "/export/schedule.json",
        "csv": "/export/schedule.csv",
        "ics": "/calendar/codeml-2025.ics",
        "program": "/api/program",
    }
    served = {form: client.get(address).data.strip() for form, address in addresses.items()}
    service.close()
    assert {form: run("export", form).stdout_bytes.strip() for form in addresses} == served


def test_a_spreadsheet_gets_a_line_for_each_session(program: Program) -> None:
    rows = csv.DictReader(io.StringIO(run("export", "csv").stdout_bytes.decode("utf-8-sig"), newline=""))
    assert [row["title"] for row in rows] == [session.title for session in program.sessions]


@pytest.mark.parametrize("words", [["export"], ["export", "pdf"], ["export", "xml", "more"]])
def test_wrong_use_is_status_2(words: list[str]) -> None:
    assert run(*words).exit_code == 2


def test_a_folder_that_is_no_program_is_refused(folder: Path) -> None:
    (folder / "program.toml").write_text("id = 3")
    result = run("export", "xml")
    assert (result.exit_code, result.stdout_bytes, result.stderr.startswith("agenda: ")) == (1, b"", True)


def test_no_database_is_made(tmp_path: Path) -> None:
    run("export", "xml")
    assert not (tmp_path / "var").exists()


def test_a_rehearsal_is_exported_as_it_goes_and_said_to_be_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    settings = Settings.read({"AGENDA_PROGRAM": str(FIRST_PROGRAM)})
    url = rehearse(settings, "2025-07-18 10:20", 1.0)
    program = read_program(settings.program)
    database = open_database(url, program.id)
    service = serve_from(database, program, DatabaseClock(database))
    edit = ChangeContent("panel", title="Rehearsed")
    publish_edit(service.current.revisions, edit, base=1, by=Editor("t"), note="", now=service.clock.now())
    service.close()
    result = run("export", "csv")
    assert "Rehearsed" in result.stdout
    assert result.stderr.splitlines() == [
        f"Revision 2 in {database.place}.",
        "A rehearsal: its clock says 2025-07-18 10:20.",
    ]
