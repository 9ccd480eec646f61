"""Each real schedule all the way: imported by the command, checked, served, exported, imported again."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask.testing import FlaskClient
from support.exchange_schemas import json_faults, xml_faults
from support.import_results import OPTIONS, content, fixture
from support.movable_clock import MovableClock

from app import create_app
from app.cli import main
from app.domain.conference_day import by_day
from app.domain.program import Program
from app.formats.program_folder.reader import read_program
from app.service_factory import serve_from
from app.settings import Settings
from app.store.database import open_database, sqlite_url

pytestmark = pytest.mark.slow
LARGEST = "schedules/giggity-fosdem_2021.xml"
# EMF 2016 is there in four forms; `make test` takes its XML and its calendar this way.
FOR_ACCEPTANCE = (LARGEST, "schedules/emf-2016-own.json", "schedules/emf-2016-xsd-valid.xml")
LONGEST_IN_XML = timedelta(hours=23, minutes=59)
EXPORTS = ("schedule.xml", "schedule.json", "schedule.csv")


def run(*words: object, stdin: bytes | None = None) -> Result:
    return CliRunner().invoke(main, [str(word) for word in words], input=stdin)


def cut(program: Program, export: str) -> list[str]:
    """The titles of sessions that a form cannot hold whole, as its report says."""
    if export == "schedule.xml":
        return [one.title for one in program.sessions if one.end - one.start > LONGEST_IN_XML]
    if export == "schedule.csv":
        return [one.title for one in program.sessions if any(";" in who.name for who in program.speakers_of(one))]
    return []


def options(name: str) -> list[str]:
    """What the fixture does not say itself, as a person says it to the command."""
    said = OPTIONS[name]
    words = ["--date", said.first_date.isoformat()] if said.first_date else []
    return [*words, "--timezone", said.timezone] if said.timezone else words


@pytest.fixture(
    scope="module",
    params=[
        pytest.param(name, marks=pytest.mark.acceptance if name in FOR_ACCEPTANCE else ()) for name in sorted(OPTIONS)
    ],
)
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def folder(name: str, fixtures_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The program folder that the command makes of a fixture."""
    path = tmp_path_factory.mktemp("imported") / "program"
    result = run("import", fixtures_path / name, "--to", path, *options(name))
    assert (result.exit_code, result.exception) == (0, None)
    return path


@pytest.fixture(scope="module")
def imported(folder: Path) -> Program:
    return read_program(folder)


@pytest.fixture(scope="module")
def client(imported: Program, folder: Path) -> Iterator[FlaskClient]:
    """A reader of the service that serves the folder, an hour after its first session began."""
    database = open_database(sqlite_url(folder.parent / "agenda.sqlite"), imported.id)
    now = min(one.start for one in imported.sessions) + timedelta(hours=1)
    service = serve_from(database, imported, MovableClock(now))
    yield create_app(Settings(program=folder, secret_key="for tests"), service).test_client()
    service.close()


def test_the_folder_says_what_the_source_said(fixtures_path: Path, name: str, imported: Program) -> None:
    assert imported == fixture(fixtures_path, name).program


def test_the_folder_has_no_faults(folder: Path) -> None:
    assert run("check", folder).exit_code == 0


def test_imported_again_not_a_byte_changes(fixtures_path: Path, name: str, folder: Path) -> None:
    before = (folder / "program.toml").read_bytes()
    result = run("import", fixtures_path / name, "--to", folder)
    assert (result.exit_code, result.stdout.splitlines()[-1]) == (0, f"{folder} has all this already.")
    assert (folder / "program.toml").read_bytes() == before


def test_its_pages_are_served_without_error(client: FlaskClient, imported: Program) -> None:
    sessions = imported.sessions[:: max(1, len(imported.sessions) // 8)]
    people = imported.speakers[:: max(1, len(imported.speakers) // 4)]
    addresses = [
        *("/", "/now", "/display", "/speakers", "/subscribe", "/changes"),
        *("/api/program", "/api/now", "/api/changes", f"/calendar/{imported.id}.ics"),
        *(f"/talks/{session.id}" for session in sessions),
        *(f"/talks/{session.id}.ics" for session in sessions),
        *(f"/speakers/{person.id}" for person in people),
        *(f"/rooms/{room.id}" for room in imported.rooms[:5]),
    ]
    assert {address: client.get(address).status_code for address in addresses} == dict.fromkeys(addresses, 200)


def test_every_session_is_on_the_page_of_its_day(client: FlaskClient, imported: Program) -> None:
    pages = {day: client.get(f"/?day={day}").text for day in by_day(imported, imported.sessions)}
    missing = [
        session.id
        for day, sessions in by_day(imported, imported.sessions).items()
        for session in sessions
        if f'data-session="{session.id}"' not in pages[day]
    ]
    assert missing == []


def test_its_exports_are_valid(client: FlaskClient, fixtures_path: Path) -> None:
    assert xml_faults(fixtures_path, client.get("/export/schedule.xml").data) == []
    assert json_faults(fixtures_path, client.get("/export/schedule.json").data) == []


@pytest.mark.parametrize("export", EXPORTS)
def test_an_export_imported_into_the_folder_changes_nothing(
    client: FlaskClient, folder: Path, imported: Program, export: str
) -> None:
    result = run("import", "-", "--to", folder, "--dry-run", stdin=client.get(f"/export/{export}").data)
    assert result.exit_code == 0
    lost = [*cut(imported, export), "Changed besides: the speakers"] if cut(imported, export) else []
    told = result.stdout.split("\n\n")[1].splitlines()
    assert [line for line in told if not line.startswith(tuple(lost))] == ([] if lost else ["No difference."])


@pytest.mark.parametrize("export", EXPORTS)
def test_an_export_imported_into_a_new_folder_gives_the_same_sessions(
    client: FlaskClient, imported: Program, export: str, tmp_path: Path
) -> None:
    result = run("import", "-", "--to", tmp_path / "copy", stdin=client.get(f"/export/{export}").data)
    lost = cut(imported, export)
    held = [one for one in content(imported) if one[1] not in lost]
    copy = content(read_program(tmp_path / "copy"))
    assert (result.exit_code, [one for one in copy if one[1] not in lost]) == (0, held)


def test_a_conference_of_773_sessions_is_served(fixtures_path: Path, tmp_path: Path) -> None:
    program = fixture(fixtures_path, LARGEST).program
    database = open_database(sqlite_url(tmp_path / "agenda.sqlite"), program.id)
    service = serve_from(database, program, MovableClock(program.sessions[0].start))
    reader = create_app(Settings(program=tmp_path, secret_key="for tests"), service).test_client()
    pages = ("/", "/now", "/display", "/speakers")
    statuses = [reader.get(page).status_code for page in pages]
    service.close()
    assert statuses == [200] * len(pages)
