"""A second machine takes over by the commands of its card: from the last backup, or on the same database."""

from __future__ import annotations

import http.client
import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from typing import Any

import pytest
from support.doc_commands import commands_under
from support.repository import FIRST_PROGRAM
from support.server_processes import Organizer, Server, exchange, free_port
from support.waiting import wait_until

from app.store.database import sqlite_url

CARD = "docs/second-machine.md"
TAKES_OVER_WITHIN_SECONDS = 120
PUBLIC = "http://127.0.0.1"
# What stays as it is to the last byte, with its ETag.
STEADY = (
    *("/calendar/codeml-2025.ics", "/calendar/talks.ics", "/rooms/venue.ics", "/talks/panel.ics", "/changes.atom"),
    *("/talks/panel/qr.svg", "/talks/panel/qr.png", "/qr.png?for=/", "/api/program", "/api/changes"),
)
FILE = "codeml-2025.sqlite"
LOST, OTHER = "A title that no backup has", "Another title with the same number"


@dataclass
class Machine:
    """A folder with the service, and what the two machines share; commands run there as the card has them."""

    folder: Path
    settings: dict[str, str]
    running: list[subprocess.Popen[str]] = field(default_factory=list)

    def run(self, heading: str) -> None:
        """Run the commands below a heading of the card; those that go on run until `kill`."""
        for command in commands_under(CARD, heading):
            process = self.start(command)
            if not command.startswith(("agenda serve", "agenda backup --every")):
                assert process.wait(TAKES_OVER_WITHIN_SECONDS) == 0
                self.running.remove(process)

    def start(self, command: str) -> subprocess.Popen[str]:
        """Start a command of the card: on the loopback alone, and copying each second."""
        command = command.replace("agenda serve", "agenda serve --host 127.0.0.1").replace("--every 1m", "--every 1s")
        process = subprocess.Popen(
            ["/bin/sh", "-c", f"exec {command}"],
            cwd=self.folder,
            env=self.settings,
            stdout=subprocess.DEVNULL,
            text=True,
            start_new_session=True,
        )
        self.running.append(process)
        return process

    def kill(self, *processes: subprocess.Popen[str]) -> None:
        """End some at once, or all, as if the battery were empty."""
        for process in processes or tuple(self.running):
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            self.running.remove(process)


@dataclass
class Hall:
    """Two machines of the same settings, and what people have open."""

    first: Machine
    second: Machine
    port: int
    shared: Path

    def serve(self, machine: Machine, heading: str) -> None:
        """Run what the card has below a heading, and wait until the service there is ready."""
        machine.run(heading)
        wait_until(self.is_ready, TAKES_OVER_WITHIN_SECONDS)

    def is_ready(self) -> bool:
        with suppress(OSError, http.client.HTTPException):
            return exchange(self.port, "GET", "/readyz")[0] == HTTPStatus.OK
        return False

    def get(self, path: str, **headers: str) -> tuple[int, str, bytes]:
        """Status, ETag and body."""
        status, answered, body = exchange(self.port, "GET", path, headers=headers)
        return status, answered.get("ETag", ""), body

    def json(self, path: str, **headers: str) -> Any:
        return json.loads(self.get(path, **headers)[2])

    def title(self) -> str:
        """The panel's title, as readers see it."""
        [panel] = [one for one in self.json("/api/program")["sessions"] if one["id"] == "panel"]
        return str(panel["title"])

    def next_revision(self, last_event_id: int) -> int:
        """The revision that a stream gets at once which comes back with the id of its last event."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=TAKES_OVER_WITHIN_SECONDS)
        connection.request("GET", "/live", headers={"Last-Event-ID": str(last_event_id)})
        lines = iter(connection.getresponse().readline, b"")
        found = next(line for line in lines if line.startswith(b'data: {"revision"'))
        connection.close()
        return int(json.loads(found.removeprefix(b"data: "))["revision"])

    def star(self, *sessions: str) -> str:
        """Star sessions; the key of the set."""
        body, headers = json.dumps({"add": sessions}), {"Content-Type": "application/json"}
        return str(json.loads(exchange(self.port, "POST", "/my/picks", body, headers)[2])["write"])

    def stars(self, key: str) -> list[str]:
        found: list[str] = self.json("/my/picks", Authorization=f"Bearer {key}")["sessions"]
        return found

    def day(self) -> str:
        """The day's page, but for the mark of what goes on from a backup."""
        return re.sub(r' data-history="\w+"', "", self.get("/")[2].decode())

    def wait_for_copy(self, revision: int) -> None:
        """Wait until a revision is in the backup."""
        wait_until(lambda: _latest_in(self.shared / "agenda.backup") == revision)


def _latest_in(copy: Path) -> int:
    with closing(sqlite3.connect(f"file:{copy}?mode=ro", uri=True)) as connection:
        return int(connection.execute("SELECT max(number) FROM revisions").fetchone()[0])


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[Hall]:
    """The folders of two machines, with the settings of both."""
    port = free_port()
    shared, stick = tmp_path / "shared", tmp_path / "stick"
    settings = {
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "PYTHONPATH": os.environ.get("PYTHONPATH", ""),
        "PORT": str(port),
        "AGENDA_PROGRAM": str(FIRST_PROGRAM),
        "AGENDA_PUBLIC_URL": f"{PUBLIC}:{port}",
        "SHARED": str(shared),
        "STICK": str(stick),
    }
    for folder in (tmp_path / "first", tmp_path / "second", shared, stick):
        folder.mkdir()
    two = Hall(Machine(tmp_path / "first", settings), Machine(tmp_path / "second", settings), port, shared)
    yield two
    for machine in (two.first, two.second):
        machine.kill()


@pytest.mark.acceptance
@pytest.mark.process
@pytest.mark.timeout(400)
def test_a_second_machine_goes_on_from_the_last_backup_of_one_that_died(hall: Hall) -> None:
    hall.first.start("agenda serve")
    wait_until(hall.is_ready, TAKES_OVER_WITHIN_SECONDS)
    copying_from = len(hall.first.running)
    hall.first.run("Before the day, on the first machine")
    hall.second.run("Before the day, on the second machine")
    first = Server(sqlite_url(hall.first.folder / "var" / FILE), hall.first.folder, port=hall.port)
    frank, stars = Organizer(first), hall.star("panel", "tri-dao")
    assert frank.edit(first, 1, do="content", session="panel", title="The panel") == 2
    hall.wait_for_copy(2)
    before, day = {path: hall.get(path) for path in STEADY}, hall.day()
    now = hall.json("/api/now")

    # What nobody has copied when the machine dies.
    hall.first.kill(hall.first.running[copying_from])
    assert frank.edit(first, 2, do="content", session="panel", title=LOST) == 3
    lost_tag = hall.get("/talks/panel")[1]
    hall.first.kill()

    hall.serve(hall.second, "When it dies, on the second machine")
    assert {path: hall.get(path) for path in STEADY} == before
    assert hall.day() == day
    assert hall.stars(stars) == ["panel", "tri-dao"]
    assert "/organizer/sign-out" in frank.page(first)
    after = hall.json("/api/now")
    assert (after["service"], after["revision"]) == (now["service"], 2)
    assert after["history"] != now["history"]

    # Who knew revision 3 gets what there is, and then another revision 3.
    assert hall.next_revision(3) == 2
    assert LOST.encode() not in hall.get("/talks/panel", **{"If-None-Match": lost_tag})[2]
    assert frank.edit(first, 2, do="content", session="panel", title=OTHER) == 3
    wait_until(lambda: hall.title() == OTHER)
    assert [one["revision"] for one in hall.json("/api/changes?since=2")["changes"]] == [3]


@pytest.mark.acceptance
@pytest.mark.process
@pytest.mark.timeout(400)
def test_with_postgresql_a_second_machine_starts_on_the_same_database(hall: Hall, postgres_url: str) -> None:
    for machine in (hall.first, hall.second):
        machine.settings |= {"DATABASE_URL": postgres_url, "SECRET_KEY": "the same on both"}
    hall.first.start("agenda serve")
    wait_until(hall.is_ready, TAKES_OVER_WITHIN_SECONDS)
    first = Server(postgres_url, hall.first.folder, port=hall.port)
    frank, stars = Organizer(first), hall.star("panel")
    assert frank.edit(first, 1, do="content", session="panel", title="The panel") == 2
    before = {path: hall.get(path) for path in STEADY}
    hall.first.kill()

    hall.serve(hall.second, "With PostgreSQL")
    assert {path: hall.get(path) for path in STEADY} == before
    assert hall.stars(stars) == ["panel"]
    assert hall.json("/api/now")["history"] == ""
    assert frank.edit(first, 2, do="content", session="panel", title="Who pays?") == 3
