"""What an edit command works on: the database of the running service, with its clock."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from datetime import datetime
from typing import NoReturn

import click

from app.building import open_existing
from app.domain.edits import Edit, command_of
from app.domain.errors import EditRefused
from app.domain.instants import in_zone
from app.domain.program import Program
from app.domain.telling import headline, told
from app.live.clock import Clock
from app.settings import Settings
from app.store.database import Database
from app.store.publishing import publish_edit, undo
from app.store.revisions import Revision, Revisions

AUTHOR = "terminal"


@dataclass(frozen=True)
class Desk:
    """The latest revision of an existing database, and the clock it lives by."""

    database: Database
    revisions: Revisions
    latest: Revision
    clock: Clock

    @property
    def program(self) -> Program:
        """The program of the latest revision."""
        return self.latest.program

    @property
    def now(self) -> datetime:
        """The present instant of the service."""
        return self.clock.now()

    def publish(self, edit: Edit, note: str) -> None:
        """Publish an edit and say what changed; a refusal prints complete commands that would succeed."""
        try:
            made = publish_edit(self.revisions, edit, base=self.latest.number, author=AUTHOR, note=note, now=self.now)
        except EditRefused as refused:
            self.refuse(refused)
        self.tell(made)

    def undo(self, number: int | None, note: str) -> None:
        """Take back what a revision changed, None: the latest; say which that was, and what it had changed."""
        try:
            made = undo(self.revisions, number, author=AUTHOR, note=note, now=self.now)
        except EditRefused as refused:
            self.refuse(refused)
        self.tell(made)

    def tell(self, made: Revision) -> None:
        """Say what a revision changed, which database it is in, and by which clock when it is not the real one."""
        if made.number == self.latest.number:
            click.echo(f"That changes nothing; {self.database.place} stays at revision {made.number}.")
        else:
            for line in told(made.difference):
                click.echo(line)
            if made.undoes:
                click.echo(f"Taken back: revision {made.undoes} {self._what(made.undoes)}")
            click.echo(f"Published as revision {made.number} in {self.database.place}.")
            if made.base > self.latest.number:
                click.echo(f"On top of revision {made.base} {self._what(made.base)}, published in the meantime.")
        tell_clock(self.clock, made.program)

    def _what(self, number: int) -> str:
        """Whose a revision was, and what, in its author's words or by what it changed."""
        entry = self.revisions.get(number)
        what = entry.note or headline(entry.difference)
        return f"by {entry.author} ({what})" if what else f"by {entry.author}"

    def refuse(self, refused: EditRefused) -> NoReturn:
        """Say why not, and what can be done instead; ends the command with status 1."""
        click.echo(f"agenda: {refused.reason}", err=True)
        commands = [(way, command_of(way.edit, self.program)) for way in refused.ways_out]
        for way, command in commands:
            click.echo(f"  {command or '(in the console)'}    # {way.sentence}", err=True)
        sys.exit(1)


def tell_clock(clock: Clock, program: Program, *, err: bool = False) -> None:
    """Say which clock was used, when it is not the real one."""
    if clock.rehearsal:
        click.echo(f"A rehearsal: its clock says {in_zone(clock.now(), program.zone):%Y-%m-%d %H:%M}.", err=err)


def opened(settings: Settings) -> tuple[Database, Clock]:
    """The database that a service made, and the clock it lives by; closed when the command ends."""
    database, clock = open_existing(settings, or_rehearsals=True)
    click.get_current_context().call_on_close(database.close)
    return database, clock


def open_desk() -> Desk:
    """The desk of the environment's database, which must be there."""
    database, clock = opened(Settings.read(os.environ))
    revisions = Revisions(database)
    latest = revisions.latest()
    if latest is None:
        raise click.ClickException(f"{database.place} holds no revision yet; `agenda serve` publishes the first")
    return Desk(database, revisions, latest, clock)
