"""`agenda backup --every 1s` as a process of its own."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass
from multiprocessing.context import ForkServerProcess
from pathlib import Path

from app.cli import main
from app.store.database import connect, sqlite_url
from app.store.revisions import Revisions
from support.publisher_processes import started
from support.waiting import wait_until

ENDS_WITHIN_SECONDS = 20


@dataclass
class RepeatedBackup:
    """A process that copies a database to a file each second; what it tells goes into a file beside that."""

    file: Path
    process: ForkServerProcess

    @property
    def told(self) -> list[str]:
        """Its lines, without the times."""
        return [line.partition(" ")[2] for line in log_of(self.file).read_text().splitlines()]

    def wait_for(self, revision: int) -> None:
        """Wait until it has told that a revision is in the file."""
        wait_until(lambda: any(line.endswith(f"Revision {revision} is in it.") for line in self.told))

    def end(self, signal_number: int = signal.SIGTERM) -> int | None:
        """Ask it to end; its exit status."""
        if self.process.pid is not None and self.process.is_alive():
            os.kill(self.process.pid, signal_number)
        self.process.join(ENDS_WITHIN_SECONDS)
        return self.process.exitcode


@contextmanager
def copying(url: str, file: Path) -> Iterator[RepeatedBackup]:
    """It runs, and its first copy is made; at the end it is ended."""
    log_of(file).touch()
    running = RepeatedBackup(file, started(_run, url, file))
    try:
        wait_until(lambda: running.told or not running.process.is_alive())
        yield running
    finally:
        running.end()


def latest_in(file: Path) -> int:
    """The number of the latest revision in a copy, which is not opened as a database to serve from."""
    database = connect(sqlite_url(file), create=False)
    latest = Revisions(database).latest()
    database.close()
    return latest.number if latest else 0


def log_of(file: Path) -> Path:
    """Where its lines are."""
    return file.with_suffix(".told")


def _run(url: str, file: Path) -> None:
    os.chdir(file.parent)
    os.environ.clear()
    os.environ["DATABASE_URL"] = url
    with log_of(file).open("w", buffering=1) as log, redirect_stdout(log):
        main(["backup", "--every", "1s", str(file)])
