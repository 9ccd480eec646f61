"""A terminal beside the service: a day in a database whose clock stands still, and commands on it."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from click.testing import CliRunner, Result

from app.cli import main
from app.domain.program import Program
from app.formats.program_folder.files import hash_of_folder
from app.formats.program_folder.reader import read_program
from app.settings import first_program
from app.store.database import open_database
from app.store.database_identity import Rehearsal, claim_real, claim_rehearsal
from app.store.publishing import publish_files
from app.store.revisions import Revision, Revisions
from support.codeml_day import at, times

# A clock that stands has no speed to divide by.
NEARLY_STANDING = 1e-6
LONG_AGO = datetime(2025, 7, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Terminal:
    """Commands on one database."""

    url: str
    environment: Mapping[str, str]

    def run(self, *arguments: str) -> Result:
        """What `agenda` says to arguments."""
        return CliRunner().invoke(main, list(arguments), env={"DATABASE_URL": self.url, **self.environment})

    def revisions(self) -> tuple[Revision, ...]:
        """All revisions, oldest first."""
        database = open_database(self.url, self._program_id(), create=False)
        try:
            return Revisions(database).since(0)
        finally:
            database.close()

    def program(self) -> Program:
        """What is published."""
        return self.revisions()[-1].program

    def times(self, *sessions: str) -> dict[str, str]:
        """What the venue's clocks show for sessions."""
        return times(self.program(), *sessions)

    def said(self, revision: int, *lines: str) -> str:
        """What a command prints that published a revision at 10:40."""
        place = self.url.removeprefix("sqlite:///")
        last = (f"Published as revision {revision} in {place}.", "A rehearsal: its clock says 2025-07-18 10:40.")
        return "".join(f"{line}\n" for line in (*lines, *last))

    def _program_id(self) -> str:
        return str(tomllib.loads((_folder(self.environment) / "program.toml").read_text())["id"])


def terminal(url: str, clock: str | None = "10:40", **environment: str) -> Terminal:
    """A new day, published from its folder; its clock stands at a time of 18 July 2025 or, None, is the real one."""
    folder = _folder(environment)
    program = read_program(folder)
    database = open_database(url, program.id)
    if clock is None:
        claim_real(database)
    else:
        claim_rehearsal(database, Rehearsal(datetime.now(UTC), at(clock), NEARLY_STANDING))
    publish_files(Revisions(database), program, source_hash=hash_of_folder(folder), now=LONG_AGO)
    database.close()
    return Terminal(url, environment)


def _folder(environment: Mapping[str, str]) -> Path:
    return Path(environment.get("AGENDA_PROGRAM", first_program()))
