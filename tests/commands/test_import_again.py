"""`agenda import --again`: a source that is followed stays right, or what it gave stays as it was, and says why."""

from __future__ import annotations

import os
import pty
import signal
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from support.changing_site import ChangingSite, changing_site
from support.repository import ROOT
from support.waiting import wait_until

from app.cli import main
from app.commands.import_again import Again, pause_seconds
from app.formats.program_folder.files import hash_of_folder
from app.formats.program_folder.reader import read_program
from app.store.database import open_database, sqlite_url
from app.store.revisions import Revisions
from app.store.source_status import read_source_statuses

ON_THE_DAY = ("--date", "2025-07-18", "--timezone", "America/Vancouver", "--title", "Tree Day")
HEAD = "Start,End,Title,Speaker\n"
ROOTS, BARK, MOSS = "9:00,9:30,On roots,Ann Lee\n", "9:30,10:00,On bark,Bob Ray\n", "10:00,10:30,On moss,Cy Dow\n"
TABLE = HEAD + ROOTS + BARK + MOSS
LATER = HEAD + ROOTS + BARK + MOSS.replace("10:00,10:30", "10:15,10:45")
NOBODY_TO_ASK = "nothing is written, since there is no terminal to ask at"
AGAIN = "agenda import --again"
MOST_GONE = "2 of 3 sessions would be cancelled or removed"
SIGN_IN = "<!doctype html><title>Sign in</title><form><input name=user><input type=password name=pass></form>"
SCHEDULE_PAGE = "<!doctype html><table><tr><th>Time<th>Title</tr><tr><td>9:00-9:30<td>On roots</tr></table>"


def run(*words: object) -> Result:
    return CliRunner().invoke(main, [str(word) for word in words], catch_exceptions=False)


def again(folder: Path, *options: object) -> Result:
    return run("import", "--again", folder, *options)


@pytest.fixture
def site() -> Iterator[ChangingSite]:
    with changing_site() as site:
        site.etags = True
        site.shows(TABLE)
        yield site


@pytest.fixture
def folder(tmp_path: Path, site: ChangingSite, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A program that was imported from the site, and its database in a folder of its own, without a revision."""
    folder = tmp_path / "program"
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.setenv("AGENDA_PROGRAM", "nowhere")
    assert run("import", site.address, "--to", folder, *ON_THE_DAY).exit_code == 0
    (tmp_path / "var").mkdir()
    open_database(sqlite_url(tmp_path / "var" / "tree-day.sqlite"), "tree-day").close()
    return folder


def revisions(folder: Path) -> list[list[tuple[str, str, bool]]]:
    """Start, title and whether it is cancelled, of the sessions of each revision."""
    database = open_database(sqlite_url(folder.parent / "var" / "tree-day.sqlite"), "tree-day", create=False)
    try:
        found = Revisions(database).since(0)
    finally:
        database.close()
    return [
        [(one.program.clock(each.start), each.title, each.cancelled) for each in one.program.sessions] for one in found
    ]


def statuses(folder: Path) -> list[tuple[str, bool, bool, str]]:
    """Of each source its name, whether it was ever read and ever failed, and the reason."""
    database = open_database(sqlite_url(folder.parent / "var" / "tree-day.sqlite"), "tree-day", create=False)
    try:
        found = read_source_statuses(database)
    finally:
        database.close()
    return [(one.name, one.read_at is not None, one.failed_at is not None, one.reason) for one in found]


def remembered(folder: Path) -> list[dict[str, object]]:
    return tomllib.loads((folder / "source.toml").read_text())["source"]  # type: ignore[no-any-return]


def starts(folder: Path) -> list[str]:
    program = read_program(folder)
    return [program.clock(one.start) for one in program.sessions]


def test_an_import_remembers_where_it_came_from_and_how(folder: Path, site: ChangingSite) -> None:
    (source,) = remembered(folder)
    assert (source["from"], source["etag"], source["format"]) == (site.address, site.etag, "CSV")
    assert {name: str(value) for name, value in source["options"].items()} == {  # type: ignore[attr-defined]
        "date": "2025-07-18",
        "timezone": "America/Vancouver",
        "title": "Tree Day",
    }


def test_what_is_remembered_is_no_part_of_the_program(folder: Path) -> None:
    before = hash_of_folder(folder), read_program(folder)
    assert run("check", folder, "--strict").exit_code == 0
    (folder / "source.toml").unlink()
    assert (hash_of_folder(folder), read_program(folder)) == before


def test_nothing_new_changes_nothing_and_says_since_when(folder: Path, site: ChangingSite) -> None:
    before = (folder / "source.toml").read_bytes(), (folder / "program.toml").read_bytes()
    result = again(folder)
    assert (result.exit_code, result.stdout[:32]) == (0, "127.0.0.1: unchanged since 2026-"[:32])
    assert site.requests[-1]["If-None-Match"] == site.etag
    assert ((folder / "source.toml").read_bytes(), (folder / "program.toml").read_bytes()) == before


def test_the_same_content_without_an_etag_is_unchanged_too(folder: Path, site: ChangingSite) -> None:
    site.etags = False
    assert again(folder).stdout.startswith("127.0.0.1: unchanged since ")


def test_what_is_new_is_shown_as_an_import_shows_it_and_written(folder: Path, site: ChangingSite) -> None:
    site.shows(LATER)
    result = again(folder, "--yes")
    assert result.exit_code == 0
    assert "127.0.0.1:\ntaken    read as CSV\n" in result.stdout
    assert "\nOn moss: 10:00–10:30 → 10:15–10:45\n" in result.stdout
    assert starts(folder) == ["09:00", "09:30", "10:15"]
    assert again(folder, "--yes").stdout.startswith("127.0.0.1: unchanged since ")


def test_without_a_terminal_and_without_yes_nothing_is_written(folder: Path, site: ChangingSite) -> None:
    site.shows(LATER)
    result = again(folder)
    said = f"agenda: {NOBODY_TO_ASK}; --yes writes it\n"
    assert (result.exit_code, result.stderr, starts(folder)) == (1, said, ["09:00", "09:30", "10:00"])


@pytest.mark.process
@pytest.mark.parametrize(("typed", "status", "third"), [("y\n", 0, "10:15"), ("n\n", 1, "10:00")])
def test_at_a_terminal_it_asks(folder: Path, site: ChangingSite, typed: str, status: int, third: str) -> None:
    site.shows(LATER)
    controller, terminal = pty.openpty()
    with os.fdopen(controller, "wb") as keyboard, os.fdopen(terminal, "rb") as stdin:
        command = [sys.executable, "-m", "app", "import", "--again", folder]
        environment = os.environ | {"PYTHONPATH": str(ROOT)}
        ran = subprocess.Popen(command, stdin=stdin, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment)
        keyboard.write(typed.encode())
        keyboard.flush()
        ran.communicate(timeout=60)
    assert (ran.returncode, starts(folder)[2]) == (status, third)


def test_other_bytes_that_say_the_same_need_nobody(folder: Path, site: ChangingSite) -> None:
    before = (folder / "program.toml").read_bytes()
    site.shows(TABLE + "\n")
    result = again(folder)
    assert (result.exit_code, "\nNo difference.\n" in result.stdout) == (0, True)
    assert ((folder / "program.toml").read_bytes(), remembered(folder)[0]["etag"]) == (before, site.etag)


def test_a_dry_run_writes_and_publishes_nothing(folder: Path, site: ChangingSite) -> None:
    site.shows(LATER)
    result = again(folder, "--dry-run", "--publish")
    assert (result.exit_code, result.stdout.splitlines()[-1]) == (0, "A dry run: nothing was written.")
    assert (starts(folder)[2], revisions(folder)) == ("10:00", [])


def test_it_publishes_what_it_wrote(folder: Path, site: ChangingSite) -> None:
    again(folder, "--publish")
    site.shows(LATER)
    result = again(folder, "--yes", "--publish")
    assert result.stdout.splitlines()[-1].startswith("Published as revision 2 in ")
    assert [one[2] for one in revisions(folder)] == [("10:00", "On moss", False), ("10:15", "On moss", False)]


def test_strict_writes_nothing_where_something_is_guessed(folder: Path, site: ChangingSite) -> None:
    site.shows(TABLE + "10:30,,On leaves,Di Fox\n")
    result = again(folder, "--yes", "--strict")
    assert (result.exit_code, "something was guessed (above), so nothing is written" in result.stderr) == (1, True)
    assert again(folder, "--yes").exit_code == 0
    assert len(starts(folder)) == 4


@pytest.mark.parametrize(
    ("status", "body", "said"),
    [
        (404, "", "its server answers 404 Not Found"),
        (410, "", "its server answers 410 Gone"),
        (401, "", "its server answers 401 Unauthorized: it asks for a sign-in"),
        (200, SIGN_IN, "it answers with a web page that asks for a sign-in"),
        (200, SCHEDULE_PAGE, "it answers with a web page; until now it was CSV"),
        (200, "", "an empty file"),
        (200, '[{"title": "On roots", "start": "2025-07-18T09:00:00Z"}]', "until now it was CSV; if that is meant"),
    ],
)
def test_a_source_that_fails_or_turns_into_something_else_leaves_the_program_and_says_why(
    folder: Path, site: ChangingSite, status: int, body: str, said: str
) -> None:
    before = (folder / "source.toml").read_bytes(), (folder / "program.toml").read_bytes()
    site.shows(body, status)
    result = again(folder, "--yes")
    assert (result.exit_code, said in result.stderr) == (1, True), result.stderr
    assert result.stderr.endswith("; the program stays as it was\n")
    assert ((folder / "source.toml").read_bytes(), (folder / "program.toml").read_bytes()) == before
    assert statuses(folder) == [("127.0.0.1", False, True, statuses(folder)[0][3])]
    site.shows(TABLE)
    assert again(folder, "--yes").exit_code == 0
    assert statuses(folder) == [("127.0.0.1", True, True, "")]


@pytest.mark.parametrize(
    ("place", "said"),
    [
        (
            "http://10.0.0.1/plan.csv",
            "it redirects to a private address (10.0.0.1); AGENDA_OUTGOING_ALLOW can allow it",
        ),
        ("/plan.csv", "it redirects more than 5 times"),
        ("http://127.0.0.1:1/plan.csv", "it cannot be fetched (Connection refused)"),
        ("https://accounts.google.com/", "it asks for a sign-in; let anyone with the link read it, or save it as CSV"),
    ],
)
def test_a_source_that_leads_nowhere_leaves_the_program(
    folder: Path, site: ChangingSite, place: str, said: str
) -> None:
    site.redirects(place)
    result = again(folder, "--yes")
    assert (result.exit_code, result.stderr) == (1, f"127.0.0.1: {said}; the program stays as it was\n")
    assert starts(folder) == ["09:00", "09:30", "10:00"]


def test_a_source_with_more_than_can_be_imported_leaves_the_program(folder: Path, site: ChangingSite) -> None:
    site.shows(b" " * 20_000_001)
    result = again(folder, "--yes")
    assert (result.exit_code, "20000001 bytes; at most 20000000 can be imported" in result.stderr) == (1, True)


def test_where_most_sessions_would_go_only_a_person_may_write_it(folder: Path, site: ChangingSite) -> None:
    site.shows(HEAD + ROOTS)
    result = again(folder, "--yes")
    assert result.exit_code == 1
    assert result.stderr.splitlines() == [
        f"doubtful {MOST_GONE}",
        f"agenda: {NOBODY_TO_ASK}; a person must look at it (above): run this at a terminal",
    ]
    assert len(starts(folder)) == 3
    assert statuses(folder) == [("127.0.0.1", True, True, f"not taken over, since {MOST_GONE}")]


def test_a_list_of_papers_is_followed_beside_the_schedule_and_each_fails_by_itself(
    folder: Path, site: ChangingSite, tmp_path: Path
) -> None:
    papers = tmp_path / "papers.csv"
    papers.write_text("Title,Authors\nOn sap,Ed Gum\n")
    assert run("import", "papers.csv", "--to", folder, "--items-of", "on-moss").exit_code == 0
    assert [one["from"] for one in remembered(folder)] == [site.address, "../papers.csv"]
    papers.write_text("Title,Authors\nOn sap,Ed Gum\nOn wood,Fay Ash\n")
    site.shows("", 404)
    result = again(folder, "--yes")
    assert (result.exit_code, "127.0.0.1: its server answers 404 Not Found" in result.stderr) == (1, True)
    assert [one.title for one in read_program(folder).session("on-moss").items] == ["On sap", "On wood"]
    site.shows(LATER)
    assert again(folder, "--yes").exit_code == 0
    assert (starts(folder)[2], len(read_program(folder).session("on-moss").items)) == ("10:15", 2)


def test_options_that_are_not_said_again_stay_remembered(folder: Path, site: ChangingSite) -> None:
    run("import", site.address, "--to", folder, "--room", "Hall")
    (source,) = remembered(folder)
    assert sorted(source["options"]) == ["date", "room", "timezone", "title"]  # type: ignore[call-overload]


def test_an_import_of_another_source_forgets_the_former_one(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "plan.csv").write_text(TABLE)
    run("import", tmp_path / "plan.csv", "--to", folder)
    (source,) = remembered(folder)
    assert (source["from"], "etag" in source, "options" in source) == (str(tmp_path / "plan.csv"), False, False)


def test_standard_input_is_not_remembered(tmp_path: Path) -> None:
    words = ["import", "-", "--to", str(tmp_path / "program"), *ON_THE_DAY]
    assert CliRunner().invoke(main, words, input=TABLE.encode()).exit_code == 0
    result = again(tmp_path / "program")
    assert (result.exit_code, "names no source; `agenda import SOURCE --to" in result.stderr) == (1, True)


def test_a_page_that_asks_for_a_sign_in_says_so_at_the_first_import(tmp_path: Path, site: ChangingSite) -> None:
    site.shows(SIGN_IN)
    result = run("import", site.address, "--to", tmp_path / "program", *ON_THE_DAY)
    said = f"agenda: {site.address}: it answers with a web page that asks for a sign-in"
    assert (result.exit_code, result.stderr.splitlines()[-1]) == (1, said)


def test_an_address_with_a_password_is_neither_fetched_nor_shown(tmp_path: Path) -> None:
    result = run("import", "https://me:secret@sheet.example/plan.csv", "--to", tmp_path / "program", *ON_THE_DAY)
    assert (result.exit_code, "secret" in result.output, (tmp_path / "program").exists()) == (1, False, False)


def test_a_host_that_was_public_when_it_was_typed_is_not_followed_to_a_private_address(
    folder: Path, site: ChangingSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = folder / "source.toml"
    file.write_text(file.read_text().replace("private = true\n", ""))
    said = "127.0.0.1: it is at a private address (127.0.0.1); AGENDA_OUTGOING_ALLOW can allow it; the program stays"
    assert again(folder).stderr.startswith(said)
    monkeypatch.setenv("AGENDA_OUTGOING_ALLOW", "127.0.0.0/8")
    assert again(folder).exit_code == 0


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("source = 3", "expected tables [[source]]"),
        ("[[source]]\nfrom = 3", "0.place: Input should be a valid string"),
        ("[[source]\n", "source.toml: "),
        ("[[source]]\nfrom = 'plan.csv'\n[source.options]\ncolour = 'red'", "unknown option 'colour' of plan.csv"),
        ("[[source]]\nfrom = 'plan.csv'\n[source.options]\ndate = 'May'", "the date of plan.csv is not written as"),
        ("[[source]]\nfrom = 'plan.csv'\n[source.options]\nroom = 3", "the room of plan.csv is not written as a text"),
        (
            "[[source]]\nfrom = 'plan.csv'\n[source.options]\nnumber-from = 'one'",
            "the number-from of plan.csv is not written as 101, without quotes",
        ),
        ("[[source]]\nfrom = 'plan.csv'\n" * 101, "more than 100 sources; take some out"),
        ("[[source]]\nfrom = 'nowhere.csv'", "nowhere.csv: No such file or directory; the program stays as it was"),
        ("", "names no source"),
    ],
)
def test_what_is_wrong_in_the_remembered_sources_is_said(folder: Path, text: str, said: str) -> None:
    (folder / "source.toml").write_text(text)
    result = again(folder)
    assert (result.exit_code, said in result.stderr, len(result.stderr.splitlines())) == (1, True, 1), result.stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "SOURCE is missing"),
        (("plan.csv",), "--to FOLDER is missing"),
        (("plan.csv", "--to", "x", "--yes"), "--yes goes with --again FOLDER"),
        (("plan.csv", "--to", "x", "--publish"), "--publish goes with --again FOLDER"),
        (("plan.csv", "--to", "x", "--every", "5m"), "--every goes with --again FOLDER"),
        (("plan.csv", "--again", "."), "--again takes the source, its folder and its options as they are remembered"),
        (("--again", ".", "--timezone", "UTC"), "--again takes the source, its folder and its options"),
        (("--again", ".", "--every", "5m"), "--every goes with --yes, since it asks nobody"),
        (("--again", ".", "--every", "5m", "--yes", "--dry-run"), "and without --dry-run"),
        (("--again", ".", "--every", "59s", "--yes"), "'59s' is shorter than 1m"),
        (("--again", ".", "--every", "25h", "--yes"), "'25h' is longer than 24h"),
        (("--again", "nowhere"), "does not exist"),
    ],
)
def test_options_that_do_not_go_together_are_wrong_use(words: tuple[str, ...], said: str) -> None:
    result = run("import", *words)
    assert (result.exit_code, said in " ".join(result.stderr.split())) == (2, True), result.stderr


def job(folder: Path) -> Again:
    return Again(folder=folder, yes=True, publish=True)


def test_a_round_publishes_what_is_new_and_says_it_in_one_line(folder: Path, site: ChangingSite) -> None:
    following = job(folder)
    first = following.round().line
    assert first.endswith("; published as revision 1")
    site.shows(LATER)
    assert following.round().line == (
        "127.0.0.1: 1 change written (On moss: 10:00–10:30 → 10:15–10:45); published as revision 2"
    )
    assert following.round().line.startswith("127.0.0.1: unchanged since ")
    assert [one[2][0] for one in revisions(folder)] == ["10:00", "10:15"]


def test_a_round_keeps_what_was_where_most_sessions_would_go_and_says_why(folder: Path, site: ChangingSite) -> None:
    following = job(folder)
    following.round()
    site.shows(HEAD + ROOTS)
    found = following.round()
    assert (found.failed, found.line) == (
        False,
        f"not taken over, since {MOST_GONE}; the program stays as it was; look at it by: {AGAIN} {folder}",
    )
    assert (len(starts(folder)), len(revisions(folder))) == (3, 1)
    assert statuses(folder)[0][3] == f"not taken over, since {MOST_GONE}"
    site.shows(LATER)
    assert following.round().line.endswith("; published as revision 2")
    assert statuses(folder)[0][3] == ""


def test_a_round_takes_over_nothing_guessed_that_no_person_has_seen(folder: Path, site: ChangingSite) -> None:
    following = job(folder)
    following.round()
    site.shows(TABLE + "10:30,,On leaves,Di Fox\n")
    assert following.round().line.startswith("not taken over, since guessed: ")
    assert (len(starts(folder)), len(revisions(folder))) == (3, 1)
    assert run("import", site.address, "--to", folder).exit_code == 0
    site.shows(LATER + "10:45,,On leaves,Di Fox\n")
    assert following.round().line.endswith("; published as revision 2")


def test_a_round_that_fails_says_why_and_how_long_the_server_asks_to_wait(folder: Path, site: ChangingSite) -> None:
    site.shows("", 429, Retry_After="300")
    found = job(folder).round()
    said = "127.0.0.1: its server answers 429 Too Many Requests: it cannot be read at the moment; the program stays"
    assert (found.failed, found.retry_after_seconds, found.line.startswith(said)) == (True, 300, True)


def test_what_could_not_be_published_is_published_in_a_later_round(folder: Path, site: ChangingSite) -> None:
    following = job(folder)
    following.round()
    run_in = {"AGENDA_PROGRAM": str(folder)}
    assert CliRunner().invoke(main, ["rename", "on-moss", "On old moss"], env=run_in).exit_code in {0, 1}
    site.shows(TABLE.replace("On moss", "On new moss"))
    line = following.round().line
    assert ("not published: " in line, following.unpublished) == (True, True), line
    assert CliRunner().invoke(main, ["undo"], env=run_in).exit_code == 0
    assert following.round().line.endswith("; published as revision 4")


@dataclass
class Following:
    """A process that follows the sources of a folder each second, and its lines, without the times."""

    process: subprocess.Popen[bytes]
    log: Path

    @property
    def told(self) -> list[str]:
        return [line.partition(" ")[2] for line in self.log.read_text().splitlines()]

    def wait_for(self, words: str) -> None:
        """Wait until a line has these words."""
        wait_until(lambda: any(words in line for line in self.told))

    def end(self, number: int = signal.SIGTERM) -> int:
        """Ask it to end; its exit status."""
        self.process.send_signal(number)
        return self.process.wait(60)


@contextmanager
def following_each_second(folder: Path) -> Iterator[Following]:
    code = (
        "import pathlib, sys; from app.commands.import_again import Again, follow;"
        "follow(Again(folder=pathlib.Path(sys.argv[1]), yes=True, publish=True), 1)"
    )
    log = folder.parent / "log"
    environment = os.environ | {"PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}
    with log.open("wb") as file:
        command = [sys.executable, "-c", code, str(folder)]
        process = subprocess.Popen(command, stdout=file, stderr=subprocess.STDOUT, env=environment)
    try:
        following = Following(process, log)
        following.wait_for("published as revision 1")
        yield following
    finally:
        process.kill()
        process.wait()


@pytest.mark.process
def test_it_follows_a_source_that_changes_and_goes_away_for_a_while(folder: Path, site: ChangingSite) -> None:
    with following_each_second(folder) as following:
        site.shows(LATER)
        following.wait_for("published as revision 2")
        site.shows("", 500)
        following.wait_for(
            "127.0.0.1: its server answers 500 Internal Server Error; the program stays as it was; again"
        )
        site.shows(TABLE)
        following.wait_for("published as revision 3")
        assert following.end() == 0
        assert following.told[-1] == "Stopped."
    assert [one[2][0] for one in revisions(folder)] == ["10:00", "10:15", "10:00"]


@pytest.mark.process
def test_a_program_that_is_broken_by_hand_does_not_end_it(folder: Path, site: ChangingSite) -> None:
    with following_each_second(folder) as following:
        file = folder / "program.toml"
        whole = file.read_text()
        file.write_text(whole.replace("[[day.session]]", "[[day.session"))
        following.wait_for("failed: ")
        file.write_text(whole)
        site.shows(LATER)
        following.wait_for("published as revision 2")


@pytest.mark.process
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_with_status_0(folder: Path, number: int) -> None:
    with following_each_second(folder) as following:
        assert following.end(number) == 0


@pytest.mark.parametrize(
    ("every", "failures", "retry_after", "jitter", "pause"),
    [
        (300, 0, 0, 0.0, 300),
        (300, 0, 0, 1.0, 330),
        (300, 1, 0, 0.0, 600),
        (300, 2, 0, 0.5, 1260),
        (300, 4, 0, 0.0, 3600),
        (300, 99, 0, 0.0, 3600),
        (7200, 3, 0, 0.0, 7200),
        (300, 1, 900, 0.0, 900),
        (300, 1, 86400, 0.0, 86400),
    ],
)
def test_pauses_double_with_each_failure_up_to_an_hour(
    every: int, failures: int, retry_after: int, jitter: float, pause: int
) -> None:
    assert pause_seconds(every, failures, retry_after, jitter) == pause
