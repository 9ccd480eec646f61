"""`agenda import`: from what a workshop has published to a folder that serves."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from support.five_page_versions import PAGES
from support.import_results import clocks, people
from support.repository import FIRST_PROGRAM

from app.cli import main
from app.formats.program_folder.reader import read_program
from app.service_factory import rehearse
from app.settings import Settings
from app.store.database import open_database, sqlite_url
from app.store.revisions import Revisions

ON_THE_DAY = ("--date", "2025-07-18", "--timezone", "America/Vancouver")
TABLE = "Start,End,Title,Speaker\n9:00,9:30,On roots,Ann Lee\n9:30,10:00,On bark,Bob Ray\n"


def run(*words: object, stdin: bytes | None = None) -> Result:
    return CliRunner().invoke(main, [str(word) for word in words], input=stdin)


def imported(source: object, folder: Path, *options: object, stdin: bytes | None = None) -> Result:
    return run("import", source, "--to", folder, *options, stdin=stdin)


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "plan.csv"
    path.write_text(TABLE)
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "program"


class Files(SimpleHTTPRequestHandler):
    """Files as they are; below `/to/` a redirect to whatever follows; at `/export` the table by another name."""

    def do_GET(self) -> None:
        if self.path.startswith("/export"):
            self.send_response(200)
            self.send_header("Content-Type", "text/csv; charset=utf-8")
            if "named" in self.path:
                self.send_header("Content-Disposition", 'attachment; filename="../Tree Day.csv"')
            self.end_headers()
            self.wfile.write(TABLE.encode())
            return
        if not self.path.startswith("/to/"):
            super().do_GET()
            return
        self.send_response(302)
        self.send_header("Location", self.path.removeprefix("/to/"))
        self.end_headers()

    def log_message(self, *_: object) -> None:  # type: ignore[override]
        """Say nothing of each request."""


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    """Where the files of the test's folder are on the web, on this machine."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Files, directory=str(tmp_path))) as server:
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_the_page_of_the_first_program_needs_no_option(fixtures_path: Path, folder: Path) -> None:
    result = imported(fixtures_path / "codeml" / "site.md", folder)
    assert (result.exit_code, result.stderr) == (0, "")
    assert run("check", folder, "--strict").exit_code == 0
    made, own = read_program(folder), read_program(FIRST_PROGRAM)
    assert clocks(made) == clocks(own)
    assert [people(made, one) for one in made.sessions] == [people(own, one) for one in own.sessions]
    assert {(one.name, one.url) for one in made.speakers} == {(one.name, one.url) for one in own.speakers}
    assert [(one.name, one.url, one.affiliations) for one in made.organizers] == [
        (one.name, one.url, one.affiliations) for one in own.organizers
    ]
    assert [(one.day, one.at, one.former_day) for one in made.dates] == [
        (one.day, one.at, one.former_day) for one in own.dates
    ]
    assert made.venue is not None
    assert own.venue is not None
    assert (made.venue.name, made.venue.address, made.timezone) == (own.venue.name, own.venue.address, own.timezone)
    assert "guessed  the time zone (Vancouver time), from Vancouver; better: --timezone\n" in result.stdout


def test_nobody_from_a_comment_is_in_any_file(fixtures_path: Path, folder: Path) -> None:
    result = imported(fixtures_path / "codeml" / "site.md", folder)
    written = b"".join(files(folder).values()).decode()
    assert [name for name in ("Bailey", "Balandat") if name in written + result.stdout] == []


def test_into_its_own_folder_the_page_changes_biographies_and_nothing_else(fixtures_path: Path, folder: Path) -> None:
    shutil.copytree(FIRST_PROGRAM, folder)
    result = imported(fixtures_path / "codeml" / "site.md", folder)
    assert result.stdout.split("\n\n")[1] == "Changed besides: the speakers"
    before, after = read_program(FIRST_PROGRAM), read_program(folder)
    assert after.sessions == before.sessions
    assert (after.venue, after.organizers, after.dates, after.pages) == (
        before.venue,
        before.organizers,
        before.dates,
        before.pages,
    )
    assert {one.id: one.affiliations for one in after.speakers} == {one.id: one.affiliations for one in before.speakers}


def test_into_its_own_folder_the_page_leaves_every_comment(fixtures_path: Path, folder: Path) -> None:
    shutil.copytree(FIRST_PROGRAM, folder)
    imported(fixtures_path / "codeml" / "site.md", folder)
    former = (FIRST_PROGRAM / "program.toml").read_text().splitlines()
    written = (folder / "program.toml").read_text()
    assert [line for line in former if "# " in line and line not in written] == []


def test_the_sessions_are_shown_as_a_table(table: Path, folder: Path) -> None:
    result = imported(table, folder, *ON_THE_DAY)
    assert result.stdout == (
        "taken    read as CSV\n"
        "taken    2 sessions\n"
        "guessed  the program's title, from the file's name: plan; better: --title\n"
        "\n"
        "Friday 18 July 2025\n"
        "  09:00–09:30  on-roots  talk  On roots  Ann Lee\n"
        "  09:30–10:00  on-bark   talk  On bark   Bob Ray\n"
        "\n"
        "plan: 2 sessions, 2 speakers, 1 room, 1 day, Vancouver time\n"
        f"Written to {folder}. Next: agenda check {folder}; AGENDA_PROGRAM={folder} agenda serve\n"
    )


def test_a_dry_run_shows_the_same_and_writes_nothing(table: Path, folder: Path) -> None:
    result = imported(table, folder, *ON_THE_DAY, "--dry-run")
    assert "  09:00–09:30  on-roots  talk  On roots  Ann Lee\n" in result.stdout
    assert result.stdout.endswith("A dry run: nothing was written.\n")
    assert not folder.exists()


def test_a_dry_run_on_a_folder_shows_what_would_change(table: Path, folder: Path) -> None:
    imported(table, folder, *ON_THE_DAY)
    before = files(folder)
    table.write_text(TABLE.replace("9:30,10:00,On bark", "9:30,10:15,On moss"))
    result = imported(table, folder, "--dry-run")
    assert result.stdout.split("\n\n")[1] == "On moss: 09:30–10:00 → 09:30–10:15\nOn moss: On bark → On moss"
    assert files(folder) == before


def test_the_same_again_leaves_every_byte(table: Path, folder: Path) -> None:
    imported(table, folder, *ON_THE_DAY)
    before = files(folder)
    result = imported(table, folder)
    assert (result.exit_code, result.stdout.splitlines()[-1]) == (0, f"{folder} has all this already.")
    assert files(folder) == before


def test_what_people_wrote_in_the_folder_is_kept(table: Path, folder: Path) -> None:
    imported(table, folder, *ON_THE_DAY)
    file = folder / "program.toml"
    file.write_text(file.read_text().replace('id = "on-roots"', '# Ann has slides.\nid = "on-roots"\nmin_minutes = 20'))
    table.write_text(TABLE.replace("On roots", "On deep roots"))
    imported(table, folder)
    assert "# Ann has slides.\n" in file.read_text()
    session = read_program(folder).session("on-roots")
    assert (session.title, session.min_minutes) == ("On deep roots", 20)


GONE = TABLE.replace("9:30,10:00,On bark,Bob Ray\n", "")
CANCELLED = "taken    no longer in the source, so cancelled: On bark\n"
REMOVED = "taken    no longer in the source, never published, so removed: On bark\n"


@pytest.fixture
def service(tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the service of the folder's program keeps its database, which there is not yet."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("AGENDA_PROGRAM", str(folder))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    return tmp_path / "var" / "plan.sqlite"


def publish(service: Path) -> None:
    service.parent.mkdir(exist_ok=True)
    open_database(sqlite_url(service), "plan").close()
    assert run("publish").exit_code == 0


def sessions(folder: Path) -> list[tuple[str, bool]]:
    return [(one.id, one.cancelled) for one in read_program(folder).sessions]


def test_what_was_never_published_is_removed_and_what_was_is_cancelled(
    service: Path, table: Path, folder: Path
) -> None:
    table.write_text(TABLE + "10:00,10:30,On moss,Cy Dow\n")
    imported(table, folder, *ON_THE_DAY)
    table.write_text(TABLE)
    second = imported(table, folder)
    assert (second.exit_code, sessions(folder)) == (0, [("on-roots", False), ("on-bark", False)])
    assert "taken    no longer in the source, never published, so removed: On moss\n" in second.stdout
    publish(service)
    table.write_text(GONE)
    third = imported(table, folder)
    assert (CANCELLED in third.stdout, sessions(folder)) == (True, [("on-roots", False), ("on-bark", True)])
    assert run("check", folder, "--strict").exit_code == 0


def test_what_only_an_earlier_revision_had_is_cancelled(service: Path, table: Path, folder: Path) -> None:
    imported(table, folder, "--date", "2099-07-18", "--timezone", "America/Vancouver")
    publish(service)
    assert [run("add", "On moss", "--at", "10:00", "--minutes", "30").exit_code, run("undo").exit_code] == [0, 0]
    table.write_text(TABLE + "10:00,10:30,On moss,Cy Dow\n")
    imported(table, folder)
    table.write_text(TABLE)
    result = imported(table, folder)
    assert "taken    no longer in the source, so cancelled: On moss\n" in result.stdout


def test_an_import_makes_no_database(service: Path, table: Path, folder: Path) -> None:
    imported(table, folder, *ON_THE_DAY)
    table.write_text(GONE)
    result = imported(table, folder)
    assert (REMOVED in result.stdout, service.parent.exists()) == (True, False)


def test_a_rehearsal_publishes_nothing(service: Path, table: Path, folder: Path) -> None:
    imported(table, folder, *ON_THE_DAY)
    url = rehearse(Settings(program=folder), "2025-07-18 09:10", 1)
    open_database(url, "plan").close()
    assert run("publish").exit_code == 0
    table.write_text(GONE)
    assert REMOVED in imported(table, folder).stdout


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("postgresql://nobody@127.0.0.1:1/agenda", "the database does not answer ("),
        ("mysql://x/y", "DATABASE_URL: expected sqlite:///FILE"),
        ("sqlite:///plan.csv", "plan.csv is not a usable database ("),
    ],
)
def test_where_the_database_cannot_be_read_what_is_gone_is_cancelled_and_the_reason_said(
    service: Path, table: Path, folder: Path, *, monkeypatch: pytest.MonkeyPatch, url: str, reason: str
) -> None:
    imported(table, folder, *ON_THE_DAY)
    monkeypatch.setenv("DATABASE_URL", url)
    table.write_text(GONE)
    result = imported(table, folder)
    assert (CANCELLED in result.stdout, sessions(folder)) == (True, [("on-roots", False), ("on-bark", True)])
    assert f"left     what was published is not known, so nothing is removed ({reason}" in result.stdout
    assert not service.parent.exists()


def test_a_list_of_papers_becomes_the_items_of_a_session(fixtures_path: Path, folder: Path) -> None:
    tables = fixtures_path / "tables"
    imported(tables / "tta-icml2025-schedule.csv", folder, "--date", "2025-07-19", "--timezone", "America/Vancouver")
    before = read_program(folder)
    result = imported(tables / "tta-icml2025-papers.csv", folder, "--items-of", "poster-session-1")
    after = read_program(folder)
    assert (result.exit_code, len(after.session("poster-session-1").items)) == (0, 55)
    assert [one for one in after.sessions if one != before.session(one.id)] == [after.session("poster-session-1")]


def test_items_of_a_session_that_there_is_not_are_refused_with_the_nearest(table: Path, folder: Path) -> None:
    imported(table, folder, *ON_THE_DAY)
    result = imported(table, folder, "--items-of", "on-root")
    said = "agenda: there is no session 'on-root'; did you mean 'on-roots'?\n"
    assert (result.exit_code, result.stderr) == (1, said)


def test_standard_input_is_read_where_the_source_is_a_dash(folder: Path) -> None:
    result = imported("-", folder, *ON_THE_DAY, stdin=TABLE.encode())
    assert (result.exit_code, [one.id for one in read_program(folder).sessions]) == (0, ["on-roots", "on-bark"])


def test_a_checked_out_site_is_searched_for_its_schedule(table: Path, folder: Path, tmp_path: Path) -> None:
    site = tmp_path / "site" / "_data"
    site.mkdir(parents=True)
    table.rename(site / "schedule.csv")
    (site / "menu.yml").write_text("- title: Home\n")
    result = imported(site.parent, folder, *ON_THE_DAY)
    assert (result.exit_code, [one.id for one in read_program(folder).sessions]) == (0, ["on-roots", "on-bark"])


def test_which_file_of_a_site_is_read_stands_first_in_the_report(table: Path, folder: Path) -> None:
    (table.parent / "index.md").write_text("# Trees\n")
    result = imported(table.parent, folder, *ON_THE_DAY)
    assert result.stdout.splitlines()[0] == (
        "taken    read, of the folder's files the one with the most sessions that have a time: plan.csv (2)"
    )
    assert "left     a page without a schedule, not read: index.md" in result.stdout.splitlines()


def test_an_address_is_fetched(table: Path, folder: Path, address: str) -> None:
    result = imported(f"{address}/{table.name}", folder, *ON_THE_DAY)
    assert (result.exit_code, result.stderr) == (0, f"Fetching {address}/plan.csv …\n")
    assert [one.id for one in read_program(folder).sessions] == ["on-roots", "on-bark"]


@pytest.mark.parametrize(("query", "title"), [("named", "Tree Day"), ("", "export")])
def test_a_table_that_is_served_has_the_name_that_its_server_gives(
    folder: Path, address: str, query: str, title: str
) -> None:
    assert imported(f"{address}/export?{query}", folder, *ON_THE_DAY).exit_code == 0
    assert read_program(folder).title == title


def test_an_address_that_is_not_there_is_one_clear_error(folder: Path, address: str) -> None:
    result = imported(f"{address}/other.csv", folder)
    said = f"agenda: {address}/other.csv: its server answers 404 File not found\n"
    assert (result.exit_code, result.stderr.splitlines(keepends=True)[-1]) == (1, said)


def test_a_redirect_is_followed(table: Path, folder: Path, address: str) -> None:
    assert imported(f"{address}/to//{table.name}", folder, *ON_THE_DAY).exit_code == 0


@pytest.mark.parametrize("place", ["file:///etc/hostname", "ftp://127.0.0.1/plan.csv"])
def test_a_redirect_away_from_the_web_is_not_followed(folder: Path, address: str, place: str) -> None:
    result = imported(f"{address}/to/{place}", folder, *ON_THE_DAY)
    assert (result.exit_code, len(result.stderr.splitlines())) == (1, 2)
    assert not folder.exists()


def test_more_than_twenty_megabytes_are_not_fetched(folder: Path, address: str, tmp_path: Path) -> None:
    (tmp_path / "endless.csv").write_bytes(b" " * 21_000_000)
    result = imported(f"{address}/endless.csv", folder, *ON_THE_DAY)
    said = "endless.csv: 20000001 bytes; at most 20000000 can be imported in this form"
    assert (result.exit_code, result.stderr.splitlines()[-1]) == (1, f"agenda: {said}")


@pytest.mark.parametrize("source", ["http://127.0.0.1:1/", "http://", "http://[", "https://127.0.0.1:99999/x"])
def test_an_address_that_answers_nothing_is_one_clear_error(folder: Path, source: str) -> None:
    result = imported(source, folder)
    assert result.exit_code == 1
    assert result.stderr.splitlines()[-1].startswith(f"agenda: {source}: it cannot be fetched (")


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.csv", b"", "a.csv: an empty file"),
        ("a.xlsx", b"PK\x03\x04\0\0", "a.xlsx: no spreadsheet that can be read (File is not a zip file); save"),
        ("a.exe", b"MZ\x03\x04\0\0", "a.exe: not text: a program's own file; save it as CSV or text"),
        ("a.md", b"# Hello", "a.md: no sessions with a time in it, such as 9:00 - 9:30 (read as page)"),
        (
            "a.csv",
            b"Start,Title\n9:00,A",
            "its time zone is not said; its day is not said; add, such as: --timezone America/Vancouver --date",
        ),
        ("a.json", b"[" * 5000, "a.json: "),
    ],
)
def test_what_gives_no_program_is_refused_in_one_line(
    tmp_path: Path, folder: Path, name: str, content: bytes, said: str
) -> None:
    (tmp_path / name).write_bytes(content)
    result = imported(tmp_path / name, folder)
    assert (result.exit_code, result.stdout, len(result.stderr.splitlines())) == (1, "", 1)
    assert said in result.stderr
    assert not folder.exists()


def test_a_file_that_is_not_there_is_refused(folder: Path) -> None:
    result = imported("nowhere.csv", folder)
    assert (result.exit_code, result.stderr) == (1, "agenda: nowhere.csv: No such file or directory\n")


def test_a_folder_that_cannot_be_made_is_one_clear_line(table: Path, tmp_path: Path) -> None:
    result = imported(table, table / "program", *ON_THE_DAY)
    assert (result.exit_code, result.stderr) == (1, f"agenda: {table}/program: Not a directory\n")


def test_with_strict_a_guess_ends_with_status_1_and_writes_nothing(table: Path, folder: Path) -> None:
    table.write_text("Start,Title\n9:00,On roots\n9:30,On bark\n")
    result = imported(table, folder, *ON_THE_DAY, "--strict")
    assert (result.exit_code, folder.exists()) == (1, False)
    assert "guessed  no end given: up to the next: On roots; better: a column End" in result.stdout
    assert result.stderr == "agenda: something was guessed (above), so nothing is written; say it, or omit --strict\n"


def test_with_strict_a_source_that_says_all_is_written(table: Path, folder: Path) -> None:
    result = imported(table, folder, *ON_THE_DAY, "--strict", "--title", "Trees")
    assert (result.exit_code, "guessed" in result.output) == (0, False)
    assert read_program(folder).title == "Trees"


def test_a_day_is_asked_for_where_none_is_said(table: Path, folder: Path) -> None:
    result = imported(table, folder, "--timezone", "UTC")
    assert (result.exit_code, "such as: --date 2025-07-18" in result.stderr) == (1, True)


@pytest.mark.parametrize(
    "options", [("--date", "18.7."), ("--timezone", "Mars/Base"), ("--dates", "x"), ("--to", __file__)]
)
def test_wrong_use_is_status_2(table: Path, folder: Path, options: tuple[str, str]) -> None:
    assert imported(table, folder, *options).exit_code == 2
    assert run("import", table).exit_code == 2


def test_a_folder_with_faults_is_not_written_over(table: Path, folder: Path) -> None:
    folder.mkdir()
    (folder / "program.toml").write_text('id = "x"')
    result = imported(table, folder, *ON_THE_DAY)
    assert (result.exit_code, "program.toml:1 timezone: missing" in result.stderr) == (1, True)
    assert files(folder) == {"program.toml": b'id = "x"'}


def test_a_folder_with_pages_of_something_else_is_not_written_into(table: Path, folder: Path) -> None:
    (folder / "pages").mkdir(parents=True)
    (folder / "pages" / "mine.md").write_text("mine")
    result = imported(table, folder, *ON_THE_DAY)
    assert (result.exit_code, files(folder)) == (1, {"pages/mine.md": b"mine"})


def test_five_versions_of_a_page_give_five_revisions_each_with_the_true_difference(
    tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    page, url = tmp_path / "page.md", sqlite_url(tmp_path / "agenda.sqlite")
    monkeypatch.setenv("DATABASE_URL", url)
    monkeypatch.setenv("AGENDA_PROGRAM", str(folder))
    for text in PAGES:
        page.write_text(text)
        assert imported(page, folder, *(() if folder.exists() else ON_THE_DAY)).exit_code == 0
        open_database(url, "trees-2025").close()
        assert run("publish").exit_code == 0
    database = open_database(url, "trees-2025", create=False)
    revisions = Revisions(database).since(0)
    database.close()
    assert [sorted(change.session for change in one.difference.sessions) for one in revisions] == [
        [],
        ["on-bark", "talk"],
        ["coffee-break", "on-bark", "on-roots", "opening", "talk"],
        ["on-roots", "talk"],
        ["coffee-break", "panel-discussion"],
    ]
    assert [len(one.program.sessions) for one in revisions] == [7, 7, 7, 7, 8]
    assert all(one.at < other.at for one, other in pairwise(revisions))
    assert revisions[0].at <= datetime.now(UTC)
