"""Reading the remembered sources of a folder anew: what is new in them, what failed, and what speaks against it.

A source that fails, or that turned into something else, leaves what it gave before as it was.
"""

from __future__ import annotations

import hashlib
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from app.domain.errors import AgendaError
from app.domain.program import Program
from app.domain.session import Session
from app.formats.program_folder.stored_fields import as_files_hold
from app.importing import Imported, ImportRefused, ImportReport
from app.outgoing.fetch import Caller, FetchRefused
from app.sources.remembered import RememberedSource
from app.sources.source_file import SIGN_IN_PAGE, SourceFile, import_file, read_address, read_path

READ_AS = "read as "
# The names that formats have in reports, for lists of papers, whose report does not say one.
PAGE_FORMAT, OTHER_FORMAT = "page", "table"
# Guesses that are remembered as seen.
MOST_GUESSES = 200


@dataclass(frozen=True, slots=True)
class Reading:
    """What became of one source: imported anew, unchanged (neither), or failed.

    ``source`` is as it is remembered from now on, if what was imported is written.
    """

    source: RememberedSource
    imported: Imported | None = None
    failure: str = ""
    retry_after_seconds: int | None = None

    @property
    def new_guesses(self) -> tuple[str, ...]:
        """Guesses that no person has seen yet."""
        found = self.imported.guessed if self.imported else ()
        return tuple(line for line in found if line not in self.source.guessed)


@dataclass(frozen=True, slots=True)
class Reread:
    """A folder's program before and after its sources were read anew."""

    former: Program
    program: Program
    readings: tuple[Reading, ...]

    @property
    def changed(self) -> tuple[Reading, ...]:
        """The sources with other content than before."""
        return tuple(one for one in self.readings if one.imported)

    @property
    def differs(self) -> bool:
        """Whether the folder would be another one."""
        return as_files_hold(self.program) != self.former

    @property
    def failed(self) -> tuple[Reading, ...]:
        """The sources that could not be read."""
        return tuple(one for one in self.readings if one.failure)

    @property
    def guessed(self) -> tuple[str, ...]:
        """All that was guessed."""
        return tuple(line for one in self.changed if one.imported for line in one.imported.guessed)

    @property
    def new_guesses(self) -> tuple[str, ...]:
        """What was guessed and no person has seen yet."""
        return tuple(line for one in self.changed for line in one.new_guesses)

    @property
    def doubts(self) -> tuple[str, ...]:
        """Why a person should look at it first."""
        return tuple(_doubts(self.former, self.program)) if self.differs else ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Follower:
    """Reads the sources of a folder anew.

    ``published`` are the sessions that were ever published, None where that is not known; ``now`` is when it reads.
    """

    folder: Path
    caller: Caller
    published: Container[str] | None
    now: datetime

    def read_again(self, program: Program, sources: Iterable[RememberedSource]) -> Reread:
        """Import those sources into the folder's program that have other content; each may fail by itself."""
        former, readings = program, []
        for source in sources:
            reading = self._reading(source, program)
            program = reading.imported.program if reading.imported else program
            readings.append(reading)
        return Reread(former, program, tuple(readings))

    def _reading(self, source: RememberedSource, program: Program) -> Reading:
        try:
            return self._read(source, program)
        except FetchRefused as error:
            return Reading(source, failure=error.reason, retry_after_seconds=error.retry_after_seconds)
        except ImportRefused as error:
            return Reading(source, failure=error.reason)
        except AgendaError as error:
            return Reading(source, failure=str(error))

    def _read(self, source: RememberedSource, program: Program) -> Reading:
        """Raises `AgendaError`."""
        options = replace(source.import_options(), published=None if source.items_of else self.published)
        report = ImportReport()
        file = self._file(source, report)
        if file is None or _hash(file) == source.sha256:
            return Reading(source)
        _refuse_another_sort(source, file)
        imported = import_file(file, options, program, report)
        _refuse_another_format(source, format_of(imported, file))
        return Reading(remembered_as(source, file, imported, self.now), imported)

    def _file(self, source: RememberedSource, report: ImportReport) -> SourceFile | None:
        if source.has_address:
            # An address that was public when it was typed must not have become a private one.
            caller = replace(self.caller, given_may_be_private=source.private)
            return read_address(source.place, caller, source.validators)
        return read_path(self.folder / source.place, report)


def remembered_as(source: RememberedSource, file: SourceFile, imported: Imported, now: datetime) -> RememberedSource:
    """A source with what it has now, by which it is recognized."""
    found = _hash(file)
    return replace(
        source,
        private=file.private,
        format=format_of(imported, file),
        sha256=found,
        etag=file.validators.etag,
        last_modified=file.validators.last_modified,
        read_at=source.read_at if source.read_at and source.sha256 == found else now,
    )


def remembered_after_reading(reading: Reading, *, seen: bool) -> RememberedSource:
    """What to remember of a source whose new content is written; ``seen``: a person has seen what was guessed."""
    guessed = reading.imported.guessed if seen and reading.imported else ()
    return with_guesses_seen(reading.source, guessed)


def with_guesses_seen(source: RememberedSource, guessed: Sequence[str]) -> RememberedSource:
    """A source with these guesses as seen; beyond the most the first are forgotten."""
    return replace(source, guessed=tuple(dict.fromkeys((*source.guessed, *guessed)))[-MOST_GUESSES:])


def format_of(imported: Imported, file: SourceFile) -> str:
    """What a file was read as, by the report of its import."""
    said = (line.removeprefix(READ_AS) for line in imported.took if line.startswith(READ_AS))
    return next(said, PAGE_FORMAT if file.is_page else OTHER_FORMAT)


def _hash(file: SourceFile) -> str:
    return hashlib.sha256(file.data).hexdigest()


def _refuse_another_sort(source: RememberedSource, file: SourceFile) -> None:
    """Raise `ImportRefused` where a file has become a page, which says that one must sign in, or nothing useful."""
    if not file.is_page or source.format in {"", PAGE_FORMAT}:
        return
    if file.asks_for_a_sign_in:
        raise ImportRefused(source.name, SIGN_IN_PAGE)
    raise ImportRefused(source.name, f"it answers with a web page; until now it was {source.format}")


def _refuse_another_format(source: RememberedSource, found: str) -> None:
    if source.format not in {"", found}:
        advice = "if that is meant, import it once by its address or name"
        raise ImportRefused(source.name, f"it is read as {found}; until now it was {source.format}; {advice}")


def _doubts(former: Program, program: Program) -> Iterator[str]:
    """That more than half of the sessions are gone, or of the items of one of them."""
    before, after = ({one.id for one in each.sessions if not one.cancelled} for each in (former, program))
    if (gone := len(before - after)) * 2 > len(before):
        yield f"{gone} of {len(before)} sessions would be cancelled or removed"
    for session in program.sessions:
        yield from _doubts_about_items(former.sessions_by_id.get(session.id), session)


def _doubts_about_items(former: Session | None, session: Session) -> Iterator[str]:
    before, after = ({item.id for item in each.items} if each else set() for each in (former, session))
    if (gone := len(before - after)) * 2 > len(before):
        yield f"{gone} of the {len(before)} items of {session.title} would be gone"
