"""Opens the database of the running service, with its clock, for commands."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from itertools import chain
from typing import NoReturn

import click

from app.commands.edit_as_command import Words, command_of, given
from app.domain.change_text import change_lines, headline
from app.domain.edits.edit_text import edit_text
from app.domain.edits.edit_types import Edit
from app.domain.edits.outcome import EditRefused, Suggestion, UndoRefused
from app.domain.edits.preview import preview
from app.domain.instants import in_zone
from app.domain.program import Program
from app.domain.rights import TERMINAL, Editor
from app.formats.edit_json import recorded_edit
from app.live.clock import Clock
from app.program_database import open_existing
from app.settings import Settings
from app.store.database import Database
from app.store.publishing import publish_edit, restore_day, undo
from app.store.revisions import Revision, Revisions


@dataclass(frozen=True)
class EditSession:
    """An existing database, its latest revision and its clock."""

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
        """The service's current instant."""
        return self.clock.now()

    def publish(self, edit: Edit, note: str, say: Callable[[Program], Iterable[str]] = lambda _: ()) -> None:
        """Publish an edit and print what changed, and what ``say`` says of the program then."""
        self._publish(partial(publish_edit, self.revisions, edit, base=self.latest.number), note, say)

    def made(self, make: Callable[[], Edit], note: str, also: Iterable[Words] = ()) -> Edit:
        """The edit that is made; refuses what cannot be made, with those suggestions that can be published.

        ``also`` are further options of the commands that are printed.
        """
        try:
            return make()
        except EditRefused as refused:
            self.refuse(EditRefused(refused.reason, self.possible_instead(refused)), note, also)

    def possible_instead(self, refused: EditRefused, prefix: str = "") -> list[Suggestion]:
        """The suggestions of a refusal, or their alternatives where they cannot be published themselves."""
        found = (self.possible(one.edit, f"{prefix}{one.sentence}.") for one in refused.suggestions)
        return list(chain.from_iterable(found))

    def possible(self, edit: Edit, sentence: str) -> list[Suggestion]:
        """The edit where it can be published, else its alternatives; ``sentence`` precedes their own."""
        try:
            shown = preview(self.program, edit, self.now)
            found = (Suggestion(edit, ""),) if shown.publishable else shown.suggestions
        except EditRefused as refused:
            found = refused.suggestions
        return [replace(one, sentence=f"{sentence} {one.sentence}".rstrip()) for one in found]

    def undo(self, number: int | None, note: str) -> None:
        """Take back what a revision changed, or the latest (None); print which revision that was and what changed."""
        self._publish(partial(undo, self.revisions, number), note)

    def back_to(self, number: int, note: str) -> None:
        """Restore the day as it stood in a revision, and print what changed."""
        self._publish(partial(restore_day, self.revisions, number), note)

    def _publish(
        self, publish: Callable[..., Revision], note: str, say: Callable[[Program], Iterable[str]] = lambda _: ()
    ) -> None:
        """Publish, then print the changes, the database, and a rehearsal's time; or print why that is refused."""
        try:
            made = publish(by=Editor(TERMINAL), note=note, now=self.now)
        except EditRefused as refused:
            self.refuse(refused, note)
        self._print(made, say(made.program))
        print_clock(self.clock, made.program)

    def _print(self, made: Revision, said: Iterable[str]) -> None:
        """Print what a revision changed, and what is said besides."""
        is_new = made.number != self.latest.number
        lines = (change_lines(made.difference) or self._told(made)) if is_new else ()
        for line in (*lines, *said):
            click.echo(line)
        if not is_new:
            click.echo(f"That changes nothing; {self.database.place} stays at revision {made.number}.")
            return
        for change in made.difference.sessions:
            if change.before is None:
                click.echo(f"Its id is {change.session}.")
        if made.undoes:
            click.echo(f"Taken back: revision {made.undoes} {self._description(made.undoes)}")
        click.echo(f"Published as revision {made.number} in {self.database.place}.")
        if made.base > self.latest.number:
            click.echo(f"On top of revision {made.base} {self._description(made.base)}, published in the meantime.")

    def _told(self, made: Revision) -> Iterator[str]:
        """What was done, where a reader sees no change."""
        if (edit := recorded_edit(made.edit)) is not None:
            yield f"{edit_text(edit, made.program)}."

    def _description(self, number: int) -> str:
        """A revision's author, with the note or the first change."""
        entry = self.revisions.get(number)
        text = entry.note or headline(entry.difference)
        return f"by {entry.author} ({text})" if text else f"by {entry.author}"

    def refuse(self, refused: EditRefused, note: str, also: Iterable[Words] = ()) -> NoReturn:
        """Print the reason and the suggested commands, with the same note; exit with status 1."""
        options = [*also, *given(("--note", note or None))]
        click.echo(f"agenda: {refused.reason}", err=True)
        for suggestion in refused.suggestions:
            command = command_of(suggestion.edit, self.program, options) or "(in the console)"
            click.echo(f"  {command}    # {suggestion.sentence}", err=True)
        if isinstance(refused, UndoRefused):
            for number in refused.later:
                description = self._description(number)
                click.echo(f"  agenda undo {number}    # {description[0].upper()}{description[1:]}.", err=True)
        sys.exit(1)


def print_clock(clock: Clock, program: Program, *, err: bool = False) -> None:
    """Print the time of a rehearsal's clock; nothing for the real clock."""
    if clock.rehearsal:
        click.echo(f"A rehearsal: its clock says {in_zone(clock.now(), program.zone):%Y-%m-%d %H:%M}.", err=err)


def opened(settings: Settings) -> tuple[Database, Clock]:
    """The service's database, closed when the command ends, and its clock."""
    database, clock = open_existing(settings)
    click.get_current_context().call_on_close(database.close)
    return database, clock


def open_edit_session() -> EditSession:
    """The edit session of the database that the environment names."""
    database, clock = opened(Settings.read(os.environ))
    revisions = Revisions(database)
    latest = revisions.latest()
    if latest is None:
        raise click.ClickException(f"{database.place} holds no revision yet; `agenda serve` publishes the first")
    return EditSession(database, revisions, latest, clock)
