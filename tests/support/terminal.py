"""A terminal beside the service: a day in a database whose clock stands still, and commands on it."""

from __future__ import annotations

import shlex
import shutil
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp

from click.testing import CliRunner, Result

from app.cli import main
from app.domain.program import Program
from app.formats.program_folder.files import hash_of_folder
from app.formats.program_folder.reader import read_program
from app.settings import first_program
from app.store.database import open_database, sqlite_url
from app.store.database_identity import Rehearsal, claim_real, claim_rehearsal
from app.store.publish_files import publish_files
from app.store.revisions import Revision, Revisions
from support.codeml_day import at, times

# A clock that stands has no speed to divide by.
NEARLY_STANDING = 1e-9
SQLITE = "sqlite:///"
LONG_AGO = datetime(2025, 7, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Terminal:
    """Commands on one database."""

    url: str
    environment: Mapping[str, str]

    def run(self, *arguments: str, typed: str | bytes = "") -> Result:
        """What `agenda` says to arguments; ``typed`` is its standard input. What would be a traceback is raised."""
        environment = {"DATABASE_URL": self.url, **self.environment}
        return CliRunner().invoke(main, list(arguments), env=environment, input=typed, catch_exceptions=False)

    def type(self, line: str, typed: str | bytes = "") -> Result:
        """What comes of a line as it is typed into a shell."""
        agenda, *arguments = shlex.split(line, comments=True)
        assert agenda == "agenda"
        return self.run(*arguments, typed=typed)

    def copy(self) -> Terminal:
        """The same day on a copy of its SQLite database."""
        file = Path(self.url.removeprefix(SQLITE))
        return Terminal(sqlite_url(Path(shutil.copy(file, mkdtemp(dir=file.parent)))), self.environment)

    def set_clock(self, instant: datetime) -> None:
        """Let the clock of a rehearsal stand at another instant."""
        database = open_database(self.url, _program_id(_folder(self.environment)), create=False)
        try:
            claim_rehearsal(database, Rehearsal(datetime.now(UTC), instant, NEARLY_STANDING))
        finally:
            database.close()

    @contextmanager
    def opened(self) -> Iterator[Revisions]:
        """Its revisions, while its database is open."""
        database = open_database(self.url, _program_id(_folder(self.environment)), create=False)
        try:
            yield Revisions(database)
        finally:
            database.close()

    def revisions(self) -> tuple[Revision, ...]:
        """All revisions, oldest first."""
        with self.opened() as revisions:
            return revisions.since(0)

    def program(self) -> Program:
        """What is published."""
        return self.revisions()[-1].program

    def times(self, *sessions: str) -> dict[str, str]:
        """What the venue's clocks show for sessions."""
        return times(self.program(), *sessions)

    def said(self, revision: int, *lines: str) -> str:
        """What a command prints that published a revision at 10:40."""
        place = self.url.removeprefix(SQLITE)
        last = (f"Published as revision {revision} in {place}.", "A rehearsal: its clock says 2025-07-18 10:40.")
        return "".join(f"{line}\n" for line in (*lines, *last))


def terminal(url: str, clock: str | None = "10:40", **environment: str) -> Terminal:
    """A new day, published from its folder; its clock stands at a time of 18 July 2025 or, None, is the real one."""
    folder = _folder(environment)
    if url.startswith(SQLITE):
        file = Path(url.removeprefix(SQLITE))
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(_published(folder, hash_of_folder(folder)))
    else:
        _publish(url, folder)
    database = open_database(url, _program_id(folder), create=False)
    if clock is None:
        claim_real(database)
    else:
        claim_rehearsal(database, Rehearsal(datetime.now(UTC), at(clock), NEARLY_STANDING))
    database.close()
    return Terminal(url, environment)


@cache
def _published(folder: Path, source_hash: str) -> bytes:
    """An SQLite database in which a folder is published: copying it takes less than making it."""
    with TemporaryDirectory() as place:
        file = Path(place) / "agenda.sqlite"
        _publish(sqlite_url(file), folder)
        return file.read_bytes()


def _publish(url: str, folder: Path) -> None:
    program = read_program(folder)
    database = open_database(url, program.id)
    publish_files(Revisions(database), program, source_hash=hash_of_folder(folder), now=LONG_AGO)
    database.close()


def _program_id(folder: Path) -> str:
    return str(tomllib.loads((folder / "program.toml").read_text())["id"])


def _folder(environment: Mapping[str, str]) -> Path:
    return Path(environment.get("AGENDA_PROGRAM", first_program()))


def printed_commands(result: Result) -> list[str]:
    """The complete commands that a refusal prints, without what they are said to do."""
    lines = result.stderr.splitlines()[1:]
    return [line.partition("    #")[0].strip() for line in lines if line.startswith("  agenda ")]


def refused_with_commands(day: Terminal, line: str) -> list[str]:
    """The commands that the refusal of a line prints; each succeeds as printed, on a copy of the day."""
    before = day.revisions()
    result = day.type(line)
    commands = printed_commands(result)
    assert (result.exit_code, result.stdout, len(day.revisions())) == (1, "", len(before))
    assert [(one, day.copy().type(one).exit_code) for one in commands] == [(one, 0) for one in commands]
    return commands
