"""`agenda publish`: the program's files change after the day was edited."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from support.server_processes import Organizer, Server, Stream, serving
from support.terminal import Terminal, terminal
from support.waiting import wait_until

from app.service_factory import open_service
from app.settings import Settings, first_program
from app.store.database import open_database, sqlite_url
from app.store.publish_files import open_conflict

PANEL, TBA = 'title = "Panel discussion"', '\ntitle = "TBA"'
CLOCK = "A rehearsal: its clock says 2025-07-18 10:40.\n"
LEARN = '\ntitle = "What models learn"'


@dataclass(frozen=True)
class Files:
    """A program's folder, and a terminal on the day that it was published as."""

    folder: Path
    day: Terminal

    def change(self, *lines: tuple[str, str]) -> None:
        """Change lines of the program."""
        path = self.folder / "program.toml"
        text = path.read_text()
        for old, new in lines:
            assert text.count(old) == 1
            text = text.replace(old, new)
        path.write_text(text)

    def titles(self) -> tuple[str, str]:
        """The titles of the panel and of the last talk, as published."""
        program = self.day.program()
        return program.session("panel").title, program.session("stella-biderman").title

    def conflict(self) -> tuple[str, ...]:
        """What the console shows."""
        database = open_database(self.day.url, "codeml-2025", create=False)
        found = open_conflict(database)
        database.close()
        return found.conflicts if found else ()


@pytest.fixture
def files(tmp_path: Path) -> Files:
    return published(tmp_path)


def published(place: Path) -> Files:
    """A copy of the first program, published at 10:40."""
    folder = place / "program"
    shutil.copytree(first_program(), folder)
    return Files(folder, terminal(sqlite_url(place / "agenda.sqlite"), AGENDA_PROGRAM=str(folder)))


# Merging


def test_unchanged_files_publish_nothing(files: Files) -> None:
    result = files.day.run("publish")
    place = files.day.url.removeprefix("sqlite:///")
    assert (result.exit_code, result.output) == (0, f"Nothing new for {place}.\n{CLOCK}")
    assert len(files.day.revisions()) == 1


def test_a_changed_line_is_published(files: Files) -> None:
    files.change((TBA, LEARN))
    result = files.day.run("publish")
    place = files.day.url.removeprefix("sqlite:///")
    assert (result.exit_code, result.output) == (
        0,
        f"What models learn: TBA → What models learn\nPublished as revision 2 in {place}.\n{CLOCK}",
    )
    assert files.titles() == ("Panel discussion", "What models learn")
    made = files.day.revisions()[-1]
    assert (made.kind, made.author) == ("publish", "files")


def test_an_edit_on_the_day_wins_over_an_unchanged_line(files: Files) -> None:
    files.day.run("rename", "panel", "Who pays?")
    files.day.run("late", "-3", "--from", "evan-shelhamer")
    files.change((TBA, LEARN))
    assert files.day.run("publish").exit_code == 0
    assert files.titles() == ("Who pays?", "What models learn")
    assert files.day.times("evan-shelhamer") == {"evan-shelhamer": "10:15–10:42"}


def test_what_files_and_day_changed_alike_is_no_conflict(files: Files) -> None:
    files.day.run("rename", "stella-biderman", "What models learn")
    files.change((TBA, LEARN))
    result = files.day.run("publish")
    assert (result.exit_code, len(files.day.revisions())) == (0, 2)


def test_a_time_changed_in_the_files_is_the_new_plan(files: Files) -> None:
    files.change(('time = "16:55-17:00"', 'time = "17:00-17:10"'))
    assert files.day.run("publish").exit_code == 0
    closing = files.day.program().session("closing")
    assert (closing.scheduled, closing.status) == (closing.slot, "confirmed")


def test_files_that_were_merged_once_are_never_merged_again(files: Files) -> None:
    """An old machine that starts again with yesterday's files brings nothing back."""
    files.change((TBA, LEARN))
    files.day.run("publish")
    files.change((LEARN, TBA))
    result = files.day.run("publish")
    assert (result.exit_code, result.output.partition(" for ")[0]) == (0, "Nothing new")
    assert (files.titles()[1], len(files.day.revisions())) == ("What models learn", 2)


def test_a_dry_run_says_what_would_change_and_leaves_nothing(files: Files) -> None:
    files.change((TBA, LEARN))
    result = files.day.run("publish", "--dry-run")
    assert (result.exit_code, result.output) == (
        0,
        "What models learn: TBA → What models learn\nA dry run: nothing was published.\n" + CLOCK,
    )
    assert (files.titles()[1], len(files.day.revisions())) == ("TBA", 1)
    assert files.day.run("publish").output.splitlines()[0] == "What models learn: TBA → What models learn"


# Conflicts


@pytest.fixture
def torn(files: Files) -> Files:
    """The panel is renamed on the day, and otherwise in the files."""
    files.day.run("rename", "panel", "Who pays?")
    files.change((PANEL, 'title = "Panel: open source"'), (TBA, LEARN))
    return files


CONFLICT = (
    "“Who pays?”, title: the files say “Panel: open source”, published is “Who pays?”,"
    " before both it was “Panel discussion”"
)


def test_a_conflict_ends_with_1_is_told_and_leaves_what_is_published(torn: Files) -> None:
    result = torn.day.run("publish")
    first, *others = result.stderr.splitlines()
    assert (result.exit_code, result.stdout) == (1, "")
    assert first == f"conflict  {CONFLICT}"
    assert others == ["The published program stays as it is: undo the edit, or change the files."]
    assert (torn.titles(), len(torn.day.revisions())) == (("Who pays?", "TBA"), 2)
    assert torn.conflict() == (CONFLICT,)


def test_a_dry_run_finds_the_conflict_and_does_not_keep_it(torn: Files) -> None:
    assert (torn.day.run("publish", "--dry-run").exit_code, torn.conflict()) == (1, ())


def test_a_conflict_never_stops_a_start(torn: Files) -> None:
    service = open_service(Settings(program=torn.folder, database_url=torn.day.url))
    serving = service.current.snapshot.revision.number
    service.close()
    assert (serving, torn.titles()) == (2, ("Who pays?", "TBA"))
    assert torn.conflict() == (CONFLICT,)


def test_a_conflict_is_resolved_by_taking_the_edit_back(torn: Files) -> None:
    torn.day.run("publish")
    torn.day.run("undo", "2")
    assert (torn.day.run("publish").exit_code, torn.conflict()) == (0, ())
    assert torn.titles() == ("Panel: open source", "What models learn")


def test_a_conflict_is_resolved_by_changing_the_files(torn: Files) -> None:
    torn.day.run("publish")
    torn.change(('title = "Panel: open source"', PANEL))
    assert (torn.day.run("publish").exit_code, torn.conflict()) == (0, ())
    assert torn.titles() == ("Who pays?", "What models learn")


def test_times_in_conflict_are_told_as_the_clocks_show_them(files: Files) -> None:
    files.day.run("move", "closing", "17:05")
    files.change(('time = "16:55-17:00"', 'time = "17:00-17:10"'))
    assert files.day.run("publish").stderr.splitlines()[0] == (
        "conflict  “Closing remarks”, time: the files say 17:00–17:10, published is 17:05–17:10,"
        " before both it was 16:55–17:00"
    )


def test_files_with_a_fault_are_refused_with_its_line(files: Files) -> None:
    files.change(('time = "16:55-17:00"', 'time = "17:00-16:55"'))
    result = files.day.run("publish")
    assert (result.exit_code, len(files.day.revisions())) == (1, 1)
    assert "sessions[closing].end" in result.stderr


# The running service


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Files, Server]]:
    """A day and a process that serves it."""
    files = published(tmp_path_factory.mktemp("running"))
    with serving(files.day.url, files.folder.parent) as server:
        yield files, server


@pytest.mark.process
def test_the_running_service_shows_a_terminals_edit(running: tuple[Files, Server]) -> None:
    files, server = running
    stream = Stream(server)
    assert files.day.run("rename", "closing", "Thanks").exit_code == 0
    number = len(files.day.revisions())
    wait_until(lambda: server.get("/api/now")["revision"] == number)
    wait_until(lambda: number in stream.heard)
    stream.close()
    assert "Thanks" in {session["title"] for session in server.get("/api/program")["sessions"]}


@pytest.mark.process
def test_the_running_service_shows_published_files(running: tuple[Files, Server]) -> None:
    files, server = running
    stream = Stream(server)
    files.change((TBA, LEARN))
    assert files.day.run("publish").exit_code == 0
    number = len(files.day.revisions())
    wait_until(lambda: server.get("/api/now")["revision"] == number)
    wait_until(lambda: number in stream.heard)
    stream.close()
    assert "What models learn" in {session["title"] for session in server.get("/api/program")["sessions"]}


@pytest.mark.process
def test_the_running_service_shows_a_conflict_in_its_console(running: tuple[Files, Server]) -> None:
    files, server = running
    frank = Organizer(server)
    files.day.run("rename", "panel", "Who pays?")
    files.change((PANEL, 'title = "Panel: open source"'))
    assert files.day.run("publish").exit_code == 1
    assert CONFLICT in frank.page(server)
    files.day.run("undo")
    assert files.day.run("publish").exit_code == 0
    assert CONFLICT not in frank.page(server)
