"""What every way of deployment must carry: a page, the console, a live delay, and a restart without loss.

`walk` does it over HTTP, as a reader and an organizer would: what runs behind the address does not matter.
"""

from __future__ import annotations

import re
import signal
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from pathlib import Path

from support.processes import end
from support.visitor import Visitor
from support.waiting import wait_until

STARTS_WITHIN_SECONDS = 90
ENDS_WITHIN_SECONDS = 20
# The session of the program of `agenda new` that `walk` delays, and by how much.
DELAYED = "first-talk"
DELAY = timedelta(minutes=10)
DATE = re.compile(r"^date = .*$", re.MULTILINE)


def upcoming(folder: Path) -> Path:
    """Move a program that `agenda new` made to tomorrow, so that its sessions can be delayed whatever the hour."""
    file = folder / "program.toml"
    tomorrow = (datetime.now(UTC) + timedelta(days=1)).date()
    file.write_text(DATE.sub(f"date = {tomorrow}", file.read_text()))
    return folder


def walk(visitor: Visitor, printed: Callable[[], str], restart: Callable[[], None], session: str = DELAYED) -> None:
    """Page, sign-in by the link in what was printed, a delay on the stream and on the page, a restart.

    `restart` ends the service as its platform does, and starts it again; the service may take its time to answer.
    """
    wait_until(visitor.answers, STARTS_WITHIN_SECONDS)
    assert f'data-session="{session}"' in visitor.get("/").text
    planned = visitor.start_of(session)
    visitor.sign_in(printed())
    with closing(visitor.stream()) as stream:
        number = visitor.delay(session, DELAY)
        stream.revision(number)
    assert visitor.start_of(session) == planned + DELAY
    restart()
    wait_until(visitor.answers, STARTS_WITHIN_SECONDS)
    assert (visitor.revision(), visitor.start_of(session)) == (number, planned + DELAY)
    # Still signed in: the key that signs the cookies is kept too.
    assert visitor.get("/organizer").status == HTTPStatus.OK


@dataclass
class Command:
    """A service as a command line, in a folder, with this environment and no other; what it prints goes to a file."""

    words: Sequence[str | Path]
    folder: Path
    environment: Mapping[str, str]
    output: Path
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it; a second time, it prints on into the same file."""
        with self.output.open("ab") as file:
            self.process = subprocess.Popen(
                self.words, cwd=self.folder, env=self.environment, stdout=file, stderr=file, start_new_session=True
            )

    def stop(self) -> int:
        """Ask it to end as a platform does, by SIGTERM; its exit status. Raises `TimeoutExpired`."""
        assert self.process is not None
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(ENDS_WITHIN_SECONDS)

    def restart(self) -> None:
        """End it and start it again; by SIGTERM it has drained, or has ended of it afterwards, as uvicorn does."""
        assert self.stop() in {0, -signal.SIGTERM}
        self.start()

    def printed(self) -> str:
        """All that it has printed."""
        return self.output.read_text()


@contextmanager
def running(
    words: Sequence[str | Path], folder: Path, environment: Mapping[str, str], output: Path
) -> Iterator[Command]:
    """A running command; at the end nothing of it is left."""
    command = Command(words, folder, environment, output)
    command.start()
    try:
        yield command
    finally:
        if command.process is not None:
            with suppress(subprocess.TimeoutExpired):
                end(command.process, ENDS_WITHIN_SECONDS)
