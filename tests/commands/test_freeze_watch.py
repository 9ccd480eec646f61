"""`agenda freeze --watch`: a process that follows the database of another."""

from __future__ import annotations

import json
import os
import queue
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner
from support.held_freeze import HeldFreeze
from support.processes import end
from support.repository import FIRST_PROGRAM, ROOT
from support.waiting import wait_until

from app.cli import main
from app.commands.freeze_watch import Watch
from app.domain.edits.edit_types import ChangeContent
from app.domain.rights import Editor
from app.formats.program_folder.reader import read_program
from app.freezing.copy_folder import MARK, CopyFolder
from app.freezing.worker_processes import usable_processes
from app.live.clock import FixedClock
from app.live.snapshot import Snapshot
from app.service_factory import serve_from
from app.settings import Settings
from app.store.backup import backup
from app.store.database import open_database, sqlite_url
from app.store.database_identity import Rehearsal, claim_rehearsal
from app.store.publishing import publish_edit
from app.store.revisions import Revisions

pytestmark = pytest.mark.process

PUBLIC = "https://conference.example/agenda"
WAIT_SECONDS = 120
BEFORE = datetime(2025, 7, 1, tzinfo=UTC)
# Five seconds of a rehearsal's clock at this speed are five minutes.
FAST = 60


@dataclass
class Watching:
    """A running `agenda freeze`, mostly with `--watch`, and what it says."""

    process: subprocess.Popen[str]
    lines: queue.SimpleQueue[str] = field(default_factory=queue.SimpleQueue)

    def listen(self) -> None:
        """Take up each line as it comes."""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.lines.put(line.rstrip("\n"))

    def says(self, words: str) -> str:
        """The next line with some words; those before it are passed over."""
        while words not in (line := self.lines.get(timeout=WAIT_SECONDS)):
            pass
        return line.partition(" ")[2]

    def stopped_by(self, number: signal.Signals) -> tuple[int, str]:
        """The status with which it ends after a signal, and its last words."""
        self.process.send_signal(number)
        return self.process.wait(WAIT_SECONDS), self.says("Stopped")


def begun(folder: Path, *options: str, url: str | None = None, python_path: str = str(ROOT)) -> subprocess.Popen[str]:
    """A process that freezes, in a group of its own."""
    environment = {
        **os.environ,
        "AGENDA_PROGRAM": str(folder / "program"),
        "DATABASE_URL": url or sqlite_url(folder / "agenda.sqlite"),
        "PYTHONPATH": python_path,
    }
    command = [sys.executable, "-m", "app", "freeze", str(folder / "copy"), "--url", PUBLIC, *options]
    return subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True
    )


def watching(folder: Path, **where: str) -> AbstractContextManager[Watching]:
    """One that goes on."""
    return freezing(folder, "--watch", **where)


@contextmanager
def freezing(folder: Path, *options: str, url: str | None = None, python_path: str = str(ROOT)) -> Iterator[Watching]:
    """A running freeze, which has ended afterwards, whatever happens."""
    process = begun(folder, *options, url=url, python_path=python_path)
    watch = Watching(process)
    thread = threading.Thread(target=watch.listen, daemon=True)
    thread.start()
    try:
        yield watch
    finally:
        end(process, WAIT_SECONDS)  # type: ignore[arg-type]  # of text as of bytes
        thread.join()
        if process.stdout:
            process.stdout.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a program and a database in which it is published."""
    shutil.copytree(FIRST_PROGRAM, tmp_path / "program")
    program = read_program(tmp_path / "program")
    database = open_database(sqlite_url(tmp_path / "agenda.sqlite"), program.id)
    serve_from(database, program, FixedClock(BEFORE)).close()
    return tmp_path


def with_database(folder: Path, work: Callable[[Revisions], object]) -> None:
    database = open_database(sqlite_url(folder / "agenda.sqlite"), "codeml-2025", create=False)
    try:
        work(Revisions(database))
    finally:
        database.close()


def publish(folder: Path, title: str) -> None:
    edit = ChangeContent(session="tri-dao", title=title)
    now = datetime.now(UTC)
    with_database(folder, lambda found: publish_edit(found, edit, base=1, by=Editor("x"), note="", now=now))


def said_by_freeze(folder: Path) -> str:
    """What one freeze of the same says."""
    environment = {"AGENDA_PROGRAM": str(folder / "program"), "DATABASE_URL": sqlite_url(folder / "agenda.sqlite")}
    return CliRunner().invoke(main, ["freeze", str(folder / "copy"), "--url", PUBLIC], env=environment).stdout


def whole(folder: Path) -> bool:
    """Whether nothing is left to do for a copy: all files are there, and of one revision."""
    return said_by_freeze(folder).startswith("Nothing has changed since the copy was made: ")


def test_each_revision_is_frozen_until_a_signal_comes(folder: Path) -> None:
    with watching(folder) as watch:
        assert watch.says("Revision 1").startswith("Revision 1 as of ")
        publish(folder, "On Pythia")
        assert " files written (" in watch.says("Revision 2")
        assert json.loads((folder / "copy" / "freeze.json").read_text())["revision"] == 2
        assert "On Pythia</h1>" in (folder / "copy" / "talks" / "tri-dao" / "index.html").read_text()
        assert watch.stopped_by(signal.SIGTERM) == (0, "Stopped.")
    assert whole(folder)


@pytest.fixture
def freeze(tmp_path: Path) -> HeldFreeze:
    """One that is held when some files are made."""
    return HeldFreeze(tmp_path / "hook", "now/index.html")


def test_a_signal_during_a_freeze_leaves_a_complete_copy(folder: Path, freeze: HeldFreeze) -> None:
    with watching(folder, python_path=freeze.python_path) as watch:
        with freeze.held(WAIT_SECONDS):
            watch.process.send_signal(signal.SIGINT)
        assert (watch.process.wait(WAIT_SECONDS), watch.says("Stopped")) == (0, "Stopped.")
    assert whole(folder)


def test_a_freeze_is_put_off_while_the_watcher_waits_for_the_database(folder: Path) -> None:
    program, place = read_program(folder / "program"), CopyFolder(folder / "copy")
    database = open_database(sqlite_url(folder / "agenda.sqlite"), program.id)
    reached, answered = threading.Event(), threading.Event()

    def wait(_snapshot: Snapshot) -> None:
        reached.set()
        answered.wait(WAIT_SECONDS)

    with closing(serve_from(database, program, FixedClock(BEFORE), PUBLIC)) as service:
        service.current.before_revision(wait)
        publish(folder, "On Pythia")
        assert reached.wait(WAIT_SECONDS)
        watch = Watch(Settings(program=folder / "program", secret_key="for tests"), service, place, force=False)
        fault = watch.run(lambda _: True)
        assert (str(fault), place.path.exists()) == ("no copy can be made now: the database does not answer", False)
        answered.set()
        assert (watch.run(lambda _: True), place.mark()["revision"]) == (None, 2)


@pytest.fixture
def hanging_watcher() -> Iterator[None]:
    """Meanwhile the thread that asks the database for revisions waits, as for one that hangs."""
    answered = threading.Event()

    def wait(*_: object) -> None:
        if threading.current_thread().name == "watch":
            answered.wait(WAIT_SECONDS)

    threading.setprofile(wait)
    yield
    threading.setprofile(None)
    answered.set()


@pytest.mark.usefixtures("hanging_watcher")
def test_one_freeze_is_refused_while_the_watcher_waits_for_the_database(folder: Path) -> None:
    environment = {"AGENDA_PROGRAM": str(folder / "program"), "DATABASE_URL": sqlite_url(folder / "agenda.sqlite")}
    result = CliRunner().invoke(main, ["freeze", str(folder / "copy"), "--url", PUBLIC], env=environment)
    assert result.stderr.endswith("agenda: no copy can be made now: the database does not answer\n")
    assert (result.exit_code, (folder / "copy").exists()) == (1, False)


def children_of(number: int) -> list[Path]:
    """The processes that a process has begun and that run, as folders of /proc; none where there is no such folder."""
    found = []
    for place in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            state, parent = (place / "stat").read_text().rpartition(")")[2].split()[:2]
            if int(parent) == number and state != "Z":
                found.append(place)
    return found


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="processes are found in /proc")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_to_the_whole_group_ends_all_processes_after_a_complete_copy(
    folder: Path, freeze: HeldFreeze, number: signal.Signals
) -> None:
    with watching(folder, python_path=freeze.python_path) as watch:
        with freeze.held(WAIT_SECONDS):
            workers = children_of(watch.process.pid)
            os.killpg(watch.process.pid, number)
        assert (watch.process.wait(WAIT_SECONDS), watch.says("Stopped")) == (0, "Stopped.")
        assert [one for one in workers if one.exists()] == []
    assert len(workers) == (usable_processes() if usable_processes() > 1 else 0)
    assert whole(folder)


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="processes are found in /proc")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_one_freeze_that_is_ended_with_its_group_leaves_no_process_and_half_a_copy_that_the_next_one_completes(
    folder: Path, freeze: HeldFreeze, number: signal.Signals
) -> None:
    with freezing(folder, python_path=freeze.python_path) as one, freeze.held(WAIT_SECONDS):
        workers = children_of(one.process.pid)
        os.killpg(one.process.pid, number)
        assert one.process.wait(WAIT_SECONDS) != 0
        wait_until(lambda: not any(worker.exists() for worker in workers), WAIT_SECONDS)
    # Half a copy has no mark that phones would follow.
    assert not (folder / "copy" / MARK).exists()
    assert " files in " in said_by_freeze(folder)
    assert whole(folder)


def test_each_boundary_is_frozen(folder: Path, tmp_path: Path) -> None:
    program = read_program(folder / "program")
    database = open_database(sqlite_url(tmp_path / "rehearsal.sqlite"), program.id)
    # Ten minutes before a talk begins: boundaries follow within some seconds of that clock.
    claim_rehearsal(database, Rehearsal(datetime.now(UTC), datetime(2025, 7, 18, 17, 20, tzinfo=UTC), FAST))
    serve_from(database, program, FixedClock(BEFORE)).close()
    with watching(folder, url=sqlite_url(tmp_path / "rehearsal.sqlite")) as watch:
        copies = []
        for _ in range(2):
            watch.says("Revision 1")
            copies.append(json.loads((folder / "copy" / "freeze.json").read_text())["copy"])
        assert len(set(copies)) == 2
        assert watch.stopped_by(signal.SIGTERM)[0] == 0


def test_a_database_that_is_away_is_waited_for(folder: Path) -> None:
    database, elsewhere = folder / "agenda.sqlite", folder / "elsewhere.sqlite"
    with watching(folder) as watch:
        watch.says("Revision 1")
        database.rename(elsewhere)
        assert watch.says("meanwhile").endswith("; the copy stays at revision 1 meanwhile")
        elsewhere.rename(database)
        # Said once: nothing else comes before.
        assert watch.lines.get(timeout=WAIT_SECONDS).endswith(" The database answers again.")
        publish(folder, "On Pythia")
        watch.says("Revision 2")


def test_another_database_in_its_place_ends_the_watch_for_a_new_start(folder: Path) -> None:
    database, other = folder / "agenda.sqlite", folder / "restored.sqlite"
    with_database(folder, lambda found: backup(found.database, other))
    with watching(folder) as watch:
        watch.says("Revision 1")
        other.replace(database)
        reason = f"{database} was replaced; start the service again"
        assert watch.says("was replaced") == f"the database does not answer ({reason})"
        assert watch.process.wait(WAIT_SECONDS) == 1
    with watching(folder) as watch:
        watch.says("Revision 1")


def test_a_server_that_is_away_at_the_start_is_waited_for(folder: Path) -> None:
    # Port 9 is that of the discard service, which no machine runs.
    with watching(folder, url="postgresql://nobody@127.0.0.1:9/nothing") as watch:
        assert watch.says("it is tried until it does")
        assert watch.stopped_by(signal.SIGTERM) == (0, "Stopped.")


def test_what_was_never_published_is_not_watched(folder: Path) -> None:
    (folder / "agenda.sqlite").unlink()
    with watching(folder) as watch:
        assert "no database at" in watch.lines.get(timeout=WAIT_SECONDS)
        assert watch.process.wait(WAIT_SECONDS) == 1
