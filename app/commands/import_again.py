"""`agenda import --again`: reads the remembered sources of a folder anew, once or until it is stopped."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import dataclass, replace
from datetime import datetime
from functools import reduce
from pathlib import Path
from random import SystemRandom
from typing import Any

import click

from app.commands.import_options import typed_at_terminal
from app.commands.import_writing import print_program, print_report, published_sessions, update
from app.commands.program_folders import writing
from app.commands.publish import Publication, print_publication, publish_folder
from app.commands.repeating import interval, print_with_time, stopping_signals
from app.domain.change_text import change_lines
from app.domain.errors import AgendaError
from app.domain.program import Program
from app.domain.revision_diff import compare_programs
from app.domain.zone_words import zone_words
from app.formats.program_folder.reader import read_program
from app.formats.program_folder.writer import update_program
from app.importing.report import counted
from app.live.clock import SYSTEM_CLOCK
from app.program_database import open_existing
from app.settings import Settings
from app.sources.following import Follower, Reading, Reread, remembered_after_reading
from app.sources.remembered import FILE, remember, remembered_sources
from app.store.source_status import SourceStatus, record_source_statuses

LEAST_SECONDS = 60
# The longest pause after failures, unless --every is longer.
LONGEST_PAUSE_SECONDS = 3600
# A pause is up to so much longer, so that many who follow a source do not ask it at once.
JITTER = 0.1
EXAMPLES_SHOWN = 3


def _every(context: click.Context, option: click.Parameter, text: str | None) -> int | None:
    seconds = interval(context, option, text)
    if seconds is not None and seconds < LEAST_SECONDS:
        raise click.BadParameter(f"{text!r} is shorter than 1m")
    return seconds


OPTIONS = (
    click.option(
        "--again",
        metavar="FOLDER",
        type=click.Path(path_type=Path, file_okay=False, exists=True),
        help="Read the sources of this program folder anew, in place of SOURCE and --to.",
    ),
    click.option("--yes", is_flag=True, help="With --again: write without asking."),
    click.option("--publish", is_flag=True, help="With --again: publish the folder then, as `agenda publish` does."),
    click.option(
        "--every", metavar="TIME", callback=_every, help="With --again --yes: go on until stopped, each 5m or 2h."
    ),
)


def again_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options of an import of remembered sources."""
    return reduce(lambda wrapped, option: option(wrapped), reversed(OPTIONS), command)


@dataclass(slots=True, kw_only=True)
class Again:
    """An import of the remembered sources of a folder.

    ``unpublished``: the folder may have what is not published; ``written``: it was written by this import since then.
    """

    folder: Path
    yes: bool = False
    publish: bool = False
    strict: bool = False
    dry_run: bool = False
    unpublished: bool = True
    written: bool = False

    def once(self) -> None:
        """Read the sources, print what is new, and write it after an OK.

        Ends with status 1 where a source fails or nobody can be asked.
        """
        reread, unknown = self._read()
        self._print(reread, unknown)
        if self.dry_run:
            click.echo("A dry run: nothing was written.")
        else:
            # Not taken over, until somebody has agreed.
            self._record(reread, "; ".join(reread.doubts))
            self._take_over(reread)
        if reread.failed:
            sys.exit(1)

    def _take_over(self, reread: Reread) -> None:
        if reread.changed:
            self._write_after_ok(reread)
        if reread.doubts:
            self._record(reread)
        if self.publish:
            print_publication(self._publication())

    def round(self) -> Round:
        """Read the sources once without a person, and say in one line what came of it.

        Raises `AgendaError`, `OSError`, `click.ClickException`.
        """
        reread, _ = self._read()
        held = self._held(reread)
        self._record(reread, held)
        lines = [_state_line(one, reread.former) for one in reread.readings if not one.imported]
        if held:
            advice = f"look at it by: agenda import --again {self.folder}"
            lines.append(f"not taken over, since {held}; the program stays as it was; {advice}")
        elif reread.changed:
            self._write(reread, update_program)
            lines.append(_change_line(reread))
        if self.publish and self.unpublished and not held:
            publication = self._publication()
            self.unpublished = self.written = bool(publication.outcome.conflicts)
            lines.append(_publication_line(publication))
        pauses = [one.retry_after_seconds or 0 for one in reread.failed]
        return Round("; ".join(lines), failed=bool(reread.failed), retry_after_seconds=max(pauses, default=0))

    def _read(self) -> tuple[Reread, tuple[str, ...]]:
        sources = remembered_sources(self.folder)
        if not sources:
            raise click.ClickException(
                f"{self.folder / FILE} names no source; `agenda import SOURCE --to {self.folder}` remembers one"
            )
        published, unknown = published_sessions(self.folder)
        follower = Follower(folder=self.folder, caller=typed_at_terminal(), published=published, now=SYSTEM_CLOCK.now())
        return follower.read_again(read_program(self.folder), sources), unknown

    def _print(self, reread: Reread, unknown: tuple[str, ...]) -> None:
        for one in reread.readings:
            if one.imported is None:
                click.echo(_state_line(one, reread.former), err=bool(one.failure))
                continue
            click.echo(f"{one.source.name}:")
            print_report(one.imported, *unknown)
        if reread.changed:
            print_program(reread.program, reread.former)

    def _write_after_ok(self, reread: Reread) -> None:
        if self.strict and reread.guessed:
            raise click.ClickException("something was guessed (above), so nothing is written; say it, or omit --strict")
        for doubt in reread.doubts:
            click.echo(f"doubtful {doubt}", err=True)
        asks = reread.differs and (not self.yes or bool(reread.doubts))
        if asks and not sys.stdin.isatty():
            needed = "a person must look at it (above): run this at a terminal" if self.yes else "--yes writes it"
            raise click.ClickException(f"nothing is written, since there is no terminal to ask at; {needed}")
        if asks and not click.confirm(f"Write this to {self.folder}?"):
            raise click.ClickException("nothing is written")
        self._write(reread, update, seen=asks)
        if reread.differs and not self.publish:
            click.echo(f"{self.folder} is written; `agenda publish` takes it into the running service.")

    def _write(self, reread: Reread, write: Callable[[Program, Program, Path], Any], *, seen: bool = False) -> None:
        with writing(self.folder):
            if reread.differs:
                write(reread.former, reread.program, self.folder)
                self.unpublished = self.written = True
            remember(self.folder, *(remembered_after_reading(one, seen=seen) for one in reread.changed))

    def _held(self, reread: Reread) -> str:
        """Why nobody but a person may take over what is new; "" where nothing speaks against it."""
        if not reread.differs:
            return ""
        reasons = list(reread.doubts)
        guessed = reread.guessed if self.strict else reread.new_guesses if self.publish else ()
        if guessed:
            more = f" and {len(guessed) - EXAMPLES_SHOWN} more" if len(guessed) > EXAMPLES_SHOWN else ""
            reasons.append(f"guessed: {'; '.join(guessed[:EXAMPLES_SHOWN])}{more}")
        return "; ".join(reasons)

    def _record(self, reread: Reread, held: str = "") -> None:
        """Store for the status page what became of the sources, where there is a database that can be written."""
        with suppress(AgendaError):
            database, _ = open_existing(self._settings())
            with closing(database):
                record_source_statuses(database, [_status(one, SYSTEM_CLOCK.now(), held) for one in reread.readings])

    def _publication(self) -> Publication:
        # A source may say again what it said before the last change, and the files are then those of then.
        return publish_folder(self._settings(), restored=self.written)

    def _settings(self) -> Settings:
        return replace(Settings.read(os.environ), program=self.folder)


@dataclass(frozen=True, slots=True)
class Round:
    """What came of reading the sources once, as one line; ``retry_after_seconds`` is what a failing server asks for."""

    line: str
    failed: bool = False
    retry_after_seconds: int = 0


def follow(again: Again, every: int) -> None:
    """Read the sources each so many seconds until SIGTERM or SIGINT; what fails is tried again, at longer pauses."""
    failures = 0
    with stopping_signals() as signal_within:
        while True:
            found = _round(again)
            failures = failures + 1 if found.failed else 0
            pause = pause_seconds(every, failures, found.retry_after_seconds, SystemRandom().random())
            print_with_time(f"{found.line}; again in {_span(pause)}" if found.failed else found.line)
            if signal_within(pause):
                break
        print_with_time("Stopped.")


def _round(again: Again) -> Round:
    try:
        return again.round()
    except (AgendaError, OSError) as error:
        return Round(f"failed: {' '.join(str(error).split())}", failed=True)
    except click.ClickException as error:
        return Round(f"failed: {error.format_message()}", failed=True)


def pause_seconds(every: int, failures: int, retry_after_seconds: int, jitter: float) -> int:
    """How long to wait: ``every``, doubled with each failure in a row up to an hour; ``jitter`` is between 0 and 1."""
    doubled = min(every << min(failures, 12), max(every, LONGEST_PAUSE_SECONDS))
    return round(max(doubled, retry_after_seconds) * (1 + JITTER * jitter))


def _span(seconds: int) -> str:
    return f"{seconds} s" if seconds < 2 * LEAST_SECONDS else f"{round(seconds / 60)} min"


def _status(reading: Reading, now: datetime, held: str) -> SourceStatus:
    name = reading.source.name
    if reading.failure:
        return SourceStatus(name=name, failed_at=now, reason=reading.failure)
    if reading.imported and held:
        return SourceStatus(name=name, read_at=now, failed_at=now, reason=f"not taken over, since {held}")
    return SourceStatus(name=name, read_at=now, changed_at=reading.source.read_at)


def _state_line(reading: Reading, program: Program) -> str:
    """What is said of a source without anything new."""
    if reading.failure:
        return f"{reading.source.name}: {reading.failure}; the program stays as it was"
    if reading.source.read_at is None:
        return f"{reading.source.name}: unchanged"
    since = program.local(reading.source.read_at)
    return f"{reading.source.name}: unchanged since {since:%Y-%m-%d %H:%M} ({zone_words(program.timezone)})"


def _change_line(reread: Reread) -> str:
    lines = change_lines(compare_programs(reread.former, reread.program))
    names = ", ".join(one.source.name for one in reread.changed)
    if not lines:
        return f"{names}: no difference for readers"
    more = f" and {len(lines) - EXAMPLES_SHOWN} more" if len(lines) > EXAMPLES_SHOWN else ""
    return f"{names}: {counted(len(lines), 'change')} written ({'; '.join(lines[:EXAMPLES_SHOWN])}{more})"


def _publication_line(publication: Publication) -> str:
    outcome = publication.outcome
    if outcome.conflicts:
        return f"not published: {'; '.join(outcome.conflicts)}"
    number = outcome.revision.number if outcome.revision else None
    return f"published as revision {number}" if number else "nothing new to publish"
